import assert from 'node:assert/strict';
import { takeSnapshot } from '../../../../src/views/dashboard/snapshot';
import { operation } from '../../../e2e/dashboardHarness';

const service = {
  hosts: () => [{ id: 'h1', name: 'gpu-box', address: 'gpu-box', state: 'connected' as const }],
  operations: () => [
    operation('new', { command: 'TOKEN=secret run', uptimeSeconds: 4 }),
    operation('old', { hostId: 'gone' }),
  ],
  series: (id: string) => (id === 'new' ? { name: 'loss', values: [2, 1] } : undefined),
};

const words = { overload: { cpuPercent: 80, memoryMb: 4000 } };
const everything = { matches: () => true, order: () => [] };

describe('a snapshot for the dashboard', () => {
  it('holds no command, as it may hold a secret, and nothing that is new at each look', () => {
    const { operations } = takeSnapshot(service, everything, words);
    assert.ok(!JSON.stringify(operations).includes('secret'));
    assert.ok(operations.every((one) => !('uptimeSeconds' in one)));
  });

  it('has new operations at its end, with the name of their host and the course of their metric', () => {
    const { operations } = takeSnapshot(service, everything, words);
    assert.deepEqual(
      operations.map(({ id, hostName, series }) => [id, hostName, series?.values]),
      [
        ['old', 'gone', undefined],
        ['new', 'gpu-box', [2, 1]],
      ],
    );
  });

  it('has only what the filter lets through, which looks at commands too', () => {
    const { operations } = takeSnapshot(
      service,
      {
        ...everything,
        matches: ({ command }, hostName) => command.includes('TOKEN') && hostName === 'gpu-box',
      },
      { ...words, filter: 'TOKEN' },
    );
    assert.deepEqual(
      operations.map(({ id }) => id),
      ['new'],
    );
  });

  it('counts on each host all that is on it, also what the filter holds back', () => {
    const { hosts, operations } = takeSnapshot(service, { ...everything, matches: () => false }, words);
    assert.deepEqual(operations, []);
    assert.deepEqual(
      hosts.map(({ id, operations: counts }) => [id, counts.byStatus]),
      [['h1', { running: 1 }]],
    );
  });

  it('is in the order that was chosen', () => {
    const order = <T extends { id: string }>(views: readonly T[]): T[] =>
      [...views].sort((a, b) => (a.id < b.id ? -1 : 1));
    const { operations, sort } = takeSnapshot(
      service,
      { ...everything, order },
      { ...words, sort: 'by name' },
    );
    assert.deepEqual(
      operations.map(({ id }) => id),
      ['new', 'old'],
    );
    assert.equal(sort, 'by name');
  });
});

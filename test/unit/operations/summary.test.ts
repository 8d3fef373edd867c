import assert from 'node:assert/strict';
import { countsText } from '../../../src/operations/countsText';
import { summaryOf } from '../../../src/operations/summary';
import { operation } from '../../e2e/dashboardHarness';
import { divided, eightGpus, h100, health, host, plain, unified } from './hostSamples';

const on = (hostId: string, id: string, values: Parameters<typeof operation>[1] = {}) =>
  operation(id, { hostId, ...values });

describe('summary', () => {
  it('counts by shown status and by type, per host and in all', () => {
    const { operations, hosts } = summaryOf(
      [host('a'), host('b'), host('empty')],
      [
        on('a', '1', { type: 'job' }),
        on('a', '2', { type: 'job', shownStatus: 'unknown' }),
        on('b', '3', { status: 'failed' }),
      ],
    );
    assert.deepEqual(operations, {
      total: 3,
      byStatus: { running: 1, unknown: 1, failed: 1 },
      byType: { job: 2, program: 1 },
    });
    assert.deepEqual(
      hosts.map((each) => [each.id, each.operations.byStatus]),
      [
        ['a', { running: 1, unknown: 1 }],
        ['b', { failed: 1 }],
        ['empty', {}],
      ],
    );
    assert.equal(hosts[2]?.operations.total, 0);
  });

  it('has operations of hosts that are no longer configured in its totals alone', () => {
    const { operations, hosts } = summaryOf([host('a')], [on('gone', '1')]);
    assert.equal(operations.total, 1);
    assert.equal(hosts[0]?.operations.total, 0);
  });

  it('keeps what is known of a host: state, error and health', () => {
    const told = plain();
    const [summary] = summaryOf([told], []).hosts;
    const { operations, use, ...view } = summary ?? {};
    assert.deepEqual(view, told);
  });

  it('adds up what the operations of a host use, and leaves out what is not known', () => {
    const { use, hosts } = summaryOf(
      [host('a'), host('b')],
      [
        on('a', '1', { resources: { cpuPercent: 30, memoryMb: 100, networkMbps: 2 } }),
        on('a', '2', { resources: { cpuPercent: 20, memoryMb: 50, networkMbps: 1 } }),
        on('b', '3'),
      ],
    );
    assert.deepEqual(
      hosts.map((each) => each.use),
      [{ cpuPercent: 50, memoryMb: 150, networkMbps: 3 }, {}],
    );
    assert.deepEqual(use, { cpuPercent: 50, memoryMb: 150, networkMbps: 3 });
  });

  it('counts a GPU as in use that computes, is held, or whose memory is, by whomever', () => {
    const { gpus, hosts } = summaryOf([eightGpus(), plain(), divided(), unified()], []);
    assert.deepEqual(
      hosts.map((each) => each.gpus),
      [{ total: 8, inUse: 6 }, undefined, { total: 1, inUse: 1 }, { total: 1, inUse: 1 }],
    );
    assert.deepEqual(gpus, { total: 10, inUse: 8 });
    const idle = { percent: 0, memoryUsedMb: 4 };
    const quiet = host('a', { health: health({ gpus: [h100(0, idle), h100(1, idle)] }) });
    const inUse = (status: 'running' | 'completed') =>
      summaryOf([quiet], [on('a', '1', { gpus: [1], status })]).gpus?.inUse;
    assert.deepEqual([inUse('running'), inUse('completed')], [1, 0]);
  });

  it('says no number of GPUs where none is known', () => {
    assert.equal('gpus' in summaryOf([plain(), host('unseen')], []), false);
  });

  it('names in words each status that occurs, what goes on first', () => {
    const views = (['completed', 'failed', 'running', 'running', 'queued'] as const).map((status, at) =>
      on('a', String(at), { status }),
    );
    assert.equal(countsText(summaryOf([], views).operations), '2 running, 1 queued, 1 failed, 1 completed');
    assert.equal(countsText(summaryOf([], []).operations), 'no operations');
  });
});

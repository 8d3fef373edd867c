import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyChanges, changesBetween } from '../../../../src/views/dashboard/changes';
import type { DashboardOperation, DashboardSnapshot } from '../../../../src/views/dashboard/protocol';
import type { HostView } from '../../../../src/operations/operationView';
import { operation, snapshot } from '../../../e2e/dashboardHarness';
import { health, host, plain } from '../../operations/hostSamples';

const anyOperation: fc.Arbitrary<DashboardOperation> = fc
  .record(
    {
      id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      status: fc.constantFrom('running', 'completed'),
      progress: fc.double({ min: 0, max: 1, noNaN: true }),
      error: fc.string(),
      metrics: fc.dictionary(fc.constantFrom('loss', 'lr'), fc.integer()),
      gpus: fc.array(fc.nat(7)),
    },
    { requiredKeys: ['id'] },
  )
  .map(({ id, ...values }) => operation(id, values as Partial<DashboardOperation>));

const anyHost: fc.Arbitrary<HostView> = fc
  .record(
    {
      id: fc.constantFrom('h1', 'h2', 'h3'),
      state: fc.constantFrom('connected', 'unreachable'),
      error: fc.string(),
      load: fc.double({ min: 0, max: 9, noNaN: true }),
    },
    { requiredKeys: ['id', 'state'] },
  )
  .map(({ id, load, ...values }) =>
    host(id, { ...values, ...(load !== undefined && { health: health({ load }) }) }),
  );

const anySnapshot: fc.Arbitrary<DashboardSnapshot> = fc
  .tuple(
    fc.uniqueArray(anyOperation, { selector: ({ id }) => id }),
    fc.uniqueArray(anyHost, { selector: ({ id }) => id }),
    fc.option(fc.string(), { nil: undefined }),
  )
  .map(([operations, hosts, filter]) =>
    snapshot(operations, { hosts, ...(filter !== undefined && { filter }) }),
  );

/** Messages travel as JSON. */
const sent = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

describe('changes between snapshots', () => {
  it('lead from any snapshot to any other, in its order', () => {
    fc.assert(
      fc.property(anySnapshot, anySnapshot, (before, after) => {
        assert.deepEqual(applyChanges(sent(before), sent(changesBetween(before, after))), sent(after));
      }),
    );
  });

  it('say only what differs, and leave the others the objects that they were', () => {
    const before = snapshot([operation('a', { progress: 0.1, error: 'x' }), operation('b')]);
    const after = snapshot([operation('a', { progress: 0.2 }), operation('b')]);
    const { patches, removed, order } = changesBetween(before, after);
    assert.deepEqual(patches, [{ id: 'a', set: { progress: 0.2 }, unset: ['error'] }]);
    assert.deepEqual([removed, order], [[], undefined]);
    const applied = applyChanges(before, changesBetween(before, after));
    assert.equal(applied.operations[1], before.operations[1]);
  });

  it('say of hosts only what differs, and nothing where nothing does', () => {
    const at = (load: number) => snapshot([], { hosts: [host('a', { health: health({ load }) }), plain()] });
    const { hosts } = changesBetween(at(1), at(2));
    assert.deepEqual(hosts, { patches: [{ id: 'a', set: { health: health({ load: 2 }) } }], removed: [] });
    const before = at(1);
    assert.equal(applyChanges(before, changesBetween(before, at(2))).hosts[1], before.hosts[1]);
    assert.equal('hosts' in changesBetween(at(1), at(1)), false);
  });

  it('do not repeat the order when the only news is a new one at the end', () => {
    const before = snapshot([operation('a'), operation('b')]);
    const after = snapshot([operation('b'), operation('c')]);
    assert.equal(changesBetween(before, after).order, undefined);
  });
});

import assert from 'node:assert/strict';
import type { OperationView } from '../../../src/operations/operationView';
import { canKill, changeOf, hasLog } from '../../../src/operations/applicable';
import { arrange, emptyState, looksLike } from '../../../webview/dashboard/model';
import { polylinePoints } from '../../../webview/shared/polyline';

function operation(id: string, values: Partial<OperationView> = {}): OperationView {
  const status = values.status ?? 'running';
  return {
    id,
    hostId: 'h',
    type: 'program',
    name: id,
    status,
    shownStatus: status,
    observation: 'fresh',
    launcher: 'process',
    submittedAt: '2026-06-03T10:00:00Z',
    command: 'true',
    ...values,
  };
}

const ids = (operations: OperationView[]) => operations.map(({ id }) => id);

describe('dashboard model', () => {
  it('orders running before waiting, by type, oldest first', () => {
    const { active } = arrange([
      operation('queued server', { type: 'server', status: 'queued' }),
      operation('transfer', { type: 'transfer' }),
      operation('late job', { type: 'job', startedAt: '2026-06-03T12:00:00Z' }),
      operation('early job', { type: 'job', startedAt: '2026-06-03T11:00:00Z' }),
      operation('server', { type: 'server', status: 'starting' }),
    ]);
    assert.deepEqual(ids(active), ['server', 'early job', 'late job', 'transfer', 'queued server']);
  });

  it('orders ended operations latest first', () => {
    const { active, ended } = arrange([
      operation('first', { status: 'completed', endedAt: '2026-06-03T11:00:00Z' }),
      operation('last', { status: 'failed', endedAt: '2026-06-03T12:00:00Z' }),
    ]);
    assert.deepEqual([ids(active), ids(ended)], [[], ['last', 'first']]);
  });

  it('offers to kill only what may still run and is not being killed', () => {
    assert.equal(canKill(operation('a')), true);
    assert.equal(canKill(operation('b', { status: 'stopping' })), false);
    assert.equal(canKill(operation('c', { status: 'completed' })), false);
    assert.equal(canKill(operation('d', { origin: 'found' })), false);
    assert.equal(hasLog(operation('d', { origin: 'found' })), false);
  });

  it('offers to pause, to resume and to submit again only what can be', () => {
    assert.equal(changeOf(operation('a', { pausable: true })), 'pause');
    assert.equal(changeOf(operation('b', { pausable: true, status: 'paused' })), 'resume');
    assert.equal(changeOf(operation('c')), undefined);
    assert.equal(changeOf(operation('d', { status: 'failed' })), 'resubmit');
    assert.equal(changeOf(operation('e', { status: 'failed', origin: 'found' })), undefined);
  });

  it('sees no difference in what a card does not show', () => {
    const before = operation('a', { verifiedAt: '2026-06-03T10:00:00Z', metrics: { loss: 1 } });
    assert.equal(
      looksLike(before, { ...before, verifiedAt: '2026-06-03T10:00:02Z', metrics: { loss: 1 } }),
      true,
    );
    assert.equal(looksLike(before, { ...before, metrics: { loss: 2 } }), false);
    assert.equal(looksLike(before, { ...before, port: 80 }), false);
    assert.equal(looksLike({ ...before, port: 80 }, before), false);
  });

  it('names the reason of an empty list', () => {
    assert.equal(emptyState({ operations: [], hosts: [] }), 'no-hosts');
    assert.equal(emptyState({ operations: [], hosts: [{}] }), 'no-operations');
    assert.equal(emptyState({ operations: [], hosts: [{}], filter: 'x' }), 'nothing-matches');
    assert.equal(emptyState({ operations: [{}], hosts: [] }), undefined);
  });
});

describe('sparkline', () => {
  it('spans its box from the lowest to the highest value', () => {
    assert.equal(polylinePoints([0, 1, 2]), '0,22 50,12 100,2');
  });

  it('draws a constant in the middle', () => {
    assert.equal(polylinePoints([5, 5]), '0,12 100,12');
  });

  it('draws nothing from fewer than two numbers', () => {
    assert.equal(polylinePoints([1, Number.NaN]), undefined);
  });
});

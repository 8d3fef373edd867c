import assert from 'node:assert/strict';
import type { OperationView } from '../../../src/operations/operationView';
import { arrange, mostRecent } from '../../../src/views/arrangement';
import { newestFirst, sorted } from '../../../src/views/sortOrder';
import { view } from '../windows/scriptedService';

const byStart = (views: readonly OperationView[]) => sorted(views, newestFirst);
const byName = (views: readonly OperationView[]) => sorted(views, { by: 'name', reversed: false });
const ended = (id: string, minute: number, changes: Partial<OperationView> = {}) =>
  view(id, { status: 'completed', endedAt: new Date(minute * 60_000).toISOString(), ...changes });
const ids = (views: readonly OperationView[]) => views.map(({ id }) => id).join();

describe('the arrangement of operations', () => {
  it('has what is active by type, and no type without any', () => {
    const views = [
      view('a'),
      view('b', { type: 'server', status: 'queued' }),
      ended('c', 1, { type: 'transfer' }),
    ];
    const { active } = arrange(views, byStart, true);
    assert.deepEqual(
      [...active].map(([type, of]) => [type, ids(of)]),
      [
        ['server', 'b'],
        ['job', 'a'],
      ],
    );
  });

  it('has what ended in one list, whatever its type, the latest end first', () => {
    const views = [ended('a', 1), ended('b', 3, { type: 'server' }), ended('c', 2)];
    assert.equal(ids(arrange(views, byStart, true).recent), 'b,c,a');
  });

  it('shows the last of many, and counts them all; an order that was chosen sorts those', () => {
    const views = Array.from({ length: 10_000 }, (_, minute) => ended(String(minute), minute));
    const { recent, ended: count } = arrange(views, byStart, true);
    assert.deepEqual([recent.length, count, recent[0]?.id], [mostRecent, 10_000, '9999']);
    const named = arrange(views, byName, false).recent;
    assert.deepEqual([named[0]?.id, named.at(-1)?.id], ['9950', '9999']);
  });
});

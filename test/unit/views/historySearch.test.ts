import assert from 'node:assert/strict';
import type { OperationView } from '../../../src/operations/operationView';
import { HistorySearch, mostFound } from '../../../src/views/historySearch';
import { view } from '../windows/scriptedService';

const ended = (id: string, minute: number, changes: Partial<OperationView> = {}) =>
  view(id, {
    status: 'completed',
    shownStatus: 'completed',
    endedAt: new Date(minute * 60_000).toISOString(),
    ...changes,
  });

describe('the search in the history', () => {
  const searchIn = (...views: OperationView[]) =>
    new HistorySearch(views, ({ name, command, hostId, shownStatus }) => [
      name,
      command,
      hostId,
      shownStatus,
    ]);
  const found = (search: HistorySearch, text: string) =>
    search
      .find(text)
      .views.map(({ id }) => id)
      .join();

  it('finds what has ended, latest first, and nothing that is active', () => {
    assert.equal(found(searchIn(ended('a', 1), view('b'), ended('c', 2)), ''), 'c,a');
  });

  it('wants every word in name, command, host or status, in any order and case', () => {
    const search = searchIn(
      ended('a', 3, { name: 'Train large', command: 'python train.py', hostId: 'dgx' }),
      ended('b', 2, { name: 'train small', shownStatus: 'failed' }),
      ended('c', 1, { command: 'grep -E "(x|y)+" .' }),
    );
    assert.equal(found(search, 'train'), 'a,b');
    assert.equal(found(search, 'FAILED  train'), 'b');
    assert.equal(found(search, 'train.py dgx'), 'a');
    assert.equal(found(search, '(x|y)+'), 'c');
    assert.equal(found(search, 'train nowhere'), '');
  });

  it('hands out the latest of many, and counts the others', () => {
    const search = searchIn(...Array.from({ length: 10_000 }, (_, index) => ended(`run ${index}`, index)));
    const { views, more } = search.find('run');
    assert.deepEqual([views.length, views[0]?.id, more], [mostFound, 'run 9999', 10_000 - mostFound]);
    assert.equal(search.find('run 9998').more, 0);
  });
});

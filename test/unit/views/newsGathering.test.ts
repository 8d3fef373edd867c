import assert from 'node:assert/strict';
import type { HostState, OperationView } from '../../../src/operations/operationView';
import { isMoreToCome, mostAwaitedMs, NewsGathering } from '../../../src/views/newsGathering';
import { view } from '../windows/scriptedService';

const news = (id: string, isOfAbsence = false) => ({ kind: 'end', view: view(id), isOfAbsence }) as const;

describe('news that are gathered', () => {
  let gathering: NewsGathering;
  const taken = (nowMs: number, isMore: boolean) => gathering.take(nowMs, isMore).map((each) => each.view.id);

  beforeEach(() => {
    gathering = new NewsGathering();
  });

  it('are told at once, whatever hosts have yet to tell', () => {
    gathering.add([news('a')], 0);
    assert.deepEqual(taken(200, true), ['a']);
    assert.ok(gathering.isEmpty);
  });

  it('wait, where they are of an absence, for what else there is to tell of it', () => {
    gathering.add([news('a', true)], 0);
    assert.deepEqual(taken(200, true), []);
    gathering.add([news('b', true), news('now')], 500);
    assert.deepEqual(taken(700, true), ['now']);
    assert.deepEqual(taken(1200, false), ['a', 'b']);
    assert.ok(gathering.isEmpty);
  });

  it('do not wait for ever', () => {
    gathering.add([news('a', true)], 1000);
    assert.deepEqual(taken(mostAwaitedMs, true), []);
    assert.deepEqual(taken(1000 + mostAwaitedMs, true), ['a']);
    gathering.add([news('b', true)], 60_000);
    assert.deepEqual(taken(60_200, true), []);
  });

  it('are to be followed by others while a host that answers has not told of everything', () => {
    const host = (state: HostState) => [{ id: 'lab', name: 'lab', address: 'lab', state }];
    const unseen: OperationView = view('a', { observation: 'stale' });
    assert.ok(isMoreToCome(host('connecting'), [unseen]));
    assert.ok(isMoreToCome(host('connected'), [unseen]));
    assert.ok(!isMoreToCome(host('unreachable'), [unseen]));
    assert.ok(!isMoreToCome(host('needs-login'), [unseen]));
    assert.ok(!isMoreToCome(host('connected'), [view('a'), view('b', { status: 'failed' })]));
  });
});

import assert from 'node:assert/strict';
import { isWanted } from '../../../src/views/ends';
import { newsKey } from '../../../src/views/newsText';
import { Stalls } from '../../../src/views/stalls';
import { view } from '../windows/scriptedService';

const startedMs = Date.parse('2026-01-01T12:00:00Z');
const afterMs = 10 * 60_000;
/** Stalled since so many minutes after the window started. */
const quiet = (id: string, minute: number, seconds = 0) =>
  view(id, { stalledSince: new Date(startedMs + minute * 60_000 + seconds * 1000).toISOString() });

describe('stalls that are told', () => {
  const stallsOf = (lastSeenMs = startedMs) => new Stalls({ startedMs, lastSeenMs }, () => afterMs);
  const ids = (news: ReturnType<Stalls['take']>) => news.map((each) => each.view.id);

  it('are each told once, however often the operation is looked at', () => {
    const stalls = stallsOf();
    assert.deepEqual(ids(stalls.take([view('a'), quiet('b', 5)])), ['b']);
    assert.deepEqual(ids(stalls.take([quiet('b', 5)])), []);
    assert.deepEqual(ids(stalls.take([view('b'), quiet('b', 5, 20)])), []);
  });

  it('are told anew when it went on and stalls again', () => {
    const stalls = stallsOf();
    stalls.take([quiet('a', 5)]);
    stalls.take([view('a')]);
    assert.deepEqual(ids(stalls.take([quiet('a', 40)])), ['a']);
  });

  it('are not told again after a restart, and of those meanwhile it is said so', () => {
    const stalls = stallsOf(startedMs - 60 * 60_000);
    const news = stalls.take([quiet('told before', -100), quiet('meanwhile', -50), quiet('now', -5)]);
    assert.deepEqual(
      news.map(({ view: { id }, isOfAbsence }) => [id, isOfAbsence]),
      [
        ['meanwhile', true],
        ['now', false],
      ],
    );
  });

  it('are none of what was submitted elsewhere, or cannot be seen', () => {
    const unseen = view('b', { observation: 'unreachable' });
    assert.deepEqual(stallsOf().take([{ ...quiet('a', 5), origin: 'found' }, unseen]), []);
  });

  it('are trouble, by the setting, and another notice than the end', () => {
    const stalled = quiet('a', 5);
    const news = { kind: 'stall', view: stalled, isOfAbsence: false } as const;
    assert.deepEqual(
      (['all', 'failures', 'none'] as const).map((level) => isWanted(news, level)),
      [true, true, false],
    );
    assert.notEqual(newsKey(news), newsKey({ ...news, kind: 'end' }));
    assert.notEqual(newsKey(news), newsKey({ ...news, view: quiet('a', 40) }));
  });
});

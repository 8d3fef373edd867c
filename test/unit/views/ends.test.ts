import assert from 'node:assert/strict';
import { awayAfterMs, Ends, isWanted, type News } from '../../../src/views/ends';
import { newsKey } from '../../../src/views/newsText';
import { view } from '../windows/scriptedService';

const since = Date.parse('2026-01-01T12:00:00Z');
const before = '2026-01-01T11:00:00.000Z';
const after = '2026-01-01T12:30:00.000Z';
const started = { startedAt: '2026-01-01T11:00:01.000Z' };

const running = (id: string) => view(id, { submittedAt: before, ...started });
const failed = (id: string, changes: Parameters<typeof view>[1] = {}) =>
  view(id, { submittedAt: before, ...started, status: 'failed', exitCode: 3, error: 'exit 3', ...changes });

describe('ends that are told', () => {
  let ends: Ends;
  const now = Date.parse('2026-01-01T12:50:00Z');
  const take = (...changed: Parameters<Ends['take']>[0]) => ends.take(changed, now);
  const told = (...changed: Parameters<Ends['take']>[0]) => take(...changed).map(({ view }) => view.id);

  beforeEach(() => {
    ends = new Ends({ startedMs: since, lastSeenMs: since });
  });

  it('are those of operations that were seen before their end, each once', () => {
    assert.deepEqual(told(running('a'), running('b')), []);
    assert.deepEqual(told(failed('a'), running('b')), ['a']);
    assert.deepEqual(told(failed('a')), []);
    assert.deepEqual(told(view('b', { status: 'completed' })), ['b']);
  });

  it('are not those that a window finds stored when it starts', () => {
    assert.deepEqual(told(failed('a'), view('b', { status: 'stopped', submittedAt: before })), []);
  });

  it('are also those that came and went before the window heard of them', () => {
    assert.deepEqual(told(failed('a', { submittedAt: after })), ['a']);
  });

  it('are not those that a user asked for', () => {
    take(running('a'), running('b'), view('c', { status: 'stopping' }));
    assert.deepEqual(told(view('a', { status: 'cancelled' }), failed('c')), []);
  });

  it('are not those of what was submitted elsewhere', () => {
    take(running('a'));
    assert.deepEqual(
      told(failed('a', { origin: 'found' }), view('b', { origin: 'found', status: 'completed' })),
      [],
    );
  });

  it('are not launches refused at once, which the command tells', () => {
    const refused = view('a', { status: 'failed', submittedAt: after, error: 'No such folder.' });
    assert.deepEqual(told(refused), []);
    take(view('b', { status: 'submitting' }));
    assert.deepEqual(told(view('b', { status: 'failed' })), []);
    take(view('c', { status: 'unconfirmed' }));
    assert.deepEqual(told(view('c', { status: 'failed' })), ['c']);
  });

  it('are also refusals of what had to wait in the queue, but not of what was started at once', () => {
    take(view('a', { status: 'queued', submittedAt: after }));
    take(view('a', { status: 'submitting' }));
    assert.deepEqual(told(view('a', { status: 'failed' })), []);
    take(view('b', { status: 'queued', submittedAt: after }));
    take(view('b', { status: 'queued', waitsFor: 'waits for a slot' }));
    take(view('b', { status: 'submitting' }));
    assert.deepEqual(told(view('b', { status: 'failed' })), ['b']);
  });

  it('are told anew when an operation that was thought to have stopped runs and ends', () => {
    take(running('a'));
    const stopped = view('a', { status: 'stopped', endedAt: '2026-01-01T12:40:00.000Z' });
    assert.deepEqual(told(stopped), ['a']);
    take(running('a'));
    assert.deepEqual(told(failed('a', { endedAt: '2026-01-01T12:50:00.000Z' })), ['a']);
    const key = (view: News['view']) => newsKey({ kind: 'end', view, isOfAbsence: false });
    assert.notEqual(key(stopped), key(failed('a', { endedAt: '2026-01-01T12:50:00.000Z' })));
  });

  const areOfAbsence = (...changed: Parameters<Ends['take']>[0]) =>
    take(...changed).map(({ isOfAbsence }) => isOfAbsence);

  it('are of an absence where they came before the window, or are found out late', () => {
    take(running('a'), running('b'), running('c'));
    const at = (ms: number) => new Date(ms).toISOString();
    assert.deepEqual(
      areOfAbsence(
        failed('a', { endedAt: at(since - 1) }),
        failed('b', { endedAt: at(now - awayAfterMs - 1000) }),
        failed('c', { endedAt: at(now - 1000) }),
      ),
      [true, true, false],
    );
  });

  it('are of an absence where nobody could see the operation, whenever its end is dated', () => {
    take(
      running('a'),
      view('b', { submittedAt: before, unverifiedSince: before, observation: 'unreachable' }),
    );
    const endedAt = new Date(now).toISOString();
    assert.deepEqual(areOfAbsence(failed('a', { endedAt }), failed('b', { endedAt })), [false, true]);
  });

  it('are none while hosts or this computer are out of contact', () => {
    take(running('a'));
    assert.deepEqual(
      told(view('a', { observation: 'unreachable', shownStatus: 'unknown', unverifiedSince: before })),
      [],
    );
  });

  it('are also those that were stored while no window was left to tell them, once', () => {
    const lastSeenMs = Date.parse('2026-01-01T11:20:00Z');
    const stored = (id: string, minute: number) =>
      failed(id, { endedAt: `2026-01-01T11:${minute}:00.000Z`, submittedAt: '2026-01-01T10:00:00.000Z' });
    ends = new Ends({ startedMs: since, lastSeenMs });
    const views = [
      stored('told', 19),
      stored('untold', 21),
      view('killed', { ...stored('killed', 22), status: 'cancelled' }),
    ];
    assert.deepEqual(told(...views), ['untold']);
    assert.deepEqual(told(...views), []);
  });

  it('are chosen by the setting', () => {
    const wanted = (level: Parameters<typeof isWanted>[1]) =>
      (['failed', 'stopped', 'completed', 'cancelled'] as const).filter((status) =>
        isWanted({ kind: 'end', view: view('a', { status }), isOfAbsence: false }, level),
      );
    assert.deepEqual(wanted('all'), ['failed', 'stopped', 'completed']);
    assert.deepEqual(wanted('failures'), ['failed', 'stopped']);
    assert.deepEqual(wanted('none'), []);
  });
});

import assert from 'node:assert/strict';
import { endKey, Ends, endsText, isWanted } from '../../../src/views/ends';
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
  const told = (...changed: Parameters<Ends['take']>[0]) => ends.take(changed).map(({ id }) => id);

  beforeEach(() => {
    ends = new Ends(since);
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
    ends.take([running('a'), running('b'), view('c', { status: 'stopping' })]);
    assert.deepEqual(told(view('a', { status: 'cancelled' }), failed('c')), []);
  });

  it('are not those of what was submitted elsewhere', () => {
    ends.take([running('a')]);
    assert.deepEqual(
      told(failed('a', { origin: 'found' }), view('b', { origin: 'found', status: 'completed' })),
      [],
    );
  });

  it('are not launches refused at once, which the command tells', () => {
    const refused = view('a', { status: 'failed', submittedAt: after, error: 'No such folder.' });
    assert.deepEqual(told(refused), []);
    ends.take([view('b', { status: 'submitting' })]);
    assert.deepEqual(told(view('b', { status: 'failed' })), []);
    ends.take([view('c', { status: 'unconfirmed' })]);
    assert.deepEqual(told(view('c', { status: 'failed' })), ['c']);
  });

  it('are also refusals of what had to wait in the queue, but not of what was started at once', () => {
    ends.take([view('a', { status: 'queued', submittedAt: after })]);
    ends.take([view('a', { status: 'submitting' })]);
    assert.deepEqual(told(view('a', { status: 'failed' })), []);
    ends.take([view('b', { status: 'queued', submittedAt: after })]);
    ends.take([view('b', { status: 'queued', waitsFor: 'waits for a slot' })]);
    ends.take([view('b', { status: 'submitting' })]);
    assert.deepEqual(told(view('b', { status: 'failed' })), ['b']);
  });

  it('are told anew when an operation that was thought to have stopped runs and ends', () => {
    ends.take([running('a')]);
    const stopped = view('a', { status: 'stopped', endedAt: '2026-01-01T12:40:00.000Z' });
    assert.deepEqual(told(stopped), ['a']);
    ends.take([running('a')]);
    assert.deepEqual(told(failed('a', { endedAt: '2026-01-01T12:50:00.000Z' })), ['a']);
    assert.notEqual(endKey(stopped), endKey(failed('a', { endedAt: '2026-01-01T12:50:00.000Z' })));
  });

  it('are chosen by the setting', () => {
    const wanted = (level: Parameters<typeof isWanted>[1]) =>
      (['failed', 'stopped', 'completed', 'cancelled'] as const).filter((status) =>
        isWanted(view('a', { status }), level),
      );
    assert.deepEqual(wanted('all'), ['failed', 'stopped', 'completed']);
    assert.deepEqual(wanted('failures'), ['failed', 'stopped']);
    assert.deepEqual(wanted('none'), []);
  });
});

describe('the message of ends', () => {
  const words = (...views: Parameters<typeof endsText>[0]) => endsText(views, (hostId) => `${hostId}-1`);

  it('names operation, host and cause', () => {
    assert.equal(words(failed('train')), 'train on lab-1 failed: exit 3');
    const gone = view('serve', { status: 'stopped', error: 'its processes are gone' });
    assert.equal(words(gone), 'serve on lab-1 stopped: its processes are gone');
    assert.equal(words(view('sync', { status: 'completed' })), 'sync on lab-1 completed');
  });

  it('is one for several, and names a few of them', () => {
    const two = [failed('a'), view('b', { status: 'stopped' })];
    assert.equal(words(...two), '2 operations ended: a on lab-1 failed, b on lab-1 stopped');
    assert.equal(
      words(...two, failed('c'), failed('d'), failed('e')),
      '5 operations ended: a on lab-1 failed, b on lab-1 stopped, c on lab-1 failed and 2 more',
    );
  });

  it('is one line, whatever names and causes hold', () => {
    const text = words(failed('a', { name: `x\ny${'z'.repeat(500)}`, error: 'exit 3\u202e\nmore' }));
    assert.match(text, /^x yz{77}\.\.\. on lab-1 failed: exit 3 more$/u);
  });
});

import assert from 'node:assert/strict';
import type { OperationView } from '../../../src/operations/operationView';
import type { News } from '../../../src/views/ends';
import { digestText, newsText } from '../../../src/views/newsText';
import { view } from '../windows/scriptedService';

const failed = (id: string, changes: Partial<OperationView> = {}) =>
  view(id, { status: 'failed', exitCode: 3, error: 'exit 3', ...changes });
const end = (each: OperationView): News => ({ kind: 'end', view: each, isOfAbsence: false });
const stall = (id: string): News => ({ kind: 'stall', view: view(id), isOfAbsence: false });
const hostName = (hostId: string) => `${hostId}-1`;

describe('the message of ends and stalls', () => {
  const words = (...news: News[]) => newsText(news, hostName);

  it('names operation, host and cause', () => {
    assert.equal(words(end(failed('train'))), 'train on lab-1 failed: exit 3');
    const gone = view('serve', { status: 'stopped', error: 'its processes are gone' });
    assert.equal(words(end(gone)), 'serve on lab-1 stopped: its processes are gone');
    assert.equal(words(end(view('sync', { status: 'completed' }))), 'sync on lab-1 completed');
    assert.equal(words(stall('train')), 'train on lab-1 has stalled');
  });

  it('says what the output tells rather than the plain fact', () => {
    const cause = { title: 'The GPU ran out of memory', lines: ['CUDA out of memory'] };
    assert.equal(words(end(failed('train', { cause }))), 'train on lab-1 failed: The GPU ran out of memory');
  });

  it('is one for several, and names a few of them', () => {
    const two = [end(failed('a')), end(view('b', { status: 'stopped' }))];
    assert.equal(words(...two), '2 operations ended: a on lab-1 failed, b on lab-1 stopped');
    assert.equal(
      words(...two, ...['c', 'd', 'e'].map((id) => end(failed(id)))),
      '5 operations ended: a on lab-1 failed, b on lab-1 stopped, c on lab-1 failed and 2 more',
    );
    assert.equal(
      words(end(failed('a')), stall('b')),
      '2 operations ended or stalled: a on lab-1 failed, b on lab-1 has stalled',
    );
  });

  it('is one line, whatever names and causes hold', () => {
    const text = words(end(failed('a', { name: `x\ny${'z'.repeat(500)}`, error: 'exit 3\u202e\nmore' })));
    assert.match(text, /^x yz{77}\.\.\. on lab-1 failed: exit 3 more$/u);
  });
});

describe('the digest after an absence', () => {
  const completed = (id: string) => end(view(id, { status: 'completed' }));

  it('counts what became of the operations, and what still runs', () => {
    const news = [completed('a'), completed('b'), completed('c'), end(failed('d'))];
    assert.equal(
      digestText(news, 2, hostName),
      'While you were away: 3 completed, 1 failed, 2 still running',
    );
    assert.equal(
      digestText([...news, stall('e')], 0, hostName),
      'While you were away: 3 completed, 1 failed, 1 stalled',
    );
  });

  it('says of a single end what it was', () => {
    assert.equal(
      digestText([end(failed('train'))], 2, hostName),
      'While you were away: train on lab-1 failed: exit 3 · 2 still running',
    );
  });
});

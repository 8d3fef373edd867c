import assert from 'node:assert/strict';
import type { Untracked } from '../../../src/operations/untracked';
import { UntrackedLists } from '../../../src/views/untrackedLists';

const server: Untracked = { kind: 'server', name: 'a' };

describe('the lists of what is untracked', () => {
  let now: number;
  let asked: [hostId: string, mayAsk: boolean | undefined][];
  let answer: () => Promise<Untracked[]>;
  let lists: UntrackedLists;

  beforeEach(() => {
    now = 0;
    asked = [];
    answer = () => Promise.resolve([server]);
    lists = new UntrackedLists(
      {
        untracked: (hostId, query) => {
          asked.push([hostId, query?.mayAsk]);
          return answer();
        },
      },
      () => now,
    );
  });
  afterEach(() => lists.dispose());

  const settled = () => new Promise((resolve) => setImmediate(resolve));

  it('are read when they come into sight, and no host is asked for a login by that', async () => {
    assert.equal(lists.of('lab').state, 'unread');
    lists.show(['lab']);
    assert.equal(lists.of('lab').state, 'reading');
    await settled();
    assert.deepEqual(lists.of('lab'), { state: 'read', found: [server] });
    assert.deepEqual(asked, [['lab', false]]);
  });

  it('are not read again within half a minute, however often they come into sight', async () => {
    lists.show(['lab']);
    await settled();
    now = 29_999;
    lists.show([]);
    lists.show(['lab']);
    await settled();
    assert.equal(asked.length, 1);
    now = 30_000;
    lists.show(['lab']);
    await settled();
    assert.equal(asked.length, 2);
  });

  it('are read at once on the user’s word, once for all who ask', async () => {
    lists.show(['lab']);
    await settled();
    await Promise.all([lists.refresh('lab', true), lists.refresh('lab', true)]);
    assert.deepEqual(asked.slice(1), [['lab', true]]);
  });

  it('say why they could not be read, and keep what was found while they are read anew', async () => {
    lists.show(['lab']);
    await settled();
    const reading = lists.refresh('lab');
    assert.deepEqual(lists.of('lab'), { state: 'reading', found: [server] });
    await reading;
    answer = () => Promise.reject(new Error('lab refused the connection.'));
    await lists.refresh('lab');
    assert.deepEqual(lists.of('lab'), { state: 'failed', found: [], problem: 'lab refused the connection.' });
  });
});

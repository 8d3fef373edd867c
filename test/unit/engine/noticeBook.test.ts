import assert from 'node:assert/strict';
import { mostRemembered, NoticeBook } from '../../../src/engine/noticeBook';

describe('who tells the user of what', () => {
  it('is the first window that asks, and no other', () => {
    const book = new NoticeBook();
    assert.equal(book.claim({ key: 'a', by: 'one' }), true);
    assert.equal(book.claim({ key: 'a', by: 'two' }), false);
    assert.equal(book.claim({ key: 'b', by: 'two' }), true);
  });

  it('is the same window when it asks again because the answer was lost', () => {
    const book = new NoticeBook();
    book.claim({ key: 'a', by: 'one' });
    assert.equal(book.claim({ key: 'a', by: 'one' }), true);
  });

  it('is known to the next owner, who copied what the last one noted', () => {
    const [owner, heir] = [new NoticeBook(), new NoticeBook()];
    owner.onDidNote((claim) => heir.note(claim));
    owner.claim({ key: 'a', by: 'one' });
    assert.equal(heir.claim({ key: 'a', by: 'two' }), false);
    assert.equal(heir.claim({ key: 'a', by: 'one' }), true);
  });

  it('is the first window also where ten thousand end at once', () => {
    const book = new NoticeBook();
    const granted = (by: string) =>
      Array.from({ length: 10_000 }, (_, key) => book.claim({ key: String(key), by })).filter(Boolean).length;
    assert.deepEqual([granted('one'), granted('two')], [10_000, 0]);
  });

  it('is forgotten after thousands of others', () => {
    const book = new NoticeBook();
    for (let key = 0; key <= mostRemembered; key++) {
      book.claim({ key: String(key), by: 'one' });
    }
    assert.equal(book.claim({ key: '1', by: 'two' }), false);
    assert.equal(book.claim({ key: '0', by: 'two' }), true);
  });
});

import assert from 'node:assert/strict';
import { movedOn } from '../../../webview/detail/movedOn';

describe('a log that moves on', () => {
  const gone = (before: string, now: string) => movedOn(before.split(' '), now.split(' '));

  it('loses at the top what is not there any more', () => {
    assert.equal(gone('a b c', 'a b c d'), 0);
    assert.equal(gone('a b c', 'b c d'), 1);
    assert.equal(gone('a b c', 'c d e'), 2);
  });

  it('may rewrite its last line, and that alone', () => {
    assert.equal(gone('a b 10%', 'a b 20% c'), 0);
    assert.equal(gone('a b 10%', 'b 20%'), 1);
    assert.equal(gone('a b c', 'a x c'), 2);
  });

  it('is taken to have lost as little as possible where lines are alike', () => {
    assert.equal(gone('x x x', 'x x x x'), 0);
    assert.equal(gone('x x x y', 'x x y z'), 1);
  });

  it('keeps no more than its last line where it is another text, or a shorter one', () => {
    assert.equal(gone('a b c', 'd e f g'), 2);
    assert.equal(gone('a b c', 'a'), 2);
    assert.equal(movedOn([], ['a']), 0);
  });
});

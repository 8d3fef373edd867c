import assert from 'node:assert/strict';
import { isQuiet, noteLook } from '../../../../src/engine/watchFolders/quiet';

describe('the quiet of a case', () => {
  it('begins anew with every change, and is over once it has lasted', () => {
    const first = noteLook(undefined, 'a', 0);
    const still = noteLook(first, 'a', 20_000);
    assert.equal(isQuiet(still, 29_999, 30), false);
    assert.equal(isQuiet(still, 30_000, 30), true);
    const changed = noteLook(still, 'b', 29_000);
    assert.equal(isQuiet(changed, 58_999, 30), false);
    assert.equal(isQuiet(noteLook(changed, 'a', 59_000), 59_000, 30), false);
  });
});

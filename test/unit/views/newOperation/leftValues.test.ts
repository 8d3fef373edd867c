import assert from 'node:assert/strict';
import { LeftValues } from '../../../../src/views/newOperation/leftValues';
import { emptyValues } from '../../../../webview/form/values';

describe('what was left in a form that was closed', () => {
  it('is offered until it is submitted, and not longer', () => {
    const left = new LeftValues();
    const typed = emptyValues();
    left.keep(typed);
    assert.equal(left.values, typed);
    left.drop(typed);
    assert.equal(left.values, undefined);
  });

  it('goes with no form but the one that took it up', () => {
    const left = new LeftValues();
    const before = emptyValues();
    const since = emptyValues();
    left.keep(before);
    left.keep(since);
    left.drop(before);
    assert.equal(left.values, since);
  });
});

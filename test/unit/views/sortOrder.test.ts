import assert from 'node:assert/strict';
import {
  newestFirst,
  orderLabel,
  orderText,
  readOrder,
  sorted,
  sortOrders,
  type SortOrder,
} from '../../../src/views/sortOrder';
import { view } from '../windows/scriptedService';

const at = (minute: number) => `2026-01-01T00:0${minute}:00.000Z`;

describe('the order of operations', () => {
  const views = [
    view('a', { name: 'run 10', submittedAt: at(1), progress: 0.5 }),
    view('b', { name: 'Run 9', submittedAt: at(2), shownStatus: 'queued' }),
    view('c', { name: 'eval', submittedAt: at(0), startedAt: at(3), shownStatus: 'failed', progress: 0.501 }),
  ];
  const order = (by: SortOrder['by'], reversed = false) =>
    sorted(views, { by, reversed })
      .map(({ id }) => id)
      .join('');

  it('is by start, newest first, where nothing else was chosen', () => {
    assert.equal(order('start'), 'cba');
    assert.equal(order('start', true), 'abc');
    assert.deepEqual(readOrder(undefined), newestFirst);
  });

  it('is by name as people count, in any case', () => {
    assert.equal(order('name'), 'cba');
    assert.equal(order('name', true), 'abc');
  });

  it('is by status, what runs first', () => {
    assert.equal(order('status'), 'abc');
    assert.equal(order('status', true), 'cba');
  });

  it('is by whole percent, so that rows do not change places unseen; newest first among equals', () => {
    assert.equal(order('progress'), 'cab');
    assert.equal(order('progress', true), 'bca');
  });

  it('leaves what it sorts as it was', () => {
    const before = views.map(({ id }) => id);
    sorted(views, { by: 'name', reversed: true });
    assert.deepEqual(
      views.map(({ id }) => id),
      before,
    );
  });

  it('has words for each choice, and says none of the usual one', () => {
    assert.equal(new Set(sortOrders.map(orderLabel)).size, 8);
    assert.equal(new Set(sortOrders.map(orderText)).size, 8);
    assert.equal(orderText(newestFirst), '');
    assert.equal(orderText({ by: 'name', reversed: false }), 'by name');
  });

  it('is the usual one where what was kept is not understood', () => {
    const kept = { by: 'progress', reversed: true };
    assert.deepEqual(readOrder(kept), kept);
    assert.deepEqual(readOrder({ by: 'colour', reversed: true }), newestFirst);
  });
});

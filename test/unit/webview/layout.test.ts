import assert from 'node:assert/strict';
import fc from 'fast-check';
import { columnsIn, moved, rowsOf, type Place } from '../../../webview/dashboard/layout';

const keys = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End'];

describe('dashboard layout', () => {
  it('has as many columns as fit, and one where none would', () => {
    assert.deepEqual([0, 268, 619, 620, 1568].map(columnsIn), [1, 1, 1, 2, 5]);
  });

  it('fills rows in reading order', () => {
    assert.deepEqual(rowsOf([1, 2, 3, 4, 5], 2), [[1, 2], [3, 4], [5]]);
  });

  it('goes down into a shorter row at its last card, and up again in its column', () => {
    const shape = { sizes: [5, 4], columns: 3, page: 1 };
    assert.deepEqual(moved('ArrowDown', { section: 0, index: 2 }, shape), { section: 0, index: 4 });
    assert.deepEqual(moved('ArrowDown', { section: 0, index: 4 }, shape), { section: 1, index: 1 });
    assert.deepEqual(moved('ArrowUp', { section: 1, index: 0 }, shape), { section: 0, index: 3 });
  });

  it('passes over a section without cards', () => {
    const shape = { sizes: [0, 2], columns: 3, page: 1 };
    assert.equal(moved('ArrowUp', { section: 1, index: 0 }, shape), undefined);
    assert.equal(moved('Home', { section: 1, index: 0 }, shape), undefined);
  });

  it('leads every key to a card that is there, and other keys nowhere', () => {
    const places = fc
      .record({
        sizes: fc.tuple(fc.integer({ min: 1, max: 20 }), fc.nat(20)),
        columns: fc.integer({ min: 1, max: 6 }),
        page: fc.integer({ min: 1, max: 4 }),
      })
      .chain((shape) =>
        fc.tuple(fc.constant(shape), fc.nat(shape.sizes[0] - 1), fc.constantFrom(...keys, 'a', 'Tab')),
      );
    fc.assert(
      fc.property(places, ([shape, index, key]) => {
        const to: Place | undefined = moved(key, { section: 0, index }, shape);
        if (to !== undefined) {
          assert.ok(keys.includes(key));
          assert.ok(to.index >= 0 && to.index < (shape.sizes[to.section] ?? 0));
        }
      }),
    );
  });
});

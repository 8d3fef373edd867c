import assert from 'node:assert/strict';
import { addValues, asCourses, progressName, type KeptCourses } from '../../../src/engine/courses';

const none: KeptCourses = new Map();
const told = (...values: [atSeconds: number, values: Record<string, number>][]) =>
  values.reduce((kept, [atSeconds, each]) => addValues(kept, each, atSeconds), none);

describe('courses of values', () => {
  it('tell when each value was seen, by the clock of this machine, progress first', () => {
    const kept = told([10, { loss: 3 }], [12, { loss: 2, [progressName]: 0.1 }]);
    assert.deepEqual(asCourses(kept, 1_000_000, 20), [
      { points: [[992_000, 0.1]] },
      {
        metric: 'loss',
        points: [
          [990_000, 3],
          [992_000, 2],
        ],
      },
    ]);
  });

  it('have no point more where nothing moved', () => {
    const first = told([0, { loss: 3 }]);
    assert.equal(addValues(first, { loss: 3 }, 2), first);
  });

  it('keep their whole span in a bounded number of points', () => {
    const kept = told(
      ...Array.from({ length: 5_000 }, (_, at): [number, Record<string, number>] => [at, { loss: at }]),
    );
    const points = kept.get('loss') ?? [];
    assert.ok(points.length <= 240 && points.length >= 100, String(points.length));
    assert.deepEqual([points[0]?.atSeconds, points.at(-1)?.atSeconds], [0, 4_999]);
  });

  it('are few, however many names a program invents', () => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`m${n}`, n]));
    assert.equal(told([0, { a: 1 }], [1, many], [2, many]).size, 9);
  });
});

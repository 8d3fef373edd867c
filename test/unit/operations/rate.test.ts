import assert from 'node:assert/strict';
import fc from 'fast-check';
import { addSample, etaSeconds, rate, type Sample } from '../../../src/operations/rate';

const series = (...values: [atSeconds: number, value: number][]): readonly Sample[] =>
  values.reduce<readonly Sample[]>(
    (samples, [atSeconds, value]) => addSample(samples, { atSeconds, value }),
    [],
  );

/** `count` samples, two seconds apart, `perSecond` of value each second. */
const steady = (count: number, perSecond = 0.01): [number, number][] =>
  Array.from({ length: count }, (_, at) => [at * 2, at * 2 * perSecond]);

const near = (actual: number | undefined, expected: number, tolerance = 0.01) =>
  assert.ok(
    actual !== undefined && Math.abs(actual - expected) <= tolerance * expected,
    `${String(actual)} is not near ${expected}`,
  );

describe('rate', () => {
  it('is the slope of steady progress', () => {
    near(rate(series(...steady(10))), 0.01);
  });

  it('is not told from fewer than four samples or less than five seconds', () => {
    assert.equal(rate([]), undefined);
    assert.equal(rate(series(...steady(3))), undefined);
    assert.equal(rate(series([0, 0], [1, 1], [2, 2], [3, 3], [4, 4])), undefined);
    assert.notEqual(rate(series([0, 0], [1, 1], [2, 2], [5, 5])), undefined);
  });

  it('is not pulled far by a burst', () => {
    const burst = steady(20).map(([at, value]): [number, number] => [at, value + (at > 30 ? 0.3 : 0)]);
    near(rate(series(...burst)), 0.01, 0.35);
  });

  it('is not pulled far by a pause after the start', () => {
    const paused = steady(20).map(([at, value]): [number, number] => [at + (at > 6 ? 30 : 0), value]);
    near(rate(series(...paused)), 0.01, 0.45);
  });

  it('begins anew when the value falls: a restart, or a second phase', () => {
    const restarted = series(...steady(10), [20, 0.01], [22, 0.02]);
    assert.equal(restarted.length, 2);
    assert.equal(rate(restarted), undefined);
  });

  it('takes no sample that stands still, nor one from the past', () => {
    const samples = series(...steady(4));
    assert.equal(addSample(samples, { atSeconds: 100, value: 0.06 }), samples);
    assert.equal(addSample(samples, { atSeconds: 6, value: 0.5 }), samples);
    assert.equal(addSample(samples, { atSeconds: 1, value: 0.5 }), samples);
  });

  it('keeps no more samples than it needs', () => {
    assert.ok(series(...steady(10_000)).length <= 40);
  });
});

describe('etaSeconds', () => {
  it('is what is left at the rate so far', () => {
    near(etaSeconds(series(...steady(11)), 1, 20), 80);
  });

  it('runs down while the next sample is awaited', () => {
    near(etaSeconds(series(...steady(11)), 1, 25), 75);
  });

  it('is not told while it would be a guess', () => {
    assert.equal(etaSeconds([], 1, 0), undefined);
    assert.equal(etaSeconds(series(...steady(3)), 1, 6), undefined);
  });

  it('is not told once progress has been silent for much longer than usual', () => {
    const samples = series(...steady(11));
    assert.notEqual(etaSeconds(samples, 1, 20 + 16), undefined);
    assert.equal(etaSeconds(samples, 1, 20 + 17), undefined);
  });

  it('is not told right after a restart', () => {
    assert.equal(etaSeconds(series(...steady(11), [22, 0]), 1, 22), undefined);
  });

  it('is not told at the target or beyond it', () => {
    assert.equal(etaSeconds(series(...steady(11, 0.05)), 1, 20), undefined);
    assert.equal(etaSeconds(series(...steady(11, 1)), 1, 20), undefined);
  });

  it('is finite and not negative, or not told, whatever the samples', () => {
    const sample = fc.record({
      atSeconds: fc.double({ min: 0, max: 1e6, noNaN: true }),
      value: fc.double({ min: 0, max: 1e15, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.array(sample, { maxLength: 60 }),
        fc.double({ min: 0, max: 2e6, noNaN: true }),
        (all, now) => {
          const samples = all.reduce<readonly Sample[]>(addSample, []);
          const eta = etaSeconds(samples, 1, now);
          assert.ok(eta === undefined || (Number.isFinite(eta) && eta >= 0), String(eta));
        },
      ),
    );
  });
});

import assert from 'node:assert/strict';
import { chartLine } from '../../../webview/detail/chartLine';

describe('line of a chart', () => {
  it('lies in its box by time and value, the highest on top', () => {
    const line = chartLine({
      metric: 'loss',
      points: [
        [0, 4],
        [750, 0],
        [1000, 2],
      ],
    });
    assert.equal(line?.points, '0,1 75,39 100,20');
    assert.deepEqual([line.low, line.high, line.first, line.last], [0, 4, 4, 2]);
  });

  it('shows progress on its whole scale', () => {
    const points: [number, number][] = [
      [0, 0.25],
      [10, 0.5],
    ];
    assert.equal(chartLine({ points })?.points, '0,29.5 100,20');
  });

  it('shows a share on its whole scale, and an amount from nothing on', () => {
    const points: [number, number][] = [
      [0, 25],
      [10, 50],
    ];
    const scale = (resource: 'cpuPercent' | 'memoryMb') => {
      const line = chartLine({ resource, points });
      return [line?.points, line?.bottom, line?.top];
    };
    assert.deepEqual(scale('cpuPercent'), ['0,29.5 100,20', 0, 100]);
    assert.deepEqual(scale('memoryMb'), ['0,20 100,1', 0, 50]);
  });

  it('is level where the value did not move', () => {
    const points: [number, number][] = [
      [0, 7],
      [10, 7],
    ];
    assert.equal(chartLine({ metric: 'lr', points })?.points, '0,20 100,20');
  });

  it('is none of fewer than two points, or of what are no numbers', () => {
    assert.equal(chartLine({ metric: 'a', points: [[0, 1]] }), undefined);
    const points: [number, number][] = [
      [0, NaN],
      [1, 1],
      [2, Infinity],
    ];
    assert.equal(chartLine({ metric: 'a', points }), undefined);
  });
});

import assert from 'node:assert/strict';
import { Telemetry } from '../../../src/engine/telemetry';
import type { Progress } from '../../../src/operations/progress';
import { operationAt } from '../operations/samples';

function telemetryOf(count: number, progressAt: (at: number) => Progress): Telemetry {
  const telemetry = new Telemetry();
  for (let at = 0; at < count; at++) {
    telemetry.add(operationAt('running', { progress: progressAt(at) }), at * 2);
  }
  return telemetry;
}

describe('Telemetry', () => {
  it('has nothing to say about what it has not seen', () => {
    const telemetry = telemetryOf(0, () => ({}));
    assert.equal(telemetry.series('op-1'), undefined);
    assert.equal(telemetry.etaSeconds('op-1', 0), undefined);
    assert.equal(telemetry.speedBytesPerSecond('op-1'), undefined);
  });

  it('tells ETA and speed in whole numbers', () => {
    const telemetry = telemetryOf(11, (at) => ({ progress: at / 50, sizeDoneBytes: at * 1001 }));
    assert.equal(telemetry.etaSeconds('op-1', 20), 80);
    assert.equal(telemetry.speedBytesPerSecond('op-1'), 501);
  });

  it('shows the loss as a series, without repetitions, of bounded length', () => {
    const telemetry = telemetryOf(400, (at) => ({ metrics: { lr: at, loss: Math.floor(at / 2) } }));
    const series = telemetry.series('op-1');
    assert.equal(series?.name, 'loss');
    assert.equal(series.values.length, 60);
    assert.deepEqual(series.values.slice(-3), [197, 198, 199]);
  });

  it('shows a loss that is told now and then beside what is always told', () => {
    const telemetry = telemetryOf(10, (at) => ({ metrics: at % 3 === 0 ? { loss: at } : { accuracy: at } }));
    assert.deepEqual(telemetry.series('op-1'), { name: 'loss', values: [0, 3, 6, 9] });
  });
});

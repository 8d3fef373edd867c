import assert from 'node:assert/strict';
import { pause } from '../../../src/engine/clock';
import { FakeClock } from './fakeClock';

describe('pause', () => {
  it('lasts as long as it should, on the clock it was given', async () => {
    const clock = new FakeClock();
    let over = false;
    const paused = pause(clock, 10_000).then(() => (over = true));
    await clock.advance(9_999);
    assert.ok(!over);
    await clock.advance(1);
    await paused;
    assert.ok(over);
  });

  it('ends at once when it is aborted, and leaves no timer', async () => {
    const clock = new FakeClock();
    const abort = new AbortController();
    const paused = pause(clock, 10_000, abort.signal);
    abort.abort();
    await paused;
    assert.deepEqual(clock.waits, []);
    await pause(clock, 10_000, abort.signal);
    assert.deepEqual(clock.waits, []);
  });
});

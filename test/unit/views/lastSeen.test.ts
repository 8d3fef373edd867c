import assert from 'node:assert/strict';
import { LastSeen } from '../../../src/views/lastSeen';

const hour = 3_600_000;

describe('the time until which ends were told', () => {
  let stored: Map<string, unknown>;
  let writes: number;
  const memento = {
    keys: () => [...stored.keys()],
    get: <T>(key: string, byDefault?: T) => (stored.get(key) ?? byDefault) as T,
    update: (key: string, value: unknown) => {
      writes += 1;
      stored.set(key, value);
      return Promise.resolve();
    },
  };
  const start = (nowMs: number) => new LastSeen(memento, nowMs);

  beforeEach(() => {
    stored = new Map();
    writes = 0;
  });

  it('is now in the first window of all: nothing before it is news', () => {
    assert.deepEqual(start(hour).presence, { startedMs: hour, lastSeenMs: hour });
  });

  it('is kept over restarts', () => {
    start(hour).note(2 * hour, false);
    assert.deepEqual(start(9 * hour).presence, { startedMs: 9 * hour, lastSeenMs: 2 * hour });
  });

  it('is written down now and then, and at once when something was told', () => {
    const lastSeen = start(hour);
    for (let second = 1; second <= 120; second += 1) {
      lastSeen.note(hour + second * 1000, false);
    }
    assert.equal(writes, 2);
    lastSeen.note(hour + 121_000, true);
    assert.equal(writes, 3);
    assert.equal(start(2 * hour).presence.lastSeenMs, hour + 121_000);
  });

  it('is never later than now, nor taken from what is no time', () => {
    start(hour).note(9 * hour, true);
    assert.equal(start(3 * hour).presence.lastSeenMs, 3 * hour);
    stored = new Map([...stored.keys()].map((key) => [key, 'yesterday']));
    assert.equal(start(3 * hour).presence.lastSeenMs, 3 * hour);
  });
});

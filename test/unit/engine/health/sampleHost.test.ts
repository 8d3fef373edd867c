import assert from 'node:assert/strict';
import { Healths } from '../../../../src/engine/health/healths';
import { sampleHost } from '../../../../src/engine/health/sampleHost';
import type { EngineContext } from '../../../../src/engine/context';
import type { HostReading } from '../../../../src/operations/hostReading';
import { FakeClock } from '../fakeClock';

/** Two processors of a host that is up for so long: idle up to 50,000 s, both at work from then on. */
const readingAt = (uptimeSeconds: number): HostReading => ({
  bootId: 'boot',
  uptimeSeconds,
  cores: 2,
  load: 1,
  ticks: uptimeSeconds * 200,
  idleTicks: Math.min(uptimeSeconds, 50_000) * 200,
  memoryTotalKb: 4096,
  memoryFreeKb: 1024,
  uses: new Map(),
});

describe('a sample of a host', () => {
  it('is by a reading that is known, but by two where this computer slept since', async () => {
    const clock = new FakeClock();
    const healths = new Healths(clock, () => ({ visibleSeconds: 2, schedulerSeconds: 30 }));
    let uptime = 1_000;
    const asked: number[] = [];
    const sample = (_machine: unknown, _name: string, readings: 1 | 2) => {
      asked.push(readings);
      uptime += 1;
      return Promise.resolve(
        readings === 1 ? [readingAt(uptime)] : [readingAt(uptime - 1), readingAt(uptime)],
      );
    };
    const hosts = { machine: () => undefined, nameOf: (id: string) => id };
    const context = { hosts, launchers: { process: { sample } } } as unknown as EngineContext;
    const cpuPercent = async () => (await sampleHost(context, healths, 'h')).cpuPercent;
    try {
      assert.equal(await cpuPercent(), 0);
      assert.equal(await cpuPercent(), 0);
      assert.deepEqual(asked, [2, 1]);
      clock.sleep(99_000_000);
      uptime = 100_000;
      // Over the whole of that time it was at work by half.
      assert.equal(await cpuPercent(), 100);
      assert.deepEqual(asked, [2, 1, 1, 2]);
    } finally {
      healths.dispose();
    }
  });
});

import assert from 'node:assert/strict';
import { type HealthChange, Healths } from '../../../../src/engine/health/healths';
import type { HostReading } from '../../../../src/operations/hostReading';
import { FakeClock } from '../fakeClock';

describe('the health of hosts', () => {
  let clock: FakeClock;
  let healths: Healths;
  let told: HealthChange[];
  let uptime: number;

  beforeEach(() => {
    clock = new FakeClock();
    healths = new Healths(clock, () => ({ visibleSeconds: 2, schedulerSeconds: 30 }));
    told = [];
    uptime = 1_000;
    healths.onDidChange((change) => told.push(change));
  });
  afterEach(() => healths.dispose());

  const reading = (cpuTicks: number, memoryKb = 1024): HostReading => ({
    ...{
      bootId: 'boot',
      uptimeSeconds: uptime,
      cores: 2,
      load: 1,
      ticks: uptime * 200,
      idleTicks: uptime * 100,
    },
    ...{ memoryTotalKb: 4096, memoryFreeKb: 1024 },
    uses: new Map([['op', { ticks: cpuTicks, memoryKb }]]),
    gpus: {
      state: 'ok',
      uptimeSeconds: uptime,
      gpus: [{ index: 3, uuid: 'GPU-1', name: 'A', percent: 5, memoryUsedMb: 7 }],
      processes: [],
    },
  });
  const after = async (seconds: number) => {
    uptime += seconds;
    await clock.advance(seconds * 1_000);
  };

  it('is what was told last, with rates from the second time on', async () => {
    healths.take('h', reading(0));
    assert.deepEqual([healths.health('h')?.cpuPercent, healths.resources('op')], [undefined, undefined]);
    assert.deepEqual(told, [{ hostId: 'h', ids: [] }]);
    await after(2);
    healths.take('h', reading(200));
    assert.equal(healths.health('h')?.cpuPercent, 50);
    assert.deepEqual(healths.resources('op'), { cpuPercent: 50, memoryMb: 1 });
    assert.deepEqual(told.at(-1), { hostId: 'h', ids: ['op'] });
    await after(2);
    healths.take('h', reading(400));
    assert.deepEqual(told.at(-1), { hostId: 'h', ids: [] });
  });

  const job = (elapsedSeconds: number, cpuSeconds: number) =>
    new Map([['job', { cpus: 4, elapsedSeconds, cpuSeconds, memoryMb: 7 }]]);

  it('is for jobs on other machines what they used of their processors between two counts', async () => {
    healths.takeJobs('h', job(10, 5));
    assert.equal(healths.resources('job'), undefined);
    await after(60);
    healths.takeJobs('h', job(70, 125));
    assert.deepEqual(healths.resources('job'), { cpuPercent: 50, memoryMb: 7 });
    assert.deepEqual(told.at(-1), { hostId: 'h', ids: ['job'] });
    assert.deepEqual(
      healths.courses('job').map(({ resource }) => resource),
      ['cpuPercent', 'memoryMb'],
    );
    // Each stands until the next one must have come.
    await after(129);
    assert.ok(healths.resources('job'));
    await after(1);
    assert.equal(healths.resources('job'), undefined);
    assert.deepEqual(told.at(-1), { hostId: 'h', ids: ['job'] });
  });

  it('is not told of a job by counts that are long apart, or that began anew', async () => {
    healths.takeJobs('h', job(10, 5));
    await after(3_000);
    healths.takeJobs('h', job(3_010, 6));
    assert.equal(healths.resources('job'), undefined);
    await after(60);
    healths.takeJobs('h', job(20, 1));
    assert.equal(healths.resources('job'), undefined);
  });

  it('is not told of a job by counts between which this machine slept', async () => {
    healths.takeJobs('h', job(10, 5));
    await after(2);
    healths.takeJobs('h', job(10_000, 6));
    assert.equal(healths.resources('job'), undefined);
  });

  it('is what the host sees of a job itself, where it does', async () => {
    healths.takeJobs('h', new Map([['op', { cpus: 1, elapsedSeconds: 1, cpuSeconds: 1, memoryMb: 9 }]]));
    healths.take('h', reading(0));
    await after(30);
    healths.take('h', reading(0));
    healths.takeJobs('h', new Map([['op', { cpus: 1, elapsedSeconds: 31, cpuSeconds: 31, memoryMb: 9 }]]));
    assert.deepEqual(healths.resources('op'), { cpuPercent: 0, memoryMb: 1 });
  });

  it('stands no longer once nobody has looked for ten seconds more than usual, and views are told', async () => {
    healths.take('h', reading(0));
    await after(2);
    healths.take('h', reading(200));
    told.length = 0;
    await after(11.9);
    assert.ok(healths.health('h') && healths.resources('op'));
    await after(0.2);
    assert.deepEqual([healths.health('h'), healths.resources('op')], [undefined, undefined]);
    assert.deepEqual(told, [{ hostId: 'h', ids: ['op'] }]);
    await after(3_600);
    assert.equal(told.length, 1);
  });

  it('stands for as long as it has to where the host is looked at less often', async () => {
    healths.take('h', reading(0), 10_000);
    await after(19.9);
    assert.ok(healths.health('h'));
    await after(0.2);
    assert.equal(healths.health('h'), undefined);
  });

  it('tells no rate over the time in which this machine slept', async () => {
    healths.take('h', reading(0));
    // Its monotonic clock stands still meanwhile.
    uptime += 3_600;
    await clock.advance(2_000);
    healths.take('h', reading(200));
    assert.deepEqual([healths.health('h')?.cpuPercent, healths.resources('op')], [undefined, undefined]);
    await after(2);
    healths.take('h', reading(400));
    assert.equal(healths.health('h')?.cpuPercent, 50);
    assert.deepEqual(healths.resources('op'), { cpuPercent: 50, memoryMb: 1 });
  });

  it('tells no rate over more than a minute', async () => {
    healths.take('h', reading(0));
    assert.ok(healths.hasRecent('h'));
    await after(61);
    assert.ok(!healths.hasRecent('h'));
    healths.take('h', reading(200));
    assert.deepEqual([healths.health('h')?.cpuPercent, healths.resources('op')], [undefined, undefined]);
  });

  it('keeps the last hour of it, in a bounded number of points', async () => {
    for (let ticks = 0; uptime < 1_000 + 5_400; ticks += (uptime % 3) * 50) {
      healths.take('h', reading(ticks, 1024 * (uptime % 7)));
      await after(2);
    }
    const [cpu, memory] = ['cpuPercent', 'memoryMb'].map((name) =>
      healths.courses('op').find(({ resource }) => resource === name),
    );
    for (const course of [cpu, memory]) {
      const times = course?.points.map(([atMs]) => atMs) ?? [];
      assert.ok(times.length > 200 && times.length <= 243, String(times.length));
      assert.ok(clock.now() - (times[0] ?? 0) <= 3_600_000 && clock.now() - (times[0] ?? 0) > 3_500_000);
    }
    const host = healths.hostCourses('h');
    assert.deepEqual(
      host.map(({ resource, gpu }) => [resource, gpu]),
      [
        ['memoryMb', undefined],
        ['gpuPercent', 3],
        ['gpuMemoryMb', 3],
        ['cpuPercent', undefined],
      ],
    );
    // What stands still is a line from its first to its last moment.
    assert.equal(host.find(({ resource }) => resource === 'gpuPercent')?.points.length, 2);
  });

  it('is forgotten an hour after the last look', async () => {
    healths.take('h', reading(0));
    await after(2);
    healths.take('h', reading(200));
    await after(3_601);
    assert.deepEqual(
      [healths.hostCourses('h'), healths.courses('op')].flatMap((all) => all.flatMap(({ points }) => points)),
      [],
    );
  });
});

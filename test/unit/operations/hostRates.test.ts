import assert from 'node:assert/strict';
import { healthOf, resourcesOf } from '../../../src/operations/hostRates';
import type { GpuReading, HostReading } from '../../../src/operations/hostReading';

const sampledAt = '2026-01-01T00:00:00.000Z';

/** Four processors, of which one works, two seconds after the last. */
const readingAt = (uptimeSeconds: number, changes: Partial<HostReading> = {}): HostReading => ({
  bootId: 'boot',
  uptimeSeconds,
  cores: 4,
  load: 1,
  ticks: uptimeSeconds * 400,
  idleTicks: uptimeSeconds * 300,
  memoryTotalKb: 8 * 1024 * 1024,
  memoryFreeKb: 6 * 1024 * 1024,
  receivedBytes: uptimeSeconds * 1_000_000,
  sentBytes: uptimeSeconds * 125_000,
  uses: new Map([['op', { ticks: uptimeSeconds * 100, memoryKb: 2048 }]]),
  ...changes,
});

const health = (reading: HostReading, ...earlier: HostReading[]) => healthOf(reading, earlier, sampledAt);
const resources = (reading: HostReading, ...earlier: HostReading[]) => resourcesOf('op', reading, earlier);

describe('what two readings of a host tell', () => {
  it('is how busy its processors and its network were in between, by its own uptime', () => {
    assert.deepEqual(health(readingAt(102, { disk: { totalKb: 4096, freeKb: 1024 } }), readingAt(100)), {
      sampledAt,
      cores: 4,
      load: 1,
      cpuPercent: 25,
      memoryTotalMb: 8192,
      memoryFreeMb: 6144,
      diskTotalMb: 4,
      diskFreeMb: 1,
      receivedMbps: 8,
      sentMbps: 1,
      gpus: [],
    });
  });

  it('is no rate where there is one only, or one from before a restart', () => {
    for (const earlier of [[], [readingAt(100, { bootId: 'another' })], [readingAt(500)]]) {
      const { cpuPercent, receivedMbps, sentMbps } = health(readingAt(102), ...earlier);
      assert.deepEqual([cpuPercent, receivedMbps, sentMbps], [undefined, undefined, undefined]);
    }
  });

  it('is by one that is old enough: over less than a second the grain of the counters shows', () => {
    const jump = readingAt(101.99, { ticks: 1e9, idleTicks: 1e9 });
    assert.equal(health(readingAt(102), jump, readingAt(100)).cpuPercent, 25);
    assert.equal(health(readingAt(102), jump).cpuPercent, undefined);
  });

  it('is by none that is long ago, as after this computer slept: a mean over hours is not what is', () => {
    const hoursAgo = readingAt(100);
    const { cpuPercent, receivedMbps, sentMbps } = health(readingAt(10_000), hoursAgo);
    assert.deepEqual([cpuPercent, receivedMbps, sentMbps], [undefined, undefined, undefined]);
    assert.equal(resources(readingAt(10_000), hoursAgo), undefined);
    assert.equal(health(readingAt(10_002), readingAt(10_000), hoursAgo).cpuPercent, 25);
    assert.equal(resources(readingAt(10_002), readingAt(10_000), hoursAgo)?.cpuPercent, 25);
  });

  it('is no rate of a counter that became less, or that is not told', () => {
    const before = readingAt(100, { receivedBytes: 2 ** 32 - 1 });
    assert.equal(health(readingAt(102), before).receivedMbps, undefined);
    assert.equal(health(readingAt(102), before).sentMbps, 1);
    const { receivedBytes, sentBytes, ...silent } = readingAt(102);
    assert.ok(receivedBytes && sentBytes);
    assert.equal(health(silent, readingAt(100)).receivedMbps, undefined);
  });

  it('stays within 0 and 100, whatever the counters say', () => {
    assert.equal(health(readingAt(102, { idleTicks: 0 }), readingAt(100)).cpuPercent, 100);
    assert.equal(health(readingAt(102, { idleTicks: 1e9 }), readingAt(100)).cpuPercent, 0);
    assert.equal(
      resources(readingAt(102, { uses: new Map([['op', { ticks: 1e9, memoryKb: 1 }]]) }), readingAt(100))
        ?.cpuPercent,
      100,
    );
  });
});

describe('what two readings tell of an operation', () => {
  it('is its share of all processors, and its memory', () => {
    assert.deepEqual(resources(readingAt(102), readingAt(100)), { cpuPercent: 25, memoryMb: 2 });
  });

  it('is nothing where one does not know it, or it has used less than before', () => {
    const without = { uses: new Map() };
    assert.equal(resources(readingAt(102)), undefined);
    assert.equal(resources(readingAt(102, without), readingAt(100)), undefined);
    assert.equal(resources(readingAt(102), readingAt(100, without)), undefined);
    assert.equal(resources(readingAt(102), readingAt(100, { bootId: 'another' })), undefined);
    const more = { uses: new Map([['op', { ticks: 1e6, memoryKb: 2048 }]]) };
    assert.equal(resources(readingAt(102), readingAt(100, more)), undefined);
  });

  const connections = (uptimeSeconds: number, bytes: Record<string, number>, isCut = false) => ({
    connections: { uptimeSeconds, isCut, bytes: new Map([['op', new Map(Object.entries(bytes))]]) },
  });

  it('is what its connections brought meanwhile: all of a new one, no more of one that is gone', () => {
    const before = readingAt(100, connections(99, { 1: 1_000_000, 2: 5_000_000 }));
    const after = readingAt(102, connections(101, { 1: 1_250_000, 3: 250_000 }));
    assert.equal(resources(after, before)?.networkMbps, 2);
  });

  it('is by two lists of connections, which may be older than the readings', () => {
    const [first, second] = [connections(99, { 1: 0 }), connections(101, { 1: 250_000 })];
    const same = readingAt(102, second);
    assert.equal(resources(readingAt(104, second), same, readingAt(100, first))?.networkMbps, 1);
    assert.equal(resources(readingAt(104, second), same)?.networkMbps, undefined);
  });

  it('is nothing of connections where not all of them are told', () => {
    const before = readingAt(100, connections(99, { 1: 0 }));
    const cut = readingAt(102, connections(101, { 1: 10 }, true));
    assert.equal(resources(cut, before)?.networkMbps, undefined);
    assert.equal(resources(readingAt(102), before)?.networkMbps, undefined);
  });

  it('is nothing of connections by a list from before it was asked about, or from long ago', () => {
    const life = connections(101, { 1: 900_000_000 });
    const unasked = { ...connections(99, {}), uses: new Map() };
    assert.equal(resources(readingAt(102, life), readingAt(100, unasked))?.networkMbps, undefined);
    const two = [readingAt(100, connections(99, { 1: 899_750_000 })), readingAt(98, unasked)];
    assert.equal(resources(readingAt(102, life), ...two)?.networkMbps, 1);
    const longAgo = connections(30, { 1: 0 });
    assert.equal(resources(readingAt(102, life), readingAt(100, longAgo))?.networkMbps, undefined);
  });

  const gpus = (changes: Partial<GpuReading>): Partial<HostReading> => ({
    gpus: {
      state: 'ok',
      uptimeSeconds: 101,
      gpus: [
        { index: 0, uuid: 'GPU-a', name: 'A', percent: 90 },
        { index: 1, uuid: 'GPU-b', name: 'B', percent: 50 },
        { index: 2, uuid: 'GPU-c', name: 'C' },
      ],
      processes: [],
      ...changes,
    },
  });
  const used = (...processes: GpuReading['processes'][number][]) => {
    const { gpuPercent, gpuMemoryMb } = resources(readingAt(102, gpus({ processes })), readingAt(100)) ?? {};
    return [gpuPercent, gpuMemoryMb];
  };
  const own = (gpuUuid: string, memoryMb?: number) => ({
    gpuUuid,
    operationId: 'op',
    ...(memoryMb !== undefined && { memoryMb }),
  });

  it('is how busy the GPUs are that it has for itself, and the memory of all its processes', () => {
    assert.deepEqual(used(own('GPU-a', 100), own('GPU-a', 50)), [90, 150]);
    assert.deepEqual(used(own('GPU-a', 100), own('GPU-b', 50)), [70, 150]);
    assert.deepEqual(used(own('GPU-a', 100), own('GPU-b', 50), { gpuUuid: 'GPU-b' }), [90, 150]);
    assert.deepEqual(used(own('GPU-b', 50), { gpuUuid: 'GPU-b', operationId: 'other' }), [undefined, 50]);
    assert.deepEqual(used(own('GPU-c', 50)), [undefined, 50]);
    assert.deepEqual(used(own('GPU-a')), [90, undefined]);
    assert.deepEqual(used(own('GPU-unknown', 7)), [undefined, 7]);
    assert.deepEqual(used({ gpuUuid: 'GPU-a' }), [undefined, undefined]);
  });

  const oldGpus = (changes: Partial<GpuReading> = {}) =>
    gpus({ uptimeSeconds: 60, processes: [own('GPU-a', 1)], ...changes });
  const toldOfGpus = (changes: Partial<HostReading>) => {
    const told = health(readingAt(102, changes));
    return [told.gpus.length, told.gpuProblem];
  };

  it('is nothing of GPUs once their driver has not answered for long', () => {
    const old = oldGpus({ askedSeconds: 80 });
    assert.deepEqual(resources(readingAt(102, old), readingAt(100)), { cpuPercent: 25, memoryMb: 2 });
    assert.deepEqual(toldOfGpus(old), [0, 'nvidia-smi does not answer']);
    const never = { state: 'waiting', gpus: [], processes: [], askedSeconds: 80 } as const;
    assert.deepEqual(toldOfGpus({ gpus: never }), [0, 'nvidia-smi does not answer']);
  });

  it('blames no driver that nobody has asked for long, or only just now', () => {
    assert.deepEqual(toldOfGpus(oldGpus()), [0, undefined]);
    assert.deepEqual(toldOfGpus(oldGpus({ askedSeconds: 100 })), [0, undefined]);
    assert.deepEqual(toldOfGpus(oldGpus({ state: 'hung' })), [0, undefined]);
    assert.equal(resources(readingAt(102, oldGpus()), readingAt(100))?.gpuMemoryMb, undefined);
  });

  it('is told of GPUs as they were just after the last look, however seldom looks are', () => {
    const reading = readingAt(102, oldGpus());
    assert.equal(healthOf(reading, [], sampledAt, 60).gpus.length, 3);
    assert.equal(resourcesOf('op', reading, [readingAt(40)], 60)?.gpuMemoryMb, 1);
    assert.equal(healthOf(reading, [], sampledAt, 2).gpus.length, 0);
  });

  it('is told why nothing is known of GPUs', () => {
    const problem = (changes: Partial<GpuReading>) =>
      health(readingAt(102, gpus({ gpus: [], ...changes }))).gpuProblem;
    assert.equal(problem({ state: 'hung' }), 'nvidia-smi does not answer');
    assert.equal(problem({ state: 'failed', problem: 'No devices were found' }), 'No devices were found');
    assert.match(problem({ state: 'failed' }) ?? '', /does not say why/);
    assert.equal(problem({ state: 'waiting' }), undefined);
  });
});

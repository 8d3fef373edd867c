import * as l10n from '@vscode/l10n';
import type { HostHealth } from './hostHealth';
import type { Connections, GpuReading, HostReading } from './hostReading';
import type { Resources } from './operationView';

/** Processor time is told in USER_HZ, which is 100 on every architecture that VS Code can reach. */
const ticksPerSecond = 100;
/** Over less, the grain of the counters shows. */
const leastSeconds = 0.9;
/** A mean over longer, as after this computer slept, is not what is. */
const mostSeconds = 90;
/** Connections come and go: over longer, those that went meanwhile would be missed. */
const mostConnectionSeconds = 60;
/** Beyond the time since the last look, which began to ask: what `nvidia-smi` told before is not what the GPUs do. */
const gpusKeepSeconds = 30;
/** It is given ten seconds to answer (smi.sh); what waits for longer cannot be ended. */
const gpusPatienceSeconds = 15;

const mb = (kb: number): number => Math.round(kb / 1024);
const tenth = (value: number): number => Math.round(value * 10) / 10;
const percent = (part: number): number => tenth(Math.min(100, Math.max(0, part * 100)));
const mbps = (bytes: number, seconds: number): number => tenth((bytes * 8) / 1e6 / seconds);

/**
 * What a host does.
 * @param earlier readings of the same host, newest first: the first that is old enough makes the rates
 * @param sampledAt ISO 8601, by this machine's clock
 * @param everySeconds how far apart looks at it are: what its GPUs told after one is there at the next
 */
export function healthOf(
  reading: HostReading,
  earlier: readonly HostReading[],
  sampledAt: string,
  everySeconds = 0,
): HostHealth {
  const { cores, load, memoryTotalKb, memoryFreeKb, disk } = reading;
  const before = earlier.find((each) => isSpan(spanOf(each, reading)));
  return {
    sampledAt,
    cores,
    load,
    ...(before && hostRates(before, reading)),
    memoryTotalMb: mb(memoryTotalKb),
    memoryFreeMb: mb(memoryFreeKb),
    ...(disk && { diskTotalMb: mb(disk.totalKb), diskFreeMb: mb(disk.freeKb) }),
    ...gpuHealth(reading, everySeconds),
  };
}

/** What an operation uses; `undefined` where two readings do not tell of it. Parameters as of `healthOf`. */
export function resourcesOf(
  id: string,
  reading: HostReading,
  earlier: readonly HostReading[],
  everySeconds = 0,
): Resources | undefined {
  const use = reading.uses.get(id);
  const before = earlier.find((each) => isSpan(spanOf(each, reading)) && each.uses.has(id));
  const ticks = (use?.ticks ?? NaN) - (before?.uses.get(id)?.ticks ?? NaN);
  // They become fewer when a process ends whose parent is not of the operation.
  if (!use || !before || !(ticks >= 0) || use.memoryKb === undefined) {
    return undefined;
  }
  const networkMbps = networkOf(id, reading, earlier);
  return {
    cpuPercent: percent(ticks / ticksPerSecond / spanOf(before, reading) / reading.cores),
    memoryMb: mb(use.memoryKb),
    ...(isCurrent(reading, everySeconds) && gpuUse(id, reading.gpus)),
    ...(networkMbps !== undefined && { networkMbps }),
  };
}

/** Seconds from one reading to the next, by the host's uptime; not a number across a reboot. */
const spanOf = (before: HostReading, after: HostReading): number =>
  before.bootId === after.bootId ? after.uptimeSeconds - before.uptimeSeconds : NaN;

/** Whether counters that far apart make a rate. */
const isSpan = (seconds: number, most = mostSeconds): boolean => seconds >= leastSeconds && seconds <= most;

function hostRates(before: HostReading, after: HostReading): Partial<HostHealth> {
  const ticks = after.ticks - before.ticks;
  const seconds = spanOf(before, after);
  const received = difference(before.receivedBytes, after.receivedBytes);
  const sent = difference(before.sentBytes, after.sentBytes);
  return {
    ...(ticks > 0 && { cpuPercent: percent(1 - (after.idleTicks - before.idleTicks) / ticks) }),
    ...(received !== undefined && { receivedMbps: mbps(received, seconds) }),
    ...(sent !== undefined && { sentMbps: mbps(sent, seconds) }),
  };
}

/** A counter that became less was begun anew, or ran over. */
function difference(before: number | undefined, after: number | undefined): number | undefined {
  const grown = (after ?? NaN) - (before ?? NaN);
  return grown >= 0 ? grown : undefined;
}

/**
 * A connection that is new has brought all its bytes meanwhile; of one that is gone, the last ones are not known. Where
 * the operation was not asked about, none of its connections is told: that says nothing of which are new.
 */
function networkOf(id: string, reading: HostReading, earlier: readonly HostReading[]): number | undefined {
  const now = reading.connections;
  const before = earlier.find(
    (each) =>
      each.bootId === reading.bootId &&
      each.uses.has(id) &&
      isSpan(secondsBetween(each.connections, now), mostConnectionSeconds),
  )?.connections;
  if (!now || !before || now.isCut || before.isCut) {
    return undefined;
  }
  const known = before.bytes.get(id);
  const grown = [...(now.bytes.get(id) ?? [])].map(([inode, bytes]) =>
    Math.max(0, bytes - (known?.get(inode) ?? 0)),
  );
  const sum = grown.reduce((total, bytes) => total + bytes, 0);
  return mbps(sum, secondsBetween(before, now));
}

const secondsBetween = (before: Connections | undefined, after: Connections | undefined): number =>
  (after?.uptimeSeconds ?? NaN) - (before?.uptimeSeconds ?? NaN);

const isCurrent = ({ gpus, uptimeSeconds }: HostReading, everySeconds: number): boolean =>
  gpus?.uptimeSeconds !== undefined && uptimeSeconds - gpus.uptimeSeconds <= gpusKeepSeconds + everySeconds;

function gpuHealth(reading: HostReading, everySeconds: number): Pick<HostHealth, 'gpus' | 'gpuProblem'> {
  const { gpus: told } = reading;
  if (!told) {
    return { gpus: [] };
  }
  const isTold = told.state !== 'waiting' && isCurrent(reading, everySeconds);
  const waitedSeconds = reading.uptimeSeconds - (told.askedSeconds ?? reading.uptimeSeconds);
  if (isTold ? told.state === 'hung' : waitedSeconds > gpusPatienceSeconds) {
    return { gpus: [], gpuProblem: l10n.t('nvidia-smi does not answer') };
  }
  // Nobody has asked for long, or only just now.
  if (!isTold) {
    return { gpus: [] };
  }
  return told.state === 'ok'
    ? { gpus: [...told.gpus] }
    : { gpus: [], gpuProblem: told.problem ?? l10n.t('nvidia-smi fails and does not say why') };
}

/** The memory of all its processes; how busy the GPUs are that no other process uses. */
function gpuUse(id: string, told: GpuReading | undefined): Pick<Resources, 'gpuPercent' | 'gpuMemoryMb'> {
  const own = told?.processes.filter(({ operationId }) => operationId === id) ?? [];
  if (!told || own.length === 0) {
    return {};
  }
  const alone = told.gpus.filter(({ uuid, isDivided }) => {
    const users = told.processes.filter(({ gpuUuid }) => gpuUuid === uuid);
    return !isDivided && users.length > 0 && users.every(({ operationId }) => operationId === id);
  });
  const busy = alone.flatMap(({ percent: each }) => (each === undefined ? [] : [each]));
  const memory = own.reduce((sum, { memoryMb = NaN }) => sum + memoryMb, 0);
  return {
    ...(busy.length > 0 && { gpuPercent: tenth(busy.reduce((sum, each) => sum + each, 0) / busy.length) }),
    ...(Number.isFinite(memory) && { gpuMemoryMb: memory }),
  };
}

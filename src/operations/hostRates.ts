import * as l10n from '@vscode/l10n';
import type { HostHealth } from './hostHealth';
import type { Connections, GpuReading, HostReading } from './hostReading';
import type { Resources } from './operationView';

/** Processor time is told in USER_HZ, which is 100 on every architecture that VS Code can reach. */
const ticksPerSecond = 100;
/** Over less, the grain of the counters shows. */
const leastSeconds = 0.9;
/** What `nvidia-smi` told longer ago is no longer what the GPUs do. */
const gpusKeepSeconds = 30;

const mb = (kb: number): number => Math.round(kb / 1024);
const tenth = (value: number): number => Math.round(value * 10) / 10;
const percent = (part: number): number => tenth(Math.min(100, Math.max(0, part * 100)));
const mbps = (bytes: number, seconds: number): number => tenth((bytes * 8) / 1e6 / seconds);

/**
 * What a host does.
 * @param earlier readings of the same host, newest first: the first that is old enough makes the rates
 * @param sampledAt ISO 8601, by this machine's clock
 */
export function healthOf(
  reading: HostReading,
  earlier: readonly HostReading[],
  sampledAt: string,
): HostHealth {
  const { cores, load, memoryTotalKb, memoryFreeKb, disk } = reading;
  const before = earlier.find((each) => spanOf(each, reading) >= leastSeconds);
  return {
    sampledAt,
    cores,
    load,
    ...(before && hostRates(before, reading)),
    memoryTotalMb: mb(memoryTotalKb),
    memoryFreeMb: mb(memoryFreeKb),
    ...(disk && { diskTotalMb: mb(disk.totalKb), diskFreeMb: mb(disk.freeKb) }),
    ...gpuHealth(reading),
  };
}

/** What an operation uses; `undefined` where two readings do not tell of it. @param earlier as of `healthOf` */
export function resourcesOf(
  id: string,
  reading: HostReading,
  earlier: readonly HostReading[],
): Resources | undefined {
  const use = reading.uses.get(id);
  const before = earlier.find((each) => spanOf(each, reading) >= leastSeconds && each.uses.has(id));
  const ticks = (use?.ticks ?? NaN) - (before?.uses.get(id)?.ticks ?? NaN);
  // They become fewer when a process ends whose parent is not of the operation.
  if (!use || !before || !(ticks >= 0) || use.memoryKb === undefined) {
    return undefined;
  }
  const networkMbps = networkOf(id, reading, earlier);
  return {
    cpuPercent: percent(ticks / ticksPerSecond / spanOf(before, reading) / reading.cores),
    memoryMb: mb(use.memoryKb),
    ...(isCurrent(reading) && gpuUse(id, reading.gpus)),
    ...(networkMbps !== undefined && { networkMbps }),
  };
}

/** Seconds from one reading to the next, by the host's uptime; not a number across a reboot. */
const spanOf = (before: HostReading, after: HostReading): number =>
  before.bootId === after.bootId ? after.uptimeSeconds - before.uptimeSeconds : NaN;

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

/** A connection that is new has brought all its bytes meanwhile; of one that is gone, the last ones are not known. */
function networkOf(id: string, reading: HostReading, earlier: readonly HostReading[]): number | undefined {
  const now = reading.connections;
  const before = earlier.find(
    (each) => each.bootId === reading.bootId && secondsBetween(each.connections, now) >= leastSeconds,
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

const isCurrent = ({ gpus, uptimeSeconds }: HostReading): boolean =>
  gpus?.uptimeSeconds !== undefined && uptimeSeconds - gpus.uptimeSeconds <= gpusKeepSeconds;

function gpuHealth(reading: HostReading): Pick<HostHealth, 'gpus' | 'gpuProblem'> {
  const { gpus: told } = reading;
  if (!told || told.state === 'waiting') {
    return { gpus: [] };
  }
  if (told.state === 'hung' || !isCurrent(reading)) {
    return { gpus: [], gpuProblem: l10n.t('nvidia-smi does not answer') };
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

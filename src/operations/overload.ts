import type { HostHealth } from './hostHealth';
import type { SubmitSpec } from './operation';
import type { OperationView, Resources } from './operationView';
import { isActive } from './status';

/** What is too much for a host, as the settings say. */
export interface OverloadLimits {
  /** 0 to 100, of the whole machine; 100: never. */
  cpuPercent: number;
  /** MiB that shall be free; 0: any. */
  memoryMb: number;
}

/** Who uses how much of what is short, in the unit of its reason. */
export interface LoadShare {
  /** Missing: of programs that are no operations in the list. */
  operationId?: string;
  name?: string;
  value: number;
}

/** One thing that a host has too little of. */
export interface OverloadReason {
  /**
   * `cpu`: percent in use. `memory` and `disk`: MiB that are free. `gpu-memory`: GPUs with their memory free, and shares
   * in MiB.
   */
  code: 'cpu' | 'memory' | 'gpu-memory' | 'disk';
  value: number;
  /** CPU: at most; the others: at least. */
  limit: number;
  /** What the host has of it. */
  total: number;
  /** The largest first; empty where it is not known who it is. */
  shares: LoadShare[];
}

/** Whether a host has too much to do already for more to be started there. Sizes MiB, percentages 0 to 100. */
export interface Overload {
  overloaded: boolean;
  reasons: OverloadReason[];
  /** Missing where the host does not tell it; so are the others where it could not be asked. */
  cpuPercent?: number;
  memoryUsedMb?: number;
  memoryFreeMb?: number;
  /** Why it cannot be told, in a sentence. It does not count as overloaded then. */
  problem?: string;
}

/** What is to be started there. */
export type LoadNeeds = Partial<Pick<SubmitSpec, 'gpus'>>;

/** On a small machine the limit in MiB may be all that it has: there, this share of its memory shall be free. */
const leastMemoryShare = 1 / 4;
const gib = 1024;
/**
 * A disk is nearly full below 5 %: file systems slow down, and root keeps as much to itself on ext4. Of a large one, 20 GiB
 * are room enough; 1 GiB is what a log and a checkpoint take, and a fifth of a disk that is hardly larger than that.
 */
const diskShare = 0.05;
const [leastDiskMb, leastDiskShare, mostDiskMb] = [gib, 0.2, 20 * gib];
/** With more of its memory in use, a GPU is not claimed either (gpus.sh). */
const gpuInUseShare = 0.1;
/** Who uses less than this of what is in use has not caused it. */
const leastShare = 0.1;
const mostShares = 3;

/**
 * Judges what a host does. Pure. What is not known is not short.
 * @param operations those of this host, with what each uses as far as that was seen
 */
export function judgeLoad(
  health: HostHealth,
  limits: OverloadLimits,
  operations: readonly OperationView[],
  needs: LoadNeeds = {},
): Overload {
  const { memoryTotalMb, memoryFreeMb } = health;
  const cpuPercent = health.cpuPercent === undefined ? undefined : Math.floor(health.cpuPercent);
  const reasons = [
    cpuReason(cpuPercent, limits),
    memoryReason(health, limits),
    gpuReason(health, needs),
    diskReason(health),
  ].flatMap((reason) => (reason ? [{ ...reason, shares: sharesOf(reason.code, health, operations) }] : []));
  return {
    overloaded: reasons.length > 0,
    reasons,
    ...(cpuPercent !== undefined && { cpuPercent }),
    memoryUsedMb: Math.max(0, memoryTotalMb - memoryFreeMb),
    memoryFreeMb,
  };
}

type Shortage = Omit<OverloadReason, 'shares'> | undefined;

const cpuReason = (percent: number | undefined, { cpuPercent: limit }: OverloadLimits): Shortage =>
  percent !== undefined && percent > limit ? { code: 'cpu', value: percent, limit, total: 100 } : undefined;

function memoryReason({ memoryFreeMb, memoryTotalMb }: HostHealth, { memoryMb }: OverloadLimits): Shortage {
  const limit = Math.round(Math.min(memoryMb, memoryTotalMb * leastMemoryShare));
  return memoryFreeMb < limit
    ? { code: 'memory', value: memoryFreeMb, limit, total: memoryTotalMb }
    : undefined;
}

/** Where there are fewer than it needs, its host refuses it; where memory is not told, it is taken for free. */
function gpuReason({ gpus }: HostHealth, { gpus: wanted = 0 }: LoadNeeds): Shortage {
  const free = gpus.filter(
    ({ memoryUsedMb = 0, memoryTotalMb = Infinity }) => memoryUsedMb <= memoryTotalMb * gpuInUseShare,
  ).length;
  return gpus.length >= wanted && free < wanted
    ? { code: 'gpu-memory', value: free, limit: wanted, total: gpus.length }
    : undefined;
}

function diskReason({ diskFreeMb, diskTotalMb }: HostHealth): Shortage {
  if (diskFreeMb === undefined || diskTotalMb === undefined) {
    return undefined;
  }
  const least = Math.max(diskTotalMb * diskShare, Math.min(leastDiskMb, diskTotalMb * leastDiskShare));
  const limit = Math.round(Math.min(least, mostDiskMb));
  return diskFreeMb < limit ? { code: 'disk', value: diskFreeMb, limit, total: diskTotalMb } : undefined;
}

const measures = {
  cpu: 'cpuPercent',
  memory: 'memoryMb',
  'gpu-memory': 'gpuMemoryMb',
  disk: undefined,
} as const satisfies Record<OverloadReason['code'], keyof Resources | undefined>;

function sharesOf(
  code: OverloadReason['code'],
  health: HostHealth,
  operations: readonly OperationView[],
): LoadShare[] {
  const measure = measures[code];
  if (!measure) {
    return [];
  }
  // What Slurm runs may run on any node.
  const ours = operations.filter(({ status, launcher }) => isActive(status) && launcher !== 'slurm');
  const known = ours.flatMap(({ id, name, resources }) =>
    resources ? [{ operationId: id, name, value: Math.round(resources[measure] ?? 0) }] : [],
  );
  const used = usedOf(code, health);
  const others = Math.round(used - known.reduce((sum, { value }) => sum + value, 0));
  // Where not all of ours were seen, what is left may be theirs.
  const all: LoadShare[] = known.length === ours.length ? [...known, { value: others }] : known;
  return all
    .filter(({ value }) => value > 0 && value >= used * leastShare)
    .sort((a, b) => b.value - a.value)
    .slice(0, mostShares);
}

function usedOf(code: OverloadReason['code'], health: HostHealth): number {
  switch (code) {
    case 'cpu':
      return health.cpuPercent ?? 0;
    case 'memory':
      return health.memoryTotalMb - health.memoryFreeMb;
    case 'gpu-memory':
      return health.gpus.reduce((sum, { memoryUsedMb = 0 }) => sum + memoryUsedMb, 0);
    case 'disk':
      return 0;
  }
}

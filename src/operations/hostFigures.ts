import type { HostHealth } from './hostHealth';
import type { HostView } from './operationView';

/** Of something that there is so much of. MiB. */
export interface Amount {
  used: number;
  total: number;
  /** 0 to 100 */
  percent: number;
}

/** What is shown of a host at a glance: its GPUs together. What is not known is missing. */
export interface HostFigures {
  /** 0 to 100 */
  cpuPercent?: number;
  memory?: Amount;
  disk?: Amount;
  /** 0 to 100: the mean of those that tell. */
  gpuPercent?: number;
  /** Of those that tell both. */
  gpuMemory?: Amount;
  /** Both directions. */
  networkMbps?: number;
}

/** Figures are called those of now for so long, on a host that answers. */
export const currentMs = 60_000;

/** Whether the host's figures are those of now. */
export const isCurrent = ({ state, error, health }: HostView, nowMs: number): boolean =>
  health !== undefined &&
  state === 'connected' &&
  error === undefined &&
  nowMs - Date.parse(health.sampledAt) <= currentMs;

export function hostFigures(health: HostHealth): HostFigures {
  const { cpuPercent, memoryTotalMb, memoryFreeMb, diskTotalMb, diskFreeMb, gpus } = health;
  const shares = gpus.map(({ percent }) => percent).filter((percent) => percent !== undefined);
  const memory = amount(memoryTotalMb - memoryFreeMb, memoryTotalMb);
  const disk =
    diskTotalMb === undefined || diskFreeMb === undefined
      ? undefined
      : amount(diskTotalMb - diskFreeMb, diskTotalMb);
  const gpuMemory = gpuMemoryOf(health);
  const networkMbps = networkOf(health);
  return {
    ...(cpuPercent !== undefined && { cpuPercent }),
    ...(memory && { memory }),
    ...(disk && { disk }),
    ...(shares.length > 0 && { gpuPercent: sum(shares) / shares.length }),
    ...(gpuMemory && { gpuMemory }),
    ...(networkMbps !== undefined && { networkMbps }),
  };
}

/** Missing where there is nothing to have a part of. */
function amount(used: number, total: number): Amount | undefined {
  const within = Math.min(total, Math.max(0, used));
  return total > 0 ? { used: within, total, percent: (within / total) * 100 } : undefined;
}

function gpuMemoryOf({ gpus }: HostHealth): Amount | undefined {
  const told = gpus.flatMap(({ memoryUsedMb: used, memoryTotalMb: total }) =>
    used === undefined || total === undefined ? [] : [{ used, total }],
  );
  return amount(sum(told.map(({ used }) => used)), sum(told.map(({ total }) => total)));
}

const networkOf = ({ receivedMbps, sentMbps }: HostHealth): number | undefined =>
  receivedMbps === undefined && sentMbps === undefined ? undefined : (receivedMbps ?? 0) + (sentMbps ?? 0);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

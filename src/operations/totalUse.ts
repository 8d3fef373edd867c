/** What operations use together, of the machines that they run on. Pure. */
import type { OperationView, Resources } from './operationView';
import { isRunning } from './status';

const amounts = ['memoryMb', 'gpuMemoryMb', 'networkMbps'] as const;

/**
 * CPU: the mean over machines of which something is known. GPU: the mean over the GPUs that they run on. Amounts and
 * rates: the sum.
 */
export function totalUse(operations: readonly OperationView[]): Partial<Resources> {
  const told = operations.filter(({ resources, shownStatus }) => resources && isRunning(shownStatus));
  const cpuPercent = cpuOf(told);
  const gpuPercent = gpuOf(told);
  return {
    ...(cpuPercent !== undefined && { cpuPercent }),
    ...(gpuPercent !== undefined && { gpuPercent }),
    ...Object.fromEntries(
      amounts.flatMap((name) => {
        const values = told.flatMap(({ resources }) => resources?.[name] ?? []);
        return values.length === 0 ? [] : [[name, sum(values)]];
      }),
    ),
  };
}

/** The share of a Slurm job is of processors that need not be the machine's. */
function cpuOf(operations: readonly OperationView[]): number | undefined {
  const byHost = new Map<string, number>();
  for (const { hostId, launcher, resources } of operations) {
    if (resources && launcher !== 'slurm') {
      byHost.set(hostId, (byHost.get(hostId) ?? 0) + resources.cpuPercent);
    }
  }
  // Two operations may have been looked at a moment apart: no machine gives more than all.
  const machines = [...byHost.values()].map((percent) => Math.min(100, percent));
  return machines.length === 0 ? undefined : sum(machines) / machines.length;
}

/** Each one tells the mean of its own. */
function gpuOf(operations: readonly OperationView[]): number | undefined {
  const shares = operations.flatMap(({ resources, gpus }) =>
    resources?.gpuPercent === undefined
      ? []
      : [{ percent: resources.gpuPercent, count: Math.max(1, gpus?.length ?? 0) }],
  );
  return shares.length === 0
    ? undefined
    : sum(shares.map(({ percent, count }) => percent * count)) / sum(shares.map(({ count }) => count));
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

import type { GpuHealth } from './hostHealth';
import type { HostView, OperationView, Resources } from './operationView';
import { isActive, type OperationType, type ShownStatus } from './status';
import { totalUse } from './totalUse';

/** How many operations there are. Statuses and types of which there is none are missing. */
export interface OperationCounts {
  total: number;
  /** As shown: `unknown` for what is active on a host that was out of contact for too long. */
  byStatus: Partial<Record<ShownStatus, number>>;
  byType: Partial<Record<OperationType, number>>;
}

export interface GpuCounts {
  total: number;
  /** Held by an operation, computing, or with more than a tenth of its memory in use, by whomever. */
  inUse: number;
}

/** A host as it is known, with what is on it. */
export interface HostSummary extends HostView {
  operations: OperationCounts;
  /** What the running operations in the list use together; empty where nothing is known of it. */
  use: Partial<Resources>;
  /** Missing where no GPU is known. */
  gpus?: GpuCounts;
}

/** Hosts and what is on them, as known when the promise resolves. What is not known is missing, never 0. */
export interface Summary {
  /** Those of hosts that are no longer configured are counted as well. */
  operations: OperationCounts;
  /**
   * Of all hosts together: CPU is the mean over the hosts of which something is known, GPU that over the GPUs that
   * operations run on, sizes and rates are sums.
   */
  use: Partial<Resources>;
  gpus?: GpuCounts;
  hosts: HostSummary[];
}

/** Counts what is in the lists. @param operations also those of other hosts: they are in the totals alone */
export function summaryOf(hosts: readonly HostView[], operations: readonly OperationView[]): Summary {
  const byHost = new Map<string, OperationView[]>(hosts.map(({ id }) => [id, []]));
  for (const operation of operations) {
    byHost.get(operation.hostId)?.push(operation);
  }
  const summaries = hosts.map((host) => hostSummary(host, byHost.get(host.id) ?? []));
  const gpus = summaries.map((host) => host.gpus).filter((counts) => counts !== undefined);
  return {
    operations: countsOf(operations),
    use: totalUse(operations),
    ...(gpus.length > 0 && { gpus: gpus.reduce(sumOfGpus) }),
    hosts: summaries,
  };
}

/** @param operations those on this host */
export function hostSummary(host: HostView, operations: readonly OperationView[]): HostSummary {
  const { gpus = [] } = host.health ?? {};
  const held = new Set(
    operations.filter(({ status }) => isActive(status)).flatMap((operation) => operation.gpus ?? []),
  );
  const inUse = gpus.filter((gpu) => held.has(gpu.index) || isBusy(gpu)).length;
  return {
    ...host,
    operations: countsOf(operations),
    use: totalUse(operations),
    ...(gpus.length > 0 && { gpus: { total: gpus.length, inUse } }),
  };
}

/** As for a GPU that is to be claimed: of processes in other containers only the memory is to be seen. */
const isBusy = ({ percent = 0, memoryUsedMb = 0, memoryTotalMb = Infinity }: GpuHealth): boolean =>
  percent > 0 || memoryUsedMb > memoryTotalMb / 10;

const sumOfGpus = (a: GpuCounts, b: GpuCounts): GpuCounts => ({
  total: a.total + b.total,
  inUse: a.inUse + b.inUse,
});

export function countsOf(operations: readonly OperationView[]): OperationCounts {
  const counts: OperationCounts = { total: operations.length, byStatus: {}, byType: {} };
  const { byStatus, byType } = counts;
  for (const { shownStatus, type } of operations) {
    byStatus[shownStatus] = (byStatus[shownStatus] ?? 0) + 1;
    byType[type] = (byType[type] ?? 0) + 1;
  }
  return counts;
}

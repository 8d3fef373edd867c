/** What operations use together, of the machines that they run on. Pure. */
import type { OperationView, Resources } from './operationView';
import { isRunning } from './status';

type Use = Partial<Resources>;
const shares = ['cpuPercent', 'gpuPercent'] as const;
const amounts = ['memoryMb', 'gpuMemoryMb', 'networkMbps'] as const;

/** Shares: the mean over machines of which something is known. Amounts and rates: the sum. */
export function totalUse(operations: readonly OperationView[]): Use {
  const byHost = new Map<string, OperationView[]>();
  for (const operation of operations) {
    if (operation.resources && isRunning(operation.shownStatus)) {
      const onHost = byHost.get(operation.hostId);
      if (onHost === undefined) {
        byHost.set(operation.hostId, [operation]);
      } else {
        onHost.push(operation);
      }
    }
  }
  const hosts = [...byHost.values()].map(sumOf);
  const total = sumOf(hosts.map((resources) => ({ resources })));
  for (const key of shares) {
    const known = hosts.map((use) => use[key]).filter((value) => value !== undefined);
    if (known.length > 0) {
      // Two operations may have been looked at a moment apart: no machine gives more than all.
      total[key] = known.reduce((sum, value) => sum + Math.min(100, value), 0) / known.length;
    }
  }
  return total;
}

function sumOf(operations: readonly { resources?: Use }[]): Use {
  const sum: Use = {};
  for (const { resources } of operations) {
    for (const key of [...shares, ...amounts]) {
      const value = resources?.[key];
      if (value !== undefined) {
        sum[key] = (sum[key] ?? 0) + value;
      }
    }
  }
  return sum;
}

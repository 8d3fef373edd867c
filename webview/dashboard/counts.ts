/** How many operations there are, in numbers that add up: each is in one of them. Pure. */
import * as l10n from '@vscode/l10n';
import type { OperationView } from '../../src/operations/operationView';
import { isRunning, isTerminal } from '../../src/operations/status';

/** In the order in which they are told. The words are those of tree and status bar. */
const words = {
  running: (count: string) => l10n.t('{0} running', count),
  waiting: (count: string) => l10n.t('{0} waiting', count),
  unconfirmed: (count: string) => l10n.t('{0} unconfirmed', count),
  unknown: (count: string) => l10n.t('{0} unknown', count),
  elsewhere: (count: string) => l10n.t('{0} elsewhere', count),
  failed: (count: string) => l10n.t('{0} failed', count),
  stopped: (count: string) => l10n.t('{0} stopped', count),
  cancelled: (count: string) => l10n.t('{0} cancelled', count),
  completed: (count: string) => l10n.t('{0} completed', count),
} as const satisfies Record<string, (count: string) => string>;

export type CountName = keyof typeof words;

export const countNames = Object.keys(words) as CountName[];
export const countText = (name: CountName, count: string): string => words[name](count);

type Counted = Pick<OperationView, 'status' | 'shownStatus' | 'origin'>;

/** The number that an operation is in. Running is what the status bar counts: what others started is told apart. */
export function countedAs({ status, shownStatus, origin }: Counted): CountName {
  if (isTerminal(status)) {
    return status as Extract<CountName, typeof status>;
  }
  if (origin !== undefined) {
    return 'elsewhere';
  }
  if (shownStatus === 'unknown' || shownStatus === 'unconfirmed') {
    return shownStatus;
  }
  return isRunning(shownStatus) ? 'running' : 'waiting';
}

/** Those in each number; names of which there is none are missing. */
export function groupCounts<T extends Counted>(operations: readonly T[]): Map<CountName, T[]> {
  const groups = new Map<CountName, T[]>();
  for (const operation of operations) {
    const name = countedAs(operation);
    const group = groups.get(name);
    if (group) {
      group.push(operation);
    } else {
      groups.set(name, [operation]);
    }
  }
  return groups;
}

/** What is shown where, and in which order. Pure. */
import { isTroubled } from '../../src/operations/hostState';
import type { HostView, OperationView } from '../../src/operations/operationView';
import { isSame } from '../../src/views/dashboard/changes';
import { isRunning, isTerminal, operationTypes } from '../../src/operations/status';

/** Ages tick (see card.ts) and draw nothing by themselves. */
const notShown: ReadonlySet<string> = new Set<keyof OperationView>([
  'command',
  'priority',
  'uptimeSeconds',
  'verifiedAt',
  'verifiedBy',
]);

/** Whether both would be drawn alike. Most operations are, from one snapshot to the next. */
export function looksLike(a: OperationView, b: OperationView): boolean {
  if (a === b) {
    return true;
  }
  const one = Object.entries(a).filter(([key]) => !notShown.has(key));
  const other: Record<string, unknown> = { ...b };
  const size = Object.keys(other).filter((key) => !notShown.has(key)).length;
  return one.length === size && one.every(([key, value]) => isSame(value, other[key]));
}

export interface Sections<T> {
  active: T[];
  ended: T[];
}

const rank = new Map(operationTypes.map((type, index) => [type, index]));
const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function byActivity(a: OperationView, b: OperationView): number {
  return (
    Number(isRunning(b.status)) - Number(isRunning(a.status)) ||
    (rank.get(a.type) ?? 0) - (rank.get(b.type) ?? 0) ||
    order(a.startedAt ?? a.submittedAt, b.startedAt ?? b.submittedAt) ||
    order(a.id, b.id)
  );
}

const byEnd = (a: OperationView, b: OperationView): number =>
  order(b.endedAt ?? b.submittedAt, a.endedAt ?? a.submittedAt) || order(a.id, b.id);

/**
 * Running before waiting, by type, oldest first, so that cards keep their places; ended, latest first. Or in the order
 * that the user chose, which they come in.
 */
export function arrange<T extends OperationView>(operations: readonly T[], isSorted = false): Sections<T> {
  const active = operations.filter((operation) => !isTerminal(operation.status));
  const ended = operations.filter((operation) => isTerminal(operation.status));
  return isSorted ? { active, ended } : { active: active.sort(byActivity), ended: ended.sort(byEnd) };
}

export const troubledHosts = (hosts: readonly HostView[]): HostView[] => hosts.filter(isTroubled);

export type Empty = 'no-hosts' | 'nothing-matches' | 'no-operations';

/** What to say instead of an empty list. */
export function emptyState(snapshot: {
  operations: readonly unknown[];
  hosts: readonly unknown[];
  filter?: string;
}): Empty | undefined {
  if (snapshot.operations.length > 0) {
    return undefined;
  }
  if (snapshot.filter !== undefined && snapshot.filter !== '') {
    return 'nothing-matches';
  }
  return snapshot.hosts.length === 0 ? 'no-hosts' : 'no-operations';
}

/** What is shown where: order, counts, and which actions apply. Pure. */
import { isTroubled } from '../src/operations/hostState';
import type { HostView, OperationView } from '../src/operations/operationView';
import { canPause, canResume } from '../src/operations/pausing';
import {
  isRunning,
  isTerminal,
  operationTypes,
  type OperationType,
  type ShownStatus,
  type Status,
} from '../src/operations/status';

/** How a status looks; several share a colour, the word tells them apart. */
export type Tone = 'running' | 'waiting' | 'paused' | 'done' | 'failed' | 'quiet' | 'unknown';

const appearance: Record<ShownStatus, { word: string; tone: Tone }> = {
  queued: { word: 'Queued', tone: 'waiting' },
  submitting: { word: 'Submitting', tone: 'waiting' },
  unconfirmed: { word: 'Unconfirmed', tone: 'unknown' },
  pending: { word: 'Pending', tone: 'waiting' },
  starting: { word: 'Starting', tone: 'waiting' },
  running: { word: 'Running', tone: 'running' },
  paused: { word: 'Paused', tone: 'paused' },
  stopping: { word: 'Stopping', tone: 'paused' },
  completed: { word: 'Completed', tone: 'done' },
  failed: { word: 'Failed', tone: 'failed' },
  cancelled: { word: 'Cancelled', tone: 'quiet' },
  stopped: { word: 'Stopped', tone: 'quiet' },
  unknown: { word: 'Unknown', tone: 'unknown' },
};

export const statusWord = (status: ShownStatus): string => appearance[status].word;
export const statusTone = (status: ShownStatus): Tone => appearance[status].tone;

export const typeWord: Record<OperationType, string> = {
  server: 'Server',
  job: 'Training job',
  program: 'Program',
  transfer: 'Transfer',
};

const killable: ReadonlySet<Status> = new Set<Status>([
  'queued',
  'unconfirmed',
  'pending',
  'starting',
  'running',
  'paused',
]);
export const canKill = ({ origin, status }: OperationView): boolean =>
  origin === undefined && killable.has(status);

export const changeWords = { pause: 'Pause', resume: 'Resume', resubmit: 'Resubmit' } as const;

/** What else can be done with it: one thing at a time, so that one button will do. */
export function changeOf(operation: OperationView): keyof typeof changeWords | undefined {
  if (operation.origin === 'found') {
    return undefined;
  }
  if (isTerminal(operation.status)) {
    return 'resubmit';
  }
  if (canPause(operation)) {
    return 'pause';
  }
  return canResume(operation) ? 'resume' : undefined;
}

const withoutLog: ReadonlySet<Status> = new Set<Status>(['queued', 'submitting']);
export const hasLog = ({ origin, status }: OperationView): boolean =>
  origin === undefined && !withoutLog.has(status);

/** Ages tick (see card.ts) and draw nothing by themselves. */
const notShown: ReadonlySet<string> = new Set<keyof OperationView>([
  'command',
  'priority',
  'resources',
  'uptimeSeconds',
  'verifiedAt',
  'verifiedBy',
]);

/** Whether both would be drawn alike. Most operations are, from one snapshot to the next. */
export function looksLike(a: OperationView, b: OperationView): boolean {
  const one = Object.entries(a).filter(([key]) => !notShown.has(key));
  const other: Record<string, unknown> = { ...b };
  const size = Object.keys(other).filter((key) => !notShown.has(key)).length;
  return one.length === size && one.every(([key, value]) => isSame(value, other[key]));
}

const isSame = (a: unknown, b: unknown): boolean =>
  a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b));

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

/** Running before waiting, by type, oldest first, so that cards keep their places; ended, latest first. */
export function arrange<T extends OperationView>(operations: readonly T[]): Sections<T> {
  return {
    active: operations.filter((operation) => !isTerminal(operation.status)).sort(byActivity),
    ended: operations.filter((operation) => isTerminal(operation.status)).sort(byEnd),
  };
}

export interface Counts {
  running: number;
  queued: number;
  unknown: number;
  ended: number;
  /** Among the ended. */
  failed: number;
}

export function count(operations: readonly OperationView[]): Counts {
  const counts: Counts = { running: 0, queued: 0, unknown: 0, ended: 0, failed: 0 };
  for (const { status, shownStatus } of operations) {
    if (isTerminal(status)) {
      counts.ended += 1;
      counts.failed += Number(status === 'failed');
    } else if (shownStatus === 'unknown') {
      counts.unknown += 1;
    } else if (isRunning(status)) {
      counts.running += 1;
    } else {
      counts.queued += 1;
    }
  }
  return counts;
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

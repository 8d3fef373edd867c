import type { OperationView } from '../operations/operationView';
import { isTerminal, type Status } from '../operations/status';

/** Setting `remoteOps.notifications`. */
export type NotificationLevel = 'all' | 'failures' | 'none';

/** How long a window has known, and until when some window has. In milliseconds since 1970. */
export interface Presence {
  startedMs: number;
  /** What ended, or stalled, until then has been told. */
  lastSeenMs: number;
}

/** What happened while nobody could see it for longer than this belongs to the time when one was away. */
export const awayAfterMs = 10 * 60_000;

/** `isOfAbsence`: it happened while no window, or no host, was there to see it. */
export interface News {
  kind: 'end' | 'stall';
  view: OperationView;
  isOfAbsence: boolean;
}

interface Known {
  status: Status;
  unverifiedSinceMs: number;
}

/** Finds among changes what the user has not heard of: operations that just ended, and not on a user's word. */
export class Ends {
  readonly #known = new Map<string, Known>();

  /** What was submitted before and has ended when it is first seen, ended long ago, unless nobody has seen it yet. */
  constructor(private readonly presence: Presence) {}

  take(changed: readonly OperationView[], nowMs: number): News[] {
    return changed.flatMap((view) => {
      const before = this.#known.get(view.id);
      this.#known.set(view.id, {
        status: remembered(view, before?.status),
        unverifiedSinceMs: timeOf(view.unverifiedSince) ?? Infinity,
      });
      // Of what was submitted elsewhere, whoever did that hears there.
      if (view.origin !== undefined || !isTerminal(view.status) || !this.#isNews(view, before?.status)) {
        return [];
      }
      const unseenSinceMs = Math.min(timeOf(view.endedAt) ?? nowMs, before?.unverifiedSinceMs ?? Infinity);
      const isOfAbsence = unseenSinceMs < this.presence.startedMs || nowMs - unseenSinceMs > awayAfterMs;
      return [{ kind: 'end' as const, view, isOfAbsence }];
    });
  }

  #isNews(view: OperationView, before: Status | undefined): boolean {
    const { startedMs, lastSeenMs } = this.presence;
    if (before === undefined && Date.parse(view.submittedAt) < startedMs) {
      const endedMs = timeOf(view.endedAt) ?? 0;
      if (endedMs <= lastSeenMs || endedMs > startedMs) {
        return false;
      }
    }
    const hadEnded = before !== undefined && isTerminal(before);
    const wasAskedFor = before === 'stopping' || view.status === 'cancelled';
    return !hadEnded && !wasAskedFor && !wasRefused(view, before);
  }
}

const timeOf = (iso: string | undefined): number | undefined =>
  iso === undefined ? undefined : Date.parse(iso);

/** Who submitted what had to wait in a queue has left: whatever becomes of it is news. What need not wait has no queue. */
function remembered({ status, waitsFor }: OperationView, before: Status | undefined): Status {
  if (status === 'queued') {
    return waitsFor === undefined && before !== 'queued' ? 'submitting' : 'queued';
  }
  return status === 'submitting' && before === 'queued' ? 'queued' : status;
}

/** Whoever submitted it has the answer: nothing was started. */
const wasRefused = ({ status, startedAt, exitCode }: OperationView, before: Status | undefined): boolean =>
  status === 'failed' &&
  startedAt === undefined &&
  exitCode === undefined &&
  (before === undefined || before === 'submitting');

export const isFailure = ({ status }: Pick<OperationView, 'status'>): boolean =>
  status === 'failed' || status === 'stopped';

/** Whether it is told by itself. */
export function isWanted({ kind, view }: News, level: NotificationLevel): boolean {
  const isTrouble = kind === 'stall' || isFailure(view);
  return level === 'all' ? isTrouble || view.status === 'completed' : level === 'failures' && isTrouble;
}

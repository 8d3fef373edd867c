import * as l10n from '@vscode/l10n';

/** How many tasks of a job array are in which state. */
export interface TaskCounts {
  pending: number;
  running: number;
  completed: number;
  failed: number;
  cancelled: number;
}

/** What the scheduler of a cluster last said about an operation's job. */
export interface SchedulerJob {
  jobId: string;
  /** In the scheduler's own words, like "PENDING"; of an array that of most interest. */
  state: string;
  /** Why it waits, or why it ended, in the scheduler's own words. */
  reason?: string;
  partition?: string;
  /** The queue of pueue that it is in. */
  group?: string;
  /** Where it runs: one node, or a list in the scheduler's notation. */
  node?: string;
  /** When it is expected to start, by the scheduler's clock. ISO 8601 in UTC. */
  estimatedStart?: string;
  timeLimitSeconds?: number;
  /** Of a job array. */
  tasks?: TaskCounts;
}

/** Somebody holds it back: it starts once it is released. */
export const isHold = (reason: string | undefined): boolean =>
  reason === 'JobHeldUser' || reason === 'JobHeldAdmin';

/** Whether it waits until somebody releases it: "Resume" does, if it was the user. */
export const isHeld = ({ status, scheduler }: { status: string; scheduler?: SchedulerJob }): boolean =>
  status === 'pending' && isHold(scheduler?.reason);

/** Why it waits, for people: plain words for a hold, else the scheduler's own. */
export function reasonText(reason: string): string {
  switch (reason) {
    case 'JobHeldUser':
      return l10n.t('held by you');
    case 'JobHeldAdmin':
      return l10n.t('held by an administrator');
    default:
      return reason;
  }
}

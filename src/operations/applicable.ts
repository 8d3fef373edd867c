import type { OperationView } from './operationView';
import { canPause, canResume } from './pausing';
import { isReported } from './report';
import { isTerminal, type Status } from './status';

const killable: ReadonlySet<Status> = new Set<Status>([
  'queued',
  'unconfirmed',
  'pending',
  'starting',
  'running',
  'paused',
]);
/** Nothing acts on what was found elsewhere, or is run by another extension. */
export const canAct = (view: OperationView): boolean => view.origin === undefined && !isReported(view);

export const canKill = (view: OperationView): boolean => canAct(view) && killable.has(view.status);

/**
 * Whether acting on it gets anywhere: nothing reaches what still runs on a host that is not in the settings any more.
 * @param isWatched its host is in the settings
 */
export const isInReach = (view: OperationView, isWatched: boolean): boolean =>
  isWatched || isTerminal(view.status);

const withoutLog: ReadonlySet<Status> = new Set<Status>(['queued', 'submitting']);
/** Whether there can be a log of it to read. */
export const hasLog = (view: OperationView): boolean => canAct(view) && !withoutLog.has(view.status);

/** What else can be done with it: one thing at a time, so that one button will do. */
export function changeOf(operation: OperationView): 'pause' | 'resume' | 'resubmit' | undefined {
  if (!canAct(operation)) {
    return undefined;
  }
  if (isTerminal(operation.status)) {
    return operation.adopted === undefined ? 'resubmit' : undefined;
  }
  if (canPause(operation)) {
    return 'pause';
  }
  return canResume(operation) ? 'resume' : undefined;
}

/**
 * Whether it can be put away: it has ended, or nobody here can tell whether it will. @param isWatched its host is in the
 * settings
 */
export const canArchive = (view: OperationView, isWatched: boolean): boolean =>
  view.origin === undefined && (isTerminal(view.status) || !isWatched || isReported(view));

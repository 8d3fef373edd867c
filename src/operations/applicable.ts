import type { OperationView } from './operationView';
import { canPause, canResume, isLiving } from './pausing';
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

/** A kill calls off the restart of what is being ended for one. */
export const canKill = (view: OperationView): boolean =>
  canAct(view) && (killable.has(view.status) || (view.status === 'stopping' && view.restarts === true));

type Applies = (view: OperationView) => boolean;

/** A rule for what needs the host: nothing reaches one that is not in the settings any more, which `isWatched` tells. */
export const onHost =
  (applies: Applies) =>
  (view: OperationView, isWatched: boolean): boolean =>
    isWatched && applies(view);

const withoutLog: ReadonlySet<Status> = new Set<Status>(['queued', 'submitting']);
/** Whether there can be a log of it to read. */
export const hasLog = (view: OperationView): boolean => canAct(view) && !withoutLog.has(view.status);

/** Whether its folder can be gone to: before its turn there may be none. */
export const hasFolder = hasLog;

/** Whether somebody may listen on its port. */
export const hasOpenPort = (view: OperationView): boolean =>
  canAct(view) && view.port !== undefined && isLiving(view.status);

const notRestartable: ReadonlySet<Status> = new Set<Status>(['queued', 'stopping']);
/** Whether there is something to end and to start anew: what waits for its turn here starts once, whenever that is. */
export const canRestart = (view: OperationView): boolean =>
  canKill(view) && !notRestartable.has(view.status) && view.adopted === undefined;

/** Of what was started elsewhere it is not known how to start it again. */
export const canResubmit = (view: OperationView): boolean =>
  canAct(view) && isTerminal(view.status) && view.adopted === undefined;

/** What else can be done with it: one thing at a time, so that one button will do. */
export function changeOf(operation: OperationView): 'pause' | 'resume' | 'resubmit' | undefined {
  if (!canAct(operation)) {
    return undefined;
  }
  if (isTerminal(operation.status)) {
    return canResubmit(operation) ? 'resubmit' : undefined;
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

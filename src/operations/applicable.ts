import type { OperationView } from './operationView';
import { canPause, canResume } from './pausing';
import { isTerminal, type Status } from './status';

const killable: ReadonlySet<Status> = new Set<Status>([
  'queued',
  'unconfirmed',
  'pending',
  'starting',
  'running',
  'paused',
]);
/** Whether it can be killed: nothing acts on what was found elsewhere. */
export const canKill = ({ origin, status }: OperationView): boolean =>
  origin === undefined && killable.has(status);

const withoutLog: ReadonlySet<Status> = new Set<Status>(['queued', 'submitting']);
/** Whether there can be a log of it to read. */
export const hasLog = ({ origin, status }: OperationView): boolean =>
  origin === undefined && !withoutLog.has(status);

/** What else can be done with it: one thing at a time, so that one button will do. */
export function changeOf(operation: OperationView): 'pause' | 'resume' | 'resubmit' | undefined {
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

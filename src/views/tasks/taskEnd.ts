import type { OperationView } from '../../operations/operationView';

/** What a task ends with that ended badly without a code of its own. */
export const failureCode = 1;

/** The exit code of a task whose operation has ended: its own, and never 0 where that did not end well. */
export const exitCodeOf = ({ status, exitCode }: Pick<OperationView, 'status' | 'exitCode'>): number =>
  status === 'completed' ? (exitCode ?? 0) : exitCode || failureCode;

/** As a shell says of what Ctrl+C ended. */
const interruptedCode = 130;

/**
 * What a task ends with that is left while its operation goes on. To VS Code, 0 says that it is done, so that what depends
 * on it starts: of what is under way, only a server that runs is as far as those that wait for it need.
 */
export const detachedCode = ({ type, shownStatus }: Pick<OperationView, 'type' | 'shownStatus'>): number =>
  type === 'server' && shownStatus === 'running' ? 0 : interruptedCode;

/** Before, there is no log to read. */
export const hasBegun = ({ status }: OperationView): boolean =>
  status === 'starting' || status === 'running' || status === 'paused' || status === 'stopping';

const neverStarted = ({ startedAt, exitCode }: OperationView): boolean =>
  startedAt === undefined && exitCode === undefined;

/** It was called off before anything ran, so that there is no log to wait for. */
export const neverRan = (view: OperationView): boolean => view.status === 'cancelled' && neverStarted(view);

/** Nothing was started: whoever submitted it has the reason as the answer. */
export const wasRefused = (view: OperationView): boolean => view.status === 'failed' && neverStarted(view);

/** Changes when something is to be told of an operation that goes on: not with each number in a reason. */
export function toldState(
  { shownStatus, waitsFor, scheduler, unverifiedSince }: OperationView,
  isFollowed: boolean,
): string {
  const reason = waitsFor ?? (shownStatus === 'pending' ? scheduler?.reason : undefined) ?? '';
  // Where its log is followed, that tells of a host that cannot be reached.
  const isUnseen = !isFollowed && unverifiedSince !== undefined;
  return [shownStatus, reason.replace(/\d+/g, '#'), isUnseen].join(' ');
}

import * as l10n from '@vscode/l10n';
import {
  absenceConfirmMs,
  earlier,
  fresh,
  schedulerMemoryMs,
  sharedAbsenceConfirmMs,
  unverified,
  type DecideContext,
  type Decision,
  type Watch,
} from './decision';
import type { Evidence } from './evidence';
import { exitText } from './exitText';
import type { Operation, OperationChange } from './operation';
import { isTerminal, type Status } from './status';

export interface Ending {
  status: Status;
  error: string | undefined;
}

/** What a death that we brought about means: on the user's word, or because of its time limit. */
export function endOfKill({ spec, timedOut }: Operation): Ending {
  return timedOut
    ? { status: 'failed', error: l10n.t('ran longer than its time limit of {0} s', spec.timeoutSeconds ?? 0) }
    : { status: 'cancelled', error: undefined };
}

/** Of an operation that is gone without an exit code. */
export const endOf = (operation: Operation, error: string): Ending =>
  operation.status === 'stopping' ? endOfKill(operation) : { status: 'stopped', error };

const endedAt = ({ endedSecondsAgo }: { endedSecondsAgo?: number }, { now }: DecideContext): string =>
  endedSecondsAgo === undefined ? now : earlier(now, endedSecondsAgo);

/** An exit code is there. */
export function exited(
  operation: Operation,
  evidence: Extract<Evidence, { kind: 'exited' }>,
  context: DecideContext,
): Decision {
  const { exitCode } = evidence;
  const killed = operation.status === 'stopping' && evidence.killDelivered;
  const ownEnd: Ending =
    exitCode === 0
      ? { status: 'completed', error: undefined }
      : { status: 'failed', error: exitText(exitCode) };
  return {
    watch: fresh,
    change: {
      ...(killed ? endOfKill(operation) : ownEnd),
      exitCode,
      ...newEnd(operation),
      ...(evidence.killDelivered && !killed && { endedBy: 'kill' }),
      endedAt: endedAt(evidence, context),
      ...(evidence.identity && { identity: evidence.identity }),
      ...(evidence.progress && { progress: evidence.progress }),
      verifiedAt: context.now,
      verifiedBy: l10n.t('exit code'),
    },
    evidence: killed
      ? l10n.t('exit code {0} on {1}, after our kill', exitCode, context.hostName)
      : l10n.t('exit code {0} on {1}', exitCode, context.hostName),
  };
}

/** What its log told of another end may mean something else of this one. */
const newEnd = ({ finding, endedBy }: Operation): OperationChange => ({
  ...(finding && { finding: undefined }),
  ...(endedBy && { endedBy: undefined }),
});

/** A scheduler says how it ended. */
export function settled(
  operation: Operation,
  evidence: Extract<Evidence, { kind: 'settled' }>,
  context: DecideContext,
): Decision {
  const { exitCode, reason } = evidence;
  const ending = settledEnd(operation, evidence);
  if (ending.status === operation.status) {
    return { watch: fresh };
  }
  return {
    watch: fresh,
    change: {
      ...ending,
      ...(exitCode !== undefined && { exitCode }),
      ...newEnd(operation),
      endedAt: endedAt(evidence, context),
      ...(evidence.scheduler && { scheduler: evidence.scheduler }),
      ...(evidence.progress && { progress: evidence.progress }),
      verifiedAt: context.now,
      verifiedBy: evidence.by,
    },
    evidence: l10n.t('{0}: {1} on {2}', evidence.by, reason, context.hostName),
  };
}

function settledEnd(operation: Operation, { state, reason }: Extract<Evidence, { kind: 'settled' }>): Ending {
  switch (state) {
    case 'completed':
      return { status: 'completed', error: undefined };
    case 'failed':
      return { status: 'failed', error: reason };
    case 'cancelled':
      // If nobody here asked for it, somebody did there.
      return endOf(operation, reason);
  }
}

/** It is gone and left no exit code, which one look alone does not prove. */
export function absent(
  operation: Operation,
  watch: Watch,
  evidence: Extract<Evidence, { kind: 'absent' }>,
  context: DecideContext,
): Decision {
  if (isTerminal(operation.status)) {
    return { watch: fresh };
  }
  const since = watch.absentSinceMs ?? context.nowMs;
  const leftMs = confirmMsOf(operation, evidence, context) - (context.nowMs - since);
  if (leftMs > 0) {
    return {
      watch: {
        ...unverified(watch, 'ambiguous', l10n.t('{0}; looking again to be sure', evidence.reason), context),
        absentSinceMs: since,
      },
      // A queue is looked at again at its own pace.
      ...(!evidence.fromScheduler && { lookAgainAfterMs: leftMs }),
    };
  }
  return {
    watch: fresh,
    change: {
      ...endOf(operation, evidence.reason),
      ...endedByOf(operation, evidence),
      endedAt: earlier(context.now, (context.nowMs - since) / 1000),
      ...(evidence.progress && { progress: evidence.progress }),
      verifiedAt: context.now,
      verifiedBy: l10n.t('absence seen twice'),
    },
    evidence: l10n.t('{0} on {1}, seen twice', evidence.reason, context.hostName),
  };
}

/** Of a kill that was asked for here the status tells. */
function endedByOf(
  { status }: Operation,
  { killDelivered, by }: Extract<Evidence, { kind: 'absent' }>,
): Pick<OperationChange, 'endedBy'> {
  const endedBy = killDelivered ? 'kill' : by;
  return status === 'stopping' || endedBy === undefined ? {} : { endedBy };
}

/**
 * How long an absence must last. Of what a scheduler ran: until the scheduler has forgotten whatever ended after
 * it was last seen there. Both times are of this machine.
 */
function confirmMsOf(
  { verifiedAt, submittedAt }: Operation,
  { onSharedFiles, fromScheduler }: Extract<Evidence, { kind: 'absent' }>,
  { now }: DecideContext,
): number {
  const confirmMs = onSharedFiles ? sharedAbsenceConfirmMs : absenceConfirmMs;
  const unseenMs = Date.parse(now) - Date.parse(verifiedAt ?? submittedAt);
  const isRemembered = fromScheduler === 'forgotten' && !(unseenMs > schedulerMemoryMs);
  return isRemembered ? schedulerMemoryMs : confirmMs;
}

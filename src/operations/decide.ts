import * as l10n from '@vscode/l10n';
import {
  absenceConfirmMs,
  claimGraceMs,
  earlier,
  fresh,
  freshlyAlive,
  lateAcceptanceMs,
  unverified,
  type DecideContext,
  type Decision,
  type Watch,
} from './decision';
import { absent, endOf, exited, settled } from './endings';
import type { Evidence } from './evidence';
import type { Operation, OperationChange } from './operation';
import { aliveText, pauseNoted, unpausedSeconds } from './pausing';
import { isTerminal, type Status } from './status';

/**
 * The one place where a status changes because of what was seen. Pure: the same operation, watch and
 * evidence give the same decision. See DESIGN section 2 for the rules behind each branch.
 */
export function decide(
  operation: Operation,
  watch: Watch,
  evidence: Evidence,
  context: DecideContext,
): Decision {
  if (isProven(operation)) {
    return { watch: fresh };
  }
  switch (evidence.kind) {
    case 'unseen':
      return { watch: unverified(watch, evidence.observation, evidence.reason, context) };
    case 'ambiguous':
      return { watch: unverified(watch, 'ambiguous', evidence.reason, context) };
    case 'progress':
      return { watch, change: { progress: evidence.progress } };
    case 'exited':
      return exited(operation, evidence, context);
    case 'settled':
      return settled(operation, evidence, context);
    case 'alive':
      return alive(operation, watch, evidence, context);
    case 'pending':
      return pending(operation, evidence, context);
    case 'absent':
      return absent(operation, watch, evidence, context);
    case 'claimed':
      return claimed(operation, watch, evidence, context);
    case 'not-launched':
      return notLaunched(operation, watch, evidence, context);
  }
}

/** A terminal status backed by an exit code, or by the user's word, is never overwritten. */
const isProven = ({ status }: Operation): boolean => isTerminal(status) && status !== 'stopped';

function pending(
  operation: Operation,
  { by, reason, scheduler }: Extract<Evidence, { kind: 'pending' }>,
  context: DecideContext,
): Decision {
  const change: OperationChange = {
    verifiedAt: context.now,
    verifiedBy: by,
    ...(scheduler && { scheduler }),
    // Requeued: it starts anew.
    ...(operation.startedAt && { startedAt: undefined }),
    ...(operation.wish && { wish: undefined }),
  };
  if (operation.status === 'stopping') {
    return { watch: fresh, change, next: 'kill' };
  }
  if (operation.status === 'pending') {
    return { watch: fresh, change };
  }
  return {
    watch: fresh,
    change: { ...change, ...risen(operation), status: 'pending' },
    evidence:
      reason === undefined
        ? l10n.t('waits to be started: {0} on {1}', by, context.hostName)
        : l10n.t('waits to be started ({0}): {1} on {2}', reason, by, context.hostName),
  };
}

/** What an end that turns out to be none takes back. */
const risen = ({ status }: Operation): OperationChange =>
  status === 'stopped'
    ? { endedAt: undefined, error: undefined, endedBy: undefined, finding: undefined }
    : {};

function alive(
  operation: Operation,
  before: Watch,
  evidence: Extract<Evidence, { kind: 'alive' }>,
  context: DecideContext,
): Decision {
  const to = livingStatus(operation, evidence);
  const by = l10n.t('{0} on {1}', evidence.by, context.hostName);
  const change: OperationChange = {
    verifiedAt: context.now,
    verifiedBy: evidence.by,
    ...(!operation.identity && evidence.identity && { identity: evidence.identity }),
    ...(evidence.scheduler && { scheduler: evidence.scheduler }),
    ...(!operation.startedAt && { startedAt: earlier(context.now, evidence.uptimeSeconds) }),
    ...(evidence.progress && { progress: evidence.progress }),
    ...pauseNoted(operation, evidence),
  };
  const next = dueAct({ ...operation, ...change } as Operation, evidence);
  const watch = freshlyAlive(before, evidence, context);
  if (to === operation.status) {
    return { watch, change, ...next };
  }
  return {
    watch,
    change: { ...change, ...risen(operation), status: to },
    evidence: `${aliveText(operation, evidence)}: ${by}`,
    ...next,
  };
}

/**
 * The time limit counts from the start, by the host's own clock, without what it was suspended. Only this look can
 * say that it still runs.
 */
function dueAct(
  operation: Operation,
  evidence: Extract<Evidence, { kind: 'alive' }>,
): Pick<Decision, 'next'> {
  const { timeoutSeconds } = operation.spec;
  if (operation.status === 'stopping') {
    return { next: 'kill' };
  }
  const isOver = timeoutSeconds !== undefined && unpausedSeconds(operation, evidence) > timeoutSeconds;
  return isOver && evidence.activity === 'running' ? { next: 'time-out' } : {};
}

function livingStatus(operation: Operation, evidence: Extract<Evidence, { kind: 'alive' }>): Status {
  if (operation.status === 'stopping') {
    return 'stopping';
  }
  if (evidence.activity === 'paused') {
    return 'paused';
  }
  const listened = operation.status === 'running' || operation.status === 'paused';
  if (operation.spec.port !== undefined && !listened && evidence.portOpen === false) {
    return 'starting';
  }
  return 'running';
}

function claimed(
  operation: Operation,
  watch: Watch,
  evidence: Extract<Evidence, { kind: 'claimed' }>,
  context: DecideContext,
): Decision {
  if (isTerminal(operation.status)) {
    return { watch: fresh };
  }
  const since = watch.claimedSinceMs ?? context.nowMs;
  // A supervisor that hangs may still begin, unless the mark of our kill is there to stop it.
  const mayBegin = operation.status === 'stopping' && !evidence.killDelivered;
  if (mayBegin || context.nowMs - since < claimGraceMs) {
    return {
      watch: { ...unverified(watch, 'ambiguous', l10n.t('being launched'), context), claimedSinceMs: since },
      ...(mayBegin ? { next: 'kill' } : { lookAgainAfterMs: absenceConfirmMs }),
    };
  }
  const reason = l10n.t('the launch broke off before the command was started');
  return neverBegan(operation, reason, l10n.t('claim without a process'), context);
}

function neverBegan(
  operation: Operation,
  reason: string,
  verifiedBy: string,
  context: DecideContext,
): Decision {
  return {
    watch: fresh,
    change: { ...endOf(operation, reason), endedAt: context.now, verifiedAt: context.now, verifiedBy },
    evidence: l10n.t('{0} on {1}', reason, context.hostName),
  };
}

function notLaunched(
  operation: Operation,
  watch: Watch,
  { mayFollow }: Extract<Evidence, { kind: 'not-launched' }>,
  context: DecideContext,
): Decision {
  if (operation.status === 'unconfirmed' || operation.status === 'submitting') {
    const since = watch.notLaunchedSinceMs ?? context.nowMs;
    if (mayFollow && context.nowMs - since < lateAcceptanceMs) {
      const reason = l10n.t('not in the queue yet; the request may still be taken up');
      return { watch: { ...unverified(watch, 'ambiguous', reason, context), notLaunchedSinceMs: since } };
    }
    if (operation.imported) {
      return neverBegan(
        operation,
        l10n.t('it was never started'),
        l10n.t('its run directory and the queue'),
        context,
      );
    }
    return { watch: unverified(watch, 'ambiguous', l10n.t('not launched yet'), context), next: 'launch' };
  }
  const reason = l10n.t('its run directory is gone from the host');
  const next = operation.status === 'stopping' ? { next: 'kill' as const } : {};
  return { watch: unverified(watch, 'ambiguous', reason, context), ...next };
}

import type { Evidence } from './evidence';
import type { Operation, OperationChange } from './operation';
import { isTerminal, type Observation, type Status } from './status';

/** How well an operation is observed. Kept in memory only: after a restart it is looked at afresh. */
export interface Watch {
  observation: Observation;
  reason?: string;
  /** ISO 8601 time since when the operation could not be verified. */
  unverifiedSince?: string;
  /** Monotonic time of the first of the two sightings that absence needs. */
  absentSinceMs?: number;
  /** Monotonic time when a claim without identity was first seen. */
  claimedSinceMs?: number;
}

export interface DecideContext {
  /** ISO 8601, this machine's clock: for display and audit, never for arithmetic with a host's clock. */
  now: string;
  /** This machine's monotonic clock. */
  nowMs: number;
  /** For the audit trail and the words shown. */
  hostName: string;
}

export interface Decision {
  watch: Watch;
  /** What to store. */
  change?: OperationChange;
  /** Why the status changes, for the audit trail; set exactly when `change` has a new status. */
  evidence?: string;
  /** What the engine should do next: launch again with the same token, or deliver the kill. */
  next?: 'launch' | 'kill' | 'look-again';
}

/** Absence is believed when it was seen twice, this far apart. */
export const absenceConfirmMs = 10_000;
/** A claim without identity for this long is a launch that broke off. */
export const claimGraceMs = 60_000;

/** A hundred years: what a host says beyond is no time. */
const longestSpanSeconds = 3_200_000_000;

const fresh: Watch = { observation: 'fresh' };

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
    case 'exited':
      return exited(operation, evidence, context);
    case 'alive':
      return alive(operation, evidence, context);
    case 'absent':
      return absent(operation, watch, evidence, context);
    case 'claimed':
      return claimed(operation, watch, evidence, context);
    case 'not-launched':
      return notLaunched(operation, watch, context);
  }
}

/** A terminal status backed by an exit code, or by the user's word, is never overwritten. */
const isProven = ({ status }: Operation): boolean => isTerminal(status) && status !== 'stopped';

function unverified(watch: Watch, observation: Observation, reason: string, { now }: DecideContext): Watch {
  return { ...watch, observation, reason, unverifiedSince: watch.unverifiedSince ?? now };
}

function exited(
  operation: Operation,
  evidence: Extract<Evidence, { kind: 'exited' }>,
  context: DecideContext,
): Decision {
  const { exitCode } = evidence;
  const killed = operation.status === 'stopping' && evidence.killDelivered;
  const to: Status = killed ? 'cancelled' : exitCode === 0 ? 'completed' : 'failed';
  const endedAt =
    evidence.endedSecondsAgo === undefined ? context.now : earlier(context.now, evidence.endedSecondsAgo);
  return {
    watch: fresh,
    change: {
      status: to,
      exitCode,
      endedAt,
      error: to === 'failed' ? exitText(exitCode) : undefined,
      ...(evidence.identity && { identity: evidence.identity }),
      ...(evidence.progress && { progress: evidence.progress }),
      verifiedAt: context.now,
      verifiedBy: 'exit code',
    },
    evidence: `exit code ${exitCode} on ${context.hostName}${killed ? ', after our kill' : ''}`,
  };
}

const signalNames: Record<number, string> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  14: 'SIGALRM',
  15: 'SIGTERM',
  24: 'SIGXCPU',
  25: 'SIGXFSZ',
};

/** A shell reports death by signal N as exit code 128 + N. */
function exitText(code: number): string {
  const signal = signalNames[code - 128];
  return signal ? `exit ${code}, ended by ${signal}` : `exit ${code}`;
}

function alive(
  operation: Operation,
  evidence: Extract<Evidence, { kind: 'alive' }>,
  context: DecideContext,
): Decision {
  const to = livingStatus(operation, evidence);
  const by = `${evidence.by} on ${context.hostName}`;
  const change: OperationChange = {
    verifiedAt: context.now,
    verifiedBy: evidence.by,
    ...(!operation.identity && { identity: evidence.identity }),
    ...(!operation.startedAt && { startedAt: earlier(context.now, evidence.uptimeSeconds) }),
    ...(evidence.progress && { progress: evidence.progress }),
  };
  const next = to === 'stopping' ? { next: 'kill' as const } : {};
  if (to === operation.status) {
    return { watch: fresh, change, ...next };
  }
  const risen = operation.status === 'stopped' ? { endedAt: undefined, error: undefined } : {};
  return { watch: fresh, change: { ...change, ...risen, status: to }, evidence: `alive: ${by}`, ...next };
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

function absent(
  operation: Operation,
  watch: Watch,
  evidence: Extract<Evidence, { kind: 'absent' }>,
  context: DecideContext,
): Decision {
  if (isTerminal(operation.status)) {
    return { watch: fresh };
  }
  const since = watch.absentSinceMs ?? context.nowMs;
  if (context.nowMs - since < absenceConfirmMs) {
    return {
      watch: {
        ...unverified(watch, 'ambiguous', `${evidence.reason}; looking again to be sure`, context),
        absentSinceMs: since,
      },
      next: 'look-again',
    };
  }
  const to: Status = operation.status === 'stopping' ? 'cancelled' : 'stopped';
  return {
    watch: fresh,
    change: {
      status: to,
      endedAt: earlier(context.now, (context.nowMs - since) / 1000),
      ...(to === 'stopped' && { error: evidence.reason }),
      ...(evidence.progress && { progress: evidence.progress }),
      verifiedAt: context.now,
      verifiedBy: 'absence seen twice',
    },
    evidence: `${evidence.reason} on ${context.hostName}, seen twice`,
  };
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
      watch: { ...unverified(watch, 'ambiguous', 'being launched', context), claimedSinceMs: since },
      next: mayBegin ? 'kill' : 'look-again',
    };
  }
  const reason = 'the launch broke off before the command was started';
  return {
    watch: fresh,
    change: {
      status: operation.status === 'stopping' ? 'cancelled' : 'stopped',
      endedAt: context.now,
      error: reason,
      verifiedAt: context.now,
      verifiedBy: 'claim without a process',
    },
    evidence: `${reason} on ${context.hostName}`,
  };
}

function notLaunched(operation: Operation, watch: Watch, context: DecideContext): Decision {
  if (operation.status === 'unconfirmed' || operation.status === 'submitting') {
    return { watch: unverified(watch, 'ambiguous', 'not launched yet', context), next: 'launch' };
  }
  const reason = 'its run directory is gone from the host';
  const next = operation.status === 'stopping' ? { next: 'kill' as const } : {};
  return { watch: unverified(watch, 'ambiguous', reason, context), ...next };
}

/** `seconds` before an ISO time of this machine. The span was measured on the host, the time here. */
function earlier(now: string, seconds: number): string {
  const span = Number.isFinite(seconds) ? Math.min(Math.max(0, seconds), longestSpanSeconds) : 0;
  return new Date(Date.parse(now) - span * 1000).toISOString();
}

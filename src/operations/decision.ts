import type { Evidence } from './evidence';
import type { OperationChange } from './operation';
import type { Observation } from './status';

/** How well an operation is observed. Kept in memory only: after a restart it is looked at afresh. */
export interface Watch {
  observation: Observation;
  reason?: string;
  /** ISO 8601 time since when the operation could not be verified. */
  unverifiedSince?: string;
  /** Monotonic time of the first of the two sightings that absence needs. */
  absentSinceMs?: number;
  /** Monotonic time of the first look that found it not launched, though a request may be on its way. */
  notLaunchedSinceMs?: number;
  /** Monotonic time when a claim without identity was first seen. */
  claimedSinceMs?: number;
  /** ISO 8601 time since when it lives and writes nothing; of a fresh look only. */
  stalledSince?: string;
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
  /** What the engine should do next: launch again with the same token, deliver the kill, or end what ran too long. */
  next?: 'launch' | 'kill' | 'time-out';
  /** A second look has to confirm this one, so much later. */
  lookAgainAfterMs?: number;
}

/** Absence is believed when it was seen twice, this far apart. */
export const absenceConfirmMs = 10_000;
/** The same where other machines write the run directory too: what they write is seen late here. */
export const sharedAbsenceConfirmMs = 60_000;
/** How long a scheduler remembers what has ended, at least; less is allowed, but nobody does it. */
export const schedulerMemoryMs = 300_000;
/** A request to a scheduler that timed out may be taken up this late. */
export const lateAcceptanceMs = 60_000;
/** A claim without identity for this long is a launch that broke off. */
export const claimGraceMs = 60_000;

/** A hundred years: what a host says beyond is no time. */
const longestSpanSeconds = 3_200_000_000;

export const fresh: Watch = { observation: 'fresh' };

/** The same moment, told twice over a network, seems to be another by at most this much. */
const sameMomentMs = 30_000;

/** What is known of a living operation after a look. */
export function freshlyAlive(
  { stalledSince }: Watch,
  { activity, quietSeconds }: Extract<Evidence, { kind: 'alive' }>,
  { now }: DecideContext,
): Watch {
  if (quietSeconds === undefined || activity === 'paused') {
    return fresh;
  }
  const since = earlier(now, quietSeconds);
  const isKnown =
    stalledSince !== undefined && Math.abs(Date.parse(stalledSince) - Date.parse(since)) < sameMomentMs;
  return { ...fresh, stalledSince: isKnown ? stalledSince : since };
}

/** What is kept of an operation that could not be seen, or about which what was seen does not tell. */
export function unverified(
  watch: Watch,
  observation: Observation,
  reason: string,
  { now }: DecideContext,
): Watch {
  return { ...watch, observation, reason, unverifiedSince: watch.unverifiedSince ?? now };
}

/** `seconds` before an ISO time of this machine. The span was measured on the host, the time here. */
export function earlier(now: string, seconds: number): string {
  const span = Number.isFinite(seconds) ? Math.min(Math.max(0, seconds), longestSpanSeconds) : 0;
  return new Date(Date.parse(now) - span * 1000).toISOString();
}

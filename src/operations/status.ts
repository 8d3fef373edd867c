/** What an operation does. Changes only on conclusive evidence (see decide.ts). */
export const statuses = [
  'queued',
  'submitting',
  'unconfirmed',
  'pending',
  'starting',
  'running',
  'paused',
  'stopping',
  'completed',
  'failed',
  'cancelled',
  'stopped',
] as const;
export type Status = (typeof statuses)[number];

/** The status as shown: `unknown` is derived from an active status without contact, never stored. */
export type ShownStatus = Status | 'unknown';

/** How good our knowledge of an operation is. Changes freely and never changes the status. */
export const observations = ['fresh', 'stale', 'unreachable', 'needs-login', 'ambiguous'] as const;
export type Observation = (typeof observations)[number];

export type OperationType = 'server' | 'job' | 'program' | 'transfer';
export const operationTypes: readonly OperationType[] = ['server', 'job', 'program', 'transfer'];

const terminal: ReadonlySet<Status> = new Set<Status>(['completed', 'failed', 'cancelled', 'stopped']);

/** Ended, as far as we can prove. `stopped` may still give way to stronger evidence. */
export const isTerminal = (status: Status): boolean => terminal.has(status);

/** Something is, or may be, executing on the host. */
export const isActive = (status: Status): boolean => !terminal.has(status) && status !== 'queued';

/** Confirmed to execute: what "3 running" counts. */
export const isRunning = (status: ShownStatus): boolean =>
  status === 'running' || status === 'starting' || status === 'paused' || status === 'stopping';

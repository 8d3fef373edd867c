/** What a state of Slurm means for an operation. See "JOB STATE CODES" in squeue(1). */
export type StateKind =
  'waits' | 'runs' | 'suspended' | 'completed' | 'failed' | 'cancelled' | 'lost' | 'unlisted';

const kinds: Readonly<Record<string, StateKind>> = {
  PENDING: 'waits',
  CONFIGURING: 'waits',
  REQUEUED: 'waits',
  REQUEUE_FED: 'waits',
  REQUEUE_HOLD: 'waits',
  RESV_DEL_HOLD: 'waits',
  SPECIAL_EXIT: 'waits',
  RUNNING: 'runs',
  COMPLETING: 'runs',
  RESIZING: 'runs',
  SIGNALING: 'runs',
  STAGE_OUT: 'runs',
  SUSPENDED: 'suspended',
  STOPPED: 'suspended',
  COMPLETED: 'completed',
  FAILED: 'failed',
  TIMEOUT: 'failed',
  OUT_OF_MEMORY: 'failed',
  DEADLINE: 'failed',
  CANCELLED: 'cancelled',
  // Slurm may start it anew.
  BOOT_FAIL: 'lost',
  NODE_FAIL: 'lost',
  PREEMPTED: 'lost',
};

/** A state that is not listed is active, whatever it means: it is never an end. */
export const kindOf = (state: string): StateKind => kinds[state] ?? 'unlisted';

export const hasEnded = (state: string): boolean =>
  ['completed', 'failed', 'cancelled', 'lost'].includes(kindOf(state));

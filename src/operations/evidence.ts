import type { EndedBy } from './causes/cause';
import type { ProcessIdentity } from './operation';
import type { Progress } from './progress';
import type { SchedulerJob } from './scheduler';
import type { Observation } from './status';

/**
 * What one look at an operation showed. Launchers translate what the host said into this; decide.ts
 * judges it. "I could not see" is `unseen` or `ambiguous`, never `absent`.
 */
export type Evidence =
  /** The exit code that the supervisor of this attempt kept on the host. */
  | {
      kind: 'exited';
      exitCode: number;
      identity?: ProcessIdentity;
      /** Our kill had been delivered before it ended. */
      killDelivered: boolean;
      /** By the host's own clock; missing when it was rebooted since. */
      endedSecondsAgo?: number;
      progress?: Progress;
    }
  /** The remote scheduler's final state for this token and submit time. */
  | {
      kind: 'settled';
      state: 'completed' | 'failed' | 'cancelled';
      exitCode?: number;
      /** The scheduler's own words, like "OUT_OF_MEMORY". */
      reason: string;
      endedSecondsAgo?: number;
      by: string;
      scheduler?: SchedulerJob;
      progress?: Progress;
    }
  /** A live process that is provably the operation's, or a job that its scheduler runs. */
  | {
      kind: 'alive';
      /** Missing where the scheduler vouches for it. */
      identity?: ProcessIdentity;
      scheduler?: SchedulerJob;
      activity: 'running' | 'paused';
      /** By the host's own uptime and the process's start ticks, or by the scheduler. */
      uptimeSeconds: number;
      /** Whether the server's port accepts connections; missing when it was not asked or not to be seen. */
      portOpen?: boolean;
      progress?: Progress;
      /** For how long it has written nothing, by the host's own clock; set when that is as long as was asked about. */
      quietSeconds?: number;
      by: string;
    }
  /** The remote scheduler has it and has not started it. */
  | { kind: 'pending'; reason?: string; by: string; scheduler?: SchedulerJob }
  /**
   * The host answered completely: no such process, its group dead, no exit code, run directory readable. Of a
   * scheduler: its queue answered without it, and longer ago than it remembers, accounting has no record either.
   */
  | {
      kind: 'absent';
      reason: string;
      killDelivered: boolean;
      /** How it went, where the host shows that. */
      by?: Exclude<EndedBy, 'kill'>;
      /** Other machines write the run directory as well, so that an exit code may be seen late. */
      onSharedFiles?: boolean;
      /**
       * A scheduler says so. `forgotten`: it does not know it any more, and it remembers what has ended for a while;
       * `lost`: it lost it, and may start it anew.
       */
      fromScheduler?: 'forgotten' | 'lost';
      progress?: Progress;
    }
  /** Claimed but without identity: the launch is under way or broke off right after the claim. */
  | { kind: 'claimed'; killDelivered: boolean }
  /** Nobody has claimed the run directory: nothing was executed so far. */
  | {
      kind: 'not-launched';
      /** A request that was sent may still be taken up: it is too early to send another. */
      mayFollow?: boolean;
    }
  /** The host answered, but the answer does not tell. */
  | { kind: 'ambiguous'; reason: string; progress?: Progress }
  /** How far it has come, which is not to say that it lives. */
  | { kind: 'progress'; progress: Progress }
  /** The host was not seen. */
  | {
      kind: 'unseen';
      observation: Extract<Observation, 'stale' | 'unreachable' | 'needs-login'>;
      reason: string;
    };

import type { Machine } from '../hosts/machine';
import type { Evidence } from '../operations/evidence';
import type { HostReading } from '../operations/hostReading';
import type { JobUse } from '../operations/jobUse';
import type { Adopted, Operation, ProcessIdentity } from '../operations/operation';
import type { PortLook } from '../operations/listener';
import type { ClusterOffer } from '../operations/operationView';
import type { EndedProcess } from '../operations/portUse';
import type { PueueGroup } from '../operations/pueueOptions';
import type { SchedulerJob } from '../operations/scheduler';
import type { Untracked } from '../operations/untracked';
import type { RunDirectories } from './process/runDirectories';

/** Where operations are launched: only there can it be told later that one was not. */
export interface LaunchPlace {
  machineId: string;
  /** Of the folder of all runs: another one, or none, means another home directory or a disk that is not mounted. */
  runsId?: string;
}

/** What came of a launch. Errors of the machine are thrown: after `NoAnswer` it may have been launched. */
export type LaunchOutcome =
  | { kind: 'launched'; identity: ProcessIdentity; gpus?: number[]; adopted?: Adopted }
  /** Too few GPUs were free when it claimed them: nothing was started. */
  | { kind: 'no-gpus'; reason: string }
  /** A scheduler has it and will start it. */
  | { kind: 'queued'; job: SchedulerJob }
  /** A scheduler was asked, and it may have it: look for it. */
  | { kind: 'unsure'; reason: string }
  /** Claimed, but the process has not told its identity yet: look again. */
  | { kind: 'claimed' }
  /** Another machine than the operation is bound to, or with another home directory, answered and did nothing. */
  | { kind: 'other-machine' }
  /**
   * Proven: nothing was started. `sealed`: nor can it be any more, by any request still under way. `hasEnded`: what was
   * to be taken up was seen to be gone.
   */
  | { kind: 'refused'; sealed: boolean; hasEnded?: true; reason: string };

/** How many GPUs could be claimed on a host. `text` says why others could not, or what failed. */
export type GpuCount =
  | { kind: 'counted'; free: number; total: number; text: string }
  /** It has no `nvidia-smi`. */
  | { kind: 'missing' }
  | { kind: 'failed'; text: string };

export type KillOutcome =
  /** Death of the whole process group was seen, or what `seen` says. */
  | { kind: 'dead'; seen?: string }
  /** Nothing had been launched, and now nothing can be. */
  | { kind: 'sealed' }
  /** What was to be taken up never was and never will be. It was not signalled, and may live. */
  | { kind: 'not-taken'; reason: string }
  /** It had ended by itself before; or it cannot be told: look at it. */
  | { kind: 'look' }
  | { kind: 'survived'; processes: number };

export type PauseOutcome =
  /** Seen to be as wished; `seen` says what showed it. */
  | { kind: 'done'; seen: string }
  /** It had ended, or it cannot be told: look at it. */
  | { kind: 'look' }
  | { kind: 'refused'; reason: string };

export interface ProbeRequest {
  operation: Operation;
  /** Also read its progress. */
  detail: boolean;
  /** Tell when neither its log nor its progress was written for so long; unset: do not look. */
  quietSeconds?: number;
}

/** Something that the launcher's own scheduler runs for the user, and no operation of ours may stand for. */
export interface FoundJob {
  /** Names it for good: ids alone are given out again. */
  key: string;
  /** The id of the operation that it belongs to, if it is one of ours. */
  token?: string;
  name: string;
  /** By the scheduler's clock. ISO 8601 in UTC. */
  submittedAt: string;
  evidence: Evidence;
}

export type FoundJobs =
  | {
      /** Where their keys count, whichever way leads there. */
      place: string;
      /** Who tells of them, where a place may have several: each knows its own only. */
      source?: string;
      jobs: readonly FoundJob[];
      /** What is not among them is not there. */
      isWhole: boolean;
    }
  | { problem: string };

export interface ProbeOptions {
  signal?: AbortSignal;
  /** Ask the queue of the scheduler as well. Without it only the run directories are looked at. */
  queue?: boolean;
  /** Told of what else the user has there, when the queue is asked: it costs no call more. */
  onOthers?: (found: FoundJobs) => void;
  /** Told what the machine does and what those operations use of which details are asked, where the host shows that. */
  onReading?: (reading: HostReading) => void;
  /** Told what jobs on other machines have used, by operation, seldom and where the scheduler tells. */
  onUses?: (uses: ReadonlyMap<string, JobUse>) => void;
  /** Called for each request that was sent, answered or not. */
  onRequest?: () => void;
}

export interface LogRange {
  text: string;
  /** Where `text` begins, in bytes. */
  offset: number;
  /** Where it ends. */
  end: number;
  /** The whole log's size in bytes. */
  size: number;
}

export interface LogSearch {
  /** One line; without a capital in it, case does not matter. */
  text: string;
  /** Look at the stretch of the log before this offset in bytes. Default: at its end. */
  before?: number;
}

export interface LogMatches {
  /** First come first; `offset` is where the line begins, in bytes, and `text` may be cut. */
  matches: { offset: number; text: string }[];
  /** There are no more in this stretch. */
  isWhole: boolean;
  /** Where the stretch begins: 0 is the log's beginning. */
  offset: number;
  /** The whole log's size in bytes. */
  size: number;
}

/** A way of starting operations on a host, of looking them up and of ending them. */
export interface Launcher {
  /** Others decide when operations run, and may be asked only seldom (`ProbeOptions.queue`). */
  readonly hasQueue: boolean;
  /** Whether it tells of what else the user has there (`ProbeOptions.onOthers`), also without a request. */
  readonly findsOthers?: boolean;
  /** Which machine it is, by ids of its own; prepares it for launches. @throws the machine's errors, and `BadAnswer` */
  identify(machine: Machine, hostName: string): Promise<LaunchPlace>;
  /** Starts an operation, or takes up one that runs (`Operation.adopted`), at most once, however often it is asked to. */
  launch(machine: Machine, hostName: string, operation: Operation): Promise<LaunchOutcome>;
  /**
   * One round trip for all requests, or for each 2,000 of them, and one more where a queue is asked. An operation
   * of which this look could not tell anything is left out. @throws the machine's errors, and `BadAnswer`
   */
  probe(
    machine: Machine,
    hostName: string,
    requests: ProbeRequest[],
    options?: ProbeOptions,
  ): Promise<ReadonlyMap<string, Evidence>>;
  /** What it can be asked for on this host; `undefined` where it cannot be used. @throws as `identify` */
  offer?(machine: Machine, hostName: string): Promise<ClusterOffer | undefined>;
  /** The groups of what has groups; the same otherwise. */
  groups?(machine: Machine, hostName: string): Promise<PueueGroup[] | undefined>;
  /** What a batch script on the host asks for by itself, line by line. @throws as `identify`, and `InvalidInput` */
  directives?(machine: Machine, hostName: string, script: string): Promise<string[]>;
  /** Whether operations there can be handed to the user's own service manager, so that they outlive a logout. */
  offersSystemd?(machine: Machine, hostName: string): Promise<boolean>;
  /** Claims none. @throws as `identify` */
  countGpus?(machine: Machine, hostName: string): Promise<GpuCount>;
  /** Who listens on these ports, none: on any. `undefined`: the host does not show it. @throws as `identify` */
  listeners?(
    machine: Machine,
    hostName: string,
    ports: readonly number[],
    signal?: AbortSignal,
  ): Promise<PortLook | undefined>;
  /**
   * Ends a process of the user, whatever it is, as `kill` does. @throws also `NotApplicable`: it is another user's, is
   * on another machine, or must not be ended from here; `NoAnswer`: it lives on
   */
  endProcess?(
    machine: Machine,
    hostName: string,
    process: ProcessIdentity,
    graceSeconds: number,
  ): Promise<EndedProcess>;
  /**
   * What the machine does, without its operations: one reading or, a second apart, two. Waits for its GPUs, ten seconds
   * at most. None where it has no /proc. @throws as `identify`
   */
  sample?(machine: Machine, hostName: string, readings: 1 | 2): Promise<HostReading[]>;
  /** Checks the identity in the same script that signals: TERM, then KILL after the grace time. */
  kill(machine: Machine, hostName: string, operation: Operation, graceSeconds: number): Promise<KillOutcome>;
  /**
   * Suspends it, or lets it go on; one that waits for its scheduler is held there, or released. Checks the identity
   * in the same script that acts.
   */
  setPaused?(
    machine: Machine,
    hostName: string,
    operation: Operation,
    paused: boolean,
  ): Promise<PauseOutcome>;
  /** The newest run directories, of all launchers, whose operations are not among those known. */
  runDirectories?(machine: Machine, hostName: string, knownIds: readonly string[]): Promise<RunDirectories>;
  /**
   * What the user has running there that was not started by us: also programs, once they run for `longSeconds`.
   * @throws as `identify`, and `NotApplicable` where the host does not show its processes
   */
  discover?(machine: Machine, hostName: string, longSeconds: number): Promise<Untracked[]>;
  /** Bytes of the log; a negative offset counts from its end. `undefined`: there is none. */
  log(
    machine: Machine,
    hostName: string,
    operation: Operation,
    range: { offset: number; maxBytes: number },
  ): Promise<LogRange | undefined>;
  /** Looks on the host for a text in one stretch of the log, of any launcher. `undefined`: there is no log. */
  searchLog?(
    machine: Machine,
    hostName: string,
    operation: Operation,
    search: LogSearch,
  ): Promise<LogMatches | undefined>;
}

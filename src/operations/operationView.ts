import type { Cause } from './causes/cause';
import type { ErrorCode } from './errors';
import type { HostHealth } from './hostHealth';
import type { AdoptedOutput } from './operation';
import type { PueueGroup } from './pueueOptions';
import type { SchedulerJob } from './scheduler';
import type { Observation, OperationType, ShownStatus, Status } from './status';

/**
 * What all processes of an operation on its host use together. `cpuPercent` is 0 to 100 of the whole machine, for a Slurm
 * job on other nodes of the processors that it was given. Memory that processes share counts for each. `gpuPercent` is
 * 0 to 100, the mean of the GPUs that it has for itself: it is missing where it shares one, where one is divided by MIG,
 * and where the driver does not tell. `networkMbps` is of TCP connections with other machines, both ways. What the host
 * does not tell is missing.
 */
export interface Resources {
  cpuPercent: number;
  memoryMb: number;
  gpuPercent?: number;
  gpuMemoryMb?: number;
  networkMbps?: number;
}

/** How operations are started on hosts. */
export const hostLaunchers = ['process', 'slurm', 'pueue'] as const;
export type HostLauncher = (typeof hostLaunchers)[number];
export type LauncherName = HostLauncher | 'external';

/** An operation as every view and the exported API show it. Times are ISO 8601 in UTC, sizes bytes. */
export interface OperationView {
  id: string;
  hostId: string;
  type: OperationType;
  kind?: string;
  name: string;
  description?: string;
  status: Status;
  /** `status`, or `unknown` when an active operation's host was out of contact for too long. */
  shownStatus: ShownStatus;
  observation: Observation;
  /** Why the observation is not `fresh`. */
  observationReason?: string;
  /** Since when the operation could not be verified, while it cannot. */
  unverifiedSince?: string;
  /** Since when it runs and has written neither to its log nor to its progress, once that is for long. */
  stalledSince?: string;
  /** When the host last answered for this operation. */
  verifiedAt?: string;
  /** What the last answer rested on, for example "pid and start time". */
  verifiedBy?: string;
  launcher: LauncherName;
  /** `found`: submitted elsewhere, and shown as its scheduler tells of it. It can only be looked at. */
  origin?: 'found';
  /** Of an operation with the launcher `external`: who tells of it, by its own word. */
  reportedBy?: string;
  /**
   * Set for a process that was started elsewhere and taken into the list: where its output goes. Its exit code cannot be
   * known, and it is not started again.
   */
  adopted?: AdoptedOutput;
  /** What the launcher calls it: a pid, a pueue task, a Slurm job id. */
  handle?: string;
  /** Of an operation that a scheduler starts. */
  scheduler?: SchedulerJob;
  submittedAt: string;
  /** What it is `queued` for, like "waits for a slot: 2 of 2 in use on dgx-1". */
  waitsFor?: string;
  /** It waits until its host is free (`SubmitSpec.startWhenFree`), and can be started before on the user's word. */
  untilFree?: true;
  startedAt?: string;
  endedAt?: string;
  /** Which try it is, from 2 on; and after which operation. */
  attempt?: number;
  retryOf?: string;
  /** It is started again once its end was seen. */
  restarts?: true;
  /** It can be suspended or, where it waits, held, and let go on: its launcher can, and its status allows it. */
  pausable?: true;
  uptimeSeconds?: number;
  port?: number;
  /** The port of this computer, on 127.0.0.1, under which its own can be reached, while it is forwarded. */
  forwardedPort?: number;
  timeoutSeconds?: number;
  pid?: number;
  /** 0 to 1. */
  progress?: number;
  progressMessage?: string;
  epoch?: number;
  totalEpochs?: number;
  metrics?: Record<string, number>;
  etaSeconds?: number;
  sizeDoneBytes?: number;
  sizeTotalBytes?: number;
  speedBytesPerSecond?: number;
  exitCode?: number;
  error?: string;
  /** Why it failed, stopped or was cancelled, as far as that is known. Its lines come a moment after the end. */
  cause?: Cause;
  resources?: Resources;
  /** The GPUs that it holds, as its host counts them. */
  gpus?: number[];
  priority?: number;
  command: string;
  /** Put away by the user: in no list, and kept in the history. */
  archived?: true;
}

/** `disconnected`: on the user's word, until they want something of the host again. */
export type HostState =
  'idle' | 'disconnected' | 'connecting' | 'connected' | 'unreachable' | 'needs-login' | 'blocked';

/** A part of a cluster that jobs can be sent to. */
export interface Partition {
  name: string;
  isDefault: boolean;
  /** In the scheduler's own notation. */
  timeLimit?: string;
  /** The time limit of a job that names none, where that is another one. */
  defaultTime?: string;
  gres?: string;
}

/** What a user's jobs can be charged to. */
export interface Account {
  name: string;
  /** Only for this partition. */
  partition?: string;
  /** Qualities of service that jobs of this account may ask for. */
  qos: string[];
}

/** What Slurm can be asked for. */
export interface ClusterOffer {
  partitions: Partition[];
  /** Empty where no accounts are kept, or they do not answer. */
  accounts: Account[];
}

/** How operations can be started on a host; what is not told is empty. */
export interface LaunchChoices extends ClusterOffer {
  launchers: HostLauncher[];
  /** Of pueue. */
  groups: PueueGroup[];
  /** Plain processes can be handed to the user's own service manager (`SubmitSpec.systemd`). */
  systemd?: true;
}

/** A configured host and how well it is reached. */
export interface HostView {
  id: string;
  name: string;
  /** Where it leads, as in `user@host:port`. */
  address: string;
  state: HostState;
  /** The last error while the host cannot be used, in words for the user. */
  error?: string;
  /** What kind of error that is. */
  errorCode?: ErrorCode;
  /** It needs a login or its key accepted, and nobody has been asked: "Connect" asks. */
  waitsForUser?: true;
  unreachableSince?: string;
  /** How many looks in a row failed, while they do. */
  failures?: number;
  /** Until then the host is left alone, unless asked for; missing when nothing there has to be looked at. */
  nextTryAt?: string;
  lastContactAt?: string;
  roundTripMs?: number;
  /** How many plain processes may run there at once, as configured for this host; 0: any number. */
  maxConcurrent?: number;
  /** How operations may be started there, as configured. */
  launchers?: HostLauncher[];
  /** As it was seen last, while it is looked at. */
  health?: HostHealth;
}

import type { EndedBy, LogFinding } from './causes/cause';
import type { LauncherName } from './operationView';
import type { Progress } from './progress';
import type { PueueOptions } from './pueueOptions';
import type { Reported } from './report';
import type { SchedulerJob } from './scheduler';
import type { SlurmOptions } from './slurmOptions';
import type { OperationType, Status } from './status';
import type { Uploaded } from './uploaded';

/** What to start, and where. Validated by spec.ts. */
export interface SubmitSpec {
  hostId: string;
  type: OperationType;
  name: string;
  /** Run by bash where the host has it, else by sh. */
  command: string;
  kind?: string;
  description?: string;
  /** Folder on the host, `~` allowed. Default: the home directory. */
  cwd?: string;
  env?: Record<string, string>;
  /**
   * A folder or file on this computer that is brought to the host before anything is started there: absolute, or with
   * `~`. It runs in the uploaded folder unless `cwd` names another one, and `REMOTE_OPS_UPLOAD` holds the path.
   */
  uploadFrom?: string;
  /** Default: `process`. */
  launcher?: LauncherName;
  /** For the launcher `slurm`. */
  slurm?: SlurmOptions;
  /** For the launcher `pueue`. */
  pueue?: PueueOptions;
  /**
   * Started by the user's own service manager (systemd), for hosts that end what a user leaves behind at a logout.
   * Refused where the host has none, or does not let it linger. For the launcher `process`.
   */
  systemd?: boolean;
  /** How many GPUs it needs. A plain process claims free ones on the host; of Slurm they are asked for as GRES. */
  gpus?: number;
  /** Of those that wait for a slot on their host, a higher one starts first. Default: 0. */
  priority?: number;
  /**
   * It waits in the queue while its host has too much to do already, as the settings `remoteOps.overload` say. Not for
   * the launcher `slurm`.
   */
  startWhenFree?: boolean;
  /** The port that a server listens on: it is `starting` until the port is open. */
  port?: number;
  /** Ended when it runs longer than this after its start, and then `failed`. */
  timeoutSeconds?: number;
}

/** Liveness is identity: a pid alone is given out again, together with boot id and start time it is not. */
export interface ProcessIdentity {
  machineId: string;
  bootId: string;
  /** Of the supervisor, which leads the operation's session and process group. */
  pid: number;
  /** Start time in clock ticks since boot, field 22 of `/proc/PID/stat`. */
  startTicks: string;
}

/** Where the output of a process goes that was started elsewhere; only what goes to a file can be read. */
export const adoptedOutputs = ['file', 'terminal', 'pipe', 'socket', 'nowhere', 'unknown'] as const;
export type AdoptedOutput = (typeof adoptedOutputs)[number];

/** Of an operation whose process was started elsewhere and taken into the list ("Track"). */
export interface Adopted {
  /** The process that was meant. Missing in one that was found by its run directory. */
  identity?: ProcessIdentity;
  /** Missing until its host has told. */
  output?: AdoptedOutput;
}

/** An operation as it is stored. `id` is also its token: the name of its run directory. */
export interface Operation {
  readonly id: string;
  /** Raised by every stored change of what is known, so that a late observation can be told. */
  readonly version: number;
  readonly spec: SubmitSpec;
  readonly launcher: LauncherName;
  /** `found`: not started by us, but seen where it runs. Kept in memory, and only looked at. */
  readonly origin?: 'found';
  readonly status: Status;
  readonly submittedAt: string;
  /** It went through the queue of its host: what cannot be sent goes back there. */
  readonly fromQueue?: boolean;
  /** The user does not want it to wait any longer until its host is free (`SubmitSpec.startWhenFree`). */
  readonly startsAnyway?: boolean;
  /** Its files are on the host (`SubmitSpec.uploadFrom`). */
  readonly uploaded?: Uploaded;
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** The machine that it is, or was, sent to: stored before anything is sent. */
  readonly machineId?: string;
  /** The folder of all runs on that machine, by its id. */
  readonly runsId?: string;
  readonly identity?: ProcessIdentity;
  readonly adopted?: Adopted;
  /** The GPUs that a plain process holds, as its host counts them. */
  readonly gpus?: number[];
  /** What its scheduler last said of it. */
  readonly scheduler?: SchedulerJob;
  readonly exitCode?: number;
  readonly error?: string;
  readonly endedBy?: EndedBy;
  /** Read once, after it failed or stopped. */
  readonly finding?: LogFinding;
  /** It is `stopping` because of its time limit, and not on the user's word. */
  readonly timedOut?: boolean;
  /**
   * Asked for and not seen yet; stored before anything is signalled. It is never delivered later: the status follows
   * what is seen, and this says whose doing it was.
   */
  readonly wish?: 'pause' | 'resume';
  /** Which try it is, from 2 on; and after which operation. */
  readonly attempt?: number;
  readonly retryOf?: string;
  /** To be started again under this id once its end was seen: kept until that one is stored. */
  readonly restartAs?: string;
  /** How old it was, by its host's clock, at the first look that saw it suspended; set while it is. */
  readonly pausedAtSeconds?: number;
  /** For how many seconds it had been suspended before that. */
  readonly pausedSeconds?: number;
  readonly verifiedAt?: string;
  readonly verifiedBy?: string;
  readonly progress?: Progress;
  /** Of one that another extension runs: what it told. */
  readonly report?: Reported;
  /** Found by its run directory: this list has not launched it, and never will. */
  readonly imported?: boolean;
  /** Hidden from the lists by the user; its history stays. */
  readonly archived?: boolean;
}

type Changeable = Omit<Operation, 'id' | 'version' | 'spec'>;

/** What a decision changes in an operation; `undefined` takes a value away. */
export type OperationChange = { -readonly [K in keyof Changeable]?: Changeable[K] | undefined };

/** A status change with the evidence that justified it. Times are ISO 8601 in UTC. */
export interface AuditEvent {
  at: string;
  from: Status | undefined;
  to: Status;
  evidence: string;
}

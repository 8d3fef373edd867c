import type { Subscribe } from '../emitter';
import type { Asker } from '../hosts/questions';
import type { LogMatches, LogSearch } from '../launchers/launcher';
import type { AuditEvent, ProcessIdentity, SubmitSpec } from '../operations/operation';
import type { HostHealth } from '../operations/hostHealth';
import type { HostView, LaunchChoices, OperationView, Resources } from '../operations/operationView';
import type { FoundRuns } from '../operations/foundRun';
import type { EndedProcess, PortUse } from '../operations/portUse';
import type { LoadNeeds, Overload } from '../operations/overload';
import type { SaveProblem } from '../operations/saveProblem';
import type { OperationType, Status } from '../operations/status';
import type { Summary } from '../operations/summary';
import type { Untracked } from '../operations/untracked';
import type { WatchFolderView } from '../operations/watchFolder';

export type { LogMatches, LogSearch } from '../launchers/launcher';

export interface ListQuery {
  hostId?: string;
  type?: OperationType;
  status?: Status;
  /** Part of the name, the command, the host or the status, in any case. */
  text?: string;
  /** Look at the hosts first. Default true. */
  sync?: boolean;
  /** Those that were archived, too. Default false. */
  archived?: boolean;
}

export interface SyncQuery {
  hostId?: string;
  /** Whether hosts may ask for a login: the user is there and wants to see. Default false. */
  mayAsk?: boolean;
}

export interface RunsQuery {
  hostId: string;
  /** Whether the host may ask for a login. Default false. */
  mayAsk?: boolean;
}

export interface UntrackedQuery {
  /** Whether the host may ask for a login. Default false. */
  mayAsk?: boolean;
}

export interface HostSync {
  hostId: string;
  /** `idle`: nothing to look at there. `error`: reached, but its answer could not be used. */
  outcome: 'ok' | 'idle' | 'unreachable' | 'needs-login' | 'error';
  roundTrips: number;
  durationMs: number;
}

/** Counts of operations: looked at, changed in status, on hosts out of reach, with answers of no use. */
export interface SyncReport {
  checked: number;
  synced: number;
  unreachable: number;
  errors: number;
  durationMs: number;
  hosts: HostSync[];
}

export interface LogText {
  text: string;
  /** Where `text` begins, in bytes. */
  offset: number;
  /** Where `text` ends: the offset to read on from. No character is cut in two. */
  end: number;
  /** The whole log's size in bytes. */
  size: number;
  /** There is no log: it has not begun, or its run directory was removed. */
  isMissing?: true;
}

export interface LogTextRange {
  /** In bytes; a negative one counts from the end. Default: what `maxBytes` takes from the end. */
  offset?: number;
  /** Default 256 KiB, at most 4 MiB. */
  maxBytes?: number;
}

export interface LogReading extends LogTextRange {
  /** Whether the host may ask for a login. Default true. */
  mayAsk?: boolean;
}

/** A port of a host that is reached under a port of this computer, on 127.0.0.1 only. */
export interface OpenedPort {
  localPort: number;
  /** It is the operation's own port: it runs on this computer, and nothing is forwarded. */
  isLocal: boolean;
  /** Who uses the same number here, where another one was taken for that. */
  takenBy?: string;
}

export interface RestartOptions {
  /** Whether the new attempt waits until its host is free (`SubmitSpec.startWhenFree`). Default: as the one before. */
  whenFree?: boolean;
}

/** Recent values of one measure, oldest first. */
export interface MetricSeries {
  name: string;
  values: number[];
}

/** How a value went over time. */
export interface Course {
  /** A metric that the program reports. Missing, as is `resource`: the progress, 0 to 1. */
  metric?: string;
  /** What is used; of a host, `memoryMb` is all that cannot be had without swapping. */
  resource?: keyof Resources;
  /** Of a host: which of its GPUs, as it counts them. */
  gpu?: number;
  /** Each with its time in milliseconds since 1970, by this machine's clock. Oldest first. */
  points: [atMs: number, value: number][];
}

/** A window (`by`) that tells the user of something (`key`), so that no other does. */
export interface NoticeClaim {
  key: string;
  by: string;
}

/**
 * All that views, commands and the exported API know of the engine. Rejections are
 * `RemoteOperationsError`s; what a host refuses is not a rejection but an operation that failed. Where there is
 * an `asker`, a host may ask its user to log in; default: in this window.
 */
export interface OperationsService {
  hosts(): HostView[];
  /** What is known now, without looking. Newest first, archived ones left out. */
  operations(): OperationView[];
  get(id: string): OperationView | undefined;
  series(id: string): MetricSeries | undefined;
  list(query?: ListQuery): Promise<OperationView[]>;
  /** Looks at everything. An absence is looked at twice, which takes ten seconds. */
  sync(query?: SyncQuery, signal?: AbortSignal, asker?: Asker): Promise<SyncReport>;
  /**
   * Looks at the hosts, as `list` does, and counts what is in the list; what connected hosts do is told as of now. Asks
   * for no login.
   * @param hostId this host alone; default: all. @throws `UnknownHost`
   */
  summary(hostId?: string): Promise<Summary>;
  /** How operations can be started on a host: as configured, else as found there. Asks the user nothing. */
  launchChoices(hostId: string): Promise<LaunchChoices>;
  /** What a batch script on a host asks Slurm for, line by line. @throws `InvalidInput`: it cannot be read */
  batchDirectives(hostId: string, script: string): Promise<string[]>;
  /** Resolves once accepted, refused or unconfirmed. @throws `InvalidInput`, `UnknownHost`, `NotSaved` */
  submit(spec: unknown, asker?: Asker): Promise<OperationView>;
  /** Resolves once death was seen. @throws `NotApplicable`, `Unreachable` (delivered later), `NoAnswer` */
  kill(id: string, options?: { graceSeconds?: number }, asker?: Asker): Promise<OperationView>;
  /**
   * Run directories of operations that are not in the list. Asks for a login only where `mayAsk` says so.
   * @throws the host's errors, and `UnknownHost`
   */
  findRuns(query: RunsQuery, asker?: Asker): Promise<FoundRuns>;
  /** Takes some of them into the list, and resolves with how many. @throws also `NotSaved` */
  importRuns(hostId: string, ids: readonly string[], asker?: Asker): Promise<number>;
  /**
   * What the user has running on a host that is in no list: servers, programs on GPUs, what runs for more than ten
   * minutes, containers, tmux sessions. @throws the host's errors, `UnknownHost`, and `NotApplicable` where the host does
   * not show its processes
   */
  untracked(hostId: string, query?: UntrackedQuery, asker?: Asker): Promise<Untracked[]>;
  /**
   * Takes a process that was started elsewhere into the list, as it is: nothing is signalled. The same process is the same
   * operation, however often it is tracked. What it turns out not to be, or no longer, makes an operation that failed.
   * @throws `NotApplicable` for what has no process of the user, the host's errors (nothing was stored), `NotSaved`
   */
  track(hostId: string, found: Untracked, asker?: Asker): Promise<OperationView>;
  /**
   * Starts it again with the same spec, as a new attempt, once its end was seen: what runs is killed before. Resolves
   * as `submit`, with the attempt that runs already where there is one. @throws as `kill` (it is started again later,
   * unless it is killed for good) and `submit`
   */
  restart(id: string, options?: RestartOptions, asker?: Asker): Promise<OperationView>;
  /** Starts what waits until its host is free (`OperationView.untilFree`). Resolves as `submit`. @throws `NotApplicable` */
  startNow(id: string, asker?: Asker): Promise<OperationView>;
  /**
   * Whether a host has too much to do already for this to be started there, as the settings say. Resolves within a few
   * seconds, and asks the user nothing: a host that cannot be seen is not overloaded. @throws `UnknownHost`
   */
  checkOverload(hostId: string, needs?: LoadNeeds): Promise<Overload>;
  /** What was submitted, its environment too. */
  spec(id: string): Promise<SubmitSpec>;
  /**
   * Suspends it or, where it waits for a scheduler, has it held there. Resolves once it was seen so. Nothing is
   * delivered later. @throws `NotApplicable`, `Unreachable` (nothing was signalled), `NoAnswer` (its row will tell)
   */
  pause(id: string, asker?: Asker): Promise<OperationView>;
  /** Lets it go on. As `pause`. */
  resume(id: string, asker?: Asker): Promise<OperationView>;
  /** Takes an ended operation out of the lists. */
  archive(id: string): Promise<void>;
  log(id: string, range?: LogReading, asker?: Asker): Promise<LogText>;
  /** Looks for a text on the host, in one stretch of the log, the last first. @throws also `InvalidInput` */
  searchLog(id: string, query: LogSearch, asker?: Asker): Promise<LogMatches>;
  /**
   * Makes the port of a server reachable on this computer until the server ends or `closePort`; once open, it stays as
   * it is. @param localPort take this one or none, and do not try the host first: it was open before. Default: the same
   * number if it is free, else another.
   * @throws `NotApplicable`, and the host's errors
   */
  openPort(id: string, options?: { localPort?: number }, asker?: Asker): Promise<OpenedPort>;
  closePort(id: string): Promise<void>;
  /**
   * Shows an operation that another extension runs and tells of. `id`: chosen by the window that it runs in, so that it
   * can be asked for again. `window`: that of a client. @throws `InvalidInput`, `UnknownHost`, `NotApplicable` (there
   * are too many), `NotSaved`
   */
  startReport(report: unknown, id: string, window?: string): Promise<OperationView>;
  /** @throws `InvalidInput`, `UnknownOperation`, `NotApplicable` (it has ended, or was not reported) */
  updateReport(id: string, progress: unknown, window?: string): Promise<OperationView>;
  /** @throws as `updateReport`; the same end may be told again */
  completeReport(id: string, result: unknown): Promise<OperationView>;
  /** `ids`: all that the extensions of a window tell of, be it to an earlier engine; none once the window has gone. */
  hearReports(ids: readonly string[], window?: string): void;
  /**
   * Who listens on these ports of a host, none: on any. Asks for a login only where `mayAsk` says so.
   * @throws the host's errors, `InvalidInput`, and `NotApplicable` where the host does not show it
   */
  checkPorts(
    hostId: string,
    ports: readonly number[],
    options?: { mayAsk?: boolean },
    signal?: AbortSignal,
    asker?: Asker,
  ): Promise<PortUse[]>;
  /**
   * Ends a process of the user on a host, whatever it is: TERM, KILL after the grace time (default 10 s). Resolves once
   * its death was seen. @throws `NotApplicable`: another user's, or on another machine, nothing was signalled; `NoAnswer`,
   * the host's errors
   */
  endProcess(
    hostId: string,
    process: ProcessIdentity,
    options?: { graceSeconds?: number },
    asker?: Asker,
  ): Promise<EndedProcess>;
  history(id: string): Promise<AuditEvent[]>;
  /**
   * The progress and some metrics, for as long as the engine has known them, and the last hour of what it used, each in a
   * bounded number of points.
   */
  courses(id: string): Promise<Course[]>;
  /** The last hour of `cpuPercent`, `memoryMb`, and `gpuPercent` and `gpuMemoryMb` of each GPU, while it was looked at. */
  hostCourses(hostId: string): Promise<Course[]>;
  /**
   * What a host does now, with `cpuPercent`. Takes a second or two; where GPUs do not answer, ten.
   * @throws `NotApplicable` where the host does not show it, `UnknownHost`, and the host's errors
   */
  sampleHost(hostId: string, asker?: Asker): Promise<HostHealth>;
  /** Connects now, whatever went wrong before. */
  connect(hostId: string, signal?: AbortSignal, asker?: Asker): Promise<void>;
  disconnect(hostId: string): void;
  /** Tells that a view shows operations, so that they are looked at often, or that it no longer does. */
  setVisible(view: string, visible: boolean): void;
  /** Whether this window shall tell the user: granted to the first that asks, whichever window it is. */
  claimNotice(claim: NoticeClaim): Promise<boolean>;
  readonly onDidClaimNotice: Subscribe<NoticeClaim>;
  readonly onDidChange: Subscribe<OperationView[]>;
  readonly onDidChangeHosts: Subscribe<void>;
  /** The watched folders, with what became of the cases in them. */
  cases(): WatchFolderView[];
  /** Submits a case that failed, one that was there before its folder was watched, or one that changed. */
  retryCase(caseId: string): Promise<void>;
  /** Calls the upload of a case off. */
  cancelCase(caseId: string): Promise<void>;
  readonly onDidChangeCases: Subscribe<void>;
  /** Set while the local disk refuses what happens: it is kept in memory, and nothing new is begun. */
  readonly saveProblem: SaveProblem | undefined;
  readonly onDidChangeSaveProblem: Subscribe<void>;
}

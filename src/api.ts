/** The types of the exported API. Times are ISO 8601 in UTC, sizes bytes, progress 0 to 1. */
import type { Event } from 'vscode';
import type { ListQuery, LogText, SyncReport } from './engine/operationsService';
import type { AuditEvent, SubmitSpec } from './operations/operation';
import type { HostView, OperationView } from './operations/operationView';
import type { ProgressReport, ReportResult, ReportSpec } from './operations/report';
import type { Overload } from './operations/overload';
import type { PortUse } from './operations/portUse';
import type { Summary } from './operations/summary';

export type { HostSync, ListQuery, LogText, SyncReport } from './engine/operationsService';
export type { AuditEvent, SubmitSpec } from './operations/operation';
export type { ProgressReport, ReportResult, ReportSpec } from './operations/report';
export type { GpuHealth, HostHealth } from './operations/hostHealth';
export type { LoadShare, Overload, OverloadReason } from './operations/overload';
export type { HostView, LauncherName, OperationView, Resources } from './operations/operationView';
export type { PortUse } from './operations/portUse';
export type { GpuCounts, HostSummary, OperationCounts, Summary } from './operations/summary';
export type { Observation, OperationType, ShownStatus, Status } from './operations/status';

/**
 * What `activate()` returns. Invalid input rejects with an `Error` that carries a `code`; what a host
 * refuses resolves to a view with status `failed` and `error`. No call waits longer than its deadline.
 */
export interface RemoteOperationsApi {
  readonly apiVersion: 1;
  hosts(): Promise<HostView[]>;
  /** Looks at the hosts first, unless `sync` is false. */
  list(query?: ListQuery): Promise<OperationView[]>;
  get(id: string): Promise<OperationView | undefined>;
  /** Looks at everything. What seems gone is looked at twice, ten seconds apart. */
  sync(query?: { hostId?: string }): Promise<SyncReport>;
  /**
   * Hosts, what they do, and how many operations there are on them. Looks at the hosts first; asks for no login.
   * @param hostId this host alone; default: all
   * @throws an `Error` with code `UnknownHost`
   */
  summary(hostId?: string): Promise<Summary>;
  /** Resolves once accepted, refused or unconfirmed. */
  submit(spec: SubmitSpec): Promise<OperationView>;
  /** Resolves once death was seen. `graceSeconds` (default 10) lie between TERM and KILL. */
  kill(id: string, options?: { graceSeconds?: number }): Promise<OperationView>;
  /** Suspends all its processes, or has its scheduler hold it. Resolves once it was seen so. */
  pause(id: string): Promise<OperationView>;
  /** Lets it go on. */
  resume(id: string): Promise<OperationView>;
  /**
   * Starts it again with the same spec, as a new attempt: what runs is killed first, and its death seen. Resolves with
   * the new operation, as `submit`.
   */
  restart(id: string): Promise<OperationView>;
  /**
   * Whether a host has too much to do already, by the settings `remoteOps.overload`. Resolves within a few seconds, and
   * asks for no login: of a host that cannot be seen, `problem` says why, and it is not overloaded. What is submitted
   * with `startWhenFree` waits until it is free.
   */
  checkOverload(hostId: string): Promise<Overload>;
  /**
   * Part of the log; by default its last 256 KiB. A negative offset counts from the end. Asks for no login: where one is
   * needed, it rejects with the code `NeedsLogin`.
   */
  log(id: string, range?: { offset?: number; maxBytes?: number }): Promise<LogText>;
  /** Every status change with its evidence, oldest first. */
  history(id: string): Promise<AuditEvent[]>;
  /**
   * Shows an operation that the caller itself runs, as running and with the launcher `external`, until `complete`. No
   * host is looked at for it. When its updates stop it is marked as stalled; when the caller's window has gone, it is
   * unverified until somebody updates or completes it by its id, be it after a restart: keep the id for that.
   */
  start(report: ReportSpec): Promise<OperationView>;
  /**
   * Tells how far it has come. Cheap at any rate: what comes faster than twice a second is passed on together, and all
   * of it resolves at once. Rejects with the code `NotApplicable` when it has ended, or was not started by `start`.
   */
  update(id: string, progress: ProgressReport): Promise<OperationView>;
  /** Tells that it has ended: for good, once this resolves. Last updates are passed on before. */
  complete(id: string, result?: ReportResult): Promise<OperationView>;
  /** Who listens on these ports of a host; none: on any. Asks for no login. */
  checkPorts(hostId: string, ports: number[]): Promise<PortUse[]>;
  /** Fires with operations that changed. */
  readonly onDidChange: Event<OperationView[]>;
}

import { causeOf } from './causes/causeOf';
import type { Watch } from './decision';
import type { OperationView } from './operationView';
import type { Operation } from './operation';
import { isActive, type ShownStatus } from './status';
import { waitsUntilFree } from './untilFree';

export interface ViewContext {
  /** This machine's clock in milliseconds since 1970. */
  nowMs: number;
  unknownAfterMinutes: number;
  etaSeconds?: number | undefined;
  speedBytesPerSecond?: number | undefined;
  pausable?: boolean;
}

/** An operation as it is shown, put together from what is stored and how it is observed. */
export function describe(operation: Operation, watch: Watch, context: ViewContext): OperationView {
  const { id, spec, status, launcher, submittedAt, startedAt, endedAt, identity, progress, scheduler } =
    operation;
  const active = isActive(status);
  const moves = active || (status === 'queued' && progress !== undefined);
  const uptimeSeconds = startedAt && secondsBetween(startedAt, endedAt ?? context.nowMs);
  const optional = {
    kind: spec.kind,
    origin: operation.origin,
    reportedBy: operation.report?.by,
    adopted: operation.adopted && (operation.adopted.output ?? 'unknown'),
    description: spec.description,
    observationReason: active ? watch.reason : undefined,
    unverifiedSince: active ? watch.unverifiedSince : undefined,
    stalledSince: status === 'running' && watch.observation === 'fresh' ? watch.stalledSince : undefined,
    verifiedAt: operation.verifiedAt,
    verifiedBy: operation.verifiedBy,
    handle: scheduler?.jobId ?? (identity && String(identity.pid)),
    scheduler,
    gpus: operation.gpus,
    priority: spec.priority,
    waitsFor: status === 'queued' && watch.observation === 'fresh' ? watch.reason : undefined,
    untilFree: waitsUntilFree(operation) ? (true as const) : undefined,
    startedAt,
    endedAt,
    attempt: operation.attempt,
    retryOf: operation.retryOf,
    restarts: operation.restartAs === undefined ? undefined : (true as const),
    pausable: context.pausable ? (true as const) : undefined,
    uptimeSeconds: typeof uptimeSeconds === 'number' ? uptimeSeconds : undefined,
    port: spec.port,
    timeoutSeconds: spec.timeoutSeconds,
    pid: identity?.pid ?? operation.report?.pid,
    progress: progress?.progress,
    progressMessage: progress?.message,
    epoch: progress?.epoch,
    totalEpochs: progress?.totalEpochs,
    metrics: progress?.metrics,
    etaSeconds: moves ? context.etaSeconds : undefined,
    speedBytesPerSecond: moves ? context.speedBytesPerSecond : undefined,
    sizeDoneBytes: progress?.sizeDoneBytes,
    sizeTotalBytes: progress?.sizeTotalBytes,
    exitCode: operation.exitCode,
    error: operation.error,
    cause: causeOf(operation),
    resources: active ? operation.report?.resources : undefined,
    archived: operation.archived ? (true as const) : undefined,
  };
  return {
    id,
    hostId: spec.hostId,
    type: spec.type,
    name: spec.name,
    command: spec.command,
    status,
    shownStatus: shownStatus(operation, watch, context),
    observation: active ? watch.observation : 'fresh',
    launcher,
    submittedAt,
    ...withoutUndefined(optional),
  };
}

/** An active operation whose host was out of contact for too long is shown as unknown, until it is back. */
function shownStatus(operation: Operation, watch: Watch, context: ViewContext): ShownStatus {
  if (!isActive(operation.status) || watch.observation === 'fresh') {
    return operation.status;
  }
  const lastContact = operation.verifiedAt ?? operation.submittedAt;
  const minutes = secondsBetween(lastContact, context.nowMs) / 60;
  return minutes > context.unknownAfterMinutes ? 'unknown' : operation.status;
}

function secondsBetween(start: string, end: string | number): number {
  const endMs = typeof end === 'string' ? Date.parse(end) : end;
  return Math.max(0, Math.round((endMs - Date.parse(start)) / 1000));
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** A plain loop: this runs for each of thousands of operations whenever a view is drawn. */
function withoutUndefined<T extends object>(values: T): Present<T> {
  const present: Present<T> = {};
  for (const key in values) {
    if (values[key] !== undefined) {
      present[key] = values[key] as Exclude<T[typeof key], undefined>;
    }
  }
  return present;
}

/** The shapes of what windows exchange. */
import * as v from 'valibot';
import type {
  Course,
  LogMatches,
  LogText,
  MetricSeries,
  NoticeClaim,
  OpenedPort,
  SyncReport,
} from '../engine/operationsService';
import type { FoundRuns } from '../operations/foundRun';
import type { AuditEvent, ProcessIdentity, SubmitSpec } from '../operations/operation';
import type { EndedProcess, PortUse } from '../operations/portUse';
import type { HostHealth } from '../operations/hostHealth';
import {
  hostLaunchers,
  type HostView,
  type LaunchChoices,
  type OperationView,
} from '../operations/operationView';
import type { Overload } from '../operations/overload';
import type { SaveProblem } from '../operations/saveProblem';
import { operationTypes, statuses } from '../operations/status';
import type { Summary } from '../operations/summary';
import { type Untracked, untrackedKinds } from '../operations/untracked';
import { caseStates, type WatchFolderView } from '../operations/watchFolder';

/**
 * Checks the fields that code relies on, and takes the others as they come: both ends are this same version
 * of this same program, and have shown each other that they belong to the same user.
 */
export const shaped = <T>(schema: v.GenericSchema): v.GenericSchema<unknown, T> =>
  schema as v.GenericSchema<unknown, T>;

export const id = v.pipe(v.string(), v.maxLength(200));
const status = v.picklist(statuses);

export const operationView = shaped<OperationView>(
  v.looseObject({
    id,
    hostId: v.string(),
    type: v.picklist(operationTypes),
    name: v.string(),
    command: v.string(),
    status,
    shownStatus: v.picklist([...statuses, 'unknown']),
    observation: v.string(),
    launcher: v.string(),
    submittedAt: v.string(),
  }),
);
export const hostHealth = shaped<HostHealth>(
  v.looseObject({
    sampledAt: v.string(),
    cores: v.number(),
    load: v.number(),
    memoryTotalMb: v.number(),
    memoryFreeMb: v.number(),
    gpus: v.array(v.looseObject({ index: v.number(), uuid: v.string(), name: v.string() })),
  }),
);
const hostViewEntries = {
  id: v.string(),
  name: v.string(),
  address: v.string(),
  state: v.string(),
  health: v.exactOptional(hostHealth),
};
export const hostView = shaped<HostView>(v.looseObject(hostViewEntries));
const operationCounts = v.object({
  total: v.number(),
  byStatus: v.record(v.string(), v.number()),
  byType: v.record(v.string(), v.number()),
});
export const summary = shaped<Summary>(
  v.looseObject({
    operations: operationCounts,
    use: v.record(v.string(), v.number()),
    hosts: v.array(
      v.looseObject({
        ...hostViewEntries,
        operations: operationCounts,
        use: v.record(v.string(), v.number()),
      }),
    ),
  }),
);
export const saveProblem: v.GenericSchema<unknown, SaveProblem> = v.object({
  reason: v.string(),
  since: v.string(),
});
export const metricSeries: v.GenericSchema<unknown, MetricSeries> = v.object({
  name: v.string(),
  values: v.array(v.number()),
});
export const course: v.GenericSchema<unknown, Course> = v.object({
  metric: v.exactOptional(v.string()),
  resource: v.exactOptional(
    v.picklist(['cpuPercent', 'memoryMb', 'gpuPercent', 'gpuMemoryMb', 'networkMbps']),
  ),
  gpu: v.exactOptional(v.number()),
  points: v.array(v.tuple([v.number(), v.number()])),
});
export const auditEvent = shaped<AuditEvent>(
  v.object({ at: v.string(), from: v.optional(status), to: status, evidence: v.string() }),
);
export const syncReport: v.GenericSchema<unknown, SyncReport> = v.object({
  checked: v.number(),
  synced: v.number(),
  unreachable: v.number(),
  errors: v.number(),
  durationMs: v.number(),
  hosts: v.array(
    v.object({
      hostId: v.string(),
      outcome: v.picklist(['ok', 'idle', 'unreachable', 'needs-login', 'error']),
      roundTrips: v.number(),
      durationMs: v.number(),
    }),
  ),
});
export const logText: v.GenericSchema<unknown, LogText> = v.object({
  text: v.string(),
  offset: v.number(),
  end: v.number(),
  size: v.number(),
  isMissing: v.exactOptional(v.literal(true)),
});
export const logMatches: v.GenericSchema<unknown, LogMatches> = v.object({
  matches: v.array(v.object({ offset: v.number(), text: v.string() })),
  isWhole: v.boolean(),
  offset: v.number(),
  size: v.number(),
});
export const openedPort: v.GenericSchema<unknown, OpenedPort> = v.object({
  localPort: v.number(),
  isLocal: v.boolean(),
  takenBy: v.exactOptional(v.string()),
});
export const portUse = shaped<PortUse>(v.looseObject({ port: v.number(), listening: v.boolean() }));
export const endedProcess: v.GenericSchema<unknown, EndedProcess> = v.object({
  how: v.picklist(['ended', 'killed', 'gone']),
  text: v.string(),
});
export const overload: v.GenericSchema<unknown, Overload> = v.object({
  overloaded: v.boolean(),
  reasons: v.array(
    v.object({
      code: v.picklist(['cpu', 'memory', 'gpu-memory', 'disk']),
      value: v.number(),
      limit: v.number(),
      total: v.number(),
      shares: v.array(
        v.object({
          operationId: v.exactOptional(v.string()),
          name: v.exactOptional(v.string()),
          value: v.number(),
        }),
      ),
    }),
  ),
  cpuPercent: v.exactOptional(v.number()),
  memoryUsedMb: v.exactOptional(v.number()),
  memoryFreeMb: v.exactOptional(v.number()),
  problem: v.exactOptional(v.string()),
});
export const noticeClaim: v.GenericSchema<unknown, NoticeClaim> = v.strictObject({
  key: v.pipe(v.string(), v.maxLength(500)),
  by: v.pipe(v.string(), v.maxLength(100)),
});
export const listQuery = v.strictObject({
  hostId: v.exactOptional(v.string()),
  type: v.exactOptional(v.picklist(operationTypes)),
  status: v.exactOptional(status),
  text: v.exactOptional(v.string()),
  sync: v.exactOptional(v.boolean()),
  archived: v.exactOptional(v.boolean()),
});
export const launchChoices = shaped<LaunchChoices>(
  v.object({
    launchers: v.array(v.picklist(hostLaunchers)),
    partitions: v.array(v.looseObject({ name: v.string(), isDefault: v.boolean() })),
    groups: v.array(v.object({ name: v.string(), parallel: v.number(), isPaused: v.boolean() })),
    accounts: v.array(v.looseObject({ name: v.string(), qos: v.array(v.string()) })),
    systemd: v.exactOptional(v.literal(true)),
  }),
);
export const foundRuns: v.GenericSchema<unknown, FoundRuns> = v.object({
  runs: v.array(
    v.object({
      id,
      name: v.string(),
      type: v.picklist(operationTypes),
      command: v.string(),
      launcher: v.picklist(['process', 'pueue', 'slurm', 'external']),
      submittedAt: v.string(),
      exitCode: v.exactOptional(v.number()),
    }),
  ),
  unreadable: v.number(),
  more: v.number(),
});
export const text = v.pipe(v.string(), v.maxLength(10_000));
export const identity = (leastPid: number): v.GenericSchema<unknown, ProcessIdentity> =>
  v.strictObject({
    machineId: id,
    bootId: id,
    pid: v.pipe(v.number(), v.integer(), v.minValue(leastPid)),
    startTicks: id,
  });
export const untracked: v.GenericSchema<unknown, Untracked> = v.strictObject({
  kind: v.picklist(untrackedKinds),
  name: text,
  service: v.exactOptional(text),
  isGuess: v.exactOptional(v.literal(true)),
  pid: v.exactOptional(v.number()),
  identity: v.exactOptional(identity(2)),
  user: v.exactOptional(text),
  ports: v.exactOptional(v.pipe(v.array(v.number()), v.maxLength(1_000))),
  command: v.exactOptional(text),
  folder: v.exactOptional(text),
  uptimeSeconds: v.exactOptional(v.number()),
  gpuMemoryMb: v.exactOptional(v.number()),
  runtime: v.exactOptional(v.picklist(['docker', 'podman'])),
  windows: v.exactOptional(v.number()),
  isAttached: v.exactOptional(v.boolean()),
});
export const submitSpec = shaped<SubmitSpec>(
  v.looseObject({ hostId: v.string(), type: v.string(), name: v.string(), command: v.string() }),
);
export const watchFolderView = shaped<WatchFolderView>(
  v.looseObject({
    id,
    path: v.string(),
    hostId: v.string(),
    remoteDir: v.string(),
    cases: v.array(v.looseObject({ id, name: v.string(), state: v.picklist(caseStates) })),
    more: v.number(),
  }),
);

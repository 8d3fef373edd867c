/** What a window asks of the one that owns the engine, and what it is told. Both sides check shapes by this. */
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
import type { Question } from '../hosts/questions';
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
import { mostPorts } from '../operations/portList';
import type { Overload } from '../operations/overload';
import type { SaveProblem } from '../operations/saveProblem';
import { operationTypes, statuses } from '../operations/status';
import type { Summary } from '../operations/summary';
import { type Untracked, untrackedKinds } from '../operations/untracked';
import { caseStates, type WatchFolderView } from '../operations/watchFolder';

/** Raised with every change below. */
export const protocolVersion = 10;

/** Longest message, in bytes: room for 10,000 operations, or for the largest log excerpt, escaped. */
export const maxMessageBytes = 64 * 1024 * 1024;

/**
 * Checks the fields that code relies on, and takes the others as they come: both ends are this same version
 * of this same program, and have shown each other that they belong to the same user.
 */
const shaped = <T>(schema: v.GenericSchema): v.GenericSchema<unknown, T> =>
  schema as v.GenericSchema<unknown, T>;

const id = v.pipe(v.string(), v.maxLength(200));
const status = v.picklist(statuses);

const operationView = shaped<OperationView>(
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
const hostHealth = shaped<HostHealth>(
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
const hostView = shaped<HostView>(v.looseObject(hostViewEntries));
const operationCounts = v.object({
  total: v.number(),
  byStatus: v.record(v.string(), v.number()),
  byType: v.record(v.string(), v.number()),
});
const summary = shaped<Summary>(
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
const saveProblem: v.GenericSchema<unknown, SaveProblem> = v.object({
  reason: v.string(),
  since: v.string(),
});
const metricSeries: v.GenericSchema<unknown, MetricSeries> = v.object({
  name: v.string(),
  values: v.array(v.number()),
});
const course: v.GenericSchema<unknown, Course> = v.object({
  metric: v.exactOptional(v.string()),
  resource: v.exactOptional(
    v.picklist(['cpuPercent', 'memoryMb', 'gpuPercent', 'gpuMemoryMb', 'networkMbps']),
  ),
  gpu: v.exactOptional(v.number()),
  points: v.array(v.tuple([v.number(), v.number()])),
});
const auditEvent = shaped<AuditEvent>(
  v.object({ at: v.string(), from: v.optional(status), to: status, evidence: v.string() }),
);
const syncReport: v.GenericSchema<unknown, SyncReport> = v.object({
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
const logText: v.GenericSchema<unknown, LogText> = v.object({
  text: v.string(),
  offset: v.number(),
  end: v.number(),
  size: v.number(),
  isMissing: v.exactOptional(v.literal(true)),
});
const logMatches: v.GenericSchema<unknown, LogMatches> = v.object({
  matches: v.array(v.object({ offset: v.number(), text: v.string() })),
  isWhole: v.boolean(),
  offset: v.number(),
  size: v.number(),
});
const openedPort: v.GenericSchema<unknown, OpenedPort> = v.object({
  localPort: v.number(),
  isLocal: v.boolean(),
  takenBy: v.exactOptional(v.string()),
});
const portUse = shaped<PortUse>(v.looseObject({ port: v.number(), listening: v.boolean() }));
const endedProcess: v.GenericSchema<unknown, EndedProcess> = v.object({
  how: v.picklist(['ended', 'killed', 'gone']),
  text: v.string(),
});
const overload: v.GenericSchema<unknown, Overload> = v.object({
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
const noticeClaim: v.GenericSchema<unknown, NoticeClaim> = v.strictObject({
  key: v.pipe(v.string(), v.maxLength(500)),
  by: v.pipe(v.string(), v.maxLength(100)),
});
const listQuery = v.strictObject({
  hostId: v.exactOptional(v.string()),
  type: v.exactOptional(v.picklist(operationTypes)),
  status: v.exactOptional(status),
  text: v.exactOptional(v.string()),
  sync: v.exactOptional(v.boolean()),
  archived: v.exactOptional(v.boolean()),
});
const launchChoices = shaped<LaunchChoices>(
  v.object({
    launchers: v.array(v.picklist(hostLaunchers)),
    partitions: v.array(v.looseObject({ name: v.string(), isDefault: v.boolean() })),
    groups: v.array(v.object({ name: v.string(), parallel: v.number(), isPaused: v.boolean() })),
    accounts: v.array(v.looseObject({ name: v.string(), qos: v.array(v.string()) })),
    systemd: v.exactOptional(v.literal(true)),
  }),
);
const foundRuns: v.GenericSchema<unknown, FoundRuns> = v.object({
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
const text = v.pipe(v.string(), v.maxLength(10_000));
const identity = (leastPid: number): v.GenericSchema<unknown, ProcessIdentity> =>
  v.strictObject({
    machineId: id,
    bootId: id,
    pid: v.pipe(v.number(), v.integer(), v.minValue(leastPid)),
    startTicks: id,
  });
const untracked: v.GenericSchema<unknown, Untracked> = v.strictObject({
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
const submitSpec = shaped<SubmitSpec>(
  v.looseObject({ hostId: v.string(), type: v.string(), name: v.string(), command: v.string() }),
);
const watchFolderView = shaped<WatchFolderView>(
  v.looseObject({
    id,
    path: v.string(),
    hostId: v.string(),
    remoteDir: v.string(),
    cases: v.array(v.looseObject({ id, name: v.string(), state: v.picklist(caseStates) })),
    more: v.number(),
  }),
);
/** JSON has no `undefined`, and its answers to nothing are null. */
const nothing = v.nullish(v.null());

export const requests = {
  list: { params: listQuery, result: v.array(operationView) },
  sync: {
    params: v.strictObject({
      hostId: v.exactOptional(v.string()),
      mayAsk: v.exactOptional(v.boolean()),
    }),
    result: syncReport,
  },
  summary: { params: v.strictObject({ hostId: v.exactOptional(v.string()) }), result: summary },
  launchChoices: { params: v.strictObject({ hostId: v.string() }), result: launchChoices },
  batchDirectives: {
    params: v.strictObject({ hostId: v.string(), script: v.pipe(v.string(), v.maxLength(4_000)) }),
    result: v.array(v.string()),
  },
  /** `spec` is checked by the engine. */
  submit: { params: v.strictObject({ spec: v.unknown() }), result: operationView },
  kill: { params: v.strictObject({ id, graceSeconds: v.exactOptional(v.number()) }), result: operationView },
  findRuns: {
    params: v.strictObject({ hostId: v.string(), mayAsk: v.exactOptional(v.boolean()) }),
    result: foundRuns,
  },
  importRuns: {
    params: v.strictObject({ hostId: v.string(), ids: v.array(id) }),
    result: v.number(),
  },
  untracked: {
    params: v.strictObject({ hostId: v.string(), mayAsk: v.exactOptional(v.boolean()) }),
    result: v.array(untracked),
  },
  track: { params: v.strictObject({ hostId: v.string(), found: untracked }), result: operationView },
  restart: {
    params: v.strictObject({ id, whenFree: v.exactOptional(v.boolean()) }),
    result: operationView,
  },
  startNow: { params: v.strictObject({ id }), result: operationView },
  checkOverload: {
    params: v.strictObject({ hostId: v.string(), gpus: v.exactOptional(v.number()) }),
    result: overload,
  },
  spec: { params: v.strictObject({ id }), result: submitSpec },
  pause: { params: v.strictObject({ id }), result: operationView },
  resume: { params: v.strictObject({ id }), result: operationView },
  archive: { params: v.strictObject({ id }), result: nothing },
  log: {
    params: v.strictObject({
      id,
      offset: v.exactOptional(v.number()),
      maxBytes: v.exactOptional(v.number()),
      mayAsk: v.exactOptional(v.boolean()),
    }),
    result: logText,
  },
  searchLog: {
    params: v.strictObject({
      id,
      text: v.pipe(v.string(), v.maxLength(1_000)),
      before: v.exactOptional(v.number()),
    }),
    result: logMatches,
  },
  openPort: {
    params: v.strictObject({ id, localPort: v.exactOptional(v.number()) }),
    result: openedPort,
  },
  closePort: { params: v.strictObject({ id }), result: nothing },
  /** Reports are checked by the engine. */
  startReport: { params: v.strictObject({ id, report: v.unknown() }), result: operationView },
  updateReport: { params: v.strictObject({ id, progress: v.unknown() }), result: operationView },
  completeReport: { params: v.strictObject({ id, result: v.unknown() }), result: operationView },
  checkPorts: {
    params: v.strictObject({
      hostId: v.string(),
      ports: v.pipe(v.array(v.number()), v.maxLength(mostPorts)),
      mayAsk: v.exactOptional(v.boolean()),
    }),
    result: v.array(portUse),
  },
  endProcess: {
    params: v.strictObject({
      hostId: v.string(),
      process: identity(1),
      graceSeconds: v.exactOptional(v.number()),
    }),
    result: endedProcess,
  },
  history: { params: v.strictObject({ id }), result: v.array(auditEvent) },
  courses: { params: v.strictObject({ id }), result: v.array(course) },
  hostCourses: { params: v.strictObject({ hostId: v.string() }), result: v.array(course) },
  sampleHost: { params: v.strictObject({ hostId: v.string() }), result: hostHealth },
  connect: { params: v.strictObject({ hostId: v.string() }), result: nothing },
  retryCase: { params: v.strictObject({ caseId: id }), result: nothing },
  cancelCase: { params: v.strictObject({ caseId: id }), result: nothing },
  claimNotice: { params: noticeClaim, result: v.boolean() },
} as const;

export type Method = keyof typeof requests;
export type Params<M extends Method> = v.InferOutput<(typeof requests)[M]['params']>;
export type Result<M extends Method> = v.InferOutput<(typeof requests)[M]['result']>;

/** From a client, without an answer. */
export const toOwner = {
  disconnect: v.strictObject({ hostId: v.string() }),
  visible: v.strictObject({ view: v.pipe(v.string(), v.maxLength(200)), visible: v.boolean() }),
  reporting: v.strictObject({ ids: v.array(id) }),
};

const seriesById = v.array(v.tuple([id, metricSeries]));
const snapshot = v.object({
  operations: v.array(operationView),
  hosts: v.array(hostView),
  series: seriesById,
  cases: v.array(watchFolderView),
  saveProblem: v.exactOptional(saveProblem),
});
const changes = v.object({
  operations: v.array(v.object({ view: operationView, listed: v.boolean() })),
  removed: v.array(id),
  hosts: v.exactOptional(v.array(hostView)),
  series: seriesById,
  cases: v.exactOptional(v.array(watchFolderView)),
  /** What windows tell the user of, so that no other does. */
  claims: v.exactOptional(v.array(noticeClaim)),
  /** Null when there is none any more; missing when nothing changed. */
  saveProblem: v.exactOptional(v.nullable(saveProblem)),
});

export type Snapshot = v.InferOutput<typeof snapshot>;
export type Changes = v.InferOutput<typeof changes>;

/** From the owner: first everything, then what changes. */
export const toClient = { snapshot, changes };

const question = shaped<Question>(
  v.variant('kind', [
    v.looseObject({ kind: v.literal('host-key'), name: text, fingerprint: text }),
    v.looseObject({ kind: v.literal('passphrase'), name: text, keyFile: text, attempt: v.number() }),
    v.looseObject({ kind: v.literal('password'), name: text, user: text, attempt: v.number() }),
    v.looseObject({ kind: v.literal('challenge'), name: text, prompt: text, echo: v.boolean() }),
  ]),
);

/** The one request from the owner: to a window whose user wants something of a host. Null: cancelled. */
export const ask = {
  params: v.strictObject({ question }),
  result: v.nullish(v.strictObject({ text, remember: v.boolean() })),
};

/** The first request. Its form stays for good, so that windows of different versions can tell each other. */
export const hello = {
  params: v.looseObject({ protocol: v.number(), version: v.string(), token: v.string() }),
  result: v.looseObject({ accepted: v.boolean(), version: v.string() }),
};
export type Hello = v.InferOutput<typeof hello.params>;

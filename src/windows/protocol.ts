/** What a window asks of the one that owns the engine, and what it is told. Both sides check shapes by this. */
import * as v from 'valibot';
import type { Question } from '../hosts/questions';
import { mostPorts } from '../operations/portList';
import {
  shaped,
  id,
  operationView,
  hostHealth,
  hostView,
  summary,
  saveProblem,
  metricSeries,
  course,
  auditEvent,
  syncReport,
  logText,
  logMatches,
  openedPort,
  portUse,
  endedProcess,
  overload,
  noticeClaim,
  listQuery,
  launchChoices,
  foundRuns,
  text,
  identity,
  untracked,
  submitSpec,
  watchFolderView,
} from './shapes';

/** Raised with every change below, and of shapes.ts. */
export const protocolVersion = 10;

/** Longest message, in bytes: room for 10,000 operations, or for the largest log excerpt, escaped. */
export const maxMessageBytes = 64 * 1024 * 1024;

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

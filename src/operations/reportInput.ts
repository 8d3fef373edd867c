import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { RemoteOperationsError } from './errors';
import type { ProgressReport, ReportResult, ReportSpec } from './report';
import { required, shownName, text } from './specText';
import { operationTypes } from './status';

const mostMessage = 200;
const mostMetrics = 32;
const mostMegabytes = 1e9;

const number = (what: () => string, least: number, most: number) => {
  const message = () => l10n.t('{0} must be a number from {1} to {2}.', what(), least, most);
  return v.pipe(v.number(message), v.finite(message), v.minValue(least, message), v.maxValue(most, message));
};
const whole = (what: () => string, least: number, most: number) =>
  v.pipe(
    number(what, least, most),
    v.integer(() => l10n.t('{0} must be a whole number.', what())),
  );
const bytes = v.optional(number(() => l10n.t('A size in bytes'), 0, Number.MAX_SAFE_INTEGER));
const epochs = v.optional(number(() => l10n.t('A number of epochs'), 0, Number.MAX_SAFE_INTEGER));
const percent = number(() => l10n.t('A percentage'), 0, 100);
const megabytes = number(() => l10n.t('An amount of memory in MB'), 0, mostMegabytes);

/** A mistyped field would be lost without a word. */
function objectProblem({ expected, path }: v.StrictObjectIssue): string {
  if (!path) {
    return l10n.t('A report must be an object.');
  }
  const field = String(path[0].key);
  return expected === 'never'
    ? l10n.t('"{0}" is not supported by this version.', field)
    : l10n.t('"{0}" is missing.', field);
}

const spec = v.strictObject(
  {
    type: v.picklist(operationTypes, () => l10n.t('The type must be server, job, program or transfer.')),
    name: required(() => l10n.t('The name'), 500),
    kind: v.optional(text(() => l10n.t('The kind'), 100)),
    description: v.optional(text(() => l10n.t('The description'), 2_000)),
    command: v.optional(text(() => l10n.t('The command'), 10_000)),
    hostId: v.optional(required(() => l10n.t('The host'), 200)),
    pid: v.optional(whole(() => l10n.t('The pid'), 1, 2 ** 32)),
    reportedBy: v.optional(required(() => l10n.t('Who reports it'), 100)),
  },
  objectProblem,
);

const metrics = v.pipe(
  v.record(
    required(() => l10n.t('The name of a metric'), 200),
    v.pipe(
      v.number(() => l10n.t('A metric must be a number.')),
      v.finite(() => l10n.t('A metric must be a number.')),
    ),
    () => l10n.t('The metrics must be names with numbers.'),
  ),
  v.check(
    (all) => Object.keys(all).length <= mostMetrics,
    () => l10n.t('There are at most {0} metrics.', mostMetrics),
  ),
);

const progress = v.strictObject(
  {
    progress: v.optional(number(() => l10n.t('The progress'), 0, 1)),
    message: v.optional(
      v.pipe(
        v.string(() => l10n.t('The message must be text.')),
        v.transform((message) => shownName(message.slice(0, mostMessage))),
      ),
    ),
    epoch: epochs,
    totalEpochs: epochs,
    metrics: v.optional(metrics),
    sizeDoneBytes: bytes,
    sizeTotalBytes: bytes,
    resources: v.optional(
      v.object(
        {
          cpuPercent: percent,
          memoryMb: megabytes,
          gpuPercent: v.optional(percent),
          gpuMemoryMb: v.optional(megabytes),
          networkMbps: v.optional(number(() => l10n.t('A rate in Mbit/s'), 0, mostMegabytes)),
        },
        () => l10n.t('The resources need "cpuPercent" and "memoryMb".'),
      ),
    ),
  },
  objectProblem,
);

const result = v.strictObject(
  {
    exitCode: v.optional(whole(() => l10n.t('The exit code'), -(2 ** 31), 2 ** 32)),
    error: v.optional(required(() => l10n.t('The error'), 2_000)),
  },
  objectProblem,
);

/** @throws RemoteOperationsError `InvalidInput` with a sentence that says what is wrong */
export function parseReport(input: unknown): ReportSpec {
  const { name, ...given } = parsed(spec, input);
  const report = { ...withoutUndefined(given), name: shownName(name) } as ReportSpec;
  const { reportedBy } = report;
  return reportedBy === undefined ? report : { ...report, reportedBy: shownName(reportedBy) };
}

/** @throws as `parseReport` */
export const parseProgressReport = (input: unknown = {}): ProgressReport =>
  withoutUndefined(parsed(progress, input)) as ProgressReport;

/** @throws as `parseReport` */
export const parseReportResult = (input: unknown = {}): ReportResult =>
  withoutUndefined(parsed(result, input)) as ReportResult;

function parsed<T>(schema: v.GenericSchema<unknown, T>, input: unknown): T {
  const found = v.safeParse(schema, input);
  if (!found.success) {
    throw new RemoteOperationsError('InvalidInput', found.issues[0].message);
  }
  return found.output;
}

/** What a caller leaves undefined must not take away what was told before. */
const withoutUndefined = <T extends object>(values: T): Partial<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;

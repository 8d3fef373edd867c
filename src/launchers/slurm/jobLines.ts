import { printable } from '../../hosts/destination';
import { arrayTasks } from '../../operations/slurmOptions';

/** What Slurm's queue, or its accounting, says of a job, or of some tasks of a job array. */
export interface Job {
  jobId: string;
  /** The operation's id; the job's name where it is not ours. */
  token: string;
  /** Indexes within the array; missing where the job is none. */
  tasks?: number[];
  state: string;
  exitCode?: number;
  reason?: string;
  partition?: string;
  node?: string;
  elapsedSeconds: number;
  /** That it was given, or asks for. */
  cpus?: number;
  timeLimitSeconds?: number;
  /** Expected, while it waits. ISO 8601 in UTC, by Slurm's clock; so are the others. */
  start?: string;
  end?: string;
  /** Orders jobs of the same token; ISO 8601 without a zone. */
  submit: string;
  by: 'squeue' | 'sacct';
}

const prefix = 'remote-ops-';
/** What Slurm writes where there is nothing to say. */
const nothing = new Set(['', 'N/A', 'None', 'none', '(null)', 'Unknown', 'None assigned']);

/** A `job` line (look.sh). `undefined` when it is not understood. */
export function parseQueueLine(line: string): Job | undefined {
  const [jobId, array, name = '', state, ...rest] = line.split('|');
  const [partition, nodes, used, limit, start, end, submit, cpus, ...reason] = rest;
  return reason.length === 0
    ? undefined
    : queued(tokenOf(name), {
        ...{ jobId, array, state, partition, nodes, used, limit, start, end, submit, cpus },
        reason: reason.join('|'),
      });
}

/** An `other` line (look.sh): of a job that need not be ours. `undefined` when it is not understood. */
export function parseOtherLine(line: string): Job | undefined {
  const [jobId, array, state, partition, nodes, used, limit, start, end, submit, cpus, reason, ...name] =
    line.split('|');
  return name.length === 0
    ? undefined
    : queued(printable(name.join('|')) || '?', {
        ...{ jobId, array, state, partition, nodes, used, limit, start, end, submit, cpus, reason },
      });
}

type Cell =
  | 'jobId'
  | 'array'
  | 'state'
  | 'partition'
  | 'nodes'
  | 'used'
  | 'limit'
  | 'start'
  | 'end'
  | 'submit'
  | 'cpus'
  | 'reason';

function queued(token: string, cells: Record<Cell, string | undefined>): Job | undefined {
  const { jobId = '', array = '', state = '', partition, nodes, used = '', limit = '' } = cells;
  const { start, end, submit = '', cpus = '', reason } = cells;
  const timeLimitSeconds = parseDuration(limit);
  const tasks = parseTasks(array);
  return checked({
    jobId,
    token,
    ...(tasks && { tasks }),
    state,
    ...said('reason', reason),
    ...said('partition', partition),
    ...said('node', nodes),
    elapsedSeconds: parseDuration(used) ?? 0,
    ...(/^\d{1,7}$/.test(cpus) && { cpus: Number(cpus) }),
    ...(timeLimitSeconds !== undefined && { timeLimitSeconds }),
    ...said('start', inUtc(start)),
    ...said('end', inUtc(end)),
    submit,
    by: 'squeue',
  });
}

/** A `record` line (look.sh). `undefined` when it is not understood. */
export function parseAccountingLine(line: string): Job | undefined {
  const [id = '', name = '', stateText = '', exit = '', submit = '', end, partition, nodes, seconds = ''] =
    line.split('|');
  // "CANCELLED by 1000" is one state and who brought it about.
  const [state = '', ...by] = stateText.split(' ');
  const [, jobId = '', array] = /^(\d+)(?:_\[?([^\]]*)\]?)?$/.exec(id) ?? [];
  const tasks = array === undefined ? undefined : parseTasks(array);
  const exitCode = /^\d{1,3}:0$/.test(exit) ? Number.parseInt(exit, 10) : undefined;
  return checked({
    jobId,
    token: tokenOf(name),
    ...(tasks && { tasks }),
    state,
    ...(exitCode !== undefined && { exitCode }),
    ...said('reason', by.join(' ')),
    ...said('partition', partition),
    ...said('node', nodes),
    elapsedSeconds: /^\d{1,10}$/.test(seconds) ? Number(seconds) : 0,
    ...said('end', inUtc(end)),
    submit,
    by: 'sacct',
  });
}

const checked = (job: Job): Job | undefined =>
  /^\d{1,20}$/.test(job.jobId) && job.token !== '' && /^[A-Z_]{1,40}$/.test(job.state) ? job : undefined;

/** The operation's id that the name of a job stands for; empty where it stands for none. */
export const tokenOf = (name: string): string => (name.startsWith(prefix) ? name.slice(prefix.length) : '');

function said<K extends string>(key: K, text: string | undefined): { [key in K]?: string } {
  return text === undefined || nothing.has(text)
    ? {}
    : ({ [key]: printable(text) } as { [key in K]: string });
}

/** `3`, or `4-9%2`, which is what still waits. */
const parseTasks = (text: string): number[] | undefined =>
  /^[\d,:-]+(%\d+)?$/.test(text) ? arrayTasks(text) : undefined;

/** `1-02:03:04`, `02:03:04`, `3:04`. */
export function parseDuration(text: string): number | undefined {
  const [, days = '0', hours = '0', minutes, seconds] =
    /^(?:(\d{1,6})-)?(?:(\d{1,4}):)?(\d{1,4}):(\d{2})$/.exec(text) ?? [];
  return minutes === undefined
    ? undefined
    : ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
}

const inUtc = (time: string | undefined): string | undefined =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(time ?? '') ? `${time}.000Z` : undefined;

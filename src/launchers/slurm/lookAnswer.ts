import * as l10n from '@vscode/l10n';
import { printable } from '../../hosts/destination';
import type { Block, Line } from '../frame';
import { parseAccountingLine, parseOtherLine, parseQueueLine, type Job } from './jobLines';
import { parseUsedLine, type Used } from './jobUses';

export interface RunFacts {
  isPresent: boolean;
  isClaimed: boolean;
  /** The job that has the claim. */
  job?: string;
}

/** What look.sh said, by operation. */
export interface LookAnswer {
  /** Why Slurm did not answer, in its own words. */
  queueProblem?: string;
  /** `unasked`: everything was in the queue. */
  accounting: 'ok' | 'none' | 'unasked' | { problem: string };
  queue: ReadonlyMap<string, Job[]>;
  records: ReadonlyMap<string, Job[]>;
  runs: ReadonlyMap<string, RunFacts>;
  /** Exit codes of the tasks of arrays, by index. */
  taskExits: ReadonlyMap<string, ReadonlyMap<number, number>>;
  /** The host's clock when it answered, in milliseconds. */
  hostMs: number;
  runsId?: string;
  /** Lines that were not understood: any operation may be meant. */
  strange: number;
  /** Not in the queue, and accounting could not be asked about them this time. */
  left: ReadonlySet<string>;
  /** Of the user's other jobs those that are understood; `isWhole`: all of them. */
  others: { jobs: readonly Job[]; isWhole: boolean };
  /** By job, what it has used; `unasked`: accounting was asked instead, or nothing runs elsewhere. */
  uses: ReadonlyMap<string, Used> | { problem: string } | 'unasked';
}

/** `undefined`: it is not the answer of look.sh. */
export function readLookAnswer({ lines, runsId }: Block): LookAnswer | undefined {
  const queue = new Map<string, Job[]>();
  const records = new Map<string, Job[]>();
  const runs = new Map<string, RunFacts>();
  const taskExits = new Map<string, Map<number, number>>();
  let queueProblem: string | undefined;
  let isAnswered = false;
  let accounting: LookAnswer['accounting'] = 'unasked';
  let hostMs = NaN;
  let strange = 0;
  const left = new Set<string>();
  const others: Job[] = [];
  let isWhole = true;
  let uses: Map<string, Used> | { problem: string } | undefined;
  for (const line of lines) {
    const [tag, what = '', ...more] = line.words;
    const rest = () => line.words.slice(1).join(' ');
    const add = (to: Map<string, Job[]>, job: Job | undefined) => {
      if (job) {
        to.set(job.token, [...(to.get(job.token) ?? []), job]);
      } else {
        strange += 1;
      }
    };
    if (tag === 'now') {
      hostMs = Date.parse(`${what}Z`);
    } else if (tag === 'queue') {
      isAnswered = true;
      queueProblem = what === 'ok' ? undefined : wordsOf(line);
    } else if (tag === 'accounting') {
      accounting = what === 'ok' || what === 'none' ? what : { problem: wordsOf(line) };
    } else if (tag === 'job') {
      add(queue, parseQueueLine(rest()));
    } else if (tag === 'record') {
      add(records, parseAccountingLine(rest()));
    } else if (tag === 'other') {
      const job = parseOtherLine(rest());
      isWhole &&= job !== undefined;
      others.push(...(job ? [job] : []));
    } else if (tag === 'more') {
      isWhole = false;
    } else if (tag === 'left') {
      left.add(what);
    } else if (tag === 'uses') {
      uses = what === 'ok' ? new Map() : { problem: wordsOf(line) };
    } else if (tag === 'used' && uses instanceof Map) {
      addUse(uses, rest());
    } else if (tag === 'run') {
      const [present, claimed, job = '-'] = more;
      runs.set(what, {
        isPresent: present === 'yes',
        isClaimed: claimed === 'yes',
        ...(/^\d{1,20}$/.test(job) && { job }),
      });
    } else if (tag === 'tasks') {
      taskExits.set(what, readTaskExits(line));
    }
  }
  return isAnswered
    ? {
        ...(queueProblem !== undefined && { queueProblem }),
        ...{ accounting, queue, records, runs, taskExits, hostMs, strange, left },
        uses: uses ?? 'unasked',
        others: { jobs: others, isWhole: isWhole && strange === 0 },
        ...(runsId !== undefined && { runsId }),
      }
    : undefined;
}

const wordsOf = ({ data }: Line): string => printable(data.toString('utf8')) || l10n.t('it said nothing');

function addUse(uses: Map<string, Used>, line: string): void {
  const { jobId, used } = parseUsedLine(line) ?? {};
  if (jobId !== undefined && used) {
    const { cpuSeconds, memoryMb } = uses.get(jobId) ?? { cpuSeconds: 0, memoryMb: 0 };
    uses.set(jobId, { cpuSeconds: cpuSeconds + used.cpuSeconds, memoryMb: memoryMb + used.memoryMb });
  }
}

/** Lines "./task-INDEX/exit_code:CODE". */
function readTaskExits({ data }: Line): Map<number, number> {
  const found = data.toString('latin1').matchAll(/^\.\/task-(\d{1,9})\/exit_code:(\d{1,3})$/gm);
  return new Map([...found].map(([, task, code]) => [Number(task), Number(code)]));
}

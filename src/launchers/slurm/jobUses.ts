import type { JobUse } from '../../operations/jobUse';
import { parseDuration, type Job } from './jobLines';

/** What the steps of a job have used together. */
export type Used = Pick<JobUse, 'cpuSeconds' | 'memoryMb'>;

const units: Readonly<Record<string, number>> = {
  '': 1 / 1024 / 1024,
  K: 1 / 1024,
  M: 1,
  G: 1024,
  T: 1024 * 1024,
};

/** A `used` line (look.sh): the job and what one of its steps has used. `undefined` when it is not understood. */
export function parseUsedLine(line: string): { jobId: string; used: Used } | undefined {
  const [, jobId, tres = ''] = /^(\d{1,20})\.[^|]*\|(.*)$/.exec(line) ?? [];
  const amount = (name: string) => new RegExp(`(?:^|,)${name}=([^,]*)`).exec(tres)?.[1] ?? '';
  const cpuSeconds = parseDuration(amount('cpu'));
  const memoryMb = parseMebibytes(amount('mem'));
  return jobId === undefined || cpuSeconds === undefined || memoryMb === undefined
    ? undefined
    : { jobId, used: { cpuSeconds, memoryMb } };
}

/** `1628K`, `1.50G`. */
function parseMebibytes(text: string): number | undefined {
  const [, amount, unit = ''] = /^(\d{1,15}(?:\.\d{1,6})?)([KMGT]?)$/.exec(text) ?? [];
  return amount === undefined ? undefined : Number(amount) * (units[unit] ?? NaN);
}

/** What those of the queue that run have used, by the operation's id. */
export function jobUses(
  queue: ReadonlyMap<string, readonly Job[]>,
  used: ReadonlyMap<string, Used>,
): Map<string, JobUse> {
  const uses = new Map<string, JobUse>();
  for (const { jobId, token, cpus, elapsedSeconds, state } of [...queue.values()].flat()) {
    const { cpuSeconds, memoryMb } = used.get(jobId) ?? {};
    if (cpuSeconds !== undefined && memoryMb !== undefined && cpus !== undefined && state === 'RUNNING') {
      uses.set(token, { cpus, elapsedSeconds, cpuSeconds, memoryMb: Math.round(memoryMb) });
    }
  }
  return uses;
}

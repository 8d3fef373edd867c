import type { Resources } from './operationView';

/** What a job has used since it started, as its scheduler counts it. */
export interface JobUse {
  /** Processors that it was given. */
  cpus: number;
  /** Since it started, by the scheduler's clock. */
  elapsedSeconds: number;
  /** Processor time of all its processes. */
  cpuSeconds: number;
  /** Of all its processes, now. */
  memoryMb: number;
}

/** Schedulers count in whole seconds: over less, the grain shows. */
const leastSeconds = 5;

/** What a job uses, its share of the processors that it was given; `undefined` where two counts do not tell. */
export function resourcesOfJob(now: JobUse, before: JobUse): Resources | undefined {
  const seconds = now.elapsedSeconds - before.elapsedSeconds;
  const used = now.cpuSeconds - before.cpuSeconds;
  // A job that was requeued counts anew; a step that ended is not counted any more.
  if (seconds < leastSeconds || used < 0 || now.cpus === 0) {
    return undefined;
  }
  const share = Math.min(1, used / seconds / now.cpus);
  return { cpuPercent: Math.round(share * 1000) / 10, memoryMb: now.memoryMb };
}

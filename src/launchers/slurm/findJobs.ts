import * as l10n from '@vscode/l10n';
import type { Operation } from '../../operations/operation';
import type { FoundJob, FoundJobs } from '../launcher';
import { arrayEvidence } from './arrayTally';
import { jobEvidence } from './interpretJobs';
import { tokenOf, type Job } from './jobLines';
import type { LookAnswer } from './lookAnswer';

/** Nothing is known of it but what the queue says; Slurm may repeat it, as it does unless it was told not to. */
const unknown: Pick<Operation, 'spec'> = {
  spec: { hostId: '', type: 'job', name: '', command: '', slurm: { requeue: true } },
};

/** The jobs that were not asked about: mostly those that were submitted elsewhere. */
export function findJobs(answer: LookAnswer, place: string): FoundJobs {
  if (answer.queueProblem !== undefined) {
    return { problem: l10n.t('Slurm does not answer: {0}', answer.queueProblem) };
  }
  const byKey = new Map<string, Job[]>();
  for (const job of answer.others.jobs) {
    // Tasks of an array are submitted together, and a job id is given out again some day.
    const key = `${job.jobId} ${job.submit}`;
    byKey.set(key, [...(byKey.get(key) ?? []), job]);
  }
  const jobs = [...byKey].flatMap(([key, parts]) => found(key, parts, answer) ?? []);
  const isWhole = answer.others.isWhole && jobs.length === byKey.size;
  return { place, jobs, isWhole };
}

function found(key: string, parts: Job[], answer: LookAnswer): FoundJob | undefined {
  const [first] = parts as [Job];
  const submittedAt = `${first.submit}.000Z`;
  const evidence = parts.some(({ tasks }) => tasks)
    ? arrayEvidence(unknown, parts, [])
    : jobEvidence(first, unknown, answer);
  if (!evidence || Number.isNaN(Date.parse(submittedAt))) {
    return undefined;
  }
  const token = tokenOf(first.token);
  return { key, ...(token && { token }), name: first.token, submittedAt, evidence };
}

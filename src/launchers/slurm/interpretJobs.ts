import * as l10n from '@vscode/l10n';
import type { Evidence } from '../../operations/evidence';
import type { Operation } from '../../operations/operation';
import type { SchedulerJob } from '../../operations/scheduler';
import { arrayEvidence, isArray } from './arrayTally';
import type { Job } from './jobLines';
import type { LookAnswer } from './lookAnswer';
import { hasEnded, kindOf } from './states';

const gone = { kind: 'absent', killDelivered: false, onSharedFiles: true } as const;

/** Translates what Slurm said into evidence, one for each operation asked about. */
export function interpretJobs(answer: LookAnswer, operations: readonly Operation[]): Map<string, Evidence> {
  return new Map(operations.map((operation) => [operation.id, judge(answer, operation)]));
}

function judge(answer: LookAnswer, operation: Operation): Evidence {
  const { id } = operation;
  if (answer.queueProblem !== undefined) {
    return {
      kind: 'unseen',
      observation: 'stale',
      reason: l10n.t('Slurm does not answer: {0}', answer.queueProblem),
    };
  }
  const queued = answer.queue.get(id) ?? [];
  const recorded = answer.records.get(id) ?? [];
  if (isArray(operation, [...queued, ...recorded])) {
    const evidence = arrayEvidence(operation, queued, recorded, answer.taskExits.get(id));
    if (evidence && evidence.kind !== 'absent') {
      return evidence;
    }
    // Some of its tasks, or all of them, are nowhere: that is worth what the answer as a whole is.
    const unknown = unknownJob(answer, operation);
    return evidence && unknown.kind === 'absent' ? evidence : unknown;
  }
  const run = answer.runs.get(id);
  const job = theOne(queued, run?.job) ?? theOne(recorded, run?.job);
  if (!job) {
    return unknownJob(answer, operation);
  }
  if (job.by === 'sacct' && !hasEnded(job.state)) {
    // Accounting hears of things late.
    return {
      kind: 'ambiguous',
      reason: l10n.t("not in the queue, and {0} by Slurm's accounting", job.state),
    };
  }
  if (hasEnded(job.state) && run?.isClaimed && run.job === undefined) {
    const { exitCode: _none, ...end } = called(job, answer);
    return { ...end, state: 'cancelled', reason: l10n.t('called off before it began') };
  }
  return jobEvidence(job, operation, answer);
}

/**
 * Of several jobs with one token (a request that was thought lost, and another) the one that has the claim: the
 * others leave without doing anything. Before there is a claim, one that may still get it.
 */
function theOne(jobs: readonly Job[], claimant: string | undefined): Job | undefined {
  if (claimant !== undefined) {
    return jobs.find(({ jobId }) => jobId === claimant);
  }
  const bySubmission = jobs.toSorted((a, b) => (a.submit < b.submit ? -1 : a.submit > b.submit ? 1 : 0));
  return bySubmission.find(({ state }) => !hasEnded(state)) ?? bySubmission.at(-1);
}

export function jobEvidence(job: Job, operation: Pick<Operation, 'spec'>, answer: LookAnswer): Evidence {
  const { by, state, reason } = job;
  const scheduler = schedulerJob(job);
  const kind = kindOf(state);
  switch (kind) {
    case 'waits':
      return { kind: 'pending', ...(reason !== undefined && { reason }), by, scheduler };
    case 'runs':
    case 'suspended':
    case 'unlisted':
      return {
        kind: 'alive',
        activity: kind === 'suspended' ? 'paused' : 'running',
        uptimeSeconds: job.elapsedSeconds,
        by,
        scheduler,
      };
    case 'lost':
      if (mayBeRequeued(operation)) {
        return { ...gone, reason: ended(job), fromScheduler: 'lost' };
      }
      return { ...called(job, answer), state: 'failed' };
    default:
      return { ...called(job, answer), state: kind };
  }
}

/** The scripts of others say for themselves whether they may. */
const mayBeRequeued = ({ spec: { slurm } }: Pick<Operation, 'spec'>): boolean =>
  slurm?.requeue ?? slurm?.script !== undefined;

/** Slurm's own words for an end. */
const ended = ({ state, reason }: Job): string => (reason === undefined ? state : `${state} (${reason})`);

function called(job: Job, { hostMs }: LookAnswer): Extract<Evidence, { kind: 'settled' }> {
  const kind = kindOf(job.state);
  const exitCode = kind === 'completed' ? 0 : kind === 'failed' ? job.exitCode || undefined : undefined;
  const endedSecondsAgo = job.end === undefined ? NaN : (hostMs - Date.parse(job.end)) / 1000;
  return {
    kind: 'settled',
    state: 'failed',
    ...(exitCode !== undefined && { exitCode }),
    reason: ended(job),
    ...(endedSecondsAgo >= 0 && { endedSecondsAgo }),
    by: job.by,
    scheduler: schedulerJob(job),
  };
}

export function schedulerJob(job: Job): SchedulerJob {
  const { jobId, state, reason, partition, node, start, timeLimitSeconds } = job;
  return {
    jobId,
    state,
    ...(reason !== undefined && { reason }),
    ...(partition !== undefined && { partition }),
    ...(node !== undefined && { node }),
    ...(start !== undefined && kindOf(state) === 'waits' && { estimatedStart: start }),
    ...(timeLimitSeconds !== undefined && { timeLimitSeconds }),
  };
}

/** Neither the queue nor accounting has it, as far as they could be asked. */
function unknownJob(answer: LookAnswer, operation: Operation): Evidence {
  const { accounting, runs, runsId } = answer;
  const run = runs.get(operation.id);
  if (answer.strange > 0) {
    return {
      kind: 'ambiguous',
      reason: l10n.t('not found, but Slurm said something that is not understood'),
    };
  }
  if (typeof accounting === 'object') {
    return {
      kind: 'ambiguous',
      reason: l10n.t('not in the queue, and accounting fails: {0}', accounting.problem),
    };
  }
  if (answer.left.has(operation.id) || (accounting === 'unasked' && answer.queue.has(operation.id))) {
    return { kind: 'ambiguous', reason: l10n.t('not in the queue, and accounting was not asked yet') };
  }
  if (operation.runsId !== undefined && operation.runsId !== runsId) {
    return { kind: 'ambiguous', reason: l10n.t('the home directory on the host is not what it was') };
  }
  if (!run?.isPresent && operation.scheduler) {
    return {
      kind: 'ambiguous',
      reason: l10n.t('its run directory cannot be read, so its exit code is not known'),
    };
  }
  const isUnconfirmed = operation.status === 'unconfirmed' || operation.status === 'submitting';
  if (isUnconfirmed && !run?.isClaimed && !operation.scheduler) {
    return { kind: 'not-launched', mayFollow: true };
  }
  const reason = l10n.t('Slurm does not know it any more and it left no exit code');
  return { ...gone, reason, fromScheduler: 'forgotten' };
}

import * as l10n from '@vscode/l10n';
import type { Evidence } from '../../operations/evidence';
import type { Operation } from '../../operations/operation';
import { isHold, type SchedulerJob, type TaskCounts } from '../../operations/scheduler';
import { arrayTasks } from '../../operations/slurmOptions';
import type { Job } from './jobLines';
import { hasEnded, kindOf, type StateKind } from './states';

type TaskState = keyof TaskCounts;

const taskStates: Readonly<Record<StateKind, TaskState>> = {
  waits: 'pending',
  runs: 'running',
  suspended: 'running',
  unlisted: 'running',
  completed: 'completed',
  failed: 'failed',
  lost: 'failed',
  cancelled: 'cancelled',
};

export const isArray = ({ spec, scheduler }: Operation, jobs: readonly Job[]): boolean =>
  spec.slurm?.array !== undefined ||
  scheduler?.tasks !== undefined ||
  jobs.some(({ tasks }) => tasks !== undefined);

/**
 * An array is one operation: it runs while any of its tasks may, and has completed when all of them have. A task's
 * exit code says more than the queue, the queue more than accounting. `undefined`: nothing is known of it.
 */
export function arrayEvidence(
  operation: Pick<Operation, 'spec' | 'scheduler'>,
  queued: readonly Job[],
  recorded: readonly Job[],
  exits: ReadonlyMap<number, number> = new Map(),
): Evidence | undefined {
  const states = new Map<number, TaskState>();
  for (const job of [...recorded, ...queued]) {
    job.tasks?.forEach((task) => states.set(task, taskStates[kindOf(job.state)]));
  }
  exits.forEach((code, task) => states.set(task, code === 0 ? 'completed' : 'failed'));
  if (states.size === 0) {
    return undefined;
  }
  const tasks: TaskCounts = { pending: 0, running: 0, completed: 0, failed: 0, cancelled: 0 };
  states.forEach((state) => (tasks[state] += 1));
  const jobs = [...queued, ...recorded];
  return evidenceOf(tasks, total(operation), jobs, schedulerOf(operation, jobs, tasks));
}

/** How many tasks there are: as asked for, or as many as were once seen of a script that asks itself. */
function total({ spec, scheduler }: Pick<Operation, 'spec' | 'scheduler'>): number {
  const array = spec.slurm?.array;
  return array === undefined
    ? Object.values<number>({ ...scheduler?.tasks }).reduce((sum, count) => sum + count, 0)
    : arrayTasks(array).length;
}

function evidenceOf(tasks: TaskCounts, all: number, jobs: readonly Job[], scheduler: SchedulerJob): Evidence {
  const { pending, running, completed, failed, cancelled } = tasks;
  const ended = completed + failed + cancelled;
  const by = jobs[0]?.by ?? l10n.t('exit codes');
  if (running > 0 || (pending > 0 && ended > 0)) {
    const uptimeSeconds = Math.max(0, ...jobs.map(({ elapsedSeconds }) => elapsedSeconds));
    const activity = isHalted(jobs) ? 'paused' : 'running';
    return { kind: 'alive', activity, uptimeSeconds, by, scheduler };
  }
  if (pending > 0) {
    return {
      kind: 'pending',
      ...(scheduler.reason !== undefined && { reason: scheduler.reason }),
      by,
      scheduler,
    };
  }
  const unknown = all - ended;
  if (unknown > 0) {
    const reason = l10n.t(
      'Slurm does not know {0} of {1} tasks any more and they left no exit code',
      unknown,
      all,
    );
    return { kind: 'absent', reason, killDelivered: false, onSharedFiles: true, fromScheduler: 'forgotten' };
  }
  const settled = { kind: 'settled', by, scheduler } as const;
  if (failed > 0) {
    return { ...settled, state: 'failed', reason: l10n.t('{0} of {1} tasks failed', failed, ended) };
  }
  return cancelled > 0
    ? { ...settled, state: 'cancelled', reason: l10n.t('{0} of {1} tasks were cancelled', cancelled, ended) }
    : { ...settled, state: 'completed', reason: l10n.t('all {0} tasks completed', ended) };
}

/** Of what has not ended, nothing runs, and nothing would start. */
function isHalted(jobs: readonly Job[]): boolean {
  return jobs
    .filter(({ state }) => !hasEnded(state))
    .every(
      ({ state, reason }) => kindOf(state) === 'suspended' || (kindOf(state) === 'waits' && isHold(reason)),
    );
}

function schedulerOf(
  { scheduler }: Pick<Operation, 'scheduler'>,
  jobs: readonly Job[],
  tasks: TaskCounts,
): SchedulerJob {
  const telling =
    jobs.find(({ state }) => kindOf(state) === 'runs') ??
    jobs.find(({ state }) => kindOf(state) === 'waits') ??
    jobs[0];
  const { jobId = scheduler?.jobId ?? '', state = scheduler?.state ?? 'COMPLETED' } = telling ?? {};
  const { reason, partition = scheduler?.partition, node, start, timeLimitSeconds } = telling ?? {};
  return {
    jobId,
    state,
    ...(reason !== undefined && { reason }),
    ...(partition !== undefined && { partition }),
    ...(node !== undefined && { node }),
    ...(start !== undefined && kindOf(state) === 'waits' && { estimatedStart: start }),
    ...(timeLimitSeconds !== undefined && { timeLimitSeconds }),
    tasks,
  };
}

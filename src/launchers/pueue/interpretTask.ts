import * as l10n from '@vscode/l10n';
import type { Evidence } from '../../operations/evidence';
import type { Operation } from '../../operations/operation';
import type { SchedulerJob } from '../../operations/scheduler';
import type { LookAnswer, Problem, Task } from './lookAnswer';

const by = 'pueue';

type StateKind = 'waits' | 'runs' | 'paused' | 'done' | 'unlisted';

const kinds: Readonly<Record<string, StateKind>> = {
  Locked: 'waits',
  Stashed: 'waits',
  Queued: 'waits',
  Running: 'runs',
  Paused: 'paused',
  Done: 'done',
};

/** A state that is not listed is active, whatever it means: it is never an end. */
export const kindOf = ({ state }: Task): StateKind => kinds[state] ?? 'unlisted';

/** Whether the run directory leaves anything to ask pueue about. */
export const isOpen = (run: Evidence | undefined): boolean => run?.kind !== 'exited' && run?.kind !== 'alive';

/**
 * What a look showed of an operation, by its run directory and by what pueue said before that. The exit code is
 * stronger than pueue's word, and so is a process that is provably the operation's: a daemon that is started anew calls
 * killed what it finds, without looking. `undefined`: this look tells nothing.
 *
 * @param answer missing where pueue was not asked
 */
export function combined(
  operation: Operation,
  run: Evidence | undefined,
  answer: LookAnswer | undefined,
  hostName: string,
): Evidence | undefined {
  if (run?.kind === 'alive') {
    return operation.scheduler
      ? { ...run, scheduler: started(operation.scheduler, run.activity === 'paused' ? 'Paused' : 'Running') }
      : run;
  }
  // Each machine has a pueue of its own: another one's knows nothing of this operation.
  if (!run || !isOpen(run) || !answer || isElsewhere(operation, answer)) {
    return run;
  }
  const tasks = answer.tasks.get(operation.id) ?? [];
  const living = tasks.find((task) => ['runs', 'paused'].includes(kindOf(task)));
  if (living) {
    return progressing(alive(living, answer), run);
  }
  switch (run.kind) {
    case 'absent': {
      const killed = tasks.find(({ result }) => result === 'Killed');
      return killed ? settled(killed, answer, 'cancelled', l10n.t('killed in pueue; {0}', run.reason)) : run;
    }
    case 'not-launched':
      return notBegun(operation, tasks, answer, hostName);
    default:
      return run;
  }
}

const isElsewhere = ({ machineId }: Operation, answer: LookAnswer): boolean =>
  machineId !== undefined && machineId !== answer.machineId;

const progressing = (evidence: Evidence, run: Evidence): Evidence =>
  'progress' in run && run.progress ? ({ ...evidence, progress: run.progress } as Evidence) : evidence;

/** No supervisor had begun when the run directory was looked at. */
function notBegun(
  operation: Operation,
  tasks: readonly Task[],
  answer: LookAnswer,
  hostName: string,
): Evidence | undefined {
  if (answer.problem) {
    return { kind: 'unseen', observation: 'stale', reason: problemText(answer.problem, hostName) };
  }
  if (answer.claimed.has(operation.id)) {
    // It began since.
    return undefined;
  }
  const waiting = tasks.find((task) => kindOf(task) !== 'done');
  if (waiting) {
    const scheduler = schedulerJob(waiting, answer);
    return { kind: 'pending', ...(scheduler.reason && { reason: scheduler.reason }), by, scheduler };
  }
  const ended = tasks.at(-1);
  if (ended) {
    return endedUnbegun(ended, answer);
  }
  if (answer.strange > 0) {
    return {
      kind: 'ambiguous',
      reason: l10n.t('not found, but pueue said something that is not understood'),
    };
  }
  const isUnconfirmed = operation.status === 'unconfirmed' || operation.status === 'submitting';
  if (isUnconfirmed && !operation.scheduler) {
    return { kind: 'not-launched' };
  }
  return {
    kind: 'absent',
    reason: l10n.t('removed from pueue before it began'),
    killDelivered: false,
  };
}

/** Why pueue does not answer, and what to do. */
export function problemText({ code, words }: Problem, hostName: string): string {
  switch (code) {
    case 'no-pueue':
      return l10n.t(
        'pueue is not to be found on {0}: put it on the PATH of sessions without a terminal',
        hostName,
      );
    case 'no-daemon':
      return l10n.t('the pueue daemon is not running on {0}: start it there with "pueued -d"', hostName);
    case 'no-answer':
      return words === ''
        ? l10n.t('pueue does not answer on {0}', hostName)
        : l10n.t('pueue does not answer on {0}: {1}', hostName, words);
  }
}

function alive(task: Task, answer: LookAnswer): Evidence {
  const seconds = task.startMs === undefined ? 0 : (answer.hostMs - task.startMs) / 1000;
  return {
    kind: 'alive',
    activity: kindOf(task) === 'paused' ? 'paused' : 'running',
    uptimeSeconds: Math.max(0, seconds) || 0,
    by,
    scheduler: schedulerJob(task, answer),
  };
}

/** It ended without having begun: what pueue says of it is all that there is. */
function endedUnbegun(task: Task, answer: LookAnswer): Evidence {
  const { result = '', detail } = task;
  switch (result) {
    case 'Success':
      return { ...settled(task, answer, 'completed', result), exitCode: 0 };
    case 'Failed': {
      const exitCode = /^\d{1,3}$/.test(detail ?? '') ? Number(detail) : undefined;
      const end = settled(task, answer, 'failed', notStarted(detail && l10n.t('exit {0}', detail)));
      return exitCode ? { ...end, exitCode } : end;
    }
    case 'FailedToSpawn':
      return settled(task, answer, 'failed', notStarted(detail));
    case 'DependencyFailed':
      return settled(task, answer, 'failed', l10n.t('a task that it depends on failed'));
    case 'Errored':
      return settled(task, answer, 'failed', l10n.t('pueue met an error while it ran it'));
    case 'Killed':
      return settled(task, answer, 'cancelled', l10n.t('killed before it began'));
    default:
      return { kind: 'ambiguous', reason: l10n.t('pueue says that it ended as "{0}"', result) };
  }
}

const notStarted = (detail: string | undefined): string =>
  detail ? l10n.t('pueue could not start it: {0}', detail) : l10n.t('pueue could not start it');

function settled(
  task: Task,
  answer: LookAnswer,
  state: 'completed' | 'failed' | 'cancelled',
  reason: string,
): Extract<Evidence, { kind: 'settled' }> {
  const endedSecondsAgo = task.endMs === undefined ? NaN : (answer.hostMs - task.endMs) / 1000;
  return {
    kind: 'settled',
    state,
    reason,
    ...(endedSecondsAgo >= 0 && { endedSecondsAgo }),
    by,
    scheduler: schedulerJob(task, answer),
  };
}

function schedulerJob(task: Task, answer: LookAnswer): SchedulerJob {
  const reason = kindOf(task) === 'done' ? task.result : reasonOf(task, answer);
  return {
    jobId: String(task.number),
    state: task.state,
    ...(reason !== undefined && { reason }),
    group: task.group,
  };
}

/** Why it waits. */
function reasonOf(
  { state, group, dependencies, enqueueAt }: Task,
  { groups }: LookAnswer,
): string | undefined {
  const own = groups.get(group);
  switch (state) {
    case 'Stashed':
      return enqueueAt === undefined ? l10n.t('stashed') : l10n.t('stashed until {0}', enqueueAt);
    case 'Locked':
      return l10n.t('locked while somebody edits it');
    case 'Queued':
      if (own?.isPaused) {
        return l10n.t('the group "{0}" is paused', group);
      }
      return dependencies.length > 0
        ? l10n.t('tasks {0} or a free slot of the group "{1}"', dependencies.join(', '), group)
        : l10n.t('a free slot of the group "{0}"', group);
    default:
      return undefined;
  }
}

function started({ reason: _before, ...job }: SchedulerJob, state: string): SchedulerJob {
  return { ...job, state };
}

import * as l10n from '@vscode/l10n';
import type { Evidence } from '../../operations/evidence';
import type { SchedulerJob } from '../../operations/scheduler';
import type { LookAnswer, TaskFacts } from './lookAnswer';

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
export const kindOf = ({ state }: Pick<TaskFacts, 'state'>): StateKind => kinds[state] ?? 'unlisted';

export function alive(task: TaskFacts, answer: LookAnswer): Evidence {
  const seconds = task.startMs === undefined ? 0 : (answer.hostMs - task.startMs) / 1000;
  return {
    kind: 'alive',
    activity: kindOf(task) === 'paused' ? 'paused' : 'running',
    uptimeSeconds: Math.max(0, seconds) || 0,
    by,
    scheduler: schedulerJob(task, answer),
  };
}

export function pending(task: TaskFacts, answer: LookAnswer): Evidence {
  const scheduler = schedulerJob(task, answer);
  return { kind: 'pending', ...(scheduler.reason && { reason: scheduler.reason }), by, scheduler };
}

/** What is said of those that failed or were killed depends on whose they are. */
export interface EndWords {
  /** @param detail like "exit 3"; empty when pueue does not tell */
  failed: (detail: string) => string;
  killed: string;
}

/** All that there is of it is what pueue says. */
export function ended(task: TaskFacts, answer: LookAnswer, words: EndWords): Evidence {
  const { result = '', detail } = task;
  switch (result) {
    case 'Success':
      return { ...settled(task, answer, 'completed', result), exitCode: 0 };
    case 'Failed': {
      const exitCode = /^\d{1,3}$/.test(detail ?? '') ? Number(detail) : undefined;
      const end = settled(task, answer, 'failed', words.failed(detail ? l10n.t('exit {0}', detail) : ''));
      return exitCode ? { ...end, exitCode } : end;
    }
    case 'FailedToSpawn':
      return settled(task, answer, 'failed', notStarted(detail));
    case 'DependencyFailed':
      return settled(task, answer, 'failed', l10n.t('a task that it depends on failed'));
    case 'Errored':
      return settled(task, answer, 'failed', l10n.t('pueue met an error while it ran it'));
    case 'Killed':
      return settled(task, answer, 'cancelled', words.killed);
    default:
      return { kind: 'ambiguous', reason: l10n.t('pueue says that it ended as "{0}"', result) };
  }
}

/** @param detail why, in pueue's words; empty when it does not tell */
export const notStarted = (detail: string | undefined): string =>
  detail ? l10n.t('pueue could not start it: {0}', detail) : l10n.t('pueue could not start it');

export function settled(
  task: TaskFacts,
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

function schedulerJob(task: TaskFacts, answer: LookAnswer): SchedulerJob {
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
  { state, group, dependencies, enqueueAt }: TaskFacts,
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

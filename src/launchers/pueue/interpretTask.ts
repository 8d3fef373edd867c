import * as l10n from '@vscode/l10n';
import type { Evidence } from '../../operations/evidence';
import type { Operation } from '../../operations/operation';
import type { SchedulerJob } from '../../operations/scheduler';
import type { LookAnswer, Problem, Task } from './lookAnswer';
import { alive, ended, kindOf, notStarted, pending, settled, type EndWords } from './taskEvidence';

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

const unbegun = (): EndWords => ({
  failed: notStarted,
  killed: l10n.t('killed before it began'),
});

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
    return pending(waiting, answer);
  }
  const over = tasks.at(-1);
  if (over) {
    return ended(over, answer, unbegun());
  }
  if (answer.strange > 0) {
    return {
      kind: 'ambiguous',
      reason: l10n.t('not found, but pueue said something that is not understood'),
    };
  }
  const handed = answer.handed.get(operation.id) ?? 'unknown';
  if (handed === 'other') {
    return { kind: 'ambiguous', reason: problemText({ code: 'other-daemon', words: '' }, hostName) };
  }
  const isUnconfirmed = operation.status === 'unconfirmed' || operation.status === 'submitting';
  if (isUnconfirmed && !operation.scheduler) {
    return { kind: 'not-launched' };
  }
  // Of another daemon's tasks it knows nothing.
  if (handed !== 'same') {
    return {
      kind: 'ambiguous',
      reason: l10n.t(
        'pueue on {0} does not have it, and whether this is the pueue that it was handed to cannot be told: if it was removed there, kill it here as well',
        hostName,
      ),
    };
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
    case 'other-daemon':
      return l10n.t(
        'another pueue daemon than the one that it was handed to answers on {0}: start that one again, or kill it here, and it will not run',
        hostName,
      );
    case 'no-answer':
      return words === ''
        ? l10n.t('pueue does not answer on {0}', hostName)
        : l10n.t('pueue does not answer on {0}: {1}', hostName, words);
  }
}

function started({ reason: _before, ...job }: SchedulerJob, state: string): SchedulerJob {
  return { ...job, state };
}

import * as l10n from '@vscode/l10n';
import type { Evidence } from '../../operations/evidence';
import type { FoundJob, FoundJobs } from '../launcher';
import { problemText } from './interpretTask';
import type { LookAnswer, OtherTask } from './lookAnswer';
import { alive, ended, kindOf, pending } from './taskEvidence';

/** The tasks that were not asked about: mostly those that were not added by us. */
export function findTasks(answer: LookAnswer, hostName: string): FoundJobs {
  if (answer.problem) {
    return { problem: problemText(answer.problem, hostName) };
  }
  const { machineId, daemon, others } = answer;
  return {
    // Numbers of another daemon are of other times.
    place: machineId,
    ...(daemon !== undefined && { source: daemon }),
    jobs: others.tasks.map((task) => found(task, answer)),
    // A daemon that cannot be told from another one may not be the one that had the others.
    isWhole: others.isWhole && daemon !== undefined,
  };
}

function found(task: OtherTask, answer: LookAnswer): FoundJob {
  const { number, createdMs, token, name } = task;
  return {
    key: `${number} ${createdMs}`,
    ...(token && { token }),
    name: name || l10n.t('task {0}', number),
    submittedAt: new Date(createdMs).toISOString(),
    evidence: evidenceOf(task, answer),
  };
}

/** There is no run directory of it: all that is known is what pueue says. */
function evidenceOf(task: OtherTask, answer: LookAnswer): Evidence {
  switch (kindOf(task)) {
    case 'runs':
    case 'paused':
      return alive(task, answer);
    case 'done':
      return ended(task, answer, {
        failed: (detail) => detail || l10n.t('failed'),
        killed: l10n.t('killed in pueue'),
      });
    case 'waits':
    case 'unlisted':
      return pending(task, answer);
  }
}

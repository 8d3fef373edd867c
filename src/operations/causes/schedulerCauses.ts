import * as l10n from '@vscode/l10n';
import type { Operation } from '../operation';
import { spanText } from './spanText';

type Ended = Pick<Operation, 'launcher' | 'scheduler' | 'status' | 'error'>;

/** What the scheduler that ran it says of its end; nothing where the exit code or the log tells more. */
export function schedulerTitle(operation: Ended): string | undefined {
  switch (operation.launcher) {
    case 'slurm':
      return slurmTitle(operation);
    case 'pueue':
      return pueueTitle(operation);
    default:
      return undefined;
  }
}

/** States of squeue(1), "JOB STATE CODES". */
function slurmTitle({ scheduler, error }: Ended): string | undefined {
  const { state, timeLimitSeconds, node } = scheduler ?? {};
  switch (state) {
    case 'TIMEOUT':
      return timeLimitSeconds === undefined
        ? l10n.t('Slurm ended it at its time limit')
        : l10n.t('Slurm ended it at its time limit of {0}', spanText(timeLimitSeconds));
    case 'OUT_OF_MEMORY':
      return l10n.t('Slurm ended it because it used more memory than it was given');
    case 'NODE_FAIL':
      return node
        ? l10n.t('A node that it ran on failed ({0})', node)
        : l10n.t('A node that it was to run on failed');
    case 'BOOT_FAIL':
      return l10n.t('The node that it was to run on did not start');
    case 'PREEMPTED':
      return l10n.t('Slurm ended it to make room for a job of higher priority');
    case 'DEADLINE':
      return l10n.t('Slurm ended it at its deadline');
    case 'CANCELLED':
      return cancelledTitle(scheduler?.reason, error);
    default:
      return undefined;
  }
}

/** Accounting tells by whom: "CANCELLED by 1000", which arrives here as state and reason. */
function cancelledTitle(reason: string | undefined, error: string | undefined): string | undefined {
  const by = /\bby (\d+)\b/u.exec(`${reason ?? ''} ${error ?? ''}`)?.[1];
  switch (by) {
    case undefined:
      return l10n.t('It was cancelled in Slurm, and not from this list');
    case '0':
      return l10n.t('An administrator cancelled it in Slurm');
    default:
      return l10n.t('User {0} cancelled it in Slurm', by);
  }
}

/** Results of pueue's tasks. */
function pueueTitle({ scheduler }: Ended): string | undefined {
  switch (scheduler?.reason) {
    case 'FailedToSpawn':
      return l10n.t('pueue could not start it');
    case 'DependencyFailed':
      return l10n.t('A task that it depends on failed in pueue');
    case 'Errored':
      return l10n.t('pueue met an error of its own while it ran it');
    case 'Killed':
      return l10n.t('It was killed in pueue, and not from this list');
    default:
      return undefined;
  }
}

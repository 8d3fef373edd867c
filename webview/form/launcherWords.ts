/** How the ways to start are called. */
import * as l10n from '@vscode/l10n';
import type { HostLauncher } from '../../src/operations/operationView';

export function launcherLabel(launcher: HostLauncher): string {
  switch (launcher) {
    case 'process':
      return l10n.t('At Once');
    case 'slurm':
      return l10n.t('By Slurm');
    case 'pueue':
      return l10n.t('By pueue');
  }
}

export function launcherDescription(launcher: HostLauncher): string {
  switch (launcher) {
    case 'process':
      return l10n.t('as a process on the host');
    case 'slurm':
      return l10n.t('as a job of the cluster');
    case 'pueue':
      return l10n.t('as a task in its queue');
  }
}

/** Within a sentence. */
export function launcherPhrase(launcher: HostLauncher): string {
  switch (launcher) {
    case 'process':
      return l10n.t('as a process');
    case 'slurm':
      return l10n.t('by Slurm');
    case 'pueue':
      return l10n.t('by pueue');
  }
}

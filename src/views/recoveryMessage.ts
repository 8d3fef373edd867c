import * as vscode from 'vscode';
import { commands } from '../ids';
import { showWarning } from './messages';

/** What the store tells when it found its database damaged. */
export interface RecoveryNews {
  problem: string;
  movedTo: readonly string[];
  restored?: { savedAt: string };
}

/** Tells once what was found, what was opened instead, and where the damaged file lies. */
export async function tellRecovery({ problem, movedTo, restored }: RecoveryNews): Promise<void> {
  const { t } = vscode.l10n;
  const parts = [
    t('The list of remote operations was damaged on this computer: {0}.', problem),
    restored
      ? t(
          'The backup of {0} was opened, with what was saved since as far as it could be read.',
          new Date(restored.savedAt).toLocaleString(),
        )
      : t('What could be read of it was kept.'),
    t('What is missing now may still run on its host.'),
    ...(movedTo.length > 0 ? [t('The damaged file was kept: {0}', movedTo.join(', '))] : []),
  ];
  const showOutput = t('Show Output');
  if ((await showWarning(parts.join(' '), showOutput)) === showOutput) {
    await vscode.commands.executeCommand(commands.showOutput);
  }
}

import * as vscode from 'vscode';
import { commands } from '../ids';
import type { OperationView } from '../operations/operationView';
import { showInformation, showWarning } from './messages';
import { statusText } from './operationText';

/** Where an operation that was started can be seen. */
export interface Sights {
  /** `false`: the tree is not in sight. */
  revealInTree: (id: string) => Promise<boolean>;
  isDashboardVisible: () => boolean;
}

/** Tells what became of a start: by its row where that is in sight, else in words. */
export async function tellStart(view: OperationView, sights: Sights): Promise<void> {
  const { t } = vscode.l10n;
  const isInTree = await sights.revealInTree(view.id);
  if (view.status === 'queued') {
    void showInformation(t('"{0}" is queued: it {1}. It starts by itself.', view.name, view.waitsFor ?? ''));
  } else if (view.status === 'unconfirmed') {
    void showWarning(
      t('No answer came when "{0}" was started. It is looked up, and is started at most once.', view.name),
    );
  } else if (!isInTree && !sights.isDashboardVisible()) {
    const showLog = t('Show Log');
    if (
      (await showInformation(t('"{0}" is {1}.', view.name, statusText(view.shownStatus)), showLog)) ===
      showLog
    ) {
      await vscode.commands.executeCommand(commands.showLog, view.id);
    }
  }
}

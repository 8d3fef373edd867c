import * as vscode from 'vscode';
import { canKill } from '../../operations/applicable';
import type { OperationView } from '../../operations/operationView';
import { oneLine } from '../historyTable';
import { withoutIcons } from '../plainText';
import { detachedCode, hasBegun } from './taskEnd';

export type Interruption = 'kill' | 'detach' | 'continue';

/**
 * Asks what Ctrl+C is to mean. Whoever leaves the question lets it go on.
 * @param signal takes the question back
 */
export function askInterruption(
  view: OperationView,
  hostName: string,
  signal: AbortSignal,
): Promise<Interruption> {
  const { t } = vscode.l10n;
  const pick = vscode.window.createQuickPick<vscode.QuickPickItem & { answer: Interruption }>();
  pick.title = withoutIcons(t('"{0}" on {1}', oneLine(view.name), hostName));
  pick.placeholder = hasBegun(view)
    ? t('The operation runs on the host. What is to happen to it?')
    : t('The operation has not begun. What is to happen to it?');
  pick.items = [
    {
      answer: 'kill' as const,
      label: t('Kill'),
      iconPath: new vscode.ThemeIcon('debug-stop'),
      detail: t('All its processes are asked to end (TERM), and killed (KILL) after 10 seconds.'),
    },
    {
      answer: 'detach' as const,
      label: t('Detach'),
      iconPath: new vscode.ThemeIcon('debug-disconnect'),
      detail:
        detachedCode(view) === 0
          ? t('The task ends, and the operation goes on. It stays in the list.')
          : t('The operation goes on. The task fails, and what depends on it does not start.'),
    },
    {
      answer: 'continue' as const,
      label: t('Continue'),
      iconPath: new vscode.ThemeIcon('debug-continue'),
      detail: t('Both go on as they were.'),
    },
  ].filter(({ answer }) => answer !== 'kill' || canKill(view));
  return new Promise((resolve) => {
    const settle = (answer: Interruption) => {
      resolve(answer);
      signal.removeEventListener('abort', takeBack);
      pick.dispose();
    };
    const takeBack = () => settle('continue');
    pick.onDidAccept(() => settle(pick.selectedItems[0]?.answer ?? 'continue'));
    pick.onDidHide(() => settle('continue'));
    signal.addEventListener('abort', takeBack);
    pick.show();
  });
}

import * as vscode from 'vscode';
import type { Dashboard } from '../views/dashboard/dashboardPanel';
import type { ViewFilter } from '../views/viewFilter';
import type { Handlers } from './registerAll';

export function viewCommands(
  dashboard: Dashboard,
  filter: ViewFilter,
  log: vscode.LogOutputChannel,
): Handlers {
  return {
    openDashboard: () => dashboard.show(),
    filter: async () => {
      const text = await vscode.window.showInputBox({
        title: vscode.l10n.t('Filter Operations'),
        prompt: vscode.l10n.t('Part of the name, the command, the host or the status'),
        value: filter.text,
      });
      if (text !== undefined) {
        filter.set(text);
      }
    },
    clearFilter: () => filter.set(''),
    showOutput: () => log.show(),
  };
}

import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import type { OperationView } from '../operations/operationView';
import type { HistoryDocuments } from '../views/historyDocuments';
import { HistorySearch } from '../views/historySearch';
import { oneLine } from '../views/historyTable';
import { operationIcon } from '../views/operationIcon';
import { rowDescription, statusText } from '../views/operationText';
import { withoutIcons } from '../views/plainText';
import type { Handlers } from './registerAll';

interface HistoryItem extends vscode.QuickPickItem {
  /** Missing on the entry that says how many more there are. */
  view?: OperationView;
}

export function historyCommands(service: OperationsService, history: HistoryDocuments): Handlers {
  return {
    searchHistory: async () => {
      const view = await pickFromHistory(service);
      if (view) {
        await history.show(view);
      }
    },
  };
}

/** Searches everything that has ended, archived or not. */
async function pickFromHistory(service: OperationsService): Promise<OperationView | undefined> {
  const pick = vscode.window.createQuickPick<HistoryItem>();
  pick.title = vscode.l10n.t('Search History');
  pick.placeholder = vscode.l10n.t('Words of the name, the command, the host or the status');
  pick.busy = true;
  const picked = new Promise<OperationView | undefined>((resolve) => {
    pick.onDidAccept(() => pick.selectedItems[0]?.view && resolve(pick.selectedItems[0].view));
    pick.onDidHide(() => resolve(undefined));
  });
  pick.show();
  try {
    const views = await service.list({ archived: true, sync: false });
    const items = itemsOf(service, views);
    const show = () => (pick.items = items(pick.value));
    pick.onDidChangeValue(show);
    show();
    pick.busy = false;
    return await picked;
  } finally {
    pick.dispose();
  }
}

function itemsOf(
  service: OperationsService,
  views: readonly OperationView[],
): (text: string) => HistoryItem[] {
  const hosts = new Map(service.hosts().map(({ id, name }) => [id, name]));
  const listed = new Set(service.operations().map(({ id }) => id));
  const hostOf = ({ hostId }: OperationView) => hosts.get(hostId) ?? hostId;
  const archivedText = vscode.l10n.t('archived');
  const search = new HistorySearch(views, (view) => [
    view.name,
    view.command,
    hostOf(view),
    statusText(view.shownStatus),
    listed.has(view.id) ? '' : archivedText,
  ]);
  return (text) => {
    const found = search.find(text);
    const items: HistoryItem[] = found.views.map((view) => ({
      label: withoutIcons(oneLine(view.name)),
      description: [listed.has(view.id) ? '' : archivedText, rowDescription(view, hostOf(view))]
        .filter(Boolean)
        .map(withoutIcons)
        .join(' · '),
      detail: withoutIcons(oneLine(view.command)),
      iconPath: operationIcon(view),
      // Found already: VS Code's own matching would look at parts of it only.
      alwaysShow: true,
      view,
    }));
    if (found.more > 0) {
      const label = vscode.l10n.t('{0} more: type another word', found.more);
      items.push({ label, iconPath: new vscode.ThemeIcon('ellipsis'), alwaysShow: true });
    }
    return items.length > 0 ? items : [{ label: vscode.l10n.t('Nothing matches'), alwaysShow: true }];
  };
}

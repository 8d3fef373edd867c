import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import { operationTypes, statuses, type OperationType, type ShownStatus } from '../operations/status';
import { typesText } from '../operations/typeText';
import type { OperationFilter } from '../views/operationFilter';
import { statusText } from '../views/operationText';
import { typeIcon } from '../views/operationIcon';
import { withoutIcons } from '../views/plainText';
import type { ViewFilter } from '../views/viewFilter';

interface FacetItem extends vscode.QuickPickItem {
  status?: ShownStatus;
  hostId?: string;
  type?: OperationType;
}

/** Asks what to show, and shows it at once; Escape brings back what was shown before. */
export async function askFilter(service: OperationsService, filter: ViewFilter): Promise<void> {
  const before = filter.filter;
  const pick = vscode.window.createQuickPick<FacetItem>();
  pick.title = vscode.l10n.t('Filter Operations');
  pick.placeholder = vscode.l10n.t('Part of the name, the command, the host or the status');
  pick.canSelectMany = true;
  // One looks at the tree meanwhile.
  pick.ignoreFocusOut = true;
  pick.items = facetItems(service, before);
  pick.selectedItems = pick.items.filter((item) => isChosen(item, before));
  pick.value = before.text;
  // Last: the choices above are events too.
  const show = () => filter.set(chosen(pick.value, pick.selectedItems));
  const accepted = await new Promise<boolean>((resolve) => {
    pick.onDidChangeValue(show);
    pick.onDidChangeSelection(show);
    pick.onDidAccept(() => resolve(true));
    pick.onDidHide(() => resolve(false));
    pick.show();
  });
  if (accepted) {
    show();
  } else {
    filter.set(before);
  }
  pick.dispose();
}

/** What occurs, and what is chosen already. What is typed is a filter of its own: it hides none of these. */
function facetItems(service: OperationsService, { statuses: chosenStatuses }: OperationFilter): FacetItem[] {
  const operations = service.operations();
  const countOf = (fits: (view: (typeof operations)[number]) => boolean) =>
    String(operations.filter(fits).length);
  const occurring = new Set(operations.map(({ shownStatus }) => shownStatus));
  const all: readonly ShownStatus[] = [...statuses, 'unknown'];
  const heading = (label: string): FacetItem => ({ label, kind: vscode.QuickPickItemKind.Separator });
  return [
    heading(vscode.l10n.t('Status')),
    ...all
      .filter((status) => occurring.has(status) || chosenStatuses.includes(status))
      .map((status) => ({
        label: statusText(status),
        description: countOf((view) => view.shownStatus === status),
        alwaysShow: true,
        status,
      })),
    heading(vscode.l10n.t('Host')),
    ...service.hosts().map(({ id, name }) => ({
      label: withoutIcons(name),
      description: countOf(({ hostId }) => hostId === id),
      iconPath: new vscode.ThemeIcon('vm'),
      alwaysShow: true,
      hostId: id,
    })),
    heading(vscode.l10n.t('Type')),
    ...operationTypes.map((type) => ({
      label: typesText(type),
      description: countOf((view) => view.type === type),
      iconPath: typeIcon(type),
      alwaysShow: true,
      type,
    })),
  ];
}

const isChosen = ({ status, hostId, type }: FacetItem, filter: OperationFilter): boolean =>
  (status !== undefined && filter.statuses.includes(status)) ||
  (hostId !== undefined && filter.hostIds.includes(hostId)) ||
  (type !== undefined && filter.types.includes(type));

const chosen = (text: string, items: readonly FacetItem[]): OperationFilter => ({
  text,
  statuses: items.flatMap(({ status }) => status ?? []),
  hostIds: items.flatMap(({ hostId }) => hostId ?? []),
  types: items.flatMap(({ type }) => type ?? []),
});

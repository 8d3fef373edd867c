import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import type { OperationView } from '../operations/operationView';
import { oneLine } from '../views/historyTable';
import { showInformation } from '../views/messages';
import { operationIcon } from '../views/operationIcon';
import { rowDescription } from '../views/operationText';
import type { TreeNode } from '../views/operationsTree';

/**
 * The operations that a command is meant for: the row it was called on with the rows selected with it,
 * an id (dashboard), or, from the Command Palette, the user's pick among those that apply.
 */
export async function pickOperations(
  service: OperationsService,
  args: unknown[],
  applies: (view: OperationView) => boolean,
  placeHolder: string,
  { archived = false } = {},
): Promise<OperationView[]> {
  const [first, selected] = args;
  const appliesToOurs = (view: OperationView) => view.origin === undefined && applies(view);
  const ids = idsOf(Array.isArray(selected) ? selected : [first]);
  if (ids.length > 0) {
    return ids
      .map((id) => service.get(id))
      .filter((view): view is OperationView => view !== undefined)
      .filter(appliesToOurs);
  }
  const all = archived ? await service.list({ archived, sync: false }) : service.operations();
  const candidates = all.filter(appliesToOurs);
  if (candidates.length === 0) {
    void showInformation(vscode.l10n.t('There is no operation that this applies to.'));
    return [];
  }
  const hosts = service.hosts();
  const nameOf = (hostId: string) =>
    hosts.length > 1 || archived ? (hosts.find(({ id }) => id === hostId)?.name ?? hostId) : undefined;
  const items = candidates.map((view) => ({
    label: view.name,
    description: rowDescription(view, nameOf(view.hostId)),
    // Among all that ever ran, a command is what one remembers.
    ...(archived && { detail: oneLine(view.command) }),
    iconPath: operationIcon(view),
    view,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked ? [picked.view] : [];
}

function idsOf(values: unknown[]): string[] {
  return values.flatMap((value) => {
    if (typeof value === 'string') {
      return [value];
    }
    const node = value as TreeNode | undefined;
    return node?.kind === 'operation' ? [node.id] : [];
  });
}

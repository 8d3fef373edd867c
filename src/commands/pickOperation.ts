import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import type { OperationView } from '../operations/operationView';
import { isReported } from '../operations/report';
import { oneLine } from '../views/historyTable';
import { showInformation } from '../views/messages';
import { operationIcon } from '../views/operationIcon';
import { rowDescription, statusText } from '../views/operationText';
import { withoutIcons } from '../views/plainText';
import { calledOn, operationIdsOf } from './calledOn';

/**
 * The operations that a command is meant for: the row it was called on with the rows selected with it,
 * an id or the context of a card (dashboard), or, from the Command Palette, the user's pick among those that apply.
 * `applies` learns whether the host is in the settings. `found`: those that were submitted elsewhere as well;
 * `reported`: those of other extensions.
 */
export async function pickOperations(
  service: OperationsService,
  args: unknown[],
  applies: (view: OperationView, isWatched: boolean) => boolean,
  placeHolder: string,
  { archived = false, found = false, reported = false } = {},
): Promise<OperationView[]> {
  const hosts = service.hosts();
  const isWatched = ({ hostId }: OperationView) => hosts.some(({ id }) => id === hostId);
  const appliesToOurs = (view: OperationView) =>
    (found || view.origin === undefined) && (reported || !isReported(view)) && applies(view, isWatched(view));
  const ids = operationIdsOf(calledOn(args));
  if (ids.length > 0 || Array.isArray(args[1])) {
    const views = ids.flatMap((id) => service.get(id) ?? []);
    const fitting = views.filter(appliesToOurs);
    tellLeftOut(views, fitting, isWatched);
    return fitting;
  }
  const all = archived ? await service.list({ archived, sync: false }) : service.operations();
  const candidates = all.filter(appliesToOurs);
  if (candidates.length === 0) {
    void showInformation(vscode.l10n.t('There is no operation that this applies to.'));
    return [];
  }
  const nameOf = (hostId: string) =>
    hosts.length > 1 || archived ? (hosts.find(({ id }) => id === hostId)?.name ?? hostId) : undefined;
  const items = candidates.map((view) => ({
    label: withoutIcons(oneLine(view.name)),
    description: withoutIcons(rowDescription(view, nameOf(view.hostId))),
    // Among all that ever ran, a command is what one remembers.
    ...(archived && { detail: withoutIcons(oneLine(view.command)) }),
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

/** What a command passes over in silence would look as if it had been done. */
function tellLeftOut(
  views: readonly OperationView[],
  fitting: readonly OperationView[],
  isWatched: (view: OperationView) => boolean,
): void {
  const [first] = views;
  if (fitting.length === views.length || !first) {
    return;
  }
  if (views.length === 1 && isReported(first)) {
    void showInformation(
      vscode.l10n.t('This does not apply to "{0}": another extension runs it.', first.name),
    );
    return;
  }
  if (views.length === 1 && !isWatched(first)) {
    void showInformation(
      vscode.l10n.t(
        'This does not apply to "{0}": its host {1} is not in the settings any more.',
        first.name,
        first.hostId,
      ),
    );
    return;
  }
  void showInformation(
    views.length === 1
      ? vscode.l10n.t('This does not apply to "{0}": it is {1}.', first.name, statusText(first.shownStatus))
      : vscode.l10n.t(
          'This applies to {0} of the {1} selected operations; the others are left as they are.',
          fitting.length,
          views.length,
        ),
  );
}

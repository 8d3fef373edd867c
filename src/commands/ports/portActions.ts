import * as vscode from 'vscode';
import type { OperationsService } from '../../engine/operationsService';
import { commands } from '../../ids';
import { canRestart } from '../../operations/applicable';
import type { HostView } from '../../operations/operationView';
import type { PortUse } from '../../operations/portUse';
import { showInformation, showWarning } from '../../views/messages';
import { withoutIcons } from '../../views/plainText';
import { portText, userText } from '../../views/portText';
import { trackFound } from '../trackCommands';
import { withProgress } from '../withProgress';
import { endUses } from './endUse';
import { canEnd } from './vacatePort';

export interface PortAction extends vscode.QuickPickItem {
  act: () => Promise<unknown>;
}

/** What can be done about one who uses a port. */
export function portActions(service: OperationsService, host: HostView, use: PortUse): PortAction[] {
  const { t } = vscode.l10n;
  const { port, operationId, isOrphan } = use;
  const operation = operationId === undefined ? undefined : service.get(operationId);
  const kill: PortAction = {
    label: t('$(debug-stop) Kill'),
    description: t('and look whether the port is free then'),
    act: async () => tell(service, host, port, await endUses(service, host, port, [use])),
  };
  const restart = (id: string): PortAction => ({
    label: t('$(debug-restart) Restart'),
    description: t('as it was submitted'),
    act: async () => {
      await vscode.commands.executeCommand(commands.restart, id);
      tell(service, host, port, await lookAgain(service, host, port));
    },
  });
  const show = (id: string): PortAction => ({
    label: t('$(info) Show Operation'),
    act: async () => vscode.commands.executeCommand(commands.showDetails, id),
  });
  const copy: PortAction = {
    label: t('$(copy) Copy'),
    description: withoutIcons(lineOf(service, use)),
    act: async () => vscode.env.clipboard.writeText(lineOf(service, use)),
  };
  return [
    ...(canEnd(use) ? [kill] : []),
    ...(operation && !isOrphan && canRestart(operation) ? [restart(operation.id)] : []),
    ...(operation ? [show(operation.id)] : []),
    ...(operation || isOrphan || !use.isOwn ? [] : [trackAction(service, host, use)]),
    copy,
  ];
}

/** Its process, or the one that it is a part of. */
const trackAction = (service: OperationsService, host: HostView, { port, pid }: PortUse): PortAction => ({
  label: vscode.l10n.t('$(add) Track'),
  description: vscode.l10n.t('take it into the list'),
  act: async () => {
    const all = await service.untracked(host.id, { mayAsk: true });
    const found = all.find((each) => each.pid === pid) ?? all.find(({ ports = [] }) => ports.includes(port));
    await (found
      ? trackFound(service, host, found)
      : showInformation(
          vscode.l10n.t(
            'Who uses port {0} cannot be tracked: nothing of yours is found there.',
            String(port),
          ),
        ));
  },
});

const lineOf = (service: OperationsService, use: PortUse): string =>
  [String(use.port), (use.addresses ?? []).join(' '), userText(use, service), use.command ?? '']
    .filter((part) => part !== '')
    .join('  ');

const lookAgain = (service: OperationsService, host: HostView, port: number): Promise<PortUse[]> =>
  withProgress(
    { title: vscode.l10n.t('Looking at port {0} on {1}...', String(port), host.name), cancellable: true },
    (signal) => service.checkPorts(host.id, [port], { mayAsk: true }, signal),
  );

/** What the port is like after something was done about it. */
function tell(
  service: OperationsService,
  host: HostView,
  port: number,
  uses: readonly PortUse[] | undefined,
): void {
  if (uses) {
    const text = portText(port, host.name, uses, service);
    void (uses.some(({ listening, operationId }) => listening && operationId === undefined)
      ? showWarning(text)
      : showInformation(text));
  }
}

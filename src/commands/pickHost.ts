import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import { commands } from '../ids';
import type { HostView } from '../operations/operationView';
import { hostDescription } from '../views/hostText';
import { showInformation } from '../views/messages';
import { withoutIcons } from '../views/plainText';
import type { TreeNode } from '../views/treeNodes';
import { calledOn } from './calledOn';

/** The host that a command was called on (its row, or its id from the dashboard), else the user's pick. */
export async function hostFor(
  service: OperationsService,
  argument: unknown,
  placeHolder: string,
): Promise<HostView | undefined> {
  const [host] = await hostsFor(service, [argument], placeHolder);
  return host;
}

/** As `hostFor`, with the hosts that are selected with the one that a command was called on. */
export async function hostsFor(
  service: OperationsService,
  args: readonly unknown[],
  placeHolder: string,
): Promise<HostView[]> {
  // Right after the start the hosts are not known yet: this waits until they are.
  await service.list({ sync: false });
  const hosts = service.hosts();
  const ids = [...new Set(calledOn(args).flatMap((value) => hostIdOf(value) ?? []))];
  if (ids.length > 0) {
    return known(hosts, ids);
  }
  if (hosts.length === 0) {
    void offerToAdd();
    return [];
  }
  return hosts.length === 1 ? hosts : pick(hosts, placeHolder);
}

/** What a command passes over in silence would look as if it had been done. */
function known(hosts: readonly HostView[], ids: readonly string[]): HostView[] {
  const gone = ids.find((id) => !hosts.some((host) => host.id === id));
  if (gone !== undefined) {
    void showInformation(vscode.l10n.t('The host {0} is not in the settings any more.', gone));
  }
  return ids.flatMap((id) => hosts.find((host) => host.id === id) ?? []);
}

async function offerToAdd(): Promise<void> {
  const add = vscode.l10n.t('Add Host');
  if ((await showInformation(vscode.l10n.t('There is no host yet.'), add)) === add) {
    await vscode.commands.executeCommand(commands.addHost);
  }
}

async function pick(hosts: readonly HostView[], placeHolder: string): Promise<HostView[]> {
  const items = hosts.map((host) => ({
    label: withoutIcons(host.name),
    description: withoutIcons(host.address),
    detail: withoutIcons(hostDescription(host)),
    host,
  }));
  const picked = await vscode.window.showQuickPick(items, { placeHolder });
  return picked ? [picked.host] : [];
}

function hostIdOf(value: unknown): string | undefined {
  if (typeof value === 'string') {
    return value;
  }
  const node = value as TreeNode | undefined;
  if (node?.kind === 'host') {
    return node.id;
  }
  return node?.kind === 'untrackedHost' || node?.kind === 'untrackedRow' ? node.hostId : undefined;
}

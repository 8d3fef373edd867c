import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import type { HostView } from '../operations/operationView';
import { hostDescription } from '../views/hostText';
import type { TreeNode } from '../views/treeNodes';

/** The host that a command was called on (its row, or its id from the dashboard), else the user's pick. */
export async function hostFor(
  service: OperationsService,
  argument: unknown,
  placeHolder: string,
): Promise<HostView | undefined> {
  // Right after the start the hosts are not known yet: this waits until they are.
  await service.list({ sync: false });
  const hosts = service.hosts();
  const node = argument as TreeNode | undefined;
  const id = typeof argument === 'string' ? argument : node && hostIdOf(node);
  if (id !== undefined) {
    return hosts.find((host) => host.id === id);
  }
  if (hosts.length <= 1) {
    return hosts[0];
  }
  const items = hosts.map((host) => ({
    label: host.name,
    description: host.address,
    detail: hostDescription(host),
    host,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.host;
}

function hostIdOf(node: TreeNode): string | undefined {
  if (node.kind === 'host') {
    return node.id;
  }
  return node.kind === 'untrackedHost' || node.kind === 'untrackedRow' ? node.hostId : undefined;
}

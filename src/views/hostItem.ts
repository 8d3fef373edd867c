import * as vscode from 'vscode';
import { isTroubled } from '../operations/hostState';
import type { HostView } from '../operations/operationView';
import type { HostSummary } from '../operations/summary';
import { figuresText } from './hostFiguresText';
import { hostDescription, hostsDescription } from './hostText';

/** Icon and colour by state. Only what needs the user is coloured as such. */
function hostIcon(host: HostView): vscode.ThemeIcon {
  const icon = (id: string, color?: string) =>
    new vscode.ThemeIcon(id, color === undefined ? undefined : new vscode.ThemeColor(color));
  switch (host.state) {
    case 'connected':
      return isTroubled(host) ? icon('warning', 'list.warningForeground') : icon('vm-active', 'charts.green');
    case 'unreachable':
      return icon('warning', 'list.warningForeground');
    case 'needs-login':
      return icon('lock', 'list.warningForeground');
    case 'blocked':
      return icon('error', 'list.errorForeground');
    case 'idle':
    case 'disconnected':
    case 'connecting':
      return icon('vm-outline');
  }
}

/** What the menus go by: `host.away`, `host.login`, `host.connected`, `host.idle`. */
function contextOf(host: HostView): string {
  if (host.state === 'needs-login') {
    return 'host.login';
  }
  return isTroubled(host) ? 'host.away' : host.state === 'connected' ? 'host.connected' : 'host.idle';
}

export function hostItem(host: HostSummary): vscode.TreeItem {
  const item = new vscode.TreeItem(host.name);
  item.id = `host:${host.id}`;
  const state = hostDescription(host);
  const figures = figuresText(host);
  // Figures of now say that it is connected; a narrow side bar has no room for both.
  item.description = figures ?? state;
  item.iconPath = hostIcon(host);
  item.contextValue = contextOf(host);
  item.accessibilityInformation = { label: [host.name, state, figures].filter(Boolean).join(', ') };
  return item;
}

/**
 * Closed while all is well. VS Code remembers by id what the user opened or closed: the id differs while a
 * host is in trouble, so that each time the group opens by itself once.
 */
export function hostsGroupItem(hosts: readonly HostView[]): vscode.TreeItem {
  const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  const trouble = hosts.some(isTroubled);
  const item = new vscode.TreeItem(vscode.l10n.t('Hosts'), trouble ? Expanded : Collapsed);
  item.id = trouble ? 'hosts:trouble' : 'hosts';
  item.iconPath = new vscode.ThemeIcon('vm');
  item.contextValue = 'hosts';
  item.description = hostsDescription(hosts);
  return item;
}

import * as vscode from 'vscode';
import { menuContext } from '../operations/menuContext';
import type { OperationView } from '../operations/operationView';
import type { OperationType } from '../operations/status';
import { typesText } from '../operations/typeText';
import { commands } from '../ids';
import type { Arrangement } from './arrangement';
import { operationIcon, typeIcon } from './operationIcon';
import { rowDescription, tallyText } from './operationText';
import type { OperationNode } from './treeNodes';
import { shortName } from './shortName';

const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;

export interface RowContext {
  /** Where it is worth telling. */
  hostName: string | undefined;
  /** Its host is in the settings. */
  isWatched: boolean;
}

export function operationItem(
  node: OperationNode,
  view: OperationView | undefined,
  { hostName, isWatched }: RowContext,
): vscode.TreeItem {
  const item = new vscode.TreeItem(view ? shortName(view.name) : node.id);
  item.id = node.id;
  if (view) {
    item.description = rowDescription(view, hostName);
    item.iconPath = operationIcon(view);
    item.contextValue = menuContext(view, isWatched);
    item.accessibilityInformation = { label: `${view.name}, ${item.description}` };
    item.command = { command: commands.openRow, title: '', arguments: [node] };
  }
  return item;
}

export function groupItem(type: OperationType, count: number): vscode.TreeItem {
  const item = new vscode.TreeItem(typesText(type), Expanded);
  item.id = `group:${type}`;
  item.iconPath = typeIcon(type);
  item.contextValue = 'group';
  item.description = String(count);
  return item;
}

/**
 * Closed, as what runs comes first; open while a filter asks for something. VS Code remembers by id what the
 * user opened or closed, so the id differs.
 */
export function recentItem({ recent, ended }: Arrangement, isNarrowed: boolean): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Recent'), isNarrowed ? Expanded : Collapsed);
  item.id = isNarrowed ? 'recent:narrowed' : 'recent';
  item.iconPath = new vscode.ThemeIcon('history');
  item.contextValue = 'recent';
  const count =
    ended > recent.length ? vscode.l10n.t('{0} of {1}', recent.length, ended) : String(recent.length);
  const bad = tallyText(recent.filter(({ status }) => status === 'failed' || status === 'stopped'));
  item.description = [count, bad].filter(Boolean).join(' · ');
  return item;
}

export function moreItem(type: OperationType, count: number): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('{0} more: narrow the list...', count));
  item.id = `more:${type}`;
  item.iconPath = new vscode.ThemeIcon('filter');
  item.contextValue = 'more';
  item.command = { command: commands.filter, title: '' };
  return item;
}

export function searchItem(): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Search History...'));
  item.id = 'search';
  item.iconPath = new vscode.ThemeIcon('search');
  item.contextValue = 'search';
  item.command = { command: commands.searchHistory, title: '' };
  return item;
}

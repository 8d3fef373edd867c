import path from 'node:path';
import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import type { OperationView } from '../operations/operationView';
import type { CaseState, CaseView, WatchFolderView } from '../operations/watchFolder';
import { bytesText, caseDescription, watchFolderDescription } from './caseText';

export interface WatchFoldersNode {
  kind: 'watchFolders';
}

export interface WatchFolderNode {
  kind: 'watchFolder';
  id: string;
}

export interface CaseNode {
  kind: 'case';
  id: string;
  folderId: string;
}

export type WatchNode = WatchFoldersNode | WatchFolderNode | CaseNode;

const icons: Record<CaseState, [id: string, color?: string]> = {
  waiting: ['clock'],
  uploading: ['cloud-upload', 'charts.yellow'],
  uploaded: ['cloud-upload', 'charts.yellow'],
  submitted: ['check', 'charts.green'],
  failed: ['error', 'list.errorForeground'],
  changed: ['warning', 'list.warningForeground'],
  seen: ['circle-outline'],
};

const hasFailed = ({ status }: OperationView): boolean => status === 'failed' || status === 'stopped';

/** The watched folders and their cases as rows of the tree, under a group of their own. */
export class WatchRows {
  readonly group: WatchFoldersNode = { kind: 'watchFolders' };
  #folders: ReadonlyMap<string, WatchFolderView> = new Map();
  #cases: ReadonlyMap<string, CaseView> = new Map();
  #nodes: ReadonlyMap<string, WatchFolderNode | CaseNode> = new Map();

  constructor(private readonly service: Pick<OperationsService, 'cases' | 'get' | 'hosts'>) {}

  read(): void {
    const folders = this.service.cases();
    const nodes = new Map<string, WatchFolderNode | CaseNode>();
    for (const { id, cases } of folders) {
      nodes.set(id, this.#nodes.get(id) ?? { kind: 'watchFolder', id });
      for (const each of cases) {
        nodes.set(each.id, this.#nodes.get(each.id) ?? { kind: 'case', id: each.id, folderId: id });
      }
    }
    this.#nodes = nodes;
    this.#folders = new Map(folders.map((folder) => [folder.id, folder]));
    this.#cases = new Map(folders.flatMap(({ cases }) => cases.map((each) => [each.id, each])));
  }

  get count(): number {
    return this.#folders.size;
  }

  children(node: WatchNode): WatchNode[] {
    const ids =
      node.kind === 'watchFolders'
        ? [...this.#folders.keys()]
        : node.kind === 'watchFolder'
          ? (this.#folders.get(node.id)?.cases.map(({ id }) => id) ?? [])
          : [];
    return ids.flatMap((id) => this.#nodes.get(id) ?? []);
  }

  parent(node: WatchNode): WatchNode | undefined {
    return node.kind === 'watchFolder'
      ? this.group
      : node.kind === 'case'
        ? this.#nodes.get(node.folderId)
        : undefined;
  }

  item(node: WatchNode): vscode.TreeItem {
    switch (node.kind) {
      case 'watchFolders':
        return this.#groupItem();
      case 'watchFolder':
        return this.#folderItem(node.id);
      case 'case':
        return this.#caseItem(node);
    }
  }

  tooltip(node: WatchNode): vscode.MarkdownString | undefined {
    const lines = node.kind === 'case' ? this.#caseLines(node) : this.#folderLines(node);
    // As text: names of files are no Markdown.
    return lines.length === 0 ? undefined : new vscode.MarkdownString().appendText(lines.join('\n'));
  }

  #groupItem(): vscode.TreeItem {
    const item = new vscode.TreeItem(
      vscode.l10n.t('Watch Folders'),
      vscode.TreeItemCollapsibleState.Expanded,
    );
    item.id = 'watchFolders';
    item.iconPath = new vscode.ThemeIcon('eye');
    item.contextValue = 'watchFolders';
    const failed = [...this.#cases.values()].filter(({ state }) => state === 'failed').length;
    item.description = failed > 0 ? vscode.l10n.t('{0} failed', failed) : '';
    return item;
  }

  #folderItem(id: string): vscode.TreeItem {
    const folder = this.#folders.get(id);
    const item = new vscode.TreeItem(
      folder ? path.basename(folder.path) : id,
      vscode.TreeItemCollapsibleState.Expanded,
    );
    item.id = `watchFolder:${id}`;
    item.contextValue = 'watchFolder';
    if (folder) {
      item.description = watchFolderDescription(folder, this.service.hosts());
      item.iconPath = folder.problem
        ? new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'))
        : new vscode.ThemeIcon('folder');
      item.accessibilityInformation = { label: `${folder.path}, ${item.description}` };
    }
    return item;
  }

  #caseItem({ id }: CaseNode): vscode.TreeItem {
    const view = this.#cases.get(id);
    const item = new vscode.TreeItem(view?.name ?? id);
    item.id = `case:${id}`;
    if (view) {
      const { state, name, operationId } = view;
      const operation = this.#operation(operationId);
      const [icon, color] = operation && hasFailed(operation) ? icons.failed : icons[state];
      item.description = caseDescription(view, operation);
      item.iconPath = new vscode.ThemeIcon(
        icon,
        color === undefined ? undefined : new vscode.ThemeColor(color),
      );
      item.contextValue = `case.${state}`;
      item.accessibilityInformation = { label: `${name}, ${item.description}` };
    }
    return item;
  }

  #operation(id: string | undefined) {
    return id === undefined ? undefined : this.service.get(id);
  }

  #folderLines(node: WatchFoldersNode | WatchFolderNode): string[] {
    const folder = node.kind === 'watchFolder' ? this.#folders.get(node.id) : undefined;
    if (!folder) {
      return [];
    }
    const { more } = folder;
    const rest = more > 0 ? [vscode.l10n.t('{0} further cases are not shown.', more)] : [];
    return [folder.path, watchFolderDescription(folder, this.service.hosts()), ...rest];
  }

  #caseLines({ id }: CaseNode): string[] {
    const view = this.#cases.get(id);
    if (!view) {
      return [];
    }
    const { name, remotePath, doneBytes, totalBytes } = view;
    const progress =
      doneBytes === undefined || totalBytes === undefined
        ? []
        : [vscode.l10n.t('{0} of {1}', bytesText(doneBytes), bytesText(totalBytes))];
    const operation = this.#operation(view.operationId);
    return [
      name,
      caseDescription(view, operation),
      ...(operation?.error === undefined ? [] : [operation.error]),
      ...progress,
      ...(remotePath === undefined ? [] : [vscode.l10n.t('On the host: {0}', remotePath)]),
    ];
  }
}

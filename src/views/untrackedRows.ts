import * as vscode from 'vscode';
import { commands } from '../ids';
import type { HostView } from '../operations/operationView';
import { canTrack, type Untracked } from '../operations/untracked';
import { untrackedDescription, untrackedIcon, untrackedLines } from './untrackedText';
import type { UntrackedList, UntrackedLists } from './untrackedLists';

export interface UntrackedGroupNode {
  kind: 'untracked';
}

/** A host of several. */
export interface UntrackedHostNode {
  kind: 'untrackedHost';
  hostId: string;
}

export interface UntrackedRowNode {
  kind: 'untrackedRow';
  hostId: string;
  key: string;
}

/** Stands where there are no rows, and says why. */
export interface UntrackedNoteNode {
  kind: 'untrackedNote';
  hostId: string;
}

export type UntrackedNode = UntrackedGroupNode | UntrackedHostNode | UntrackedRowNode | UntrackedNoteNode;

const { Collapsed, None } = vscode.TreeItemCollapsibleState;

export const isUntrackedNode = (node: { kind: string }): node is UntrackedNode =>
  node.kind.startsWith('untracked');

/** What runs untracked, as rows of the tree: a group that is closed until somebody wants to see it. */
export class UntrackedRows {
  readonly group: UntrackedGroupNode = { kind: 'untracked' };
  #hosts: readonly HostView[] = [];
  #nodes: ReadonlyMap<string, UntrackedNode> = new Map();
  #found: ReadonlyMap<string, Untracked> = new Map();

  constructor(private readonly lists: Pick<UntrackedLists, 'of'>) {}

  read(hosts: readonly HostView[]): void {
    this.#hosts = hosts;
    const found = new Map<string, Untracked>();
    const nodes = new Map<string, UntrackedNode>();
    const keep = (id: string, node: UntrackedNode) => nodes.set(id, this.#nodes.get(id) ?? node);
    for (const { id: hostId } of hosts) {
      keep(`host:${hostId}`, { kind: 'untrackedHost', hostId });
      keep(`note:${hostId}`, { kind: 'untrackedNote', hostId });
      for (const each of this.lists.of(hostId).found) {
        const key = keyOf(hostId, each);
        found.set(key, each);
        keep(key, { kind: 'untrackedRow', hostId, key });
      }
    }
    this.#found = found;
    this.#nodes = nodes;
  }

  /** What a row stands for. */
  of({ key }: UntrackedRowNode): Untracked | undefined {
    return this.#found.get(key);
  }

  /** The hosts whose rows come out of these, when they are open. */
  hostsIn(open: Iterable<UntrackedNode>): string[] {
    const nodes = [...open];
    if (!nodes.includes(this.group)) {
      return [];
    }
    const [only, ...others] = this.#hosts;
    return others.length === 0 && only
      ? [only.id]
      : nodes.flatMap((node) => (node.kind === 'untrackedHost' ? [node.hostId] : []));
  }

  children(node: UntrackedNode): UntrackedNode[] {
    switch (node.kind) {
      case 'untracked': {
        const [only, ...others] = this.#hosts;
        return others.length === 0 && only
          ? this.#rows(only.id)
          : this.#hosts.flatMap(({ id }) => this.#nodes.get(`host:${id}`) ?? []);
      }
      case 'untrackedHost':
        return this.#rows(node.hostId);
      default:
        return [];
    }
  }

  parent(node: UntrackedNode): UntrackedNode | undefined {
    switch (node.kind) {
      case 'untracked':
        return undefined;
      case 'untrackedHost':
        return this.group;
      default:
        return this.#hosts.length > 1 ? this.#nodes.get(`host:${node.hostId}`) : this.group;
    }
  }

  idOf(node: UntrackedNode): string {
    switch (node.kind) {
      case 'untracked':
        return node.kind;
      case 'untrackedRow':
        return node.key;
      default:
        return `${node.kind}:${node.hostId}`;
    }
  }

  item(node: UntrackedNode): vscode.TreeItem {
    const item = this.#item(node);
    item.id = `untracked:${this.idOf(node)}`;
    return item;
  }

  tooltip(node: UntrackedNode): vscode.MarkdownString | undefined {
    const found = node.kind === 'untrackedRow' ? this.of(node) : undefined;
    // As text: names and command lines are no Markdown.
    return found && node.kind === 'untrackedRow'
      ? new vscode.MarkdownString().appendText(untrackedLines(found, this.#nameOf(node.hostId)).join('\n'))
      : undefined;
  }

  #rows(hostId: string): UntrackedNode[] {
    const { found } = this.lists.of(hostId);
    const rows = found.flatMap((each) => this.#nodes.get(keyOf(hostId, each)) ?? []);
    const note = this.#nodes.get(`note:${hostId}`);
    return rows.length === 0 && note ? [note] : rows;
  }

  #item(node: UntrackedNode): vscode.TreeItem {
    switch (node.kind) {
      case 'untracked':
        return this.#groupItem(
          vscode.l10n.t('Untracked'),
          this.#hosts.map(({ id }) => id),
          'eye-closed',
        );
      case 'untrackedHost':
        return this.#groupItem(this.#nameOf(node.hostId), [node.hostId], 'vm');
      case 'untrackedNote':
        return noteItem(this.lists.of(node.hostId), this.#nameOf(node.hostId), node);
      case 'untrackedRow': {
        const found = this.of(node);
        return found ? rowItem(found) : new vscode.TreeItem(node.key);
      }
    }
  }

  #groupItem(label: string, hostIds: readonly string[], icon: string): vscode.TreeItem {
    const item = new vscode.TreeItem(label, Collapsed);
    item.iconPath = new vscode.ThemeIcon(icon);
    item.contextValue = 'untracked.group';
    const lists = hostIds.map((hostId) => this.lists.of(hostId));
    const isKnown = lists.some(({ state, found }) => state === 'read' || found.length > 0);
    item.description = isKnown ? String(lists.reduce((sum, { found }) => sum + found.length, 0)) : '';
    item.accessibilityInformation = { label: [label, item.description].filter(Boolean).join(' ') };
    item.tooltip = vscode.l10n.t(
      'What you have running there that is in no list: servers, programs on GPUs, what runs for more than ten minutes, containers, tmux sessions. It is looked up while this is open.',
    );
    return item;
  }

  #nameOf(hostId: string): string {
    return this.#hosts.find(({ id }) => id === hostId)?.name ?? hostId;
  }
}

function rowItem(found: Untracked): vscode.TreeItem {
  const item = new vscode.TreeItem(found.name, None);
  item.description = untrackedDescription(found);
  item.iconPath = untrackedIcon(found);
  item.contextValue = `untracked.row.${found.kind}${canTrack(found) ? '.trackable' : ''}`;
  item.accessibilityInformation = { label: `${found.name}, ${item.description}` };
  return item;
}

function noteItem(
  { state, problem }: UntrackedList,
  hostName: string,
  node: UntrackedNoteNode,
): vscode.TreeItem {
  const { t } = vscode.l10n;
  if (state === 'failed') {
    const item = new vscode.TreeItem(t('Cannot look on {0}', hostName), None);
    item.description = problem ?? '';
    item.tooltip = problem ?? '';
    item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
    item.contextValue = 'untracked.note';
    item.command = { command: commands.refreshUntracked, title: '', arguments: [node] };
    item.accessibilityInformation = { label: `${t('Cannot look on {0}', hostName)}: ${problem ?? ''}` };
    return item;
  }
  const text =
    state === 'read'
      ? t('Nothing of yours runs there that is not in the list')
      : t('Looking on {0}...', hostName);
  const item = new vscode.TreeItem(text, None);
  item.contextValue = 'untracked.note';
  return item;
}

/** The same thing keeps its row from look to look. */
const keyOf = (hostId: string, { kind, name, identity, pid }: Untracked): string =>
  [hostId, kind, identity ? `${identity.pid}-${identity.startTicks}` : (pid ?? name)].join(':');

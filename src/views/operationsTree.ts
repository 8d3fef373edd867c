import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import { hostSummary, summaryOf } from '../operations/summary';
import { Gathered } from './gathered';
import { HostRows } from './hostRows';
import { hostTooltip } from './hostTooltip';
import { OperationRows } from './operationRows';
import { operationTooltip } from './operationTooltip';
import { calmMs, livelyMs, Redraws, type RowLook } from './redraws';
import type { TreeNode } from './treeNodes';
import { isUntrackedNode, type UntrackedNode, type UntrackedRowNode, UntrackedRows } from './untrackedRows';
import type { UntrackedLists } from './untrackedLists';
import type { ViewFilter } from './viewFilter';
import { WatchRows } from './watchRows';

/**
 * The active operations by type, then watch folders and hosts, then what has ended and what is untracked. The hosts come once
 * there are operations: until then the view says what to do first.
 */
export class OperationsTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  readonly #redraw = new vscode.EventEmitter<TreeNode | TreeNode[] | undefined>();
  readonly #hosts = new HostRows();
  readonly #operations: OperationRows;
  readonly #watched: WatchRows;
  readonly #untracked: UntrackedRows;
  readonly #redraws = new Redraws<TreeNode>(() => performance.now());
  readonly #gathered = new Gathered(() => this.#update());
  readonly #subscriptions: vscode.Disposable[];
  #showsHosts = false;
  #isVisible = false;
  readonly #open = new Set<UntrackedNode>();
  /** Every row there is, whether VS Code shows it or not. */
  readonly #rows = new Set<TreeNode>();
  /** The rows under each row that has some, by their ids; at the top, under `undefined`. */
  readonly #orders = new Map<TreeNode | undefined, string>();

  readonly onDidChangeTreeData = this.#redraw.event;

  constructor(
    private readonly service: OperationsService,
    filter: ViewFilter,
    private readonly lists: UntrackedLists,
  ) {
    this.#operations = new OperationRows(service, filter, this.#hosts);
    this.#watched = new WatchRows(service);
    this.#untracked = new UntrackedRows(lists);
    this.#read();
    this.#subscriptions = [
      this.#gathered,
      service.onDidChange(this.#gathered.call),
      service.onDidChangeHosts(this.#gathered.call),
      service.onDidChangeCases(this.#gathered.call),
      filter.onDidChange(this.#gathered.call),
      lists.onDidChange(this.#gathered.call),
    ];
  }

  /** VS Code asks for the rows of what is open. */
  getChildren(node?: TreeNode): TreeNode[] {
    if (node && isUntrackedNode(node)) {
      this.setOpen(node, true);
    }
    return this.#children(node);
  }

  /** What is untracked is looked up while it is open and in sight. */
  setOpen(node: TreeNode, isOpen: boolean): void {
    if (isUntrackedNode(node) && this.#open.has(node) !== isOpen) {
      this.#open[isOpen ? 'add' : 'delete'](node);
      this.#showLists();
    }
  }

  setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible;
    this.#showLists();
  }

  /** What a row stands for. */
  untrackedOf(node: UntrackedRowNode) {
    return this.#untracked.of(node);
  }

  #showLists(): void {
    this.lists.show(this.#isVisible ? this.#untracked.hostsIn(this.#open) : []);
  }

  #children(node?: TreeNode): TreeNode[] {
    if (!node) {
      return [
        ...this.#operations.groups(),
        ...(this.#watched.count > 0 ? [this.#watched.group] : []),
        ...(this.#showsHosts ? [this.#hosts.group] : []),
        ...(this.#operations.hasRecent ? [this.#operations.recent] : []),
        ...(this.#showsHosts ? [this.#untracked.group] : []),
      ];
    }
    switch (node.kind) {
      case 'watchFolders':
      case 'watchFolder':
      case 'case':
        return this.#watched.children(node);
      case 'untracked':
      case 'untrackedHost':
      case 'untrackedRow':
      case 'untrackedNote':
        return this.#untracked.children(node);
      case 'hosts':
        return this.#hosts.children();
      case 'host':
        return [];
      default:
        return this.#operations.children(node);
    }
  }

  getParent(node: TreeNode): TreeNode | undefined {
    switch (node.kind) {
      case 'watchFolders':
      case 'watchFolder':
      case 'case':
        return this.#watched.parent(node);
      case 'untracked':
      case 'untrackedHost':
      case 'untrackedRow':
      case 'untrackedNote':
        return this.#untracked.parent(node);
      case 'hosts':
        return undefined;
      case 'host':
        return this.#hosts.group;
      default:
        return this.#operations.parent(node);
    }
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    const item = this.#item(node);
    this.#redraws.noteDrawn(node, this.#look(node, item));
    return item;
  }

  /** Only for the row that the pointer rests on. */
  resolveTreeItem(item: vscode.TreeItem, node: TreeNode): vscode.TreeItem {
    const tooltip = this.#tooltip(node);
    if (tooltip) {
      item.tooltip = tooltip;
      this.#redraws.noteTooltip(node, this.#known(node));
    }
    return item;
  }

  /** The row of an operation, as of now; `undefined`: it is not shown. */
  nodeOf(id: string): TreeNode | undefined {
    this.#update();
    return this.#operations.node(id);
  }

  dispose(): void {
    this.#redraw.dispose();
    for (const subscription of this.#subscriptions) {
      subscription.dispose();
    }
  }

  #item(node: TreeNode): vscode.TreeItem {
    switch (node.kind) {
      case 'watchFolders':
      case 'watchFolder':
      case 'case':
        return this.#watched.item(node);
      case 'untracked':
      case 'untrackedHost':
      case 'untrackedRow':
      case 'untrackedNote':
        return this.#untracked.item(node);
      case 'hosts':
      case 'host':
        return this.#hosts.item(node);
      default:
        return this.#operations.item(node);
    }
  }

  /** From what is known now, not from what was drawn. */
  #tooltip(node: TreeNode): vscode.MarkdownString | undefined {
    const hosts = this.service.hosts();
    switch (node.kind) {
      case 'operation': {
        const view = this.service.get(node.id);
        const host = hosts.find(({ id }) => id === view?.hostId);
        return view && operationTooltip(view, host);
      }
      case 'host': {
        const host = hosts.find(({ id }) => id === node.id);
        const onHost = this.service.operations().filter(({ hostId }) => hostId === node.id);
        return host && hostTooltip(hostSummary(host, onHost));
      }
      case 'watchFolder':
      case 'case':
        return this.#watched.tooltip(node);
      case 'untrackedRow':
        return this.#untracked.tooltip(node);
      default:
        return undefined;
    }
  }

  #look(node: TreeNode, item = this.#item(node)): RowLook {
    const whole = JSON.stringify(item);
    const known = this.#known(node);
    return {
      whole,
      essence: this.#essence(node) ?? whole,
      ...(known !== undefined && { known }),
      calmMs: node.kind === 'host' ? livelyMs : calmMs,
    };
  }

  /** Whether its tooltip tells of what is sampled, which begins some looks after a row is drawn first. */
  #known(node: TreeNode): string | undefined {
    switch (node.kind) {
      case 'operation':
        return String(this.service.get(node.id)?.resources !== undefined);
      case 'host':
        return String(this.#hosts.get(node.id)?.health?.diskFreeMb !== undefined);
      default:
        return undefined;
    }
  }

  #essence(node: TreeNode): string | undefined {
    switch (node.kind) {
      case 'operation':
        return this.#operations.essence(node);
      case 'host':
        return this.#hosts.essence(node);
      default:
        return undefined;
    }
  }

  #read(): void {
    this.#hosts.read(summaryOf(this.service.hosts(), this.service.operations()).hosts);
    const count = this.#operations.read();
    this.#watched.read();
    this.#untracked.read(this.service.hosts());
    this.#showsHosts = this.#hosts.count > 0 && (count > 0 || this.#watched.count > 0);
    this.#orders.clear();
    this.#rows.clear();
    this.#walk(undefined);
  }

  #walk(parent: TreeNode | undefined): void {
    const rows = this.#children(parent);
    if (rows.length > 0 || parent === undefined) {
      this.#orders.set(parent, rows.map((row) => this.#idOf(row)).join());
    }
    for (const row of rows) {
      this.#rows.add(row);
      this.#walk(row);
    }
  }

  /** Of a group, the id that VS Code remembers it by: one that has another must be drawn as another. */
  #idOf(node: TreeNode): string {
    switch (node.kind) {
      case 'hosts':
      case 'recent':
        return this.#item(node).id ?? node.kind;
      case 'group':
      case 'more':
        return `${node.kind}:${node.type}`;
      case 'operation':
      case 'host':
      case 'watchFolder':
      case 'case':
        return node.id;
      case 'watchFolders':
      case 'search':
        return node.kind;
      case 'untracked':
      case 'untrackedHost':
      case 'untrackedRow':
      case 'untrackedNote':
        return this.#untracked.idOf(node);
    }
  }

  /** Redraws rows that look different now, and groups whose rows came, went or moved. */
  #update(): void {
    const before = new Map(this.#orders);
    this.#read();
    const moved = new Set(
      [...this.#orders].flatMap(([node, order]) => (before.get(node) === order ? [] : [node])),
    );
    const due = this.#redraws.due((node) => (this.#rows.has(node) ? this.#look(node) : undefined));
    // A group is drawn with all its rows.
    const changed = new Set([...moved, ...due.filter((node) => !moved.has(this.getParent(node)))]);
    if (changed.has(undefined)) {
      this.#redraw.fire(undefined);
    } else if (changed.size > 0) {
      this.#redraw.fire([...changed] as TreeNode[]);
    }
  }
}

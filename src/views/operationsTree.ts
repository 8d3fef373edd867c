import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import type { OperationView } from '../operations/operationView';
import { canPause, canResume } from '../operations/pausing';
import { isTerminal, operationTypes, type OperationType } from '../operations/status';
import { HostRows, type HostNode, type HostsNode } from './hostRows';
import { hostTooltip } from './hostTooltip';
import { operationIcon, typeIcon } from './operationIcon';
import { rowDescription, typeText } from './operationText';
import { operationTooltip } from './operationTooltip';
import type { ViewFilter } from './viewFilter';
import { WatchRows, type WatchNode } from './watchRows';

export interface GroupNode {
  kind: 'group';
  type: OperationType;
}

export interface OperationNode {
  kind: 'operation';
  id: string;
}

export type TreeNode = GroupNode | OperationNode | WatchNode | HostsNode | HostNode;

interface RowLook {
  whole: string;
  /** Without progress. */
  essence: string;
  atMs: number;
}

/** A row on which only progress moves is drawn at most this often. */
const calmMs = 10_000;

/** VS Code keeps a tooltip until its row is drawn anew: what it says of "now" is true for so long. */
const tooltipLastsMs = 30_000;

/** Changes that come together are drawn together. */
const gatherMs = 100;

/**
 * The operations by type; in a group the active ones first, then the ended ones, newest first. Below them
 * the hosts, once there are operations: until then the view says what to do first.
 */
export class OperationsTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  readonly #redraw = new vscode.EventEmitter<TreeNode | TreeNode[] | undefined>();
  readonly #groups: ReadonlyMap<OperationType, GroupNode> = new Map(
    operationTypes.map((type) => [type, { kind: 'group', type }]),
  );
  readonly #hosts = new HostRows();
  readonly #watched: WatchRows;
  readonly #nodes = new Map<string, OperationNode>();
  readonly #subscriptions: vscode.Disposable[];
  #showsHosts = false;
  #shown = new Map<OperationType, OperationView[]>();
  #drawn = new Map<string, RowLook>();
  #drawnRows = new Map<TreeNode, string>();
  /** When each tooltip was made. */
  readonly #tooltips = new Map<TreeNode, number>();
  #timer: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData = this.#redraw.event;

  constructor(
    private readonly service: OperationsService,
    private readonly filter: ViewFilter,
  ) {
    this.#watched = new WatchRows(service);
    this.#read();
    this.#subscriptions = [
      service.onDidChange(() => this.#gather()),
      service.onDidChangeHosts(() => this.#gather()),
      service.onDidChangeCases(() => this.#gather()),
      filter.onDidChange(() => this.#gather()),
    ];
  }

  getChildren(node?: TreeNode): TreeNode[] {
    switch (node?.kind) {
      case undefined: {
        const types = operationTypes.filter((type) => this.#shown.has(type));
        const groups = types.map((type) => this.#groups.get(type) as GroupNode);
        return [
          ...groups,
          ...(this.#watched.count > 0 ? [this.#watched.group] : []),
          ...(this.#showsHosts ? [this.#hosts.group] : []),
        ];
      }
      case 'watchFolders':
      case 'watchFolder':
        return this.#watched.children(node);
      case 'group':
        return (this.#shown.get(node.type) ?? []).map(({ id }) => this.#node(id));
      case 'hosts':
        return this.#hosts.children();
      case 'operation':
      case 'host':
      case 'case':
        return [];
    }
  }

  getParent(node: TreeNode): TreeNode | undefined {
    if (node.kind === 'host') {
      return this.#hosts.group;
    }
    if (node.kind === 'watchFolder' || node.kind === 'case') {
      return this.#watched.parent(node);
    }
    const view = node.kind === 'operation' ? this.service.get(node.id) : undefined;
    return view && this.#groups.get(view.type);
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    switch (node.kind) {
      case 'group':
        return this.#groupItem(node);
      case 'operation':
        return this.#operationItem(node);
      case 'hosts':
      case 'host':
        return this.#hosts.item(node);
      case 'watchFolders':
      case 'watchFolder':
      case 'case':
        return this.#watched.item(node);
    }
  }

  /** Only for the row that the pointer rests on. */
  resolveTreeItem(item: vscode.TreeItem, node: TreeNode): vscode.TreeItem {
    const tooltip = this.#tooltip(node);
    if (tooltip) {
      item.tooltip = tooltip;
      this.#tooltips.set(node, performance.now());
    }
    return item;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#redraw.dispose();
    for (const subscription of this.#subscriptions) {
      subscription.dispose();
    }
  }

  #node(id: string): OperationNode {
    const node = this.#nodes.get(id) ?? { kind: 'operation', id };
    this.#nodes.set(id, node);
    return node;
  }

  /** From what is known now, not from what was drawn. */
  #tooltip(node: TreeNode): vscode.MarkdownString | undefined {
    const hosts = this.service.hosts();
    if (node.kind === 'operation') {
      const view = this.service.get(node.id);
      return (
        view &&
        operationTooltip(
          view,
          hosts.find(({ id }) => id === view.hostId),
        )
      );
    }
    if (node.kind === 'host') {
      const host = hosts.find(({ id }) => id === node.id);
      const isActiveThere = ({ hostId, status }: OperationView) => hostId === node.id && !isTerminal(status);
      return host && hostTooltip(host, this.service.operations().filter(isActiveThere).length);
    }
    return node.kind === 'watchFolder' || node.kind === 'case' ? this.#watched.tooltip(node) : undefined;
  }

  #groupItem({ type }: GroupNode): vscode.TreeItem {
    const views = this.#shown.get(type) ?? [];
    const active = views.filter(({ status }) => !isTerminal(status)).length;
    const item = new vscode.TreeItem(typeText(type), vscode.TreeItemCollapsibleState.Expanded);
    item.id = `group:${type}`;
    item.iconPath = typeIcon(type);
    item.contextValue = 'group';
    const ended = views.length - active;
    const parts = [active > 0 && String(active), ended > 0 && vscode.l10n.t('{0} ended', ended)];
    item.description = parts.filter(Boolean).join(' · ');
    return item;
  }

  #operationItem({ id }: OperationNode): vscode.TreeItem {
    const view = this.service.get(id);
    const item = new vscode.TreeItem(view?.name ?? id);
    item.id = id;
    if (view) {
      item.description = rowDescription(view, this.#hostNameIfNeeded(view));
      item.iconPath = operationIcon(view);
      item.contextValue = this.#contextOf(view);
      item.accessibilityInformation = { label: `${view.name}, ${item.description}` };
    }
    return item;
  }

  #contextOf(view: OperationView): string {
    if (view.origin === 'found') {
      return 'found';
    }
    if (isTerminal(view.status)) {
      return 'operation.ended';
    }
    if (!this.#hosts.get(view.hostId)) {
      return 'operation.unwatched';
    }
    const change = canPause(view) ? '.pausable' : canResume(view) ? '.resumable' : '';
    return `operation.active${change}`;
  }

  #hostNameIfNeeded(view: OperationView): string | undefined {
    return this.#hosts.count > 1 ? this.#hostName(view.hostId) : undefined;
  }

  #hostName(hostId: string): string {
    return this.#hosts.get(hostId)?.name ?? hostId;
  }

  #read(): void {
    this.#hosts.read(this.service.hosts());
    const operations = this.service.operations();
    this.#shown = this.#arrange(operations);
    this.#watched.read();
    this.#showsHosts = this.#hosts.count > 0 && (operations.length > 0 || this.#watched.count > 0);
  }

  #arrange(operations: OperationView[]): Map<OperationType, OperationView[]> {
    const views = operations
      .filter((view) => this.filter.matches(view, this.#hostName(view.hostId)))
      .sort((a, b) => Number(isTerminal(a.status)) - Number(isTerminal(b.status)));
    const shown = new Map<OperationType, OperationView[]>();
    for (const type of operationTypes) {
      const ofType = views.filter((view) => view.type === type);
      if (ofType.length > 0) {
        shown.set(type, ofType);
      }
    }
    return shown;
  }

  /** The look that the row has, if it may stay. A row drawn anew closes its tooltip: progress can wait. */
  #lookOf(view: OperationView, now: number): RowLook {
    const whole = JSON.stringify(this.#operationItem(this.#node(view.id)));
    const { progress, epoch, ...still } = view;
    const essence = `${rowDescription(still, this.#hostNameIfNeeded(view))} ${operationIcon(view).color?.id}`;
    const drawn = this.#drawn.get(view.id);
    const stays =
      drawn && (drawn.whole === whole || (drawn.essence === essence && now - drawn.atMs < calmMs));
    return stays ? drawn : { whole, essence, atMs: now };
  }

  #gather(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#update();
    }, gatherMs);
  }

  /** Redraws rows that look different now; the whole tree only when rows came, went or moved. */
  #update(): void {
    const before = this.#order();
    this.#read();
    const now = performance.now();
    const drawn = new Map([...this.#shown.values()].flat().map((view) => [view.id, this.#lookOf(view, now)]));
    const drawnRows = new Map<TreeNode, string>([
      ...(this.#watched.count > 0 ? this.#watched.looks() : []),
      ...(this.#showsHosts ? this.#hosts.looks() : []),
    ]);
    if (this.#order() !== before) {
      this.#redraw.fire(undefined);
      this.#tooltips.clear();
    } else {
      const changed = [
        ...[...drawn].filter(([id, look]) => this.#drawn.get(id) !== look).map(([id]) => this.#node(id)),
        ...[...drawnRows].filter(([node, look]) => this.#drawnRows.get(node) !== look).map(([node]) => node),
        ...[...this.#tooltips].filter(([, madeAt]) => now - madeAt > tooltipLastsMs).map(([node]) => node),
      ];
      if (changed.length > 0) {
        this.#redraw.fire(changed);
      }
      changed.forEach((node) => this.#tooltips.delete(node));
    }
    this.#drawn = drawn;
    this.#drawnRows = drawnRows;
    for (const id of this.#nodes.keys()) {
      if (!drawn.has(id)) {
        this.#nodes.delete(id);
      }
    }
  }

  #order(): string {
    const groups = [...this.#shown].map(
      ([type, views]) => `${type}:${views.map(({ id, status }) => id + String(isTerminal(status))).join()}`,
    );
    return [...groups, this.#watched.order(), this.#showsHosts ? this.#hosts.order() : ''].join('|');
  }
}

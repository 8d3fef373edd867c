import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import type { OperationView } from '../operations/operationView';
import { isTerminal, operationTypes, type OperationType } from '../operations/status';
import { operationIcon, typeIcon } from './operationIcon';
import { rowDescription, typeText } from './operationText';
import { operationTooltip } from './operationTooltip';
import type { ViewFilter } from './viewFilter';

export interface GroupNode {
  kind: 'group';
  type: OperationType;
}

export interface OperationNode {
  kind: 'operation';
  id: string;
}

export type TreeNode = GroupNode | OperationNode;

interface RowLook {
  whole: string;
  /** Without progress. */
  essence: string;
  atMs: number;
}

/** A row on which only progress moves is drawn at most this often. */
const calmMs = 10_000;

/** Changes that come together are drawn together. */
const gatherMs = 100;

/** The operations by type; in a group the active ones first, then the ended ones, newest first. */
export class OperationsTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  readonly #redraw = new vscode.EventEmitter<TreeNode | TreeNode[] | undefined>();
  readonly #groups: ReadonlyMap<OperationType, GroupNode> = new Map(
    operationTypes.map((type) => [type, { kind: 'group', type }]),
  );
  readonly #nodes = new Map<string, OperationNode>();
  readonly #subscriptions: vscode.Disposable[];
  #shown = new Map<OperationType, OperationView[]>();
  #drawn = new Map<string, RowLook>();
  #timer: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData = this.#redraw.event;

  constructor(
    private readonly service: OperationsService,
    private readonly filter: ViewFilter,
  ) {
    this.#shown = this.#arrange();
    this.#subscriptions = [
      service.onDidChange(() => this.#gather()),
      service.onDidChangeHosts(() => this.#gather()),
      filter.onDidChange(() => this.#gather()),
    ];
  }

  getChildren(node?: TreeNode): TreeNode[] {
    if (!node) {
      return operationTypes
        .filter((type) => this.#shown.has(type))
        .map((type) => this.#groups.get(type) as GroupNode);
    }
    return node.kind === 'group' ? (this.#shown.get(node.type) ?? []).map(({ id }) => this.#node(id)) : [];
  }

  getParent(node: TreeNode): TreeNode | undefined {
    const view = node.kind === 'operation' ? this.service.get(node.id) : undefined;
    return view && this.#groups.get(view.type);
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    return node.kind === 'group' ? this.#groupItem(node) : this.#operationItem(node);
  }

  /** Only for the row that the pointer rests on. */
  resolveTreeItem(item: vscode.TreeItem, node: TreeNode): vscode.TreeItem {
    const view = node.kind === 'operation' ? this.service.get(node.id) : undefined;
    if (view) {
      item.tooltip = operationTooltip(
        view,
        this.service.hosts().find(({ id }) => id === view.hostId),
      );
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

  #contextOf({ status, hostId }: OperationView): string {
    if (isTerminal(status)) {
      return 'operation.ended';
    }
    const isWatched = this.service.hosts().some(({ id }) => id === hostId);
    return isWatched ? 'operation.active' : 'operation.unwatched';
  }

  #hostNameIfNeeded(view: OperationView): string | undefined {
    return this.service.hosts().length > 1 ? this.#hostName(view.hostId) : undefined;
  }

  #hostName(hostId: string): string {
    return this.service.hosts().find(({ id }) => id === hostId)?.name ?? hostId;
  }

  #arrange(): Map<OperationType, OperationView[]> {
    const views = this.service
      .operations()
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
    const before = order(this.#shown);
    this.#shown = this.#arrange();
    const now = performance.now();
    const drawn = new Map([...this.#shown.values()].flat().map((view) => [view.id, this.#lookOf(view, now)]));
    if (order(this.#shown) !== before) {
      this.#redraw.fire(undefined);
    } else {
      const changed = [...drawn]
        .filter(([id, look]) => this.#drawn.get(id) !== look)
        .map(([id]) => this.#node(id));
      if (changed.length > 0) {
        this.#redraw.fire(changed);
      }
    }
    this.#drawn = drawn;
    for (const id of this.#nodes.keys()) {
      if (!drawn.has(id)) {
        this.#nodes.delete(id);
      }
    }
  }
}

const order = (shown: Map<OperationType, OperationView[]>): string =>
  [...shown]
    .map(
      ([type, views]) => `${type}:${views.map(({ id, status }) => id + String(isTerminal(status))).join()}`,
    )
    .join('|');

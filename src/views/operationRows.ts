import type * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import type { OperationView } from '../operations/operationView';
import { isTerminal, operationTypes, type OperationType } from '../operations/status';
import { arrange, type Arrangement } from './arrangement';
import type { HostRows } from './hostRows';
import { groupItem, moreItem, operationItem, recentItem, searchItem } from './operationItem';
import { operationIcon } from './operationIcon';
import { rowDescription } from './operationText';
import { isSameOrder, newestFirst } from './sortOrder';
import type {
  GroupNode,
  MoreNode,
  OperationNode,
  OperationRowNode,
  RecentNode,
  SearchNode,
} from './treeNodes';
import type { ViewFilter } from './viewFilter';

/** A group shows at most so many: nobody reads on, and VS Code holds every row of an open group. */
export const mostRows = 500;

/** The operations as rows of the tree: what has not ended by type, and what has under a group of its own. */
export class OperationRows {
  readonly recent: RecentNode = { kind: 'recent' };
  readonly #search: SearchNode = { kind: 'search' };
  readonly #groups: ReadonlyMap<OperationType, GroupNode> = new Map(
    operationTypes.map((type) => [type, { kind: 'group', type }]),
  );
  readonly #more: ReadonlyMap<OperationType, MoreNode> = new Map(
    operationTypes.map((type) => [type, { kind: 'more', type }]),
  );
  #nodes: ReadonlyMap<string, OperationNode> = new Map();
  #arrangement: Arrangement = { active: new Map(), recent: [], ended: 0 };

  constructor(
    private readonly service: Pick<OperationsService, 'get' | 'operations'>,
    private readonly filter: ViewFilter,
    private readonly hosts: HostRows,
  ) {}

  /** Reads anew what there is, and returns how many operations there are, whatever the filter leaves out. */
  read(): number {
    const operations = this.service.operations();
    const shown = operations.filter((view) => this.filter.matches(view, this.#hostName(view)));
    const isUsualOrder = isSameOrder(this.filter.sortOrder, newestFirst);
    this.#arrangement = arrange(shown, (views) => this.filter.order(views), isUsualOrder);
    const { active, recent } = this.#arrangement;
    const rows = [...[...active.values()].flatMap((views) => views.slice(0, mostRows)), ...recent];
    this.#nodes = new Map(rows.map(({ id }) => [id, this.#nodes.get(id) ?? { kind: 'operation', id }]));
    return operations.length;
  }

  groups(): GroupNode[] {
    return [...this.#arrangement.active.keys()].flatMap((type) => this.#groups.get(type) ?? []);
  }

  get hasRecent(): boolean {
    return this.#arrangement.ended > 0;
  }

  children(node: OperationRowNode): OperationRowNode[] {
    switch (node.kind) {
      case 'group': {
        const views = this.#active(node.type);
        const more = views.length > mostRows ? [this.#more.get(node.type) as MoreNode] : [];
        return [...this.#rows(views.slice(0, mostRows)), ...more];
      }
      case 'recent':
        return [...this.#rows(this.#arrangement.recent), this.#search];
      default:
        return [];
    }
  }

  /** The row of an operation; `undefined`: it is not shown. */
  node(id: string): OperationNode | undefined {
    return this.#nodes.get(id);
  }

  parent(node: OperationRowNode): OperationRowNode | undefined {
    switch (node.kind) {
      case 'operation': {
        const view = this.service.get(node.id);
        return view && (isTerminal(view.status) ? this.recent : this.#groups.get(view.type));
      }
      case 'more':
        return this.#groups.get(node.type);
      case 'search':
        return this.recent;
      default:
        return undefined;
    }
  }

  item(node: OperationRowNode): vscode.TreeItem {
    switch (node.kind) {
      case 'group':
        return groupItem(node.type, this.#active(node.type).length);
      case 'recent':
        return recentItem(this.#arrangement, this.filter.isNarrowing);
      case 'more':
        return moreItem(node.type, this.#active(node.type).length - mostRows);
      case 'search':
        return searchItem();
      case 'operation': {
        const view = this.service.get(node.id);
        const isWatched = view !== undefined && this.hosts.get(view.hostId) !== undefined;
        return operationItem(node, view, { hostName: view && this.#hostNameIfNeeded(view), isWatched });
      }
    }
  }

  /** What a row says apart from progress, which moves by itself; `undefined` once the row is gone. */
  essence(node: OperationNode): string | undefined {
    const view = this.#nodes.has(node.id) ? this.service.get(node.id) : undefined;
    if (!view) {
      return undefined;
    }
    const { progress, epoch, ...still } = view;
    return `${rowDescription(still, this.#hostNameIfNeeded(view))} ${operationIcon(view).color?.id}`;
  }

  #active(type: OperationType): readonly OperationView[] {
    return this.#arrangement.active.get(type) ?? [];
  }

  #rows(views: readonly OperationView[]): OperationNode[] {
    return views.flatMap(({ id }) => this.#nodes.get(id) ?? []);
  }

  #hostNameIfNeeded(view: OperationView): string | undefined {
    return this.hosts.count > 1 ? this.#hostName(view) : undefined;
  }

  #hostName({ hostId }: OperationView): string {
    return this.hosts.get(hostId)?.name ?? hostId;
  }
}

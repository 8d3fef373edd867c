import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import { contextKeys, viewId } from '../ids';
import { isAway } from '../operations/hostState';
import type { OperationView } from '../operations/operationView';
import { isReported } from '../operations/report';
import { isTerminal } from '../operations/status';
import { isOursAndRunning } from './counted';
import { Gathered } from './gathered';
import { awayText } from './hostText';
import { unsavedText } from './operationText';
import { OperationsTree } from './operationsTree';
import type { TreeNode } from './treeNodes';
import type { UntrackedLists } from './untrackedLists';
import type { UntrackedRowNode } from './untrackedRows';
import type { ViewFilter } from './viewFilter';

/** The tree in the Activity Bar with its badge, its message, and what it says when there is nothing. */
export class OperationsViewHost implements vscode.Disposable {
  readonly #tree: OperationsTree;
  readonly #view: vscode.TreeView<TreeNode>;
  readonly #disposables: vscode.Disposable[];
  #shown = '';

  constructor(
    private readonly service: OperationsService & { readonly isReady: boolean },
    private readonly filter: ViewFilter,
    lists: UntrackedLists,
  ) {
    this.#tree = new OperationsTree(service, filter, lists);
    this.#view = vscode.window.createTreeView(viewId, {
      treeDataProvider: this.#tree,
      canSelectMany: true,
    });
    const gathered = new Gathered(() => this.#update());
    this.#disposables = [
      gathered,
      this.#view,
      this.#tree,
      this.#view.onDidChangeVisibility(({ visible }) => {
        service.setVisible(viewId, visible);
        this.#tree.setVisible(visible);
      }),
      this.#view.onDidExpandElement(({ element }) => this.#tree.setOpen(element, true)),
      this.#view.onDidCollapseElement(({ element }) => this.#tree.setOpen(element, false)),
      service.onDidChange(gathered.call),
      // At once: the line above the rows must not move them after they were drawn anew.
      service.onDidChangeHosts(() => this.#update()),
      service.onDidChangeSaveProblem(() => this.#update()),
      filter.onDidChange(() => this.#update()),
    ];
    service.setVisible(viewId, this.#view.visible);
    this.#tree.setVisible(this.#view.visible);
    this.#update();
  }

  /** The rows selected in the tree, for keys pressed there. */
  get selection(): readonly TreeNode[] {
    return this.#view.selection;
  }

  /** What a row of what is untracked stands for. */
  untrackedOf(node: UntrackedRowNode) {
    return this.#tree.untrackedOf(node);
  }

  /** Selects the row of an operation where the tree is in sight; `false`: it is not, or has no such row. */
  async reveal(id: string): Promise<boolean> {
    const node = this.#view.visible ? this.#tree.nodeOf(id) : undefined;
    if (!node) {
      return false;
    }
    try {
      await this.#view.reveal(node, { select: true, focus: false });
      return true;
    } catch {
      // It left meanwhile.
      return false;
    }
  }

  dispose(): void {
    for (const disposable of this.#disposables) {
      disposable.dispose();
    }
  }

  #update(): void {
    const operations = this.service.operations();
    const shown = {
      badge: badgeOf(operations.filter(isOursAndRunning).length),
      description: this.filter.description(this.service.hosts()),
      message: this.#message(operations),
      emptyBecause: this.#emptyBecause(),
      hasHosts: this.service.hosts().length > 0,
    };
    // VS Code draws the title of the view anew, whatever is set.
    const state = JSON.stringify(shown);
    if (state === this.#shown) {
      return;
    }
    this.#shown = state;
    this.#view.badge = shown.badge;
    this.#view.description = shown.description;
    // Without a message the line is gone; the typings leave that value out.
    (this.#view as { message: string | undefined }).message = shown.message;
    void vscode.commands.executeCommand('setContext', contextKeys.empty, shown.emptyBecause);
    void vscode.commands.executeCommand('setContext', contextKeys.hasHosts, shown.hasHosts);
  }

  /** A line above the rows; else none while there are no rows, so that the welcome text can be seen. */
  #message(operations: OperationView[]): string | undefined {
    const lines = [this.#shownText(), this.#troubleText(operations)].filter(Boolean);
    return lines.length > 0 ? lines.join(' ') : undefined;
  }

  /** The description is not shown where the view is the only one of its container. */
  #shownText(): string | undefined {
    const description = this.filter.description(this.service.hosts());
    return description && vscode.l10n.t('Shown: {0}.', description);
  }

  #troubleText(operations: OperationView[]): string | undefined {
    const { saveProblem } = this.service;
    if (saveProblem) {
      return unsavedText(saveProblem);
    }
    const waiting = new Set(
      operations.filter((view) => !isTerminal(view.status) && !isReported(view)).map(({ hostId }) => hostId),
    );
    return awayText(this.service.hosts().filter(({ id, state }) => waiting.has(id) && isAway(state)));
  }

  #emptyBecause(): string {
    const hosts = this.service.hosts();
    if (!this.service.isReady) {
      return 'starting';
    }
    if (hosts.length === 0) {
      return 'no-host';
    }
    return hosts.every(({ state }) => isAway(state)) ? 'cannot-connect' : 'nothing';
  }
}

function badgeOf(running: number): vscode.ViewBadge | undefined {
  if (running === 0) {
    return undefined;
  }
  const tooltip =
    running === 1
      ? vscode.l10n.t('1 remote operation running')
      : vscode.l10n.t('{0} remote operations running', running);
  return { value: running, tooltip };
}

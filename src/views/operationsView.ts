import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import { contextKeys, viewId } from '../ids';
import { isRunning, isTerminal } from '../operations/status';
import { OperationsTree, type TreeNode } from './operationsTree';
import type { ViewFilter } from './viewFilter';

/** The tree in the Activity Bar with its badge, its message, and what it says when there is nothing. */
export class OperationsViewHost implements vscode.Disposable {
  readonly #tree: OperationsTree;
  readonly #view: vscode.TreeView<TreeNode>;
  readonly #disposables: vscode.Disposable[];

  constructor(
    private readonly service: OperationsService & { readonly isReady: boolean },
    private readonly filter: ViewFilter,
  ) {
    this.#tree = new OperationsTree(service, filter);
    this.#view = vscode.window.createTreeView(viewId, { treeDataProvider: this.#tree });
    this.#disposables = [
      this.#view,
      this.#tree,
      this.#view.onDidChangeVisibility(({ visible }) => service.setVisible(viewId, visible)),
      service.onDidChange(() => this.#update()),
      service.onDidChangeHosts(() => this.#update()),
      filter.onDidChange(() => this.#update()),
    ];
    service.setVisible(viewId, this.#view.visible);
    this.#update();
  }

  /** The operations picked in the tree, for commands without an argument. */
  get selection(): readonly TreeNode[] {
    return this.#view.selection;
  }

  dispose(): void {
    for (const disposable of this.#disposables) {
      disposable.dispose();
    }
  }

  #update(): void {
    const operations = this.service.operations();
    const running = operations.filter(({ shownStatus }) => isRunning(shownStatus)).length;
    this.#view.badge =
      running > 0
        ? { value: running, tooltip: vscode.l10n.t('{0} remote operations running', running) }
        : undefined;
    this.#view.description = this.filter.text ? `“${this.filter.text}”` : '';
    // Without a message the line is gone; the typings leave that value out.
    (this.#view as { message: string | undefined }).message = this.#message(operations.length);
    void vscode.commands.executeCommand('setContext', contextKeys.empty, this.#emptyBecause());
  }

  /** A line above the rows; none while there are no rows, so that the welcome text can be seen. */
  #message(count: number): string | undefined {
    if (count === 0) {
      return undefined;
    }
    const host = this.service
      .hosts()
      .find(({ state }) => ['unreachable', 'needs-login', 'blocked'].includes(state));
    const waits = this.service
      .operations()
      .some((view) => view.hostId === host?.id && !isTerminal(view.status));
    return host?.error && waits ? host.error : undefined;
  }

  #emptyBecause(): string {
    const hosts = this.service.hosts();
    if (!this.service.isReady) {
      return 'starting';
    }
    if (hosts.length === 0) {
      return 'no-host';
    }
    const away = hosts.every(({ state }) => ['unreachable', 'needs-login', 'blocked'].includes(state));
    return away ? 'cannot-connect' : 'nothing';
  }
}

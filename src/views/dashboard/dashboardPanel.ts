import * as vscode from 'vscode';
import type { OperationsService } from '../../engine/operationsService';
import { commands, dashboardType } from '../../ids';
import { unsavedText } from '../operationText';
import type { ViewFilter } from '../viewFilter';
import { webviewOptions, webviewPage } from '../webviewPage';
import { dashboardActions, type DashboardSnapshot, type ToHost, type ToWebview } from './protocol';

const gatherMs = 100;

/** The dashboard: at most one, restored after a reload, silent while hidden. */
export class Dashboard implements vscode.WebviewPanelSerializer, vscode.Disposable {
  #panel: vscode.WebviewPanel | undefined;
  #isReady = false;
  #timer: NodeJS.Timeout | undefined;
  readonly #subscriptions: vscode.Disposable[];

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly service: OperationsService,
    private readonly filter: ViewFilter,
  ) {
    this.#subscriptions = [
      vscode.window.registerWebviewPanelSerializer(dashboardType, this),
      service.onDidChange(() => this.#gather()),
      service.onDidChangeHosts(() => this.#gather()),
      service.onDidChangeSaveProblem(() => this.#gather()),
      filter.onDidChange(() => this.#gather()),
    ];
  }

  show(): void {
    if (this.#panel) {
      this.#panel.reveal();
      return;
    }
    this.#adopt(
      vscode.window.createWebviewPanel(
        dashboardType,
        vscode.l10n.t('Remote Operations'),
        vscode.ViewColumn.Active,
      ),
    );
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    this.#adopt(panel);
    return Promise.resolve();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#panel?.dispose();
    for (const subscription of this.#subscriptions) {
      subscription.dispose();
    }
  }

  #adopt(panel: vscode.WebviewPanel): void {
    this.#panel = panel;
    this.#isReady = false;
    const { webview } = panel;
    webview.options = webviewOptions(this.extensionUri);
    panel.iconPath = vscode.Uri.joinPath(this.extensionUri, 'media', 'activity.svg');
    webview.onDidReceiveMessage((message: ToHost) => this.#receive(message));
    panel.onDidChangeViewState(() => this.#onVisibility());
    panel.onDidDispose(() => {
      this.#panel = undefined;
      this.service.setVisible(dashboardType, false);
    });
    webview.html = webviewPage(webview, this.extensionUri, 'dashboard');
    this.#onVisibility();
  }

  #onVisibility(): void {
    const visible = this.#panel?.visible === true;
    if (!visible) {
      // A hidden webview is torn down; it says "ready" again when it is shown.
      this.#isReady = false;
    }
    this.service.setVisible(dashboardType, visible);
  }

  #receive(message: ToHost): void {
    switch (message.type) {
      case 'ready':
        this.#isReady = true;
        this.#post();
        return;
      case 'command':
        if (message.command === 'sync' || message.command === 'submit' || message.command === 'addHost') {
          void vscode.commands.executeCommand(commands[message.command]);
        }
        return;
      case 'host':
        if (message.action === 'retryHost' || message.action === 'logIn') {
          void vscode.commands.executeCommand(commands[message.action], String(message.hostId));
        }
        return;
      case 'action':
        if (dashboardActions.includes(message.action)) {
          void vscode.commands.executeCommand(commands[message.action], String(message.id));
        }
    }
  }

  #gather(): void {
    if (this.#isReady) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#post();
      }, gatherMs);
    }
  }

  #post(): void {
    if (this.#panel && this.#isReady) {
      const message: ToWebview = { type: 'snapshot', snapshot: this.#snapshot() };
      void this.#panel.webview.postMessage(message);
    }
  }

  #snapshot(): DashboardSnapshot {
    const hosts = this.service.hosts();
    const names = new Map(hosts.map(({ id, name }) => [id, name]));
    const filter = this.filter.filterDescription(hosts);
    const operations = this.filter
      .order(this.service.operations())
      .map((view) => ({ ...view, hostName: names.get(view.hostId) ?? view.hostId }))
      .filter((view) => this.filter.matches(view, view.hostName))
      .map((view) => {
        const series = this.service.series(view.id);
        return { ...view, ...(series && { series }) };
      });
    const { saveProblem } = this.service;
    return {
      takenAtMs: Date.now(),
      operations,
      hosts,
      ...(filter && { filter }),
      ...(saveProblem && { unsaved: unsavedText(saveProblem) }),
    };
  }
}

import * as vscode from 'vscode';
import type { OperationsService } from '../../engine/operationsService';
import { commands, dashboardType } from '../../ids';
import { engineSettings, onDidChangeSettings } from '../../settings';
import { unsavedText } from '../operationText';
import type { ViewFilter } from '../viewFilter';
import { webviewOptions, webviewPage } from '../webviewPage';
import { DashboardFeed } from './dashboardFeed';
import {
  dashboardActions,
  dashboardCommands,
  type DashboardAction,
  type DashboardCommand,
  type Surroundings,
  type ToHost,
} from './protocol';
import { takeSnapshot } from './snapshot';

const commandIds: Partial<Record<DashboardAction | DashboardCommand, string>> = commands;

const hostsShownKey = 'dashboard.hostsShown';

/** The dashboard: at most one, restored after a reload, silent while hidden. */
export class Dashboard implements vscode.WebviewPanelSerializer, vscode.Disposable {
  #panel: vscode.WebviewPanel | undefined;
  readonly #feed: DashboardFeed;
  readonly #subscriptions: vscode.Disposable[];

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly service: OperationsService,
    private readonly filter: ViewFilter,
    private readonly memory: vscode.Memento,
  ) {
    this.#feed = new DashboardFeed(
      () => takeSnapshot(service, filter, this.#words()),
      (message) => void this.#panel?.webview.postMessage(message),
    );
    this.#subscriptions = [
      vscode.window.registerWebviewPanelSerializer(dashboardType, this),
      service.onDidChange(() => this.#feed.changed()),
      service.onDidChangeHosts(() => this.#feed.changed()),
      service.onDidChangeSaveProblem(() => this.#feed.changed()),
      filter.onDidChange(() => this.#feed.changed()),
      onDidChangeSettings(() => this.#feed.changed()),
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

  get isVisible(): boolean {
    return this.#panel?.visible === true;
  }

  /** A tab in the background is restored only when it is shown: there may be a dashboard by then. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    if (this.#panel) {
      panel.dispose();
    } else {
      this.#adopt(panel);
    }
    return Promise.resolve();
  }

  dispose(): void {
    this.#feed.stop();
    this.#panel?.dispose();
    for (const subscription of this.#subscriptions) {
      subscription.dispose();
    }
  }

  #adopt(panel: vscode.WebviewPanel): void {
    this.#panel = panel;
    this.#feed.stop();
    const { webview } = panel;
    webview.options = webviewOptions(this.extensionUri);
    panel.iconPath = vscode.Uri.joinPath(this.extensionUri, 'media', 'activity.svg');
    webview.onDidReceiveMessage((message: ToHost) => this.#receive(message));
    panel.onDidChangeViewState(() => this.#panel === panel && this.#onVisibility());
    panel.onDidDispose(() => {
      if (this.#panel === panel) {
        this.#panel = undefined;
        this.#onVisibility();
      }
    });
    webview.html = webviewPage(webview, this.extensionUri, 'dashboard');
    this.#onVisibility();
  }

  #onVisibility(): void {
    const visible = this.#panel?.visible === true;
    if (!visible) {
      this.#feed.stop();
    }
    this.service.setVisible(dashboardType, visible);
  }

  #words(): Omit<Surroundings, 'takenAtMs'> {
    const filter = this.filter.filterDescription(this.service.hosts());
    const sort = this.filter.orderDescription;
    const { saveProblem } = this.service;
    const areHostsShown = this.memory.get<boolean>(hostsShownKey);
    return {
      overload: engineSettings().overload,
      ...(filter && { filter }),
      ...(sort && { sort }),
      ...(areHostsShown !== undefined && { areHostsShown }),
      ...(saveProblem && { unsaved: unsavedText(saveProblem) }),
    };
  }

  #receive(message: ToHost): void {
    switch (message.type) {
      case 'ready':
        this.#feed.start();
        return;
      case 'command':
        if (dashboardCommands.includes(message.command)) {
          run(commandIds[message.command]);
        }
        return;
      case 'showHosts':
        void this.memory.update(hostsShownKey, message.shown === true);
        return;
      case 'host':
        if (message.action === 'retryHost' || message.action === 'logIn') {
          run(commands[message.action], String(message.hostId));
        }
        return;
      case 'action':
        if (dashboardActions.includes(message.action)) {
          run(commandIds[message.action], String(message.id));
        }
    }
  }
}

function run(command: string | undefined, ...args: string[]): void {
  if (command !== undefined) {
    void vscode.commands.executeCommand(command, ...args);
  }
}

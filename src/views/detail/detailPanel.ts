import * as vscode from 'vscode';
import { commands, detailType } from '../../ids';
import type { OperationView } from '../../operations/operationView';
import { isTerminal } from '../../operations/status';
import { engineSettings } from '../../settings';
import { shortName } from '../shortName';
import { webviewOptions, webviewPage } from '../webviewPage';
import { DetailContent, type DetailService } from './detailContent';
import { LogTailReader } from './logTailReader';
import { detailActions, type Copyable, type ToHost, type ToWebview } from './protocol';

const gatherMs = 100;

export const detailTitle = (view: OperationView | undefined): string =>
  view ? shortName(view.name) : vscode.l10n.t('Operation');

/** The page of one operation: live while it can be seen, silent while hidden, whole when it is shown again. */
export class DetailPanel implements vscode.Disposable {
  readonly #content: DetailContent;
  readonly #log: LogTailReader;
  readonly #subscriptions: vscode.Disposable[];
  #isReady = false;
  #isWatched = false;
  #timer: NodeJS.Timeout | undefined;
  #update: 'idle' | 'running' | 'again' = 'idle';

  constructor(
    readonly id: string,
    private readonly panel: vscode.WebviewPanel,
    private readonly service: DetailService,
    extensionUri: vscode.Uri,
  ) {
    const { webview } = panel;
    this.#content = new DetailContent(service, id, () => engineSettings().overload);
    this.#log = new LogTailReader(service, id, (log) => this.#send({ type: 'log', log }));
    webview.options = webviewOptions(extensionUri);
    panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'activity.svg');
    this.#subscriptions = [
      webview.onDidReceiveMessage((message: ToHost) => this.#receive(message)),
      panel.onDidChangeViewState(() => this.#onVisibility()),
      service.onDidChange((changed) => {
        const before = this.#content.view?.retryOf;
        if (changed.some((view) => view.id === id || view.retryOf === id || view.id === before)) {
          this.#gather();
        }
      }),
      service.onDidChangeHosts(() => this.#gather()),
    ];
    this.#nameIt();
    webview.html = webviewPage(webview, extensionUri, 'detail');
    this.#onVisibility();
  }

  reveal(): void {
    this.panel.reveal();
  }

  /** The panel itself is closed by VS Code, or by `close`. */
  dispose(): void {
    this.#isReady = false;
    clearTimeout(this.#timer);
    this.#log.dispose();
    this.service.setVisible(this.#viewName, false);
    for (const subscription of this.#subscriptions) {
      subscription.dispose();
    }
  }

  close(): void {
    this.panel.dispose();
  }

  get #viewName(): string {
    return `${detailType}:${this.id.slice(0, 100)}`;
  }

  #onVisibility(): void {
    if (!this.panel.visible) {
      // A hidden webview is torn down; it says "ready" again when it is shown.
      this.#isReady = false;
      this.#content.hideSecrets();
      this.#log.setVisible(false);
    }
    this.#watch();
  }

  /** Of what has ended nothing new is to be seen: hosts need not be looked at often for it. */
  #watch(): void {
    const { view } = this.#content;
    const isWatched = this.panel.visible && view !== undefined && !isTerminal(view.status);
    if (isWatched !== this.#isWatched) {
      this.#isWatched = isWatched;
      this.service.setVisible(this.#viewName, isWatched);
    }
  }

  #receive(message: ToHost): void {
    switch (message.type) {
      case 'ready':
        this.#isReady = true;
        this.#watch();
        this.#post();
        this.#send({ type: 'log', log: this.#log.tail });
        this.#log.setVisible(true);
        void this.#askForMore();
        return;
      case 'action':
        if (detailActions.includes(message.action)) {
          void vscode.commands.executeCommand(commands[message.action], this.id);
        }
        return;
      case 'open':
        void vscode.commands.executeCommand(commands.showDetails, String(message.id));
        return;
      case 'reveal':
        this.#content.reveal(String(message.name), message.shown === true);
        this.#post();
        return;
      case 'copy':
        void this.#copy(message.what);
        return;
      case 'readLog':
        void this.#log.read();
    }
  }

  async #copy(what: Copyable): Promise<void> {
    const { operation, folder, runDirectory } = this.#content.snapshot();
    const text = { command: operation?.command, folder, runDirectory }[what];
    if (text !== undefined) {
      await vscode.env.clipboard.writeText(text);
      void vscode.window.setStatusBarMessage(vscode.l10n.t('Copied'), 2_000);
    }
  }

  #gather(): void {
    if (this.#isReady) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#watch();
        this.#post();
        this.#log.look();
        void this.#askForMore();
      }, gatherMs);
    }
  }

  /** One at a time; what changes meanwhile is asked for after it. */
  async #askForMore(): Promise<void> {
    if (this.#update !== 'idle') {
      this.#update = 'again';
      return;
    }
    do {
      this.#update = 'running';
      this.#post(await this.#content.update());
    } while (this.#isAskedAgain());
    this.#update = 'idle';
  }

  #isAskedAgain(): boolean {
    return this.#update === 'again' && this.#isReady;
  }

  #post(problem?: string): void {
    this.#nameIt();
    this.#send({ type: 'snapshot', snapshot: this.#content.snapshot(problem) });
  }

  #nameIt(): void {
    const title = detailTitle(this.#content.view);
    if (this.panel.title !== title) {
      this.panel.title = title;
    }
  }

  #send(message: ToWebview): void {
    if (this.#isReady) {
      void this.panel.webview.postMessage(message);
    }
  }
}

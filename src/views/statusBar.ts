import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import { commands } from '../ids';
import { isOursAndRunning } from './counted';

/** "3 running", with a list of them; gone when nothing runs and no host is known. */
export class StatusBar implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem('remoteOps.status', vscode.StatusBarAlignment.Left, 10);
  readonly #subscriptions: vscode.Disposable[];

  constructor(private readonly service: OperationsService) {
    this.#item.name = vscode.l10n.t('Remote Operations');
    this.#item.command = commands.openDashboard;
    this.#subscriptions = [
      service.onDidChange(() => this.#update()),
      service.onDidChangeHosts(() => this.#update()),
    ];
    this.#update();
  }

  dispose(): void {
    this.#item.dispose();
    for (const subscription of this.#subscriptions) {
      subscription.dispose();
    }
  }

  #update(): void {
    const running = this.service.operations().filter(isOursAndRunning);
    if (running.length === 0 && this.service.hosts().length === 0) {
      this.#item.hide();
      return;
    }
    this.#item.text = `$(server-process) ${vscode.l10n.t('{0} running', running.length)}`;
    const tooltip = new vscode.MarkdownString(vscode.l10n.t('**Remote Operations**'));
    for (const { name, shownStatus } of running.slice(0, 10)) {
      tooltip.appendMarkdown('\n\n').appendText(`${name}: ${shownStatus}`);
    }
    if (running.length > 10) {
      tooltip.appendMarkdown('\n\n').appendText(vscode.l10n.t('and {0} more', running.length - 10));
    }
    this.#item.tooltip = tooltip;
    this.#item.show();
  }
}

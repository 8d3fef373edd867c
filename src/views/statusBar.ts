import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import { commands } from '../ids';
import { isOursAndRunning } from './counted';
import { Gathered } from './gathered';
import { statusTooltip } from './statusTooltip';

/** "3 running", with a list of them; gone when nothing runs and no host is known. */
export class StatusBar implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem('remoteOps.status', vscode.StatusBarAlignment.Left, 10);
  readonly #subscriptions: vscode.Disposable[];

  constructor(private readonly service: OperationsService) {
    const gathered = new Gathered(() => this.#update());
    this.#item.name = vscode.l10n.t('Remote Operations');
    this.#item.command = commands.openDashboard;
    this.#subscriptions = [
      this.#item,
      gathered,
      service.onDidChange(gathered.call),
      service.onDidChangeHosts(gathered.call),
    ];
    this.#update();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) {
      subscription.dispose();
    }
  }

  #update(): void {
    const operations = this.service.operations();
    const hosts = this.service.hosts();
    const running = operations.filter(isOursAndRunning).length;
    if (running === 0 && hosts.length === 0) {
      this.#item.hide();
      return;
    }
    this.#item.text = `$(server-process) ${vscode.l10n.t('{0} running', running)}`;
    this.#item.tooltip = statusTooltip(operations, hosts);
    this.#item.show();
  }
}

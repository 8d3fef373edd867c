import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import { commands } from '../ids';
import type { HostView } from '../operations/operationView';
import { showInformation } from './messages';

/** Says in the window that the user looks at that a host waits for them: once until it was reached again. */
export class LoginNotice implements vscode.Disposable {
  readonly #told = new Set<string>();
  readonly #subscriptions: vscode.Disposable[];

  constructor(private readonly service: OperationsService) {
    this.#subscriptions = [
      service.onDidChangeHosts(() => this.#look()),
      vscode.window.onDidChangeWindowState(({ focused }) => focused && this.#look()),
    ];
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) {
      subscription.dispose();
    }
  }

  #look(): void {
    for (const host of this.service.hosts()) {
      if (!host.waitsForUser && host.state === 'connected') {
        this.#told.delete(host.id);
      } else if (host.waitsForUser && !this.#told.has(host.id) && vscode.window.state.focused) {
        this.#told.add(host.id);
        void this.#tell(host);
      }
    }
  }

  async #tell({ id, name, state }: HostView): Promise<void> {
    const [text, action] =
      state === 'blocked'
        ? [vscode.l10n.t('{0} shows a key that is not known yet.', name), vscode.l10n.t('Connect')]
        : [vscode.l10n.t('{0} needs a login.', name), vscode.l10n.t('Log In')];
    if ((await showInformation(text, action)) === action) {
      await vscode.commands.executeCommand(commands.connect, id);
    }
  }
}

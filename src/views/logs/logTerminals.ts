import * as vscode from 'vscode';
import type { OperationsService } from '../../engine/operationsService';
import type { OperationView } from '../../operations/operationView';
import { shortName } from '../shortName';
import { LogTerminal } from './logTerminal';

/** The terminals that follow logs: one for each operation. */
export class LogTerminals {
  readonly #open = new Map<string, vscode.Terminal>();

  constructor(private readonly service: OperationsService) {}

  show(view: OperationView): void {
    const open = this.#open.get(view.id);
    if (open && vscode.window.terminals.includes(open)) {
      open.show();
      return;
    }
    const terminal = vscode.window.createTerminal({
      name: vscode.l10n.t('Log: {0}', shortName(view.name)),
      iconPath: new vscode.ThemeIcon('output'),
      pty: new LogTerminal(this.service, view),
      isTransient: true,
    });
    this.#open.set(view.id, terminal);
    // With the focus, so that Ctrl+C stops it.
    terminal.show();
  }
}

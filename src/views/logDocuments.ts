import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import { errorMessage } from '../operations/errors';
import { isTerminal } from '../operations/status';
import { OperationDocuments } from './operationDocuments';

/** While an open log is on the screen, it is read again this often. */
const followMs = 2_000;

/** The end of an operation's log as a read-only document, which follows while it can be seen. */
export class LogDocuments extends OperationDocuments {
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly service: OperationsService) {
    super(
      'remote-operation-log',
      '.log',
      vscode.window.onDidChangeVisibleTextEditors(() => this.#follow()),
    );
  }

  async show(id: string): Promise<void> {
    const editor = await this.open({ id, name: this.service.get(id)?.name ?? id });
    const { end } = editor.document.lineAt(editor.document.lineCount - 1).range;
    editor.selection = new vscode.Selection(end, end);
    editor.revealRange(new vscode.Range(end, end));
    this.#follow();
  }

  override dispose(): void {
    clearTimeout(this.#timer);
    super.dispose();
  }

  protected override async text(id: string): Promise<string> {
    const { text, offset, size } = await this.service.log(id);
    if (size === 0) {
      return `${vscode.l10n.t('[No output yet]')}\n`;
    }
    const cut = offset > 0 ? `${vscode.l10n.t('[The last {0} of {1} bytes]', size - offset, size)}\n` : '';
    return cut + text;
  }

  #follow(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const live = this.visible().filter(({ id }) => !isTerminal(this.service.get(id)?.status ?? 'stopped'));
      void Promise.all(
        live.map(({ uri }) =>
          this.read(uri).catch((error: unknown) => {
            // The row says that the host is away; the log keeps what was read.
            void vscode.window.setStatusBarMessage(errorMessage(error), followMs);
          }),
        ),
      ).then(() => live.length > 0 && this.#follow());
    }, followMs);
  }
}

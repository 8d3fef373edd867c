import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import { errorMessage } from '../operations/errors';
import { isTerminal } from '../operations/status';

const scheme = 'remote-operation-log';
/** While an open log is on the screen, it is read again this often. */
const followMs = 2_000;

/** The end of an operation's log as a read-only document, which follows while it can be seen. */
export class LogDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #texts = new Map<string, string>();
  readonly #subscriptions: vscode.Disposable[];
  #timer: NodeJS.Timeout | undefined;

  readonly onDidChange = this.#changed.event;

  constructor(private readonly service: OperationsService) {
    this.#subscriptions = [
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#texts.delete(uri.toString())),
      vscode.window.onDidChangeVisibleTextEditors(() => this.#follow()),
    ];
  }

  async show(id: string): Promise<void> {
    const name = this.service.get(id)?.name ?? id;
    const uri = vscode.Uri.from({
      scheme,
      path: `/${name.replaceAll('/', '-').slice(0, 80)}.log`,
      query: id,
    });
    await this.#read(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    const editor = await vscode.window.showTextDocument(document, { preview: true });
    const end = document.lineAt(document.lineCount - 1).range.end;
    editor.selection = new vscode.Selection(end, end);
    editor.revealRange(new vscode.Range(end, end));
    this.#follow();
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? '';
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#changed.dispose();
    for (const subscription of this.#subscriptions) {
      subscription.dispose();
    }
  }

  async #read(uri: vscode.Uri): Promise<void> {
    const { text, offset, size } = await this.service.log(uri.query);
    const cut = offset > 0 ? `${vscode.l10n.t('[The last {0} of {1} bytes]', size - offset, size)}\n` : '';
    const shown = size === 0 ? `${vscode.l10n.t('[No output yet]')}\n` : cut + text;
    if (this.#texts.get(uri.toString()) !== shown) {
      this.#texts.set(uri.toString(), shown);
      this.#changed.fire(uri);
    }
  }

  #follow(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const live = vscode.window.visibleTextEditors
        .map(({ document }) => document.uri)
        .filter(
          (uri) => uri.scheme === scheme && !isTerminal(this.service.get(uri.query)?.status ?? 'stopped'),
        );
      void Promise.all(
        live.map((uri) =>
          this.#read(uri).catch((error: unknown) => {
            // The row says that the host is away; the log keeps what was read.
            void vscode.window.setStatusBarMessage(errorMessage(error), followMs);
          }),
        ),
      ).then(() => live.length > 0 && this.#follow());
    }, followMs);
  }
}

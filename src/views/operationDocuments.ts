import * as vscode from 'vscode';
import type { OperationView } from '../operations/operationView';

const mostNameLength = 80;

/** Read-only documents about operations, one for each. What is in them, and when it is new, each kind knows. */
export abstract class OperationDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #texts = new Map<string, string>();
  readonly #subscriptions: vscode.Disposable[];

  readonly onDidChange = this.#changed.event;

  protected constructor(
    private readonly scheme: string,
    /** Of the name in the tab. */
    private readonly ending: string,
    ...subscriptions: vscode.Disposable[]
  ) {
    this.#subscriptions = [
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#texts.delete(uri.toString())),
      ...subscriptions,
    ];
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? '';
  }

  dispose(): void {
    this.#changed.dispose();
    for (const subscription of this.#subscriptions) {
      subscription.dispose();
    }
  }

  /** What the document of an operation shows now. */
  protected abstract text(id: string): Promise<string>;

  protected async open({ id, name }: Pick<OperationView, 'id' | 'name'>): Promise<vscode.TextEditor> {
    const path = `/${name.replaceAll('/', '-').slice(0, mostNameLength)}${this.ending}`;
    const uri = vscode.Uri.from({ scheme: this.scheme, path, query: id });
    await this.read(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    return vscode.window.showTextDocument(document, { preview: true });
  }

  protected async read(uri: vscode.Uri): Promise<void> {
    const text = await this.text(uri.query);
    if (this.#texts.get(uri.toString()) !== text) {
      this.#texts.set(uri.toString(), text);
      this.#changed.fire(uri);
    }
  }

  /** Those on the screen. */
  protected visible(): { uri: vscode.Uri; id: string }[] {
    return vscode.window.visibleTextEditors
      .map(({ document }) => document.uri)
      .filter((uri) => uri.scheme === this.scheme)
      .map((uri) => ({ uri, id: uri.query }));
  }
}

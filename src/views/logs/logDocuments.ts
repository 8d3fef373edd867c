import * as vscode from 'vscode';
import type { OperationsService } from '../../engine/operationsService';
import { commands, contextKeys } from '../../ids';
import type { HostView, OperationView } from '../../operations/operationView';
import { LogDocument } from './logDocument';

export const logScheme = 'remote-operation-log';
const mostNameLength = 80;

/**
 * The logs of operations as read-only documents. They are files of a file system of their own, because VS Code takes
 * over what changed in a file and leaves cursor and scroll position alone, which it does not for virtual documents.
 */
export class LogDocuments implements vscode.FileSystemProvider, vscode.CodeLensProvider, vscode.Disposable {
  readonly #files = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly #lenses = new vscode.EventEmitter<void>();
  readonly #documents = new Map<string, LogDocument>();
  /** Where the cursor goes once the change that was announced is there: a line, or the end. */
  readonly #next = new Map<string, number | 'end'>();
  readonly #subscriptions: vscode.Disposable[];

  readonly onDidChangeFile = this.#files.event;
  readonly onDidChangeCodeLenses = this.#lenses.event;

  constructor(private readonly service: OperationsService) {
    this.#subscriptions = [
      vscode.workspace.registerFileSystemProvider(logScheme, this, {
        isReadonly: true,
        isCaseSensitive: true,
      }),
      vscode.languages.registerCodeLensProvider({ scheme: logScheme }, this),
      vscode.window.onDidChangeVisibleTextEditors(() => this.#noteVisible()),
      vscode.window.onDidChangeActiveTextEditor(() => this.#tellMenus()),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#moveOn(document)),
      service.onDidChangeHosts(() => {
        if ([...this.#documents.values()].some(({ awayHost }) => awayHost)) {
          this.#lenses.fire();
        }
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => uri.scheme === logScheme && this.#close(uri)),
      this.#files,
      this.#lenses,
    ];
  }

  /** Opens the log of an operation at its end. */
  async show({ id, name }: Pick<OperationView, 'id' | 'name'>): Promise<void> {
    const path = `/${name.replaceAll(/[/\\\p{C}]/gu, '-').slice(0, mostNameLength)}.log`;
    const uri = vscode.Uri.from({ scheme: logScheme, path, query: id });
    const document = this.#of(uri);
    await document.loadForUser();
    if (document.isPaused && !hasTab(uri)) {
      // It was closed meanwhile: what is opened anew shows what is.
      await document.setPaused(false);
    }
    const editor = await vscode.window.showTextDocument(await open(uri), { preview: true });
    toLine(editor, 'end');
    this.#noteVisible();
  }

  /** The log in the editor that a command was called on or, from elsewhere, in the active one. */
  at(argument: unknown): LogDocument | undefined {
    const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
    return uri?.scheme === logScheme ? this.#documents.get(uri.toString()) : undefined;
  }

  async loadEarlier(document: LogDocument): Promise<void> {
    this.#moveTo(document, await document.loadEarlier());
  }

  async toEnd(document: LogDocument): Promise<void> {
    await document.toEnd();
    this.#moveTo(document, 'end');
  }

  async follow(document: LogDocument): Promise<void> {
    await document.setPaused(false);
    this.#moveTo(document, 'end');
  }

  /** Shows the part of a log that was found, whether or not it is open. */
  async goTo(view: OperationView, offset: number, text: string): Promise<void> {
    if (![...this.#documents.values()].some(({ id }) => id === view.id)) {
      await this.show(view);
    }
    const document = [...this.#documents.values()].find(({ id }) => id === view.id);
    const uri = document && this.#uriOf(document);
    if (document && uri) {
      const line = await document.goTo(offset);
      const isThere = (found: vscode.TextDocument) => found.getText() === document.bytes.toString();
      const shown = await open(uri);
      await untilChanged(shown, isThere);
      const editor = await vscode.window.showTextDocument(shown, { preview: true });
      this.#next.delete(uri.toString());
      select(editor, line, text);
    }
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const document = this.#of(uri);
    await document.load();
    const { version, bytes } = document;
    return {
      type: vscode.FileType.File,
      ctime: 0,
      mtime: version,
      size: bytes.length,
      permissions: vscode.FilePermission.Readonly,
    };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const document = this.#of(uri);
    await document.load();
    return document.bytes;
  }

  provideCodeLenses({ uri }: vscode.TextDocument): vscode.CodeLens[] {
    const document = this.#documents.get(uri.toString());
    if (!document) {
      return [];
    }
    const { t } = vscode.l10n;
    const top = new vscode.Range(0, 0, 0, 0);
    const lens = (title: string, command: string) =>
      new vscode.CodeLens(top, { title, command, arguments: [uri] });
    const { awayHost } = document;
    return [
      ...(awayHost ? [new vscode.CodeLens(top, wayBack(awayHost))] : []),
      ...(document.hasEarlier ? [lens(t('Load Earlier'), commands.loadEarlierLog)] : []),
      ...(document.reachesEnd ? [] : [lens(t('Go to End of Log'), commands.endOfLog)]),
      lens(t('Search Whole Log...'), commands.searchLog),
      ...(document.isLive ? [lens(t('Follow Log in Terminal'), commands.followLog)] : []),
    ];
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(): [] {
    return [];
  }

  createDirectory = readOnly;
  writeFile = readOnly;
  delete = readOnly;
  rename = readOnly;

  dispose(): void {
    this.#documents.forEach((document) => document.dispose());
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }

  #of(uri: vscode.Uri): LogDocument {
    const key = uri.toString();
    const known = this.#documents.get(key);
    if (known) {
      return known;
    }
    const document = new LogDocument(this.service, uri.query, () => this.#announce(uri));
    this.#documents.set(key, document);
    return document;
  }

  #uriOf(document: LogDocument): vscode.Uri | undefined {
    const [key] = [...this.#documents].find(([, each]) => each === document) ?? [];
    return key === undefined ? undefined : vscode.Uri.parse(key);
  }

  #close(uri: vscode.Uri): void {
    this.#documents.get(uri.toString())?.dispose();
    this.#documents.delete(uri.toString());
    this.#next.delete(uri.toString());
  }

  #announce(uri: vscode.Uri): void {
    const key = uri.toString();
    if (editorsOf(uri).some(isAtEnd) && !this.#next.has(key)) {
      this.#next.set(key, 'end');
    }
    this.#files.fire([{ type: vscode.FileChangeType.Changed, uri }]);
    this.#lenses.fire();
    this.#tellMenus();
  }

  #moveTo(document: LogDocument, place: number | 'end'): void {
    const uri = this.#uriOf(document);
    if (uri) {
      this.#next.set(uri.toString(), place);
    }
  }

  /** The document has the change that was announced. */
  #moveOn({ uri }: vscode.TextDocument): void {
    const place = this.#next.get(uri.toString());
    if (place !== undefined) {
      this.#next.delete(uri.toString());
      editorsOf(uri).forEach((editor) => toLine(editor, place));
    }
  }

  #noteVisible(): void {
    for (const [key, document] of this.#documents) {
      document.setVisible(editorsOf(vscode.Uri.parse(key)).length > 0);
    }
    this.#tellMenus();
  }

  #tellMenus(): void {
    const document = this.at(undefined);
    const state = !document ? '' : !document.isLive ? 'ended' : document.isPaused ? 'paused' : 'following';
    void vscode.commands.executeCommand('setContext', contextKeys.log, state);
    void vscode.commands.executeCommand(
      'setContext',
      contextKeys.logHasEarlier,
      document?.hasEarlier ?? false,
    );
  }
}

/** What the user can do about a host that a log cannot be read from. */
function wayBack({ id, state }: HostView): vscode.Command {
  const { t } = vscode.l10n;
  return state === 'needs-login'
    ? { title: t('Log In'), command: commands.logIn, arguments: [id] }
    : { title: t('Connect'), command: commands.connect, arguments: [id] };
}

function readOnly(): never {
  throw vscode.FileSystemError.NoPermissions(vscode.l10n.t('Logs can only be read.'));
}

const open = (uri: vscode.Uri): Thenable<vscode.TextDocument> =>
  vscode.workspace.openTextDocument(uri, { encoding: 'utf8' });

const editorsOf = (uri: vscode.Uri): vscode.TextEditor[] =>
  vscode.window.visibleTextEditors.filter(({ document }) => document.uri.toString() === uri.toString());

/** The cursor is at the end, and that can be seen: who scrolls back wants to read there. */
function isAtEnd({ document, selection, visibleRanges }: vscode.TextEditor): boolean {
  const last = document.lineCount - 1;
  return (
    selection.isEmpty &&
    selection.active.line === last &&
    (visibleRanges.at(-1)?.end.line ?? last) >= last - 1
  );
}

function toLine(editor: vscode.TextEditor, place: number | 'end'): void {
  const last = editor.document.lineCount - 1;
  const { start, end } = editor.document.lineAt(place === 'end' ? last : Math.min(place, last)).range;
  const at = place === 'end' ? end : start;
  const { Default, AtTop } = vscode.TextEditorRevealType;
  editor.selection = new vscode.Selection(at, at);
  editor.revealRange(new vscode.Range(at, at), place === 'end' ? Default : AtTop);
}

/** The words in this line or, where a progress bar has left it, in the one after. */
function select(editor: vscode.TextEditor, line: number, text: string): void {
  const { document } = editor;
  const first = Math.min(line, document.lineCount - 1);
  const found = [first, first + 1, first - 1]
    .filter((at) => at >= 0 && at < document.lineCount)
    .map((at) => ({ at, column: document.lineAt(at).text.toLowerCase().indexOf(text.toLowerCase()) }))
    .find(({ column }) => column >= 0) ?? { at: first, column: 0 };
  const start = new vscode.Position(found.at, found.column);
  const range = new vscode.Range(start, start.translate(0, text.length));
  editor.selection = new vscode.Selection(range.start, range.end);
  editor.revealRange(range, vscode.TextEditorRevealType.InCenter);
}

const changeMs = 5_000;

/** Resolves once the document is so, or after a while. */
function untilChanged(
  document: vscode.TextDocument,
  isThere: (document: vscode.TextDocument) => boolean,
): Promise<void> {
  if (isThere(document)) {
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    const done = () => {
      subscription.dispose();
      clearTimeout(timer);
      resolve();
    };
    const subscription = vscode.workspace.onDidChangeTextDocument(
      (event) => event.document === document && isThere(document) && done(),
    );
    const timer = setTimeout(done, changeMs);
  });
}

/** VS Code keeps the text of a tab that was closed for a while. */
const hasTab = (uri: vscode.Uri): boolean =>
  vscode.window.tabGroups.all.some(({ tabs }) =>
    tabs.some(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString()),
  );

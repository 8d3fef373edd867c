import * as vscode from 'vscode';

type WindowFunction =
  | 'createQuickPick'
  | 'registerWebviewPanelSerializer'
  | 'showInformationMessage'
  | 'showInputBox'
  | 'showQuickPick'
  | 'withProgress';

type Items = readonly vscode.QuickPickItem[];

/** The user in front of what an extension cannot see or answer: messages, and the rows of pickers. All else is VS Code's. */
export class ScriptedUser {
  /** Each message, with its buttons. */
  readonly told: string[][] = [];
  readonly progress: string[] = [];
  readonly shown: vscode.QuickPickItem[] = [];
  readonly pickers: vscode.QuickPick<vscode.QuickPickItem>[] = [];
  readonly #originals = new Map<WindowFunction, unknown>();

  constructor(private readonly typed = '') {
    const { createQuickPick, withProgress } = vscode.window;
    this.replace('showInformationMessage', (...words: string[]) => {
      this.told.push(words);
      return Promise.resolve(undefined);
    });
    this.replace('showInputBox', () => Promise.resolve(this.typed));
    this.replace('createQuickPick', () => {
      const picker = createQuickPick();
      this.pickers.push(picker);
      return picker;
    });
    this.replace('withProgress', (options: vscode.ProgressOptions, task: never) => {
      this.progress.push(options.title ?? '');
      return withProgress(options, task);
    });
  }

  /** Leaves every picker by Escape from now on, after a look at its rows. */
  leavePickers(): void {
    this.replace('showQuickPick', async (items: Items | Promise<Items>) => {
      this.shown.push(...(await items));
    });
  }

  replace(name: WindowFunction, act: unknown): void {
    if (!this.#originals.has(name)) {
      this.#originals.set(name, vscode.window[name]);
    }
    Reflect.set(vscode.window, name, act);
  }

  dispose(): void {
    for (const [name, original] of this.#originals) {
      Reflect.set(vscode.window, name, original);
    }
  }
}

import * as vscode from 'vscode';
import { contextKeys } from '../ids';
import type { OperationView } from '../operations/operationView';
import { Emitter } from '../emitter';

const storageKey = 'filter';

/** The text that narrows tree and dashboard, remembered for the window. */
export class ViewFilter {
  readonly #changed = new Emitter<void>();
  #text: string;

  readonly onDidChange = this.#changed.event;

  constructor(private readonly memento: vscode.Memento) {
    this.#text = memento.get(storageKey, '');
    this.#tellMenus();
  }

  get text(): string {
    return this.#text;
  }

  set(text: string): void {
    this.#text = text.trim();
    void this.memento.update(storageKey, this.#text);
    this.#tellMenus();
    this.#changed.fire();
  }

  matches(view: OperationView, hostName: string): boolean {
    const wanted = this.#text.toLowerCase();
    return (
      wanted === '' ||
      [view.name, view.command, view.shownStatus, hostName, view.description ?? ''].some((part) =>
        part.toLowerCase().includes(wanted),
      )
    );
  }

  #tellMenus(): void {
    void vscode.commands.executeCommand('setContext', contextKeys.filtered, this.#text !== '');
  }
}

export interface Disposable {
  dispose(): void;
}

/** Subscribes a listener; disposing the result ends the subscription. Fits where VS Code wants an `Event`. */
export type Subscribe<T> = (listener: (value: T) => unknown) => Disposable;

/** A minimal event source for code that knows no `vscode`. */
export class Emitter<T> {
  readonly #listeners = new Set<(value: T) => unknown>();

  readonly event: Subscribe<T> = (listener) => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };

  fire(value: T): void {
    for (const listener of [...this.#listeners]) {
      listener(value);
    }
  }
}

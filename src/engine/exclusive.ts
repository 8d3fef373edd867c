/** Runs tasks with the same key one after another. */
export class Exclusive {
  readonly #tails = new Map<string, Promise<unknown>>();

  isBusy(key: string): boolean {
    return this.#tails.has(key);
  }

  run<T>(key: string, task: () => Promise<T>): Promise<T> {
    // Whoever waits for the result finds the key free: that is why it is given back before.
    const result = (this.#tails.get(key) ?? Promise.resolve()).then(task, task).finally(() => {
      if (this.#tails.get(key) === result) {
        this.#tails.delete(key);
      }
    });
    this.#tails.set(key, result);
    return result;
  }
}

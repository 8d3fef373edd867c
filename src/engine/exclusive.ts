/** Runs tasks with the same key one after another. */
export class Exclusive {
  readonly #tails = new Map<string, Promise<unknown>>();

  isBusy(key: string): boolean {
    return this.#tails.has(key);
  }

  run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const result = (this.#tails.get(key) ?? Promise.resolve()).then(task, task);
    const tail = result
      .catch(() => undefined)
      .finally(() => {
        if (this.#tails.get(key) === tail) {
          this.#tails.delete(key);
        }
      });
    this.#tails.set(key, tail);
    return result;
  }
}

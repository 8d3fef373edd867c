/** At most so many at once; the others wait in line. */
export class Slots {
  #used = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(private limit: number) {}

  /** Resolves with the function that gives the slot back. Rejects with the signal's reason. */
  async acquire(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#used < this.limit) {
      return this.#take();
    }
    await this.#wait(signal);
    return this.#releaser();
  }

  /** A slot to be held for long, if one is free now and there is room beside so many others. */
  acquireBeside(others: number): (() => void) | undefined {
    return this.#used < this.limit && this.hasRoomBeside(others) ? this.#take() : undefined;
  }

  hasRoomBeside(others: number): boolean {
    return this.limit > others;
  }

  /** Lowers the limit to one less than is in use; false when that would leave none. */
  shrink(): boolean {
    const limit = Math.min(this.limit, this.#used - 1);
    if (limit < 1) {
      return false;
    }
    this.limit = limit;
    return true;
  }

  reset(limit: number): void {
    this.limit = limit;
    this.#admit();
  }

  #take(): () => void {
    this.#used++;
    return this.#releaser();
  }

  #releaser(): () => void {
    let held = true;
    return () => {
      if (held) {
        held = false;
        this.#used--;
        this.#admit();
      }
    };
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const give = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(give), 1);
        reject(signal.reason as Error);
      };
      this.#waiting.push(give);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  #admit(): void {
    while (this.#used < this.limit) {
      const next = this.#waiting.shift();
      if (!next) {
        return;
      }
      this.#used++;
      next();
    }
  }
}

/** Why a run is to stop: its time is up, or its caller no longer wants it. */
export class Stop extends Error {
  constructor(readonly why: 'deadline' | 'aborted') {
    super(why);
  }
}

/** Joins a time limit and a caller's signal into one, which aborts with a `Stop`. */
export class Deadline {
  readonly #controller = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #held = 0;
  readonly #onAbort = () => this.#controller.abort(new Stop('aborted'));

  constructor(
    private readonly milliseconds: number,
    private readonly caller?: AbortSignal,
  ) {
    this.#start();
    if (caller?.aborted) {
      this.#onAbort();
    }
    caller?.addEventListener('abort', this.#onAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Stops the clock while a user is asked; it begins anew after that. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    this.#held += 1;
    clearTimeout(this.#timer);
    try {
      return await work();
    } finally {
      this.#held -= 1;
      if (this.#held === 0) {
        this.#start();
      }
    }
  }

  clear(): void {
    this.#held += 1;
    clearTimeout(this.#timer);
    this.caller?.removeEventListener('abort', this.#onAbort);
  }

  #start(): void {
    this.#timer = setTimeout(() => this.#controller.abort(new Stop('deadline')), this.milliseconds);
  }
}

/** The promise, or a rejection with the signal's reason, whichever is first. The work itself goes on. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    if (signal.aborted) {
      onAbort();
    }
    signal.addEventListener('abort', onAbort, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** Why a run is to stop: its time is up, or its caller no longer wants it. */
export class Stop extends Error {
  constructor(readonly why: 'deadline' | 'aborted') {
    super(why);
  }
}

/** Joins a time limit and a caller's signal into one, which aborts with a `Stop`. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #onAbort = () => this.#controller.abort(new Stop('aborted'));

  constructor(
    milliseconds: number,
    private readonly caller?: AbortSignal,
  ) {
    this.#timer = setTimeout(() => this.#controller.abort(new Stop('deadline')), milliseconds);
    if (caller?.aborted) {
      this.#onAbort();
    }
    caller?.addEventListener('abort', this.#onAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.caller?.removeEventListener('abort', this.#onAbort);
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

import type { Disposable } from '../emitter';
import type { OperationStore } from '../store/operationStore';
import type { Clock } from './clock';

const flushEveryMs = 5_000;
const flushMostMs = 60_000;
/** Writing progress takes at most this share of the time, however many operations there are. */
const flushShare = 1 / 50;

/** Brings progress to the disk, now and then. */
export class Flusher {
  #timer: Disposable | undefined;
  #everyMs = flushEveryMs;

  constructor(
    private readonly store: Pick<OperationStore, 'saveProblem' | 'flush'>,
    private readonly clock: Clock,
  ) {}

  schedule(): void {
    this.#timer ??= this.clock.after(this.#everyMs, () => void this.#flush());
  }

  dispose(): void {
    this.#timer?.dispose();
  }

  /** A failed write is logged by the store and made good by the next. */
  async #flush(): Promise<void> {
    this.#timer = undefined;
    const { clock, store } = this;
    if (store.saveProblem) {
      // While the disk refuses, SaveRetry alone tries, less and less often.
      return;
    }
    const beganMs = clock.monotonicMs();
    await store.flush().catch(() => undefined);
    const tookMs = clock.monotonicMs() - beganMs;
    this.#everyMs = Math.min(flushMostMs, Math.max(flushEveryMs, tookMs / flushShare));
  }
}

import type { Disposable } from '../emitter';
import type { OperationStore } from '../store/operationStore';
import type { Clock } from './clock';

const firstMs = 1_000;
const mostMs = 60_000;

/** Tries again to write what the disk refused, less and less often, until it takes it. */
export class SaveRetry implements Disposable {
  readonly #subscription: Disposable;
  #timer: Disposable | undefined;
  #disposed = false;

  constructor(
    private readonly store: Pick<OperationStore, 'saveProblem' | 'flush' | 'onDidChangeSaveProblem'>,
    private readonly clock: Clock,
  ) {
    this.#subscription = store.onDidChangeSaveProblem(() => this.#arm(firstMs));
    this.#arm(firstMs);
  }

  dispose(): void {
    this.#disposed = true;
    this.#subscription.dispose();
    this.#timer?.dispose();
  }

  #arm(delayMs: number): void {
    if (this.#disposed || this.#timer || !this.store.saveProblem) {
      return;
    }
    this.#timer = this.clock.after(delayMs, () => {
      // The store logs why, and notes whether it worked.
      void this.store
        .flush()
        .catch(() => undefined)
        .then(() => {
          this.#timer = undefined;
          this.#arm(Math.min(mostMs, delayMs * 2));
        });
    });
  }
}

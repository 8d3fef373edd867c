import type { Disposable } from '../emitter';
import { errorMessage } from '../operations/errors';
import type { OperationStore } from '../store/operationStore';
import type { Clock } from './clock';

const dayMs = 24 * 3_600_000;

export interface HousekeepingOptions {
  store: Pick<OperationStore, 'backUp' | 'removeEndedBefore'>;
  clock: Clock;
  /** Operations that ended longer ago leave the database; 0 keeps them for good. */
  historyDays: () => number;
  log: (message: string) => void;
}

/** What is done to the database at the start and once a day: old operations go, and a backup is made. */
export class Housekeeping implements Disposable {
  #timer: Disposable | undefined;
  #disposed = false;

  constructor(private readonly options: HousekeepingOptions) {}

  /** Resolves once the first round is done. A backup is not part of it: the first write brings one. */
  async start(): Promise<void> {
    await this.#removeOld();
    this.#tomorrow();
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
  }

  #tomorrow(): void {
    if (!this.#disposed) {
      this.#timer = this.options.clock.after(dayMs, () => {
        // In this order: what a clock gone wrong removes is still in the backup.
        void this.options.store
          .backUp()
          .then(() => this.#removeOld())
          .then(() => this.#tomorrow());
      });
    }
  }

  async #removeOld(): Promise<void> {
    const { store, clock, historyDays, log } = this.options;
    const days = historyDays();
    if (days <= 0 || this.#disposed) {
      return;
    }
    try {
      const removed = await store.removeEndedBefore(new Date(clock.now() - days * dayMs).toISOString());
      if (removed > 0) {
        log(`Removed ${removed} operations that ended more than ${days} days ago.`);
      }
    } catch (error) {
      log(`Old operations are not removed yet: ${errorMessage(error)}`);
    }
  }
}

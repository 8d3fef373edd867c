import type { Disposable } from '../../emitter';
import type { Clock } from '../clock';

const firstWaitMs = 5_000;
const longestWaitMs = 300_000;

/** Does one thing after the other for a host, and waits longer and longer while it fails. */
export class HostQueue {
  /** Why it waits. */
  reason: string | undefined;
  #running: Promise<void> | undefined;
  #timer: Disposable | undefined;
  #failures = 0;
  #closed = false;

  /** @param nextTask the next thing to do; it rejects where it is to be tried again */
  constructor(
    private readonly clock: Clock,
    private readonly nextTask: () => (() => Promise<void>) | undefined,
    private readonly onChange: () => void,
  ) {}

  /** Begins what there is to do, unless it waits after a failure. */
  pump(): void {
    if (this.#closed || this.#running || this.#timer) {
      return;
    }
    const task = this.nextTask();
    if (!task) {
      return;
    }
    this.#running = task().then(
      () => {
        this.#failures = 0;
        this.reason = undefined;
      },
      (error: unknown) => this.#wait(error),
    );
    void this.#running.then(() => {
      this.#running = undefined;
      this.onChange();
      this.pump();
    });
  }

  /** Waits no longer: the host is back, or the user says so. */
  wake(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    this.pump();
  }

  get isWaiting(): boolean {
    return this.#timer !== undefined;
  }

  /** Resolves when nothing is under way any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.dispose();
    await this.#running;
  }

  #wait(error: unknown): void {
    this.reason = error instanceof Error ? error.message : String(error);
    const waitMs = Math.min(longestWaitMs, firstWaitMs * 2 ** this.#failures);
    this.#failures += 1;
    if (!this.#closed) {
      this.#timer = this.clock.after(waitMs, () => this.wake());
    }
  }
}

/** A queue for each host. */
export class HostQueues {
  readonly #queues = new Map<string, HostQueue>();

  constructor(private readonly make: (hostId: string) => HostQueue) {}

  of(hostId: string): HostQueue {
    const queue = this.#queues.get(hostId) ?? this.make(hostId);
    this.#queues.set(hostId, queue);
    return queue;
  }

  /** Tries again what waits for this host. */
  wake(hostId: string): void {
    const queue = this.#queues.get(hostId);
    if (queue?.isWaiting) {
      queue.wake();
    }
  }

  /** Why it waits for this host. */
  reason(hostId: string): string | undefined {
    return this.#queues.get(hostId)?.reason;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#queues.values()].map((queue) => queue.close()));
  }
}

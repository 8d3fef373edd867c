import { pause, type Clock } from '../clock';

/** Lets bytes go at most so fast on average, whoever sends them. Without a limit, at once. */
export class RateLimit {
  #freeAtMs = 0;

  constructor(
    private readonly clock: Clock,
    private readonly bytesPerSecond: number | undefined,
  ) {}

  /** Resolves when so many bytes may go. Rejects with the signal's reason. */
  async pass(bytes: number, signal: AbortSignal): Promise<void> {
    if (this.bytesPerSecond === undefined) {
      return;
    }
    const nowMs = this.clock.monotonicMs();
    const startMs = Math.max(nowMs, this.#freeAtMs);
    this.#freeAtMs = startMs + (bytes / this.bytesPerSecond) * 1000;
    if (startMs > nowMs) {
      await pause(this.clock, startMs - nowMs, signal);
    }
    signal.throwIfAborted();
  }
}

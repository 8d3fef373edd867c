import type { Disposable } from '../../../src/emitter';
import type { Clock } from '../../../src/engine/clock';

interface Timer {
  atMs: number;
  callback: () => void;
}

/** Time that stands still until a test moves it. */
export class FakeClock implements Clock {
  #elapsedMs = 24 * 3_600_000;
  #sleptMs = 0;
  readonly #timers = new Set<Timer>();

  now(): number {
    return Date.UTC(2026, 0, 1) + this.#elapsedMs + this.#sleptMs;
  }

  monotonicMs(): number {
    return this.#elapsedMs;
  }

  after(delayMs: number, callback: () => void): Disposable {
    const timer = { atMs: this.#elapsedMs + delayMs, callback };
    this.#timers.add(timer);
    return { dispose: () => this.#timers.delete(timer) };
  }

  /** The machine sleeps: the wall clock goes on, timers and the monotonic clock do not (as on Linux). */
  sleep(ms: number): void {
    this.#sleptMs += ms;
  }

  /** How long until each timer fires, soonest first. */
  get waits(): number[] {
    return [...this.#timers].map(({ atMs }) => atMs - this.#elapsedMs).sort((a, b) => a - b);
  }

  /** Moves time on, timer by timer; what a timer sets off runs as far as it gets without real input or output. */
  async advance(ms: number): Promise<void> {
    await new Promise(setImmediate);
    const untilMs = this.#elapsedMs + ms;
    for (;;) {
      const [next] = [...this.#timers].sort((a, b) => a.atMs - b.atMs);
      if (!next || next.atMs > untilMs) {
        break;
      }
      this.#timers.delete(next);
      this.#elapsedMs = Math.max(this.#elapsedMs, next.atMs);
      next.callback();
      await new Promise(setImmediate);
    }
    this.#elapsedMs = untilMs;
  }
}

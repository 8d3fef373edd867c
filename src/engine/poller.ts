import type { Disposable } from '../emitter';
import { absenceConfirmMs } from '../operations/decide';
import type { EngineContext } from './context';
import type { CycleOutcome, CycleReason } from './reconciler';

const backoffFirstMs = 5_000;
const backoffMostMs = 300_000;

interface HostPace {
  failures: number;
  /** Monotonic time before which the interval leaves the host alone. */
  notBeforeMs: number;
}

/**
 * Decides when hosts are looked at: often while a view shows operations, seldom in the background, not at
 * all while nothing can change; a host that fails is left alone for longer each time.
 */
export class Poller {
  readonly #visible = new Set<string>();
  readonly #paces = new Map<string, HostPace>();
  #timer: Disposable | undefined;
  #disposed = false;

  constructor(
    private readonly context: EngineContext,
    private readonly hostsWithWork: () => string[],
    private readonly cycle: (hostId: string, reason: CycleReason) => Promise<CycleOutcome>,
  ) {}

  get isWatched(): boolean {
    return this.#visible.size > 0;
  }

  setVisible(view: string, visible: boolean): void {
    const before = this.isWatched;
    if (visible) {
      this.#visible.add(view);
    } else {
      this.#visible.delete(view);
    }
    if (this.isWatched && !before) {
      this.lookNow('visible');
    } else if (this.isWatched !== before) {
      this.schedule();
    }
  }

  /** Looks at every host with work, backed off or not, and starts over with the interval. */
  lookNow(reason: CycleReason): void {
    this.#tick(reason, true);
  }

  /** Notes how a host answered, whoever asked. */
  note({ hostId, outcome, toConfirm }: CycleOutcome): void {
    const { clock, random } = this.context;
    const failed = outcome === 'unreachable' || outcome === 'needs-login' || outcome === 'error';
    const failures = failed ? (this.#paces.get(hostId)?.failures ?? 0) + 1 : 0;
    const waitMs = failed
      ? Math.min(backoffMostMs, backoffFirstMs * 2 ** (failures - 1)) * (0.75 + random() / 2)
      : 0;
    this.#paces.set(hostId, { failures, notBeforeMs: clock.monotonicMs() + waitMs });
    if (toConfirm > 0) {
      this.#arm(absenceConfirmMs);
    }
  }

  /** Sets the timer anew, after something changed that the interval depends on. */
  schedule(): void {
    if (!this.#timer && this.hostsWithWork().length > 0) {
      this.#arm(this.#intervalMs());
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
  }

  #intervalMs(): number {
    const { visibleSeconds, backgroundSeconds } = this.context.settings();
    return (this.isWatched ? visibleSeconds : backgroundSeconds) * 1000;
  }

  #arm(delayMs: number): void {
    this.#timer?.dispose();
    if (!this.#disposed) {
      this.#timer = this.context.clock.after(Math.min(delayMs, this.#intervalMs()), () =>
        this.#tick('interval', false),
      );
    }
  }

  #tick(reason: CycleReason, evenBackedOff: boolean): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    const nowMs = this.context.clock.monotonicMs();
    const due = this.hostsWithWork().filter(
      (hostId) => evenBackedOff || nowMs >= (this.#paces.get(hostId)?.notBeforeMs ?? 0),
    );
    void Promise.all(due.map((hostId) => this.cycle(hostId, reason))).then(() => this.schedule());
  }
}

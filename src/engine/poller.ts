import type { Disposable } from '../emitter';
import type { EngineContext } from './context';
import type { CycleOutcome, CycleReason } from './reconciler';

const backoffFirstMs = 5_000;
const backoffMostMs = 300_000;
/** A timer this late means that the machine slept. */
const sleptMs = 30_000;

interface HostPace {
  failures: number;
  /** Monotonic time before which the interval leaves the host alone. */
  notBeforeMs: number;
  /** Monotonic time of the last answer, good or bad. */
  lookedAtMs: number;
}

/**
 * Decides when hosts are looked at: often while a view shows operations, seldom in the background, not at
 * all while nothing can change; a host that fails is left alone for longer each time.
 */
export class Poller {
  readonly #visible = new Set<string>();
  readonly #paces = new Map<string, HostPace>();
  #timer: Disposable | undefined;
  #dueMs = 0;
  #isScheduling = false;
  #disposed = false;

  constructor(
    private readonly context: EngineContext,
    private readonly hostsWithWork: () => string[],
    /** Whether something was started just now: most of what fails does so at once. */
    private readonly isLively: () => boolean,
    private readonly cycle: (hostId: string, reason: CycleReason) => Promise<CycleOutcome>,
    /** This machine slept: connections made before are dead, though nobody has told them. */
    private readonly onWake: () => void,
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
    }
  }

  /** Looks at every host with work, backed off or not, and starts over with the interval. */
  lookNow(reason: CycleReason): void {
    this.#tick(reason, true);
  }

  /** Notes how a host answered, whoever asked. */
  note({ hostId, outcome, confirmAfterMs }: CycleOutcome): void {
    const { clock, random } = this.context;
    const failed = outcome === 'unreachable' || outcome === 'needs-login' || outcome === 'error';
    const failures = failed ? (this.#paces.get(hostId)?.failures ?? 0) + 1 : 0;
    const waitMs = failed
      ? Math.min(backoffMostMs, backoffFirstMs * 2 ** (failures - 1)) * (0.75 + random() / 2)
      : 0;
    const nowMs = clock.monotonicMs();
    this.#paces.set(hostId, { failures, notBeforeMs: nowMs + waitMs, lookedAtMs: nowMs });
    if (confirmAfterMs > 0) {
      this.#arm(confirmAfterMs);
    }
  }

  /**
   * Sees to it that the next look comes in time, after something changed that the interval depends on. Once
   * for all that changes in one go: a look may tell the end of thousands.
   */
  schedule(): void {
    if (this.#isScheduling) {
      return;
    }
    this.#isScheduling = true;
    queueMicrotask(() => {
      this.#isScheduling = false;
      if (!this.#disposed && this.hostsWithWork().length > 0) {
        this.#arm(this.#intervalMs());
      }
    });
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
  }

  #intervalMs(): number {
    const { visibleSeconds, backgroundSeconds } = this.context.settings();
    return (this.isWatched || this.isLively() ? visibleSeconds : backgroundSeconds) * 1000;
  }

  /** Brings the next look forward; one that is due earlier stays. */
  #arm(delayMs: number): void {
    const { clock } = this.context;
    const dueMs = clock.monotonicMs() + delayMs;
    if (this.#disposed || (this.#timer && this.#dueMs <= dueMs)) {
      return;
    }
    this.#timer?.dispose();
    this.#dueMs = dueMs;
    const wallDueMs = clock.now() + delayMs;
    this.#timer = clock.after(delayMs, () => {
      // Depending on the system, the monotonic clock stands still during sleep or does not.
      const lateMs = Math.max(clock.now() - wallDueMs, clock.monotonicMs() - dueMs);
      if (lateMs > sleptMs) {
        this.context.log(`This machine slept for about ${Math.round(lateMs / 1000)} s.`);
        this.onWake();
        this.lookNow('reconnect');
      } else {
        this.#tick('interval', false);
      }
    });
  }

  #tick(reason: CycleReason, evenBackedOff: boolean): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    const due = this.hostsWithWork().filter((hostId) => evenBackedOff || this.#isDue(hostId));
    void Promise.all(due.map((hostId) => this.cycle(hostId, reason))).then((outcomes) => {
      if (outcomes.length > 1 && outcomes.every(({ outcome }) => outcome === 'unreachable')) {
        this.#forgive(outcomes);
      }
      this.schedule();
    });
    // A host that does not answer for long must not hold up the others.
    this.schedule();
  }

  /** Neither backed off nor looked at just now, by a command for example. */
  #isDue(hostId: string): boolean {
    const pace = this.#paces.get(hostId);
    const nowMs = this.context.clock.monotonicMs();
    return !pace || (nowMs >= pace.notBeforeMs && nowMs - pace.lookedAtMs >= this.#intervalMs() / 2);
  }

  /** All hosts at once: it is this machine that is offline, so none of them is left alone for longer. */
  #forgive(outcomes: CycleOutcome[]): void {
    const nowMs = this.context.clock.monotonicMs();
    for (const { hostId } of outcomes) {
      this.#paces.set(hostId, { failures: 0, notBeforeMs: nowMs + backoffFirstMs, lookedAtMs: nowMs });
    }
  }
}

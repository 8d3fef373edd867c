import { Emitter, type Disposable } from '../emitter';
import type { HostView } from '../operations/operationView';
import { type EngineContext, isoNow } from './context';
import type { CycleOutcome, CycleReason } from './reconciler';

const backoffFirstMs = 5_000;
const backoffMostMs = 300_000;
/** A timer this late means that the machine slept. */
const sleptMs = 30_000;

interface HostPace {
  /** In a row. */
  failures: number;
  /** Of them, those that make the next wait longer. */
  backoffs: number;
  /** Monotonic time before which the interval leaves the host alone. */
  notBeforeMs: number;
  /** Monotonic time of the last answer, good or bad. */
  lookedAtMs: number;
  /** ISO 8601: `notBeforeMs` by the wall clock. */
  nextTryAt: string;
  /** ISO 8601 time of the last answer that could be used. */
  answeredAt?: string | undefined;
  /** Why its answer could not be used. */
  error?: string | undefined;
}

/** What views show of a host that fails. */
export type Failing = Pick<HostView, 'failures' | 'nextTryAt' | 'error'>;

/**
 * Decides when hosts are looked at: often while a view shows operations, seldom in the background, not at
 * all while nothing can change; a host that fails is left alone for longer each time.
 */
export class Poller {
  readonly #visible = new Set<string>();
  readonly #paces = new Map<string, HostPace>();
  readonly #failingChanged = new Emitter<void>();
  #withWork: ReadonlySet<string> = new Set();
  #told = '[]';
  #timer: Disposable | undefined;
  #dueMs = 0;
  #isScheduling = false;
  #disposed = false;

  /** What `failing` answers is different now. */
  readonly onDidChangeFailing = this.#failingChanged.event;

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
  note({ hostId, outcome, confirmAfterMs, reason }: CycleOutcome): void {
    const failed = outcome === 'unreachable' || outcome === 'needs-login' || outcome === 'error';
    const before: Partial<HostPace> = this.#paces.get(hostId) ?? {};
    const failures = failed ? (before.failures ?? 0) + 1 : 0;
    const backoffs = failed ? (before.backoffs ?? 0) + 1 : 0;
    const waitMs = failed
      ? Math.min(backoffMostMs, backoffFirstMs * 2 ** (backoffs - 1)) * (0.75 + this.context.random() / 2)
      : 0;
    const error = outcome === 'error' ? reason : undefined;
    const answeredAt = outcome === 'ok' ? isoNow(this.context.clock) : before.answeredAt;
    this.#paces.set(hostId, { failures, backoffs, error, answeredAt, ...this.#leaveAlone(waitMs) });
    this.#tellFailing();
    if (confirmAfterMs > 0) {
      this.#arm(confirmAfterMs);
    }
  }

  /** `undefined`: it does not fail. */
  failing(hostId: string): Failing | undefined {
    const { failures = 0, nextTryAt, error } = this.#paces.get(hostId) ?? {};
    if (failures === 0) {
      return undefined;
    }
    const isTriedAgain = nextTryAt !== undefined && this.#withWork.has(hostId);
    return { failures, ...(isTriedAgain && { nextTryAt }), ...(error !== undefined && { error }) };
  }

  /** ISO 8601. Changes with every look and is not told of. */
  answeredAt(hostId: string): string | undefined {
    return this.#paces.get(hostId)?.answeredAt;
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
      if (this.#disposed) {
        return;
      }
      this.#withWork = new Set(this.hostsWithWork());
      this.#tellFailing();
      if (this.#withWork.size > 0) {
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
    for (const { hostId } of outcomes) {
      const pace = this.#paces.get(hostId);
      if (pace) {
        this.#paces.set(hostId, { ...pace, backoffs: 0, ...this.#leaveAlone(backoffFirstMs) });
      }
    }
    this.#tellFailing();
  }

  #leaveAlone(waitMs: number): Pick<HostPace, 'lookedAtMs' | 'notBeforeMs' | 'nextTryAt'> {
    const { clock } = this.context;
    const lookedAtMs = clock.monotonicMs();
    const nextTryAt = new Date(clock.now() + waitMs).toISOString();
    return { lookedAtMs, notBeforeMs: lookedAtMs + waitMs, nextTryAt };
  }

  #tellFailing(): void {
    const now = JSON.stringify(
      [...this.#paces.keys()].flatMap((hostId) => {
        const failing = this.failing(hostId);
        return failing ? [[hostId, failing]] : [];
      }),
    );
    if (now !== this.#told) {
      this.#told = now;
      this.#failingChanged.fire();
    }
  }
}

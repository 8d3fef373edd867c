import type { Clock } from './clock';

/** Of those that the user asks for, and those that follow an action. */
const closestMs = 5_000;
const slowestMs = 300_000;
const minuteMs = 60_000;
/** Of those that nobody asked for, whatever has happened; more only where the setting says so. */
const usualInAMinute = 2;

/** `calm`: nothing has changed, and nothing is in doubt. */
export type QueueLook = 'news' | 'calm' | 'failed';

interface Pace {
  /** Monotonic times of the last looks, newest last. */
  looksMs: number[];
  /** Looks in a row that told nothing, or failed. */
  calm: number;
  failed: number;
  /** Something was done there since the last look. */
  isAwaited: boolean;
}

/**
 * When the queue of a scheduler may be asked. Schedulers serve a whole cluster and throttle, or ban, those who
 * ask often: seldom as a rule, less and less often while nothing changes, a little sooner after an action.
 */
export class QueuePace {
  readonly #paces = new Map<string, Pace>();

  constructor(
    private readonly clock: Pick<Clock, 'monotonicMs'>,
    private readonly everySeconds: () => number,
  ) {}

  /** Something was done on the host that the queue will show. */
  await(hostId: string): void {
    this.#of(hostId).isAwaited = true;
  }

  isDue(hostId: string, { byUser, isWatched }: { byUser: boolean; isWatched: boolean }): boolean {
    const { looksMs, isAwaited } = this.#of(hostId);
    const nowMs = this.clock.monotonicMs();
    const sinceMs = nowMs - (looksMs.at(-1) ?? -Infinity);
    if (byUser) {
      return sinceMs >= closestMs;
    }
    const inLastMinute = looksMs.filter((atMs) => nowMs - atMs < minuteMs).length;
    return (
      inLastMinute < this.#mostInAMinute &&
      sinceMs >= (isAwaited ? closestMs : this.#intervalMs(hostId, isWatched))
    );
  }

  note(hostId: string, look: QueueLook): void {
    const pace = this.#of(hostId);
    pace.looksMs = [...pace.looksMs, this.clock.monotonicMs()].slice(-this.#mostInAMinute);
    pace.calm = look === 'calm' ? pace.calm + 1 : 0;
    pace.failed = look === 'failed' ? pace.failed + 1 : 0;
    pace.isAwaited = false;
  }

  /** A failing scheduler is left alone for longer even while somebody watches. */
  #intervalMs(hostId: string, isWatched: boolean): number {
    const { calm, failed } = this.#of(hostId);
    const everyMs = this.everySeconds() * 1000;
    return Math.min(Math.max(everyMs, slowestMs), everyMs * 2 ** Math.max(failed, isWatched ? 0 : calm));
  }

  get #mostInAMinute(): number {
    return Math.max(usualInAMinute, Math.ceil(60 / this.everySeconds()));
  }

  #of(hostId: string): Pace {
    const pace = this.#paces.get(hostId) ?? { looksMs: [], calm: 0, failed: 0, isAwaited: false };
    this.#paces.set(hostId, pace);
    return pace;
  }
}

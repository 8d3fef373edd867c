import type { LogText, OperationsService } from '../../engine/operationsService';
import { errorMessage } from '../../operations/errors';
import { isTroubled } from '../../operations/hostState';
import type { OperationView } from '../../operations/operationView';
import { isTerminal } from '../../operations/status';

export type FollowService = Pick<
  OperationsService,
  'log' | 'get' | 'hosts' | 'onDidChange' | 'onDidChangeHosts'
>;

export type FollowState =
  | { kind: 'live' }
  /** The host cannot be read from; it goes on by itself. */
  | { kind: 'away'; sinceMs: number; problem: string }
  /** All of it is there, and nothing more comes. */
  | { kind: 'ended'; view: OperationView }
  /** The operation is not in the list any more. */
  | { kind: 'removed' };

export interface FollowListener {
  /** What was written, right behind what came before. */
  onText(text: LogText): void;
  /** Too much was written in between: this is the end of the log now. */
  onGap(text: LogText): void;
  /** The log is smaller than it was: it was emptied or replaced, and this is the end of it now. */
  onReplaced(text: LogText): void;
  onState(state: FollowState): void;
}

export interface FollowTiming {
  /** Between two reads. */
  everyMs: number;
  /** While reads fail and nothing is said of the host. */
  retryMs: number;
  /** What is behind by more is not caught up with. */
  mostBehindBytes: number;
}

const usualTiming: FollowTiming = { everyMs: 2_000, retryMs: 10_000, mostBehindBytes: 1024 * 1024 };
export const tailBytes = 256 * 1024;

/** Follows a log from a place on, by small reads, as long as the operation runs. It asks for no login. */
export class LogFollower {
  #state: FollowState = { kind: 'live' };
  #timer: NodeJS.Timeout | undefined;
  #isReading = false;
  #isDisposed = false;
  readonly #timing: FollowTiming;
  readonly #subscriptions;

  /** @param end where what is shown already ends, in bytes */
  constructor(
    private readonly service: FollowService,
    private readonly id: string,
    private end: number,
    private readonly listener: FollowListener,
    timing: Partial<FollowTiming> = {},
  ) {
    this.#timing = { ...usualTiming, ...timing };
    this.#subscriptions = [
      service.onDidChange((views) => {
        const own = views.find((view) => view.id === id);
        if (own && (isTerminal(own.status) || !service.get(id))) {
          void this.#read();
        }
      }),
      service.onDidChangeHosts(() => this.#state.kind === 'away' && !this.#isHostAway && void this.#read()),
    ];
    void this.#read();
  }

  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
    this.#subscriptions.forEach((subscription) => subscription.dispose());
  }

  get #isHostAway(): boolean {
    const hostId = this.service.get(this.id)?.hostId;
    const host = this.service.hosts().find(({ id }) => id === hostId);
    return host !== undefined && (isTroubled(host) || host.state === 'disconnected');
  }

  async #read(): Promise<void> {
    if (this.#isReading || this.#isDisposed) {
      return;
    }
    this.#isReading = true;
    clearTimeout(this.#timer);
    try {
      await this.#catchUp();
    } finally {
      this.#isReading = false;
    }
    const { kind } = this.#state;
    if (this.#isDisposed || kind === 'ended' || kind === 'removed') {
      return;
    }
    // A host that is known to be away is tried by whoever looks at it; its return is told.
    const waitMs =
      kind === 'away' ? (this.#isHostAway ? undefined : this.#timing.retryMs) : this.#timing.everyMs;
    if (waitMs !== undefined) {
      this.#timer = setTimeout(() => void this.#read(), waitMs);
    }
  }

  async #catchUp(): Promise<void> {
    const view = this.service.get(this.id);
    if (!view) {
      this.#tell({ kind: 'removed' });
      return;
    }
    try {
      const isAtEnd = await this.#take();
      // What was written before the end is seen after it.
      this.#tell(isTerminal(view.status) && isAtEnd ? { kind: 'ended', view } : { kind: 'live' });
    } catch (error) {
      const sinceMs = this.#state.kind === 'away' ? this.#state.sinceMs : Date.now();
      this.#tell({ kind: 'away', sinceMs, problem: errorMessage(error) });
    }
  }

  /** Reads on to the end as it is now. @returns whether it got there */
  async #take(): Promise<boolean> {
    for (;;) {
      const text = await this.#range({ offset: this.end });
      if (this.#isDisposed) {
        return false;
      }
      if (text.size < this.end) {
        this.#jump(await this.#range({}), 'onReplaced');
      } else if (text.size - text.end > this.#timing.mostBehindBytes) {
        this.#jump(await this.#range({}), 'onGap');
      } else if (text.text !== '') {
        this.end = text.end;
        this.listener.onText(text);
      }
      if (this.end >= text.size || text.text === '') {
        return true;
      }
    }
  }

  #jump(text: LogText, how: 'onReplaced' | 'onGap'): void {
    if (!this.#isDisposed) {
      this.end = text.end;
      this.listener[how](text);
    }
  }

  #range(range: { offset?: number }): Promise<LogText> {
    return this.service.log(this.id, { ...range, maxBytes: tailBytes, mayAsk: false });
  }

  #tell(state: FollowState): void {
    const isNews = state.kind !== this.#state.kind;
    this.#state = state;
    if (isNews && !this.#isDisposed) {
      this.listener.onState(state);
    }
  }
}

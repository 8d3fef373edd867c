import type { LogReading, LogText, OperationsService } from '../../engine/operationsService';
import { errorMessage } from '../../operations/errors';
import type { HostView } from '../../operations/operationView';
import { isTerminal } from '../../operations/status';
import { LogFollower, tailBytes, type FollowState } from './logFollower';
import { footLines, headLines, type LogFacts } from './logText';
import { LogWindow } from './logWindow';

/** What of a log lies before a place that is jumped to. */
const beforeBytes = 64 * 1024;
const nothing: LogText = { text: '', offset: 0, end: 0, size: 0 };

/** The log of one operation as a document shows it: a part of it, which follows while it can be seen. */
export class LogDocument {
  readonly #window = new LogWindow();
  #follower: LogFollower | undefined;
  #state: FollowState = { kind: 'live' };
  #isMissing = false;
  #isRead = false;
  #isVisible = false;
  #pausedAt: Date | undefined;
  #replacedAt: Date | undefined;
  #loading: Promise<void> | undefined;
  #bytes: Uint8Array | undefined;
  version = 1;

  constructor(
    private readonly service: OperationsService,
    readonly id: string,
    private readonly onChange: () => void,
  ) {}

  /**
   * Reads its end, once, and asks for no login: VS Code reads by itself what it restores. Never rejects: why there is
   * nothing to show is what it shows.
   */
  load(): Promise<void> {
    this.#loading ??= this.#loadEnd({ mayAsk: false });
    return this.#loading;
  }

  /** As `load`, on the user's word: the host may ask for a login, and what could not be read before is tried again. */
  async loadForUser(): Promise<void> {
    await this.#loading;
    if (!this.#isRead) {
      this.#loading = this.#loadEnd({});
    }
    await this.#loading;
  }

  get bytes(): Uint8Array {
    this.#bytes ??= Buffer.from(this.#text());
    return this.#bytes;
  }

  get isPaused(): boolean {
    return this.#pausedAt !== undefined;
  }

  /** Whether more of it can come. */
  get isLive(): boolean {
    return !isTerminal(this.service.get(this.id)?.status ?? 'stopped');
  }

  /** The host that it cannot be read from now. */
  get awayHost(): HostView | undefined {
    const hostId = this.service.get(this.id)?.hostId;
    return this.#state.kind === 'away' ? this.service.hosts().find(({ id }) => id === hostId) : undefined;
  }

  get hasEarlier(): boolean {
    return this.#window.start > 0;
  }

  get reachesEnd(): boolean {
    return this.#window.reachesEnd;
  }

  setVisible(isVisible: boolean): void {
    if (this.#isVisible !== isVisible) {
      this.#isVisible = isVisible;
      this.#followIfWanted();
    }
  }

  async setPaused(isPaused: boolean): Promise<void> {
    this.#pausedAt = isPaused ? new Date() : undefined;
    if (!isPaused && !this.reachesEnd) {
      await this.toEnd();
      return;
    }
    this.#followIfWanted();
    this.#changed();
  }

  /** Shows the end, whatever was shown. */
  async toEnd(): Promise<void> {
    this.#window.reset(await this.#read({}));
    this.#followIfWanted();
    this.#changed();
  }

  /** @returns the line that was the first one before */
  async loadEarlier(): Promise<number> {
    const { start } = this.#window;
    const offset = Math.max(0, start - tailBytes);
    const earlier = await this.#read({ offset, maxBytes: start - offset });
    if (earlier.size < start || this.#window.start !== start) {
      await this.toEnd();
      return 0;
    }
    const rows = this.#window.prepend(earlier);
    this.#followIfWanted();
    this.#changed();
    return rows + this.#head().length;
  }

  /** Shows the part around a place, and says in which line that is. */
  async goTo(offset: number): Promise<number> {
    const isHeld = this.#window.start <= offset && offset < this.#window.end;
    const from = Math.max(0, offset - beforeBytes);
    const before = offset > 0 ? await this.#read({ offset: from, maxBytes: offset - from }) : nothing;
    const after = await this.#read({ offset });
    this.#window.reset(...(before.text === '' ? [after] : [before, after]));
    if (!isHeld) {
      this.#state = { kind: 'live' };
    }
    this.#followIfWanted();
    this.#changed();
    return this.#window.rowsBefore(after.offset) + this.#head().length;
  }

  dispose(): void {
    this.#isVisible = false;
    this.#followIfWanted();
  }

  async #loadEnd(asking: Pick<LogReading, 'mayAsk'>): Promise<void> {
    // Right after the start operations are not known yet: this waits until they are.
    await this.service.list({ sync: false }).catch(() => undefined);
    try {
      this.#window.reset(await this.#read(asking));
      this.#state = { kind: 'live' };
    } catch (error) {
      this.#state = { kind: 'away', sinceMs: Date.now(), problem: errorMessage(error) };
    }
    this.#changed();
    this.#followIfWanted();
  }

  async #read(range: LogReading): Promise<LogText> {
    const text = await this.service.log(this.id, { maxBytes: tailBytes, ...range });
    this.#isRead = true;
    this.#isMissing = text.isMissing === true;
    return text;
  }

  /** Anew each time: what is shown may end elsewhere now. */
  #followIfWanted(): void {
    this.#follower?.dispose();
    this.#follower = undefined;
    if (this.#isVisible && !this.isPaused && this.reachesEnd) {
      this.#follower = new LogFollower(this.service, this.id, this.#window.end, {
        onText: (text) => this.#take(text, () => this.#window.append(text)),
        onGap: (text) => this.#take(text, () => this.#window.reset(text)),
        onReplaced: (text) => {
          this.#replacedAt = new Date();
          this.#take(text, () => this.#window.reset(text));
        },
        onState: (state) => {
          this.#state = state;
          this.#changed();
        },
      });
    }
  }

  #take(text: LogText, put: () => void): void {
    this.#isRead = true;
    this.#isMissing = text.isMissing === true;
    this.#state = { kind: 'live' };
    put();
    this.#changed();
  }

  #changed(): void {
    this.#bytes = undefined;
    this.version += 1;
    this.onChange();
  }

  #head(): string[] {
    return headLines(this.#facts());
  }

  #text(): string {
    const text = this.#window.text();
    const foot = footLines(this.#facts());
    const body = text === '' || text.endsWith('\n') || foot.length === 0 ? text : `${text}\n`;
    return [...this.#head(), body].join('\n') + foot.map((line) => `${line}\n`).join('');
  }

  #facts(): LogFacts {
    const view = this.service.get(this.id);
    const { start, end, size } = this.#window;
    const hostName = this.service.hosts().find(({ id }) => id === view?.hostId)?.name ?? view?.hostId ?? '?';
    return {
      id: this.id,
      view,
      hostName,
      start,
      end,
      size,
      isMissing: this.#isMissing,
      isRead: this.#isRead,
      state: this.#state,
      pausedAt: this.#pausedAt,
      replacedAt: this.#replacedAt,
    };
  }
}

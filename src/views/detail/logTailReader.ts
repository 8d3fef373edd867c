import type { LogText } from '../../engine/operationsService';
import { whyNoLog } from '../../operations/adoptedLog';
import { hasLog } from '../../operations/applicable';
import { errorMessage } from '../../operations/errors';
import { LogFollower, type FollowService, type FollowTiming } from '../logs/logFollower';
import type { LogTail } from './protocol';

const tailBytes = 48 * 1024;
const mostLines = 200;

/** Where a text begins: with the log, with a later line, or maybe within one. */
type Beginning = 'log' | 'line' | 'middle';

/**
 * The last lines of an operation's log, followed while they can be seen. It begins by itself only on a host that is
 * connected: nobody shall be asked for a password because a page is open.
 */
export class LogTailReader {
  #text = '';
  #beginning: Beginning = 'log';
  #follower: LogFollower | undefined;
  #isVisible = false;
  #isReading = false;
  #isWhole = false;
  #tail: LogTail = { state: 'reading' };

  constructor(
    private readonly service: FollowService,
    private readonly id: string,
    private readonly onChange: (tail: LogTail) => void,
    private readonly timing?: Partial<FollowTiming>,
  ) {}

  get tail(): LogTail {
    return this.#tail;
  }

  setVisible(visible: boolean): void {
    this.#isVisible = visible;
    if (visible) {
      this.look();
    } else {
      this.#leave();
    }
  }

  /** Something is known anew of the operation or its host. */
  look(): void {
    const view = this.service.get(this.id);
    if (!this.#isVisible || this.#isReading || this.#follower || this.#isWhole || !view) {
      return;
    }
    const isUnread = this.#tail.state !== 'read';
    if (!hasLog(view)) {
      if (isUnread) {
        this.#take('', 'log', 0);
      }
      return;
    }
    const host = this.service.hosts().find(({ id }) => id === view.hostId);
    if (host?.state === 'connected') {
      void this.#read(false);
    } else if (isUnread) {
      this.#become({ state: 'away' });
    }
  }

  /** On the user's word: the host may ask for a login. */
  async read(): Promise<void> {
    if (!this.#isReading) {
      await this.#read(true);
    }
  }

  dispose(): void {
    this.setVisible(false);
  }

  async #read(mayAsk: boolean): Promise<void> {
    this.#isReading = true;
    this.#leave();
    if (this.#tail.state !== 'read') {
      this.#become({ state: 'reading' });
    }
    try {
      const end = await this.service.log(this.id, { offset: -tailBytes, maxBytes: tailBytes, mayAsk });
      this.#takeAnew(end);
      this.#follow(end.end);
    } catch (error) {
      // The row says that the host is away; what was read stays.
      if (this.#tail.state !== 'read') {
        this.#become({ state: 'failed', error: errorMessage(error) });
      }
    } finally {
      this.#isReading = false;
    }
  }

  #follow(end: number): void {
    if (!this.#isVisible) {
      return;
    }
    const anew = (text: LogText) => this.#takeAnew(text);
    this.#follower = new LogFollower(
      this.service,
      this.id,
      end,
      {
        onText: ({ text, size }) => this.#take(this.#text + text, this.#beginning, size),
        onGap: anew,
        onReplaced: anew,
        onState: ({ kind }) => (this.#isWhole = kind === 'ended'),
      },
      this.timing,
    );
  }

  #leave(): void {
    this.#follower?.dispose();
    this.#follower = undefined;
  }

  #takeAnew({ text, offset, size }: LogText): void {
    this.#take(text, offset > 0 ? 'middle' : 'log', size);
  }

  #take(text: string, beginning: Beginning, size: number): void {
    const lines = text.slice(-tailBytes).split('\n');
    // Its last line is empty, or not whole yet.
    const kept = lines.slice(-mostLines - 1);
    if (kept.length < lines.length) {
      this.#beginning = 'line';
    } else {
      this.#beginning = text.length > tailBytes ? 'middle' : beginning;
    }
    this.#text = kept.join('\n');
    const shown = this.#beginning === 'middle' && kept.length > 1 ? kept.slice(1) : kept;
    const isCut = this.#beginning !== 'log';
    const whyNone = size === 0 ? whyNoLog(this.service.get(this.id)?.adopted) : undefined;
    this.#become({
      ...{ state: 'read', text: shown.join('\n'), sizeBytes: size, isCut },
      ...(whyNone !== undefined && { whyNone }),
    });
  }

  #become(tail: LogTail): void {
    this.#tail = tail;
    this.onChange(tail);
  }
}

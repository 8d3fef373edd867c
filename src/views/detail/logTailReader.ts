import type { LogText, OperationsService } from '../../engine/operationsService';
import { hasLog } from '../../operations/applicable';
import { errorMessage } from '../../operations/errors';
import { isTerminal } from '../../operations/status';
import type { LogTail } from './protocol';

/** While it can be seen and the operation goes on, the log is read this often. */
const followMs = 2_000;
const tailBytes = 48 * 1024;
const mostLines = 200;
/** A read ends before a character that is not whole yet. */
const mostLeft = 4;

/**
 * The last lines of an operation's log, followed while they can be seen. It reads what is new only, and never by
 * itself from a host that is not connected: nobody shall be asked for a password because a page is open.
 */
export class LogTailReader {
  #text = '';
  #end = 0;
  #begin = 0;
  #timer: NodeJS.Timeout | undefined;
  #isVisible = false;
  #isReading = false;
  #hasEnded = false;
  #tail: LogTail = { state: 'reading' };

  constructor(
    private readonly service: Pick<OperationsService, 'get' | 'hosts' | 'log'>,
    private readonly id: string,
    private readonly onChange: (tail: LogTail) => void,
  ) {}

  get tail(): LogTail {
    return this.#tail;
  }

  setVisible(visible: boolean): void {
    this.#isVisible = visible;
    clearTimeout(this.#timer);
    if (visible) {
      this.look();
    }
  }

  /** Something is known anew of the operation or its host. */
  look(): void {
    const view = this.service.get(this.id);
    if (!this.#isVisible || this.#isReading || !view) {
      return;
    }
    if (!hasLog(view)) {
      if (this.#tail.state !== 'read') {
        this.#take({ text: '', offset: 0, end: 0, size: 0 });
      }
      return;
    }
    const host = this.service.hosts().find(({ id }) => id === view.hostId);
    if (host?.state !== 'connected') {
      if (this.#tail.state !== 'read') {
        this.#become({ state: 'away' });
      }
      return;
    }
    // What has ended writes nothing more: it is read once after its end.
    if (this.#tail.state !== 'read' || !this.#hasEnded) {
      void this.#read(false);
    }
  }

  /** On the user's word: the host may ask for a login. */
  read(): Promise<void> {
    return this.#read(true);
  }

  async #read(mayAsk: boolean): Promise<void> {
    if (this.#isReading) {
      return;
    }
    this.#isReading = true;
    clearTimeout(this.#timer);
    const ended = isTerminal(this.service.get(this.id)?.status ?? 'stopped');
    if (this.#tail.state !== 'read') {
      this.#become({ state: 'reading' });
    }
    try {
      await this.#readNews(mayAsk);
      this.#hasEnded = ended;
    } catch (error) {
      // The row says that the host is away; what was read stays.
      if (this.#tail.state !== 'read') {
        this.#become({ state: 'failed', error: errorMessage(error) });
      }
    } finally {
      this.#isReading = false;
    }
    if (this.#isVisible && !this.#hasEnded) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.look(), followMs);
    }
  }

  dispose(): void {
    this.#isVisible = false;
    clearTimeout(this.#timer);
  }

  async #readNews(mayAsk: boolean): Promise<void> {
    if (this.#tail.state === 'read') {
      const news = await this.service.log(this.id, { offset: this.#end, maxBytes: tailBytes, mayAsk });
      if (news.text === '' && news.end === this.#end && news.size >= this.#end) {
        return;
      }
      if (follows(news, this.#end)) {
        this.#take({ ...news, text: this.#text + news.text, offset: this.#begin });
        return;
      }
    }
    this.#take(await this.service.log(this.id, { offset: -tailBytes, maxBytes: tailBytes, mayAsk }));
  }

  #take({ text, offset: begin, end, size }: LogText): void {
    const lines = text.split('\n');
    // Its last line is empty, or not whole yet.
    const kept = lines.slice(-mostLines - 1);
    const isCut = begin > 0 || kept.length < lines.length;
    // Of the first line there may be only a part.
    const shown = begin > 0 && kept.length === lines.length && kept.length > 1 ? kept.slice(1) : kept;
    this.#text = kept.join('\n');
    this.#begin = begin;
    this.#end = end;
    this.#become({ state: 'read', text: shown.join('\n'), sizeBytes: size, isCut });
  }

  #become(tail: LogTail): void {
    this.#tail = tail;
    this.onChange(tail);
  }
}

/** Whether it goes on where the last part ended, up to the end of the log. */
const follows = (news: LogText, end: number): boolean =>
  news.offset === end && news.end >= end && news.size >= news.end && news.size - news.end < mostLeft;

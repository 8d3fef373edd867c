import type { LogText } from '../../engine/operationsService';
import { LogScreen } from './logScreen';

type Chunk = Pick<LogText, 'text' | 'offset' | 'end'>;

/** More of a log than this is not held, in bytes. */
export const mostHeldBytes = 8 * 1024 * 1024;

/** The part of a log that a document shows: chunks, one after the other without a gap. Offsets are in bytes. */
export class LogWindow {
  #chunks: Chunk[] = [];
  #screen = new LogScreen();
  /** Its first line begins before it, and is not shown. */
  #headLength = 0;

  /** How large the log was when it was last looked at. */
  size = 0;

  constructor(private readonly mostBytes = mostHeldBytes) {}

  get start(): number {
    return this.#chunks[0]?.offset ?? 0;
  }

  get end(): number {
    return this.#chunks.at(-1)?.end ?? 0;
  }

  get reachesEnd(): boolean {
    return this.end >= this.size;
  }

  /** Begins anew with this part. */
  reset(...chunks: LogText[]): void {
    this.#chunks = chunks;
    this.size = chunks[0]?.size ?? 0;
    this.#redraw();
  }

  /** Adds what follows. What is too much goes at the beginning. */
  append(chunk: LogText): void {
    this.size = chunk.size;
    if (chunk.text === '') {
      return;
    }
    this.#chunks.push(chunk);
    const before = this.#chunks.length;
    while (this.#held > this.mostBytes && this.#chunks.length > 1) {
      this.#chunks.shift();
    }
    if (this.#chunks.length === before) {
      this.#screen.write(chunk.text);
    } else {
      this.#redraw();
    }
  }

  /** Adds what goes before. What is too much goes at the end. @returns how many rows came in front */
  prepend(chunk: LogText): number {
    this.size = chunk.size;
    this.#chunks.unshift(chunk);
    while (this.#held > this.mostBytes && this.#chunks.length > 1) {
      this.#chunks.pop();
    }
    this.#redraw();
    return this.rowsBefore(chunk.end);
  }

  /** The rows, as a terminal would show them; the first is whole. */
  text(): string {
    return this.#screen.text();
  }

  /** How many rows come before the chunk that begins at this offset. */
  rowsBefore(offset: number): number {
    const screen = new LogScreen();
    this.#chunks
      .filter((chunk) => chunk.offset < offset)
      .forEach(({ text }, at) => screen.write(at === 0 ? text.slice(this.#headLength) : text));
    return screen.endedRows;
  }

  get #held(): number {
    return this.end - this.start;
  }

  #redraw(): void {
    const [first] = this.#chunks;
    this.#headLength = first && first.offset > 0 ? first.text.indexOf('\n') + 1 : 0;
    this.#screen = new LogScreen();
    this.#chunks.forEach(({ text }, at) =>
      this.#screen.write(at === 0 ? text.slice(this.#headLength) : text),
    );
  }
}

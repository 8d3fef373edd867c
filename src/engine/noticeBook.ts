import { Emitter } from '../emitter';
import type { NoticeClaim } from './operationsService';

/** More than can end at one time, or a window that asks late would be told that nobody has. */
export const mostRemembered = 20_000;

/**
 * Which window tells the user of what. Every window keeps such a book: the owner of the engine decides by its
 * own and lets the others copy each entry, so that the next owner knows as much.
 */
export class NoticeBook {
  readonly #holders = new Map<string, string>();
  readonly #noted = new Emitter<NoticeClaim>();

  readonly onDidNote = this.#noted.event;

  /** Whether it falls to this window. Who asks again, after an answer was lost, gets the same answer. */
  claim(claim: NoticeClaim): boolean {
    this.note(claim);
    return this.#holders.get(claim.key) === claim.by;
  }

  note({ key, by }: NoticeClaim): void {
    if (this.#holders.has(key)) {
      return;
    }
    this.#holders.set(key, by);
    const [oldest] = this.#holders.keys();
    if (this.#holders.size > mostRemembered && oldest !== undefined) {
      this.#holders.delete(oldest);
    }
    this.#noted.fire({ key, by });
  }
}

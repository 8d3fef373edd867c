import type { Disposable } from '../emitter';
import type { QuestionQueue } from './questionQueue';
import { type Answer, type Asker, Declined, type Question, TakenBack, Unasked } from './questions';

interface Permit {
  asker: Asker;
  ended: AbortController;
}

/**
 * Whether and where questions about one host are asked. The rule: only while a user wants something of the
 * host (connect, submit, kill, a log, a sync by hand), in the window where they want it. Looks by themselves,
 * at an interval, at the start, after sleep, never ask: the host "needs a login" then. A question without an
 * answer, or answered wrongly to the end, is the last one until the user says Connect. Outlives connections.
 */
export class HostQuestions {
  readonly #permits: Permit[] = [];
  #declined = false;

  constructor(private readonly queue: QuestionQueue) {}

  /** A user wants something of the host, until disposed of. A question that stands then is taken back. */
  permit(asker: Asker): Disposable {
    const permit = { asker, ended: new AbortController() };
    this.#permits.push(permit);
    return {
      dispose: () => {
        const at = this.#permits.indexOf(permit);
        if (at >= 0) {
          this.#permits.splice(at, 1);
          permit.ended.abort();
        }
      },
    };
  }

  get mayAsk(): boolean {
    return !this.#declined && this.#permits.length > 0;
  }

  /** Whether the last question remains unanswered. */
  get isDeclined(): boolean {
    return this.#declined;
  }

  /** On the user's word: Connect. */
  allow(): void {
    this.#declined = false;
  }

  /** No more questions until the user says Connect. */
  decline(): void {
    this.#declined = true;
  }

  /** @throws Unasked, Declined */
  async ask(question: Question, signal: AbortSignal): Promise<Answer> {
    if (this.#declined) {
      throw new Declined();
    }
    // Whoever came last is at the screen.
    const permit = this.#permits.at(-1);
    if (!permit) {
      throw new Unasked();
    }
    const over = AbortSignal.any([signal, permit.ended.signal]);
    const answer = await this.queue.ask(permit.asker, question, over);
    if (answer === undefined) {
      // A connection that the host broke off is not the user's no.
      this.#declined ||= !signal.aborted;
      throw over.aborted ? new TakenBack() : new Declined();
    }
    return answer;
  }
}

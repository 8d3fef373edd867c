import { Deadline, untilAborted } from './deadline';
import type { Answer, Asker, Question } from './questions';

/** Long enough to fetch a second factor; nobody is there after it. */
const answerMs = 3 * 60_000;

/** One question at a time for all hosts and windows, first come, first asked. */
export class QuestionQueue {
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: { answerMs: number } = { answerMs }) {}

  /** `undefined`: cancelled, taken back, or not answered in time. */
  ask(asker: Asker, question: Question, signal: AbortSignal): Promise<Answer | undefined> {
    const turn = this.#last;
    const answered = untilAborted(turn, signal).then(() => this.#put(asker, question, signal));
    const settled = answered.catch(() => undefined);
    // One that is taken back while it waits does not let the next one in before its turn.
    this.#last = Promise.all([turn, settled]);
    return settled;
  }

  async #put(asker: Asker, question: Question, signal: AbortSignal): Promise<Answer | undefined> {
    const deadline = new Deadline(this.options.answerMs, signal);
    try {
      return await untilAborted(asker.ask(question, deadline.signal), deadline.signal);
    } finally {
      deadline.clear();
    }
  }
}

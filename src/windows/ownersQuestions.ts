import type { CancellationToken } from 'vscode-jsonrpc/node';
import * as v from 'valibot';
import type { Answer, Asker } from '../hosts/questions';
import type { Link } from './link';
import { ask } from './protocol';

/** The questions that the owner puts to the user of this window, for something that they want of a host. */
export class OwnersQuestions {
  #open = 0;
  #lastAt = -Infinity;

  constructor(
    private readonly link: Link,
    private readonly asker: Asker,
  ) {
    link.rpc.onRequest('ask', (input: unknown, token: CancellationToken) => this.#ask(input, token));
  }

  /** For how long no question has been standing: the user's time is not the owner's. */
  get quietMs(): number {
    return this.#open > 0 ? 0 : performance.now() - this.#lastAt;
  }

  async #ask(input: unknown, token: CancellationToken): Promise<Answer | null> {
    const { question } = v.parse(ask.params, input);
    const abort = new AbortController();
    const takeBack = () => abort.abort();
    token.onCancellationRequested(takeBack);
    this.link.ended.addEventListener('abort', takeBack, { once: true });
    if (token.isCancellationRequested) {
      takeBack();
    }
    this.#open += 1;
    try {
      return (await this.asker.ask(question, abort.signal)) ?? null;
    } finally {
      this.#open -= 1;
      this.#lastAt = performance.now();
      this.link.ended.removeEventListener('abort', takeBack);
    }
  }
}

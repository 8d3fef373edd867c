import { CancellationTokenSource, ParameterStructures } from 'vscode-jsonrpc/node';
import * as v from 'valibot';
import type { Answer, Asker, Question } from '../hosts/questions';
import type { Link } from './link';
import { ask } from './protocol';

/** Puts questions to the user of a client's window. One that is closed meanwhile, or fails, does not answer. */
export class ClientAsker implements Asker {
  constructor(private readonly link: Link) {}

  async ask(question: Question, signal: AbortSignal): Promise<Answer | undefined> {
    const { rpc, ended } = this.link;
    if (ended.aborted) {
      return undefined;
    }
    const cancellation = new CancellationTokenSource();
    const cancel = () => cancellation.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) {
      cancel();
    }
    try {
      const { byName } = ParameterStructures;
      const answer = await rpc.sendRequest<unknown>('ask', byName, { question }, cancellation.token);
      return v.parse(ask.result, answer) ?? undefined;
    } catch {
      return undefined;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }
}

import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { EndLine } from '../../src/hosts/endLine';
import type { AskOptions, Conversation } from '../../src/hosts/machine';
import { RemoteOperationsError } from '../../src/operations/errors';

/** A script that stays on this machine. Keeps nobody from ending: its input is closed then, and it ends too. */
export class LocalConversation implements Conversation {
  #isOpen = true;
  #onText: ((text: string) => void) | undefined;
  #onEnd: (() => void) | undefined;

  constructor(
    private readonly child: ChildProcessWithoutNullStreams,
    private readonly onRequest: () => void,
  ) {
    child.stdout.setEncoding('utf8').on('data', (text: string) => this.#onText?.(text));
    child.stderr.resume();
    child.stdin.on('error', () => undefined);
    child.on('error', () => this.#end()).on('close', () => this.#end());
    child.unref();
    for (const stream of [child.stdin, child.stdout, child.stderr]) {
      (stream as unknown as { unref(): void }).unref();
    }
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  async ask(input: string, { until, deadlineMs, signal }: AskOptions): Promise<string> {
    if (!this.#isOpen) {
      throw new RemoteOperationsError('Unreachable', 'The script has ended.');
    }
    this.onRequest();
    const end = new EndLine(until);
    let answer = '';
    let timer: NodeJS.Timeout | undefined;
    const stop = () => this.close();
    signal?.addEventListener('abort', stop);
    try {
      return await new Promise((resolve, reject) => {
        timer = setTimeout(stop, deadlineMs);
        this.#onEnd = () => reject(new RemoteOperationsError('NoAnswer', 'The script ended unanswered.'));
        this.#onText = (text) => {
          answer += text;
          if (end.completes(text)) {
            resolve(answer);
          }
        };
        this.child.stdin.write(input);
      });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      this.#onText = this.#onEnd = undefined;
    }
  }

  close(): void {
    this.child.stdin.destroy();
    this.#end();
  }

  #end(): void {
    this.#isOpen = false;
    this.#onEnd?.();
  }
}

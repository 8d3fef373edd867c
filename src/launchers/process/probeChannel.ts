import type { Conversation, Machine } from '../../hosts/machine';
import { isRemoteOperationsError } from '../../operations/errors';
import type { HostReading } from '../../operations/hostReading';
import { type Block, parseBlock } from '../frame';
import type { ProbeOptions } from '../launcher';
import { dividedAmong, maxPartSize, ProbePart } from './probePart';
import { probeScript } from './scripts';

/** A look, connecting excluded, takes no longer than this for each part of the operations. */
const lookDeadlineMs = 20_000;
/** With less time left, a look that failed is not tried again by a run. */
const worthRetryingMs = 5_000;
const maxAnswerBytes = 32 * 1024 * 1024;
/** After each failure in a row more looks go without a channel before one is opened again. */
const mostLooksWithout = 31;

/** A block, and the operations that it answers for. */
export interface Answer {
  ids: ReadonlySet<string>;
  block: Block;
  /** What it tells of the machine, where that was asked for. */
  readings: readonly HostReading[];
}

interface Look {
  /** Request lines, by operation. */
  wanted: ReadonlyMap<string, string>;
  hostName: string;
  options: ProbeOptions;
}

/**
 * Looks at the operations of one machine over a channel on which probe.sh stays and tells what changed. When
 * there is none, or it fails, a run of the same script serves.
 */
export class ProbeChannel {
  #conversation: Conversation | undefined;
  #parts: ProbePart[] = [];
  #failures = 0;
  #looksWithout = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly machine: Machine,
    private readonly nonce: () => string,
  ) {}

  /** One look after the other. @throws the machine's errors, and `BadAnswer` */
  look(look: Look): Promise<Answer[]> {
    const looked = this.#turn.then(() => (look.wanted.size > 0 ? this.#look(look) : this.#run(look)));
    this.#turn = looked.catch(() => undefined);
    return looked;
  }

  async #look(look: Look): Promise<Answer[]> {
    const conversation = await this.#open(look.options.signal);
    if (!conversation) {
      return this.#run(look);
    }
    const deadline = deadlineFor(look);
    try {
      const answers = await this.#converse(conversation, look, deadline);
      this.#failures = 0;
      return answers;
    } catch (error) {
      this.#giveUp();
      if (look.options.signal?.aborted || millisecondsUntil(deadline) < worthRetryingMs) {
        throw error;
      }
      return this.#run(look, deadline);
    }
  }

  async #open(signal: AbortSignal | undefined): Promise<Conversation | undefined> {
    if (this.#conversation?.isOpen) {
      return this.#conversation;
    }
    this.#conversation = undefined;
    this.#parts = [];
    if (this.#looksWithout > 0) {
      this.#looksWithout--;
      return undefined;
    }
    this.#conversation = await this.machine.converse?.(probeScript, {
      deadlineMs: lookDeadlineMs,
      ...(signal && { signal }),
    });
    if (!this.#conversation) {
      this.#giveUp();
    }
    return this.#conversation;
  }

  #giveUp(): void {
    this.#conversation?.close();
    this.#conversation = undefined;
    this.#failures++;
    this.#looksWithout = Math.min(2 ** this.#failures - 1, mostLooksWithout);
  }

  async #converse(conversation: Conversation, look: Look, deadline: number): Promise<Answer[]> {
    const answers: Answer[] = [];
    const shares = dividedAmong(this.#parts, look.wanted);
    this.#parts = [...shares.keys()];
    for (const [part, share] of shares) {
      const ask = (input: string, nonce: string) =>
        conversation.ask(input, {
          until: `remote-ops end ${nonce} `,
          deadlineMs: millisecondsUntil(deadline),
          maxOutputBytes: maxAnswerBytes,
          ...(look.options.signal && { signal: look.options.signal }),
        });
      if (share.size > 0) {
        answers.push(await this.#request(part, share, look, ask));
      }
    }
    return answers;
  }

  async #run(look: Look, deadline = deadlineFor(look)): Promise<Answer[]> {
    const answers: Answer[] = [];
    const entries = [...look.wanted];
    for (let at = 0; at === 0 || at < entries.length; at += maxPartSize) {
      const run = async (input: string) => {
        const { stdout } = await this.machine.run(probeScript, {
          input,
          deadlineMs: millisecondsUntil(deadline),
          maxOutputBytes: maxAnswerBytes,
          ...(look.options.signal && { signal: look.options.signal }),
        });
        return stdout;
      };
      const share = new Map(entries.slice(at, at + maxPartSize));
      answers.push(await this.#request(new ProbePart(0), share, look, run));
    }
    return answers;
  }

  async #request(
    part: ProbePart,
    share: ReadonlyMap<string, string>,
    { hostName, options }: Look,
    send: (input: string, nonce: string) => Promise<string>,
  ): Promise<Answer> {
    const nonce = this.nonce();
    const output = await counted(
      send(part.request(nonce, share, options.onReading !== undefined), nonce),
      options.onRequest,
    );
    const told = parseBlock(output, nonce, hostName);
    const block = part.accept(nonce, told, hostName);
    return { ids: new Set(share.keys()), block, readings: part.readings(told) };
  }
}

const deadlineFor = ({ wanted }: Look): number =>
  performance.now() + lookDeadlineMs * Math.max(1, Math.ceil(wanted.size / maxPartSize));

const millisecondsUntil = (deadline: number): number => Math.max(1, Math.ceil(deadline - performance.now()));

/** Other errors mean that nothing was sent. */
async function counted<T>(sent: Promise<T>, onRequest: ProbeOptions['onRequest']): Promise<T> {
  try {
    const result = await sent;
    onRequest?.();
    return result;
  } catch (error) {
    if (isRemoteOperationsError(error, 'NoAnswer') || isRemoteOperationsError(error, 'BadAnswer')) {
      onRequest?.();
    }
    throw error;
  }
}

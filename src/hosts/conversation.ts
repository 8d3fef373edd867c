import { Deadline, Stop } from './deadline';
import { EndLine } from './endLine';
import type { Executor, ScriptChannel } from './executor';
import {
  abandoned,
  cancelled,
  connectionLost,
  conversationEnded,
  noAnswerInTime,
  noExitCode,
  notConnected,
  tooMuchOutput,
  type HostLabel,
} from './hostErrors';
import type { AskOptions, Conversation } from './machine';
import { explainExec, leave, type PreparedScript } from './scriptRun';

export interface ConversationRequest {
  label: HostLabel;
  script: PreparedScript;
  /** Bounds the start. Aborts with a `Stop`. */
  signal: AbortSignal;
  deadlineMs: number;
  onStarted(milliseconds: number): void;
  /** The host never took the command: its connection is not to be trusted any more. */
  onUnresponsive(): void;
  /** Whether the host was there until the command's channel closed. */
  isReached(): boolean;
  /** The channel is free again. */
  onEnd(): void;
}

interface Question {
  end: EndLine;
  answer: Buffer[];
  bytes: number;
  maxBytes: number;
  settle(result: string | Error): void;
}

const defaultMaxOutputBytes = 8 * 1024 * 1024;
/** A login shell may greet; a script that goes on talking unasked is none of ours. */
const maxUnaskedBytes = 1024 * 1024;
/** How long a script has to end once its input is closed. */
const closeGraceMs = 2000;

/** Starts a script in a channel of its own, which it keeps. Rejects as `runScript` does. */
export function openConversation(
  executor: Executor,
  request: ConversationRequest,
): Promise<ChannelConversation> {
  const { label, signal } = request;
  return new Promise((resolve, reject) => {
    let waiting = true;
    const settle = (act: () => void) => {
      waiting = false;
      signal.removeEventListener('abort', onAbort);
      act();
    };
    const onAbort = () => {
      const timedOut = signal.reason instanceof Stop && signal.reason.why === 'deadline';
      const error = timedOut ? noAnswerInTime(label, request.deadlineMs) : abandoned(label);
      settle(() => reject(error));
      if (timedOut) {
        request.onUnresponsive();
      }
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const sent = performance.now();
    try {
      executor.exec(request.script.command, (error, channel) => {
        if (!waiting) {
          if (!error) {
            leave(channel.on('error', ignore));
          }
        } else if (error) {
          settle(() => reject(explainExec(request, error)));
        } else {
          request.onStarted(performance.now() - sent);
          const conversation = new ChannelConversation(channel, label, () => request.onEnd());
          settle(() => resolve(conversation));
        }
      });
    } catch (error) {
      settle(() => reject(notConnected(label)));
    }
  });
}

/** A conversation over an SSH channel. */
export class ChannelConversation implements Conversation {
  #question: Question | undefined;
  #unaskedBytes = 0;
  #isOpen = true;
  #isRetired = false;
  #closing: NodeJS.Timeout | undefined;

  constructor(
    private readonly channel: ScriptChannel,
    private readonly label: HostLabel,
    private readonly onEnd: () => void,
  ) {
    channel.on('data', (chunk: Buffer) => this.#take(chunk, true));
    channel.stderr.on('data', (chunk: Buffer) => this.#take(chunk, false));
    // Writing to a channel that the host has closed: its close event says what happened.
    channel.on('error', ignore);
    channel.on('close', (code: number | null | undefined, signalName?: string) =>
      this.#end(endOf(label, code, signalName)),
    );
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  ask(input: string, options: AskOptions): Promise<string> {
    if (!this.#isOpen) {
      return Promise.reject(notConnected(this.label));
    }
    if (options.signal?.aborted) {
      return Promise.reject(cancelled(this.label));
    }
    if (this.#question) {
      return Promise.reject(new Error('A conversation takes one request at a time.'));
    }
    const deadline = new Deadline(options.deadlineMs, options.signal);
    return new Promise<string>((resolve, reject) => {
      this.#question = {
        end: new EndLine(options.until),
        answer: [],
        bytes: 0,
        maxBytes: options.maxOutputBytes ?? defaultMaxOutputBytes,
        settle: (result) => (typeof result === 'string' ? resolve(result) : reject(result)),
      };
      const onAbort = () => {
        const timedOut = (deadline.signal.reason as Stop).why === 'deadline';
        this.#break(timedOut ? noAnswerInTime(this.label, options.deadlineMs) : abandoned(this.label));
      };
      deadline.signal.addEventListener('abort', onAbort, { once: true });
      this.channel.write(input);
    }).finally(() => deadline.clear());
  }

  close(): void {
    if (this.#question) {
      this.#break(abandoned(this.label));
    } else if (this.#isOpen) {
      this.#isOpen = false;
      this.channel.end();
      // The slot is free when the host has ended its session, not before.
      this.#closing = setTimeout(() => this.#break(abandoned(this.label)), closeGraceMs).unref();
    }
  }

  /** Closes as soon as no request is under way. */
  retire(): void {
    this.#isRetired = true;
    if (!this.#question) {
      this.close();
    }
  }

  #take(chunk: Buffer, isAnswer: boolean): void {
    const question = this.#question;
    if (!question) {
      this.#unaskedBytes += chunk.length;
      if (this.#unaskedBytes > maxUnaskedBytes) {
        this.#break(tooMuchOutput(this.label, maxUnaskedBytes));
      }
      return;
    }
    question.bytes += chunk.length;
    if (question.bytes > question.maxBytes) {
      this.#break(tooMuchOutput(this.label, question.maxBytes));
    } else if (isAnswer) {
      question.answer.push(chunk);
      if (question.end.completes(chunk.toString('latin1'))) {
        this.#settle(Buffer.concat(question.answer).toString());
      }
    }
  }

  #settle(result: string | Error): void {
    const question = this.#question;
    this.#question = undefined;
    this.#unaskedBytes = 0;
    question?.settle(result);
    if (this.#isRetired) {
      this.close();
    }
  }

  /** Gives the channel up without waiting for the script. */
  #break(error: Error): void {
    leave(this.channel);
    this.#end(error);
  }

  #end(error: Error): void {
    this.#isOpen = false;
    clearTimeout(this.#closing);
    this.#settle(error);
    this.onEnd();
  }
}

function endOf(label: HostLabel, code: number | null | undefined, signalName?: string): Error {
  if (code === undefined) {
    return connectionLost(label);
  }
  return code === null ? noExitCode(label, signalName) : conversationEnded(label, code);
}

const ignore = (): void => undefined;

import { randomBytes } from 'node:crypto';
import { isRemoteOperationsError } from '../operations/errors';
import { Stop } from './deadline';
import type { Executor, ScriptChannel } from './executor';
import {
  abandoned,
  commandRefused,
  connectionLost,
  noAnswerInTime,
  noExitCode,
  noPosixShell,
  notConnected,
  sessionRefused,
  tooMuchOutput,
  type HostLabel,
} from './hostErrors';
import type { RunResult } from './machine';
import { scriptCommand } from './quote';

export interface ScriptRequest {
  label: HostLabel;
  script: PreparedScript;
  input: string;
  maxOutputBytes: number;
  /** Aborts with a `Stop`. */
  signal: AbortSignal;
  deadlineMs: number;
  /** The host took the command: how long that took, which is two round trips. */
  onStarted(milliseconds: number): void;
  /** The host never took the command: its connection is not to be trusted any more. */
  onUnresponsive(): void;
  /**
   * Whether the host was there until the command's channel closed. An exit code alone does not tell: sshd may
   * send it before the last of the output.
   */
  isReached(): boolean;
}

export interface PreparedScript {
  command: string;
  /** Printed before the script starts: what comes before it is not the script's, and without it nothing ran. */
  beginLine: string;
}

const keptStderrBytes = 4096;

/** What a run may print unless told otherwise. */
export const defaultMaxOutputBytes = 8 * 1024 * 1024;

/** The script, which says first that it begins. */
export function markBegin(script: string): { text: string; beginLine: string } {
  const beginLine = `remote-ops-begin-${randomBytes(12).toString('hex')}\n`;
  return { text: `echo ${beginLine}${script}`, beginLine };
}

export function prepareScript(script: string): PreparedScript {
  const { text, beginLine } = markBegin(script);
  return { command: scriptCommand(text), beginLine };
}

/** The host would not open another channel: the script was not sent. */
export class ChannelRefused extends Error {}

/** Runs a script in a channel of its own. Closes the channel whatever happens. */
export function runScript(executor: Executor, request: ScriptRequest): Promise<RunResult> {
  const { label, signal } = request;
  return new Promise((resolve, reject) => {
    let channel: ScriptChannel | undefined;
    let settled = false;
    const settle = (act: () => void) => {
      if (settled) {
        return;
      }
      settled = true;
      signal.removeEventListener('abort', onAbort);
      if (channel) {
        leave(channel);
      }
      act();
    };
    const fail = (error: Error) => settle(() => reject(error));
    const onAbort = () => {
      const timedOut = signal.reason instanceof Stop && signal.reason.why === 'deadline';
      fail(timedOut ? noAnswerInTime(label, request.deadlineMs) : abandoned(label));
      if (timedOut && !channel) {
        request.onUnresponsive();
      }
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const sent = performance.now();
    try {
      executor.exec(request.script.command, (error, opened) => {
        if (error) {
          fail(explainExec(request, error));
        } else if (settled) {
          leave(opened.on('error', ignore));
        } else {
          channel = opened;
          request.onStarted(performance.now() - sent);
          converse(opened, request, (result) => settle(() => resolve(result)), fail);
        }
      });
    } catch (error) {
      fail(notConnected(label));
    }
  });
}

export function explainExec(
  { label, isReached }: Pick<ScriptRequest, 'label' | 'isReached'>,
  error: Error,
): Error {
  if (isRemoteOperationsError(error)) {
    return error;
  }
  // ssh2 gives a reason where the host refused the channel, and none where the connection was lost.
  if ('reason' in error) {
    return new ChannelRefused(error.message, { cause: sessionRefused(label, error) });
  }
  // It says that the host refuses the command also where it was lost before it answered.
  return isReached() && /unable to exec/i.test(error.message)
    ? commandRefused(label, error)
    : connectionLost(label);
}

function converse(
  channel: ScriptChannel,
  request: ScriptRequest,
  done: (result: RunResult) => void,
  fail: (error: Error) => void,
): void {
  const { label, maxOutputBytes, script } = request;
  const stdout: Buffer[] = [];
  let stderr = Buffer.alloc(0);
  let received = 0;
  const take = (chunk: Buffer): void => {
    received += chunk.length;
    if (received > maxOutputBytes) {
      fail(tooMuchOutput(label, maxOutputBytes));
    }
  };
  channel.on('data', (chunk: Buffer) => {
    stdout.push(chunk);
    take(chunk);
  });
  channel.stderr.on('data', (chunk: Buffer) => {
    stderr = Buffer.concat([stderr, chunk]).subarray(-keptStderrBytes);
    take(chunk);
  });
  // Writing to a channel that the host has closed: its close event says what happened.
  channel.on('error', ignore);
  channel.on('close', (code: number | null | undefined, signalName?: string) => {
    const begun = afterBegin(Buffer.concat(stdout), script.beginLine);
    if (code === undefined || !request.isReached()) {
      fail(connectionLost(label));
    } else if (code === null) {
      fail(noExitCode(label, signalName));
    } else if (begun === undefined) {
      fail(noPosixShell(label, code, stderr.toString()));
    } else {
      done({ exitCode: code, stdout: begun.toString(), stderr: stderr.toString() });
    }
  });
  channel.end(request.input);
}

/** Closes the channel; what the host still sends is read and dropped. */
export function leave(channel: ScriptChannel): void {
  for (const stream of [channel, channel.stderr]) {
    stream.removeAllListeners('data');
    stream.resume();
  }
  channel.close();
}

function afterBegin(output: Buffer, beginLine: string): Buffer | undefined {
  const at = output.indexOf(beginLine);
  return at < 0 ? undefined : output.subarray(at + beginLine.length);
}

const ignore = (): void => undefined;

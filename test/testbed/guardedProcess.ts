// A child process that leads its own process group and never outlives this process, not even when this
// one is killed: a watcher in the group ends the group when a pipe that only we hold open is closed.
import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';

const watcher = '( cat <&3 >/dev/null 2>&1; kill -KILL 0 ) >/dev/null 2>&1 & exec "$@" 3<&-';

export interface GuardedProcess {
  /** Also the id of the process group. */
  readonly pid: number;
  /** The last output, both streams together, for error messages. */
  output(): string;
  /** Resolves with the exit code or signal. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Resolves with the match once a line of the output matches. */
  waitForOutput(pattern: RegExp, deadlineMs: number): Promise<RegExpExecArray>;
  /** Asks the group to end, forces it after the grace time, resolves once its leader is gone. */
  stop(graceMs?: number): Promise<void>;
}

const keptOutput = 64 * 1024;

export function startGuarded(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; onOutput?: (text: string) => void } = {},
): GuardedProcess {
  const child = spawn('/bin/sh', ['-c', watcher, 'sh', command, ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    ...(options.env !== undefined && { env: options.env }),
  });
  const { pid } = child;
  if (pid === undefined) {
    throw new Error(`${command} could not be started.`);
  }
  let output = '';
  const waiting = new Set<() => void>();
  const take = (chunk: string) => {
    output = (output + chunk).slice(-keptOutput);
    options.onOutput?.(chunk);
    waiting.forEach((look) => look());
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', take);
  }
  const ended = endOf(child);
  void ended.then(() => waiting.forEach((look) => look()));

  return {
    pid,
    ended,
    output: () => output,
    waitForOutput: (pattern, deadlineMs) =>
      new Promise((resolve, reject) => {
        const finish = (act: () => void) => {
          waiting.delete(look);
          clearTimeout(timer);
          act();
        };
        const fail = (why: string) => finish(() => reject(new Error(`${command} ${why}:\n${output}`)));
        const look = () => {
          const match = pattern.exec(output);
          if (match) {
            finish(() => resolve(match));
          } else if (child.exitCode !== null || child.signalCode !== null) {
            fail('ended early');
          }
        };
        const timer = setTimeout(() => fail(`did not print ${String(pattern)} in time`), deadlineMs);
        waiting.add(look);
        look();
      }),
    stop: async (graceMs = 5000) => {
      signalGroup(pid, 'SIGTERM');
      const force = setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMs);
      await ended;
      clearTimeout(force);
      signalGroup(pid, 'SIGKILL');
    },
  };
}

function endOf(child: ChildProcess): Promise<number | NodeJS.Signals> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      // Ends the watcher, and with it whatever the command left in its group.
      (child.stdio[3] as Readable | null)?.destroy();
      resolve(code ?? signal ?? 'SIGKILL');
    });
  });
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Nothing is left of the group.
  }
}

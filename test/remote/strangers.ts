import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Untracked } from '../../src/operations/untracked';
import { freePort } from '../testbed/freePort';
import { eventually } from '../testbed/eventually';
import { groupOf, isAlive, signal, startTicksOf } from './scriptsProcesses';

/** Programs that somebody started without us, each ended with the test. */
export class Strangers {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'remote-operations-stranger-'));
  /** By pid, with when they were started: pids are given out again. */
  readonly #started = new Map<number, string>();
  readonly #ends = new Map<number, string>();

  /** Runs a line for bash; its group is its own, as after `&` in a terminal, unless it is told otherwise. */
  start(
    command: string,
    { leads = true, env = {} }: { leads?: boolean; env?: NodeJS.ProcessEnv } = {},
  ): number {
    const child = spawn('bash', ['-c', command], {
      cwd: this.folder,
      detached: leads,
      stdio: 'ignore',
      env: { PATH: process.env['PATH'], HOME: this.folder, ...env },
    });
    return this.note(child);
  }

  note(process: ChildProcess | { pid: number }): number {
    const { pid } = process;
    if (pid === undefined) {
      throw new Error('It was not started.');
    }
    this.#started.set(pid, startTicksOf(pid));
    if ('exitCode' in process) {
      process.once('exit', (code, name) => this.#ends.set(pid, `${code ?? name}`));
    }
    return pid;
  }

  /** @throws Error where it has ended, which a test that waits for it should not wait out */
  assertRuns(pid: number): void {
    if (this.#ends.has(pid)) {
      throw new Error(`Process ${pid} has ended: ${this.#ends.get(pid)}`);
    }
  }

  /** A server that listens on a free port, under this name in this folder. */
  async serve(how: (port: number) => string): Promise<{ pid: number; port: number }> {
    const port = await freePort();
    return { pid: this.start(`exec ${how(port)}`), port };
  }

  /** Ends one of them, with its group. */
  async end(pid: number): Promise<void> {
    signal(-pid, 'SIGKILL');
    await eventually(`the end of ${pid}`, () => !isAlive(pid) && groupOf(pid).length === 0);
  }

  async dispose(): Promise<void> {
    await eventually('the end of all strangers', () => {
      const left = [...this.#started].filter(([pid, ticks]) => isAlive(pid) && startTicksOf(pid) === ticks);
      left.forEach(([pid]) => [pid, -pid].forEach((each) => signal(each, 'SIGKILL')));
      return left.length === 0;
    });
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A program in node that listens on a port, as one argument for a shell. */
export const listening = (port: number): string =>
  `node -e 'require("node:http").createServer((_, r) => r.end("hello")).listen(${port}, "127.0.0.1")'`;

export const withPid = (found: readonly Untracked[], pid: number): Untracked | undefined =>
  found.find((each) => each.pid === pid);

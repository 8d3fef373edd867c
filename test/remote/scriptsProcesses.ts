import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { eventually } from '../testbed/eventually';
import { lastPidFile } from '../testbed/privileges';

interface Stat {
  name: string;
  /** As `/proc/PID/stat` has them, from the state (field 3) on. */
  fields: string[];
}

function statOf(pid: number): Stat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const end = stat.lastIndexOf(')');
    return { name: stat.slice(stat.indexOf('(') + 1, end), fields: stat.slice(end + 2).split(' ') };
  } catch {
    return undefined;
  }
}

/** Field 3; nothing where there is no such process. */
export const stateOf = (pid: number): string | undefined => statOf(pid)?.fields[0];

/** Runs, sleeps or is suspended: zombies are dead. */
export const isAlive = (pid: number): boolean => /^[^ZXx]/.test(stateOf(pid) ?? '');

/** Field 22. */
export const startTicksOf = (pid: number): string => statOf(pid)?.fields[19] ?? '';

/** A negative pid signals its group. What is gone already is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone.
  }
}

const livingPids = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter(isAlive);

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

/** Living processes that were started with this home directory. */
export const processesOf = (home: string): number[] =>
  livingPids().filter((pid) => contentOf(`/proc/${pid}/environ`).split('\0').includes(`HOME=${home}`));

/** The living members of a process group. */
export const groupOf = (pgid: number): { pid: number; name: string; command: string }[] =>
  livingPids()
    .filter((pid) => statOf(pid)?.fields[2] === String(pgid))
    .map((pid) => ({
      pid,
      name: statOf(pid)?.name ?? '',
      command: contentOf(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trimEnd(),
    }));

/** Waits until so many `sleep` run in a group: an operation has its identity before its command begins. */
export const sleepers = (pgid: number, count: number): Promise<boolean> =>
  eventually(
    `${count} sleeping in group ${pgid}`,
    () => groupOf(pgid).filter(({ name }) => name === 'sleep').length === count,
  );

/** The number that a command has left in a file, once it has. */
export const readNumber = (file: string): number | undefined =>
  (existsSync(file) && Number.parseInt(readFileSync(file, 'utf8'), 10)) || undefined;

/**
 * Starts a process that gets this pid, which must be free: tells the kernel which was the last one given out. Then it
 * goes on from where it was, so that the pids of what other tests have just ended are not given out again at once.
 */
export function processWithPid(pid: number): Promise<ChildProcess> {
  return eventually(`a process with pid ${pid}`, () => {
    const last = readFileSync(lastPidFile, 'utf8');
    writeFileSync(lastPidFile, String(pid - 1));
    const child = spawn('sleep', ['600'], { stdio: 'ignore' });
    writeFileSync(lastPidFile, last);
    if (child.pid === pid) {
      return child;
    }
    child.kill('SIGKILL');
    return undefined;
  });
}

/** A child whose parent never waits for it: it ends once its parent has become a program that does not. */
export async function zombie(): Promise<{ pid: number; parent: ChildProcess }> {
  const script = '(until grep -q sleep /proc/$$/comm; do :; done) & echo $!; exec sleep 600';
  const parent = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  parent.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  try {
    const pid = await eventually('a zombie', () => {
      const child = Number.parseInt(text, 10);
      return stateOf(child) === 'Z' && child;
    });
    return { pid, parent };
  } catch (error) {
    parent.kill('SIGKILL');
    throw error;
  }
}

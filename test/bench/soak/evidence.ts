// What really happened, from sources that the engine neither writes nor reads.
import { readdir, readFile } from 'node:fs/promises';

export interface Execution {
  /** Of the command and of its supervisor, which leads the process group. */
  starts: { pid: number; leader: number }[];
  /** Exit codes that the command was about to end with. */
  ends: number[];
}

/** What the commands of one operation have written down. */
export async function readExecution(file: string): Promise<Execution> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const starts = [...text.matchAll(/^start (\d+) (\d+)$/gm)];
  const ends = [...text.matchAll(/^end (\d+)$/gm)];
  return {
    starts: starts.map(([, pid, leader]) => ({ pid: Number(pid), leader: Number(leader) })),
    ends: ends.map(([, code]) => Number(code)),
  };
}

/** Ids of all operations that have a live process, of the user with this home folder. */
export async function livingOperations(home: string): Promise<ReadonlySet<string>> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const ids = await Promise.all(pids.map((pid) => operationOf(pid, home)));
  return new Set(ids.filter((id) => id !== undefined));
}

/** The operation that a process belongs to. Zombies belong to none: they are dead. */
export async function operationOf(pid: number, home: string): Promise<string | undefined> {
  const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
  const [environment, stat] = await Promise.all([read('environ'), read('stat')]);
  const entries = environment.split('\0');
  if (!entries.includes(`HOME=${home}`) || !/.*\) [^ZXx] /s.test(stat)) {
    return undefined;
  }
  return entries.find((each) => each.startsWith('REMOTE_OPS_ID='))?.slice('REMOTE_OPS_ID='.length);
}

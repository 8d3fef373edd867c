import { readdir, readFile } from 'node:fs/promises';

/** Ends every process whose home is this folder: operations lead sessions of their own and outlive their parents. */
export const endProcessesOf = (home: string): Promise<void> => endProcessesWith(`HOME=${home}`);

/** Ends every process that has this in its environment, `NAME=VALUE`, but those that are spared. */
export async function endProcessesWith(variable: string, spared: readonly number[] = []): Promise<void> {
  for (let round = 0; round < 5; round += 1) {
    const pids = (await processesWith(variable)).filter((pid) => !spared.includes(pid));
    if (pids.length === 0) {
      return;
    }
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // Ended by itself.
      }
    }
  }
}

async function processesWith(variable: string): Promise<number[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/u.test(name)).map(Number);
  const environments = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')),
  );
  return pids.filter((_pid, index) => environments[index]?.split('\0').includes(variable));
}

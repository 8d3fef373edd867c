import { readdir, readFile } from 'node:fs/promises';

/** Ends every process whose home is this folder: operations lead sessions of their own and outlive their parents. */
export async function endProcessesOf(home: string): Promise<void> {
  for (let round = 0; round < 5; round += 1) {
    const pids = await processesOf(home);
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

async function processesOf(home: string): Promise<number[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/u.test(name)).map(Number);
  const environments = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')),
  );
  return pids.filter((_pid, index) => environments[index]?.split('\0').includes(`HOME=${home}`));
}

import { readFile, readdir, readlink } from 'node:fs/promises';

/** The process that listens on a local socket, found as `ss -xlp` does it. */
export async function socketOwner(socketPath: string): Promise<number | undefined> {
  const inodes = (await readFile('/proc/net/unix', 'utf8'))
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[7] === socketPath)
    .map((fields) => `socket:[${fields[6]}]`);
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const folder = `/proc/${pid}/fd`;
    const files = await readdir(folder).catch(() => []);
    const targets = await Promise.all(files.map((file) => readlink(`${folder}/${file}`).catch(() => '')));
    if (targets.some((target) => inodes.includes(target))) {
      return Number(pid);
    }
  }
  return undefined;
}

import { execFile } from 'node:child_process';
import { readFile, readdir, readlink } from 'node:fs/promises';
import { printable } from './destination';

const lsofMs = 5_000;

/** Who listens on a TCP port of this computer, as in `node (pid 4711)`; `undefined` where that cannot be seen. */
export async function portUser(port: number): Promise<string | undefined> {
  try {
    return process.platform === 'linux' ? await byProc(port) : await byLsof(port);
  } catch {
    return undefined;
  }
}

async function byProc(port: number): Promise<string | undefined> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8').catch(() => '')),
  );
  const sockets = new Set(tables.flatMap((table) => listeningSockets(table, port)));
  const pids = sockets.size === 0 ? [] : (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const folder = `/proc/${pid}/fd`;
    // Those of other users cannot be seen.
    const files = await readdir(folder).catch(() => []);
    const targets = await Promise.all(files.map((file) => readlink(`${folder}/${file}`).catch(() => '')));
    if (targets.some((target) => sockets.has(target))) {
      const name = (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim();
      return `${printable(name)} (pid ${pid})`;
    }
  }
  return undefined;
}

/** Of the lines of /proc/net/tcp: `sl local_address rem_address st ... uid timeout inode`, in hex; 0A listens. */
function listeningSockets(table: string, port: number): string[] {
  const atPort = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = '', , state]) => local.endsWith(atPort) && state === '0A')
    .map((fields) => `socket:[${fields[9]}]`);
}

function byLsof(port: number): Promise<string | undefined> {
  const args = ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'];
  return new Promise((resolve) => {
    execFile('lsof', args, { timeout: lsofMs, windowsHide: true }, (_error, stdout) => {
      const [, pid] = /^p(\d+)$/m.exec(stdout) ?? [];
      const [, name = ''] = /^c(.+)$/m.exec(stdout) ?? [];
      resolve(pid === undefined ? undefined : `${printable(name)} (pid ${pid})`);
    });
  });
}

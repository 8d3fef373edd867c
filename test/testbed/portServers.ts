import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

export const nobody = 65_534;

export interface PortServer {
  port: number;
  pid: number;
  startTicks: string;
  child: ChildProcess;
}

/** Field 22 of its stat. */
function startTicksOf(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

/** A program of its own that listens, and says where. */
export const serverCode = (address: string, port = 0, before = ''): string =>
  `${before};const s=require("net").createServer().listen({port:${port},host:${JSON.stringify(address)},ipv6Only:true},()=>console.log("port "+s.address().port))`;

const started: ChildProcess[] = [];

/** @param as the user that it runs under; default: ours */
export async function startServer(
  address = '127.0.0.1',
  { before, as, port }: { before?: string; as?: number; port?: number } = {},
): Promise<PortServer> {
  const node = [process.execPath, '-e', serverCode(address, port, before)];
  const user = as === undefined ? [] : ['setpriv', `--reuid=${as}`, `--regid=${as}`, '--clear-groups', '--'];
  const [program = '', ...args] = [...user, ...node];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'], cwd: '/' });
  started.push(child);
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  const pid = child.pid ?? 0;
  return { port: Number(/port (\d+)/.exec(said.toString())?.[1]), pid, startTicks: startTicksOf(pid), child };
}

export function endServers(): void {
  for (const child of started.splice(0)) {
    child.kill('SIGKILL');
  }
}

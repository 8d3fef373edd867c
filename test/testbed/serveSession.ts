import { spawn } from 'node:child_process';
import type { ServerChannel, Session } from 'ssh2';

/** Runs on this machine whatever a session of an SSH server of ours asks for, with this home directory. */
export function serveSession(acceptSession: () => Session, home: string): void {
  const session = acceptSession();
  let signal = (_name: NodeJS.Signals) => {};
  session.on('exec', (accept, _reject, info) => {
    signal = run(info.command, home, accept());
  });
  session.on('signal', (accept, _reject, info) => {
    accept?.();
    signal(`SIG${info.name}` as NodeJS.Signals);
  });
}

/** Runs a command on the channel. Returns a function that signals it. */
function run(command: string, home: string, channel: ServerChannel): (name: NodeJS.Signals) => void {
  const child = spawn('/bin/sh', ['-c', command], {
    cwd: home,
    env: { HOME: home, USER: 'demo', LOGNAME: 'demo', SHELL: '/bin/sh', PATH: process.env['PATH'] },
  });
  channel.pipe(child.stdin);
  child.stdin.on('error', () => {});
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  child.on('error', () => channel.exit(127));
  child.on('exit', (code, name) => {
    if (name) {
      channel.exit(name.slice(3), false, '');
    } else {
      channel.exit(code ?? 1);
    }
  });
  child.on('close', () => channel.end());
  channel.on('error', () => {});
  return (name) => child.kill(name);
}

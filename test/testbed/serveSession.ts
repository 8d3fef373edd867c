import { spawn } from 'node:child_process';
import type { PseudoTtyInfo, ServerChannel, Session } from 'ssh2';

/** Runs on this machine whatever a session of an SSH server of ours asks for, with this home directory. */
export function serveSession(acceptSession: () => Session, home: string): void {
  const session = acceptSession();
  let signal = (_name: NodeJS.Signals) => {};
  let terminal: PseudoTtyInfo | undefined;
  session.on('pty', (accept, _reject, info) => {
    terminal = info;
    accept?.();
  });
  session.on('window-change', (accept) => accept?.());
  session.on('exec', (accept, _reject, info) => {
    const command = ['/bin/sh', '-c', info.command];
    signal = run(terminal ? inTerminal(command, terminal) : command, home, accept());
  });
  session.on('signal', (accept, _reject, info) => {
    accept?.();
    signal(`SIG${info.name}` as NodeJS.Signals);
  });
}

/** With `script`, which every Debian has: it keeps the size that it begins with. */
function inTerminal(command: readonly string[], { rows, cols }: PseudoTtyInfo): string[] {
  const quoted = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const sized = `stty rows ${rows} cols ${cols}; TERM=xterm-256color exec ${quoted}`;
  return ['script', '-qfec', sized, '/dev/null'];
}

/** Runs a program on the channel. Returns a function that signals it. */
function run(
  [program = '', ...words]: readonly string[],
  home: string,
  channel: ServerChannel,
): (name: NodeJS.Signals) => void {
  const child = spawn(program, words, {
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

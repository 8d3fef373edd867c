import { execFile, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { printable } from './destination';
import type { HostLabel } from './hostErrors';
import { ProcessStream } from './processStream';
import { proxyCommandEnded, proxyCommandNotStarted } from './proxyErrors';
import { closeGraceMs, type Transport } from './transport';
import { usersEnvironment } from './usersEnvironment';

const keptStderrBytes = 4096;
/** After its output has ended, a program has so long to say why. */
const lastWordsMs = 500;

/**
 * Runs a ProxyCommand as `ssh` does: by the user's shell, which it replaces, in a process group of its own
 * that ends with the connection. Rejects with `Unreachable`, or the signal's reason.
 */
export function openCommand(command: string, label: HostLabel, signal: AbortSignal): Promise<Transport> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const child = start(command);
    child.once('error', (error) => reject(proxyCommandNotStarted(label, error)));
    child.once('spawn', () => {
      const stream = new CommandStream(child);
      const transport = commandTransport(stream, label);
      if (signal.aborted) {
        transport.destroy();
        reject(signal.reason as Error);
      } else {
        resolve(transport);
      }
    });
  });
}

function start(command: string): ChildProcessWithoutNullStreams {
  const env = usersEnvironment(process.env);
  if (process.platform === 'win32') {
    const shell = process.env.ComSpec ?? 'cmd.exe';
    return spawn(shell, ['/d', '/s', '/c', `"${command}"`], {
      env,
      windowsVerbatimArguments: true,
      windowsHide: true,
    });
  }
  return spawn(process.env.SHELL || '/bin/sh', ['-c', `exec ${command}`], { env, detached: true });
}

const commandTransport = (stream: CommandStream, label: HostLabel): Transport => ({
  stream,
  failure: () =>
    stream.ended === undefined ? undefined : proxyCommandEnded(label, stream.ended, stream.lastWords),
  close: () => {
    stream.end();
    setTimeout(() => stream.destroy(), closeGraceMs).unref();
  },
  destroy: () => void stream.destroy(),
});

/** The stream's end is the end of the program, and the other way round. */
class CommandStream extends ProcessStream {
  /** How the program ended: its exit code, or the signal that ended it. */
  ended: number | string | undefined;
  #stderr = Buffer.alloc(0);

  constructor(child: ChildProcessWithoutNullStreams) {
    super(child, { allowHalfOpen: false });
    child.stderr.on('data', (chunk: Buffer) => {
      this.#stderr = Buffer.concat([this.#stderr, chunk]).subarray(-keptStderrBytes);
    });
    child.stdout.once('end', () => setTimeout(() => this.push(null), lastWordsMs).unref());
    child.once('exit', (code, signal) => {
      this.ended = code ?? signal ?? 'SIGKILL';
      // At once, while the number of the group cannot be that of another.
      signalGroup(child, 'SIGKILL');
    });
    child.once('close', () => this.push(null));
  }

  /** The last line that it wrote on standard error. */
  get lastWords(): string {
    return printable(this.#stderr.toString().trim().split(/\r?\n/).at(-1) ?? '');
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.child.stdin.destroy();
    if (this.ended === undefined) {
      signalGroup(this.child, 'SIGHUP');
      setTimeout(() => this.ended === undefined && signalGroup(this.child, 'SIGKILL'), closeGraceMs).unref();
    }
    done(error);
  }
}

function signalGroup({ pid }: ChildProcessWithoutNullStreams, signal: NodeJS.Signals): void {
  if (pid === undefined) {
    return;
  }
  if (process.platform === 'win32') {
    execFile('taskkill', ['/pid', String(pid), '/t', '/f'], () => undefined);
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    // Nothing is left of the group.
  }
}

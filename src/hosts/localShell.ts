import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { userInfo } from 'node:os';
import type { Readable } from 'node:stream';
import * as l10n from '@vscode/l10n';
import { RemoteOperationsError } from '../operations/errors';
import { printable } from './destination';
import type { Executor, ScriptChannel } from './executor';
import { ProcessStream } from './processStream';
import { usersEnvironment } from './usersEnvironment';

export interface LocalShellOptions {
  /** The program, and arguments that come before `-c`. Default `/bin/sh`. */
  shell?: readonly string[];
  /** Default: the home folder of the user. */
  home?: string;
}

/** Runs command lines on this computer, each in a session of its own, as sshd does on others. */
export class LocalShell implements Executor {
  constructor(private readonly options: LocalShellOptions = {}) {}

  exec(command: string, callback: (error: Error | undefined, channel: ScriptChannel) => void): void {
    const { shell = ['/bin/sh'], home = userInfo().homedir } = this.options;
    const [program = '', ...first] = shell;
    const env = { ...usersEnvironment(process.env), HOME: home };
    const child = spawn(program, [...first, '-c', command], { env, cwd: home, detached: true });
    const channel = new LocalChannel(child);
    child.once('error', (error) => callback(cannotStart(program, error), channel));
    child.once('spawn', () => callback(undefined, channel));
  }
}

const cannotStart = (program: string, error: Error): RemoteOperationsError =>
  new RemoteOperationsError(
    'Unreachable',
    l10n.t(
      'This computer cannot start {0}: {1}. Nothing was run. Correct that, then retry.',
      printable(program),
      printable(error.message),
    ),
    { cause: error },
  );

/** Tells of the program's end by `close`, as a channel of ssh2 does. */
class LocalChannel extends ProcessStream implements ScriptChannel {
  readonly stderr: Readable;

  constructor(child: ChildProcessWithoutNullStreams) {
    super(child, { emitClose: false });
    this.stderr = child.stderr;
    child.once('close', (code: number | null, signal: NodeJS.Signals | null) => {
      const tell = () => this.emit('close', code, signal ?? undefined);
      this.push(null);
      if (this.readableEnded || this.destroyed) {
        tell();
      } else {
        this.once('end', tell);
      }
    });
  }

  /** Lets go of the program, which may go on, as one does on another host. */
  close(): void {
    const { stdin, stdout, stderr } = this.child;
    [stdin, stdout, stderr].forEach((stream) => stream.destroy());
    this.child.unref();
    this.destroy();
  }
}

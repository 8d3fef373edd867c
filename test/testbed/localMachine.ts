import { spawn } from 'node:child_process';
import type { Machine, RunOptions, RunResult } from '../../src/hosts/machine';

/**
 * This machine, with a shell of choice: shows that our scripts mean the same to every shell. What the
 * network adds is tested over a real sshd.
 */
export class LocalMachine implements Machine {
  readonly hostId = 'here';

  /** @param shell program and arguments that come before `-c` */
  constructor(
    private readonly shell: readonly string[],
    private readonly home: string,
  ) {}

  connect(): Promise<void> {
    return Promise.resolve();
  }

  run(script: string, { input = '', deadlineMs }: RunOptions): Promise<RunResult> {
    return new Promise((resolve, reject) => {
      const [program, ...first] = this.shell as [string, ...string[]];
      const child = spawn(program, [...first, '-c', script], {
        env: { ...process.env, HOME: this.home },
        timeout: deadlineMs,
      });
      let stdout = '';
      let stderr = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      child.on('error', reject);
      child.on('close', (exitCode) => resolve({ exitCode: exitCode ?? -1, stdout, stderr }));
      child.stdin.end(input);
    });
  }

  dispose(): void {
    // Nothing is kept open.
  }
}

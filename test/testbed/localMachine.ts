import { spawn } from 'node:child_process';
import type { Conversation, Machine, RunOptions, RunResult } from '../../src/hosts/machine';
import { LocalConversation } from './localConversation';

/**
 * This machine, with a shell of choice: shows that our scripts mean the same to every shell. What the
 * network adds is tested over a real sshd.
 */
export class LocalMachine implements Machine {
  readonly hostId = 'here';
  readonly #conversations: LocalConversation[] = [];

  /** @param shell program and arguments that come before `-c` */
  constructor(
    private readonly shell: readonly string[],
    private readonly home: string,
  ) {}

  connect(): Promise<void> {
    return Promise.resolve();
  }

  run(script: string, { input = '', deadlineMs }: RunOptions): Promise<RunResult> {
    this.onRequest();
    return new Promise((resolve, reject) => {
      const child = this.#start(script, deadlineMs);
      let stdout = '';
      let stderr = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      child.on('error', reject);
      child.on('close', (exitCode) => resolve({ exitCode: exitCode ?? -1, stdout, stderr }));
      child.stdin.on('error', () => undefined).end(input);
    });
  }

  converse(script: string): Promise<Conversation | undefined> {
    const conversation = new LocalConversation(this.#start(script), () => this.onRequest());
    this.#conversations.push(conversation);
    return Promise.resolve(conversation);
  }

  /** Told of each run, and of each request in a conversation. */
  protected onRequest(): void {
    // For those who count.
  }

  dispose(): void {
    this.#conversations.splice(0).forEach((conversation) => conversation.close());
  }

  #start(script: string, timeout?: number) {
    const [program, ...first] = this.shell as [string, ...string[]];
    return spawn(program, [...first, '-c', script], {
      env: { ...process.env, HOME: this.home },
      ...(timeout !== undefined && { timeout }),
    });
  }
}

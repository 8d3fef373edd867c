// A real pueue daemon of one version, with everything in a folder of its own.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { endProcessesWith } from './endProcesses';
import { eventually } from './eventually';
import { startGuarded, type GuardedProcess } from './guardedProcess';
import { pueueBin } from './pueueInstall.mjs';

const execute = promisify(execFile);

export async function startPueue(version: string): Promise<Pueue> {
  const pueue = new Pueue(version, await mkdtemp(path.join(tmpdir(), 'remote-operations-pueue-')));
  try {
    await pueue.start();
    return pueue;
  } catch (error) {
    await pueue.stop();
    throw error;
  }
}

/** A task as "status --json" has it; what differs between versions is left to those who ask. */
export interface PueueTask {
  id: number;
  label: string | null;
  status: unknown;
  envs: Record<string, string>;
}

/** Runs four tasks at a time in "default", and one in "narrow". */
export class Pueue {
  #daemon: GuardedProcess | undefined;

  constructor(
    readonly version: string,
    /** Holds all of its files; removed at the end. */
    readonly folder: string,
  ) {}

  /** Its client and its daemon, beside each other. */
  get bin(): string {
    return pueueBin(this.version);
  }

  /** What a session needs to reach this daemon. */
  get env(): { PUEUE_CONFIG_PATH: string } {
    return { PUEUE_CONFIG_PATH: path.join(this.folder, 'pueue.yml') };
  }

  async start(): Promise<void> {
    for (const name of ['data', 'run']) {
      await mkdir(path.join(this.folder, name), { recursive: true, mode: 0o700 });
    }
    await writeFile(
      this.env.PUEUE_CONFIG_PATH,
      [
        'shared:',
        `  pueue_directory: ${path.join(this.folder, 'data')}`,
        `  runtime_directory: ${path.join(this.folder, 'run')}`,
        '  use_unix_socket: true',
        'client:',
        // Whoever acts without a terminal has to answer.
        '  show_confirmation_questions: true',
        'daemon:',
        '  callback_log_lines: 10',
        '',
      ].join('\n'),
    );
    await this.startDaemon();
    await this.run('parallel', '4');
    await this.run('group', 'add', 'narrow', '--parallel', '1');
    await eventually('both groups', async () => (await this.run('group')).includes('narrow'));
  }

  async startDaemon(): Promise<void> {
    const env = { ...process.env, ...this.env };
    this.#daemon = startGuarded(path.join(this.bin, 'pueued'), [], { env });
    await eventually('the daemon to answer', () =>
      this.run('status').then(
        () => true,
        () => false,
      ),
    );
  }

  /** As with `kill -9`: what it runs lives on. */
  async killDaemon(): Promise<void> {
    const daemon = this.#daemon;
    if (daemon) {
      process.kill(daemon.pid, 'SIGKILL');
      await daemon.ended;
      this.#daemon = undefined;
    }
  }

  /** It takes connections and answers none of them until it goes on. */
  suspendDaemon(): void {
    process.kill(this.#daemon?.pid ?? 0, 'SIGSTOP');
  }

  resumeDaemon(): void {
    process.kill(this.#daemon?.pid ?? 0, 'SIGCONT');
  }

  /** Runs a command of its client. */
  async run(...args: string[]): Promise<string> {
    const running = execute(path.join(this.bin, 'pueue'), ['--color', 'never', ...args], {
      env: { ...process.env, ...this.env },
    });
    // Most of its commands ask nothing, and do not wait for an answer.
    running.child.stdin?.on('error', () => undefined).end('y\n');
    return (await running).stdout.trim();
  }

  async tasks(): Promise<PueueTask[]> {
    const { tasks } = JSON.parse(await this.run('status', '--json')) as { tasks: Record<string, PueueTask> };
    return Object.values(tasks);
  }

  async tasksOf(id: string): Promise<PueueTask[]> {
    return (await this.tasks()).filter(({ label }) => label === `remote-ops-${id}`);
  }

  /** Ends and forgets all tasks; groups go on as they were. */
  async clear(): Promise<void> {
    await this.run('reset', '--force').catch(() => this.run('reset'));
    await eventually('no task', async () => (await this.tasks()).length === 0);
    await this.run('start', '--all');
  }

  async stop(): Promise<void> {
    await this.#daemon?.stop(3000);
    this.#daemon = undefined;
    await endProcessesWith(`PUEUE_CONFIG_PATH=${this.env.PUEUE_CONFIG_PATH}`);
    await rm(this.folder, { recursive: true, force: true });
  }
}

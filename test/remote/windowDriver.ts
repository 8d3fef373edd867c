import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { ListQuery, SyncReport } from '../../src/engine/operationsService';
import type { Question } from '../../src/hosts/questions';
import type { OperationView } from '../../src/operations/operationView';
import type { WindowCall, WindowReport } from '../testbed/windowProcess';

type Place = Extract<WindowReport, { event: 'place' }>;

/** Drives a window that runs in a process of its own (testbed/windowProcess.ts). */
export class TestWindow {
  readonly places: Place[] = [];
  readonly problems: string[] = [];
  readonly log: string[] = [];
  readonly asked: Question[] = [];
  takenBack = 0;
  writes = 0;
  readonly #child: ChildProcess;
  readonly #answers = new Map<number, (report: Extract<WindowReport, { id: number }>) => void>();
  readonly #waiting = new Set<() => void>();
  #calls = 0;
  #errors = '';

  /** @param storage where it joins; empty: nowhere yet */
  constructor(storage: string, home: string, version = '1.0.0') {
    const program = path.join(__dirname, '../testbed/windowProcess.js');
    this.#child = spawn(process.execPath, ['--enable-source-maps', program, storage, home, version], {
      stdio: ['pipe', 'pipe', 'pipe'],
      // Sockets of windows that are killed go with the desk.
      env: { ...process.env, XDG_RUNTIME_DIR: path.dirname(home) },
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#errors += text));
    this.#child.stdin?.on('error', () => undefined);
    createInterface({ input: this.#child.stdout! }).on('line', (line) => {
      this.#take(JSON.parse(line) as WindowReport);
      this.#look();
    });
    this.#child.once('exit', () => {
      for (const [id, answer] of this.#answers) {
        answer({ id, error: { message: `The window ended. ${this.#tail()}` } });
      }
      this.#look();
    });
  }

  get place(): Place | undefined {
    return this.places.at(-1);
  }

  get isOwner(): boolean {
    return this.place?.role === 'owner';
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Resolves once the condition holds; it is looked at whenever the window has told something. */
  until(what: string, holds: () => boolean, deadlineMs = 15_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (done: () => void) => {
        this.#waiting.delete(look);
        clearTimeout(timer);
        done();
      };
      const look = () => {
        if (holds()) {
          settle(resolve);
        } else if (this.hasEnded) {
          settle(() => reject(new Error(`The window ended before ${what}. ${this.#tail()}`)));
        }
      };
      const timer = setTimeout(
        () =>
          settle(() => reject(new Error(`Waited ${deadlineMs} ms in vain until ${what}. ${this.#tail()}`))),
        deadlineMs,
      );
      this.#waiting.add(look);
      look();
    });
  }

  call<T>(call: Exclude<WindowCall, { cancel: number }>['call'], ...args: unknown[]): Promise<T> {
    return this.start<T>(call, ...args).answer;
  }

  /** A call that can be cancelled while it runs. */
  start<T>(
    call: Exclude<WindowCall, { cancel: number }>['call'],
    ...args: unknown[]
  ): { answer: Promise<T>; cancel(): void } {
    this.#calls += 1;
    const id = this.#calls;
    const answer = new Promise<T>((resolve, reject) => {
      this.#answers.set(id, ({ result, error }) =>
        error ? reject(Object.assign(new Error(error.message), { code: error.code })) : resolve(result as T),
      );
    });
    answer.catch(() => undefined);
    this.#send({ id, call, args });
    return { answer, cancel: () => this.#send({ cancel: id }) };
  }

  operations = () => this.call<OperationView[]>('service', 'operations');
  list = (query: ListQuery) => this.call<OperationView[]>('service', 'list', query);
  sync = () => this.start<SyncReport>('service', 'sync', {});
  submit = (name: string, command: string) =>
    this.call<OperationView>('service', 'submit', { hostId: 'here', type: 'program', name, command });
  kill = (id: string) => this.call<OperationView>('service', 'kill', id, { graceSeconds: 1 });

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async end(): Promise<void> {
    if (!this.hasEnded) {
      const ended = new Promise((resolve) => this.#child.once('exit', resolve));
      this.#child.kill('SIGKILL');
      await ended;
    }
  }

  #send(call: WindowCall): void {
    this.#child.stdin?.write(`${JSON.stringify(call)}\n`);
  }

  #take(report: WindowReport): void {
    if ('id' in report) {
      this.#answers.get(report.id)?.(report);
      this.#answers.delete(report.id);
      return;
    }
    switch (report.event) {
      case 'place':
        this.places.push(report);
        return;
      case 'problem':
        this.problems.push(report.message);
        return;
      case 'log':
        this.log.push(report.message);
        return;
      case 'asked':
        this.asked.push(report.question);
        return;
      case 'taken back':
        this.takenBack += 1;
        return;
      case 'written':
        this.writes = report.writes;
    }
  }

  #look(): void {
    for (const look of [...this.#waiting]) {
      look();
    }
  }

  #tail(): string {
    return [...this.problems, ...this.log.slice(-10), this.#errors.slice(-2000)].join('\n');
  }
}

/** Windows on one storage folder, and the host that they share. */
export class Desk {
  readonly windows: TestWindow[] = [];
  readonly #groups = new Set<number>();

  private constructor(private readonly folder: string) {}

  static async make(): Promise<Desk> {
    const desk = new Desk(await mkdtemp(path.join(tmpdir(), 'windows-')));
    await mkdir(desk.home);
    return desk;
  }

  storage(name = 'storage'): string {
    return path.join(this.folder, name);
  }

  get home(): string {
    return path.join(this.folder, 'home');
  }

  open(count: number, version?: string): TestWindow[] {
    const opened = Array.from({ length: count }, () => new TestWindow(this.storage(), this.home, version));
    this.windows.push(...opened);
    return opened;
  }

  add(window: TestWindow): void {
    this.windows.push(window);
  }

  /** Opens windows and waits until each has its place. */
  async settled(count: number): Promise<{ owner: TestWindow; clients: TestWindow[] }> {
    const windows = this.open(count);
    await Promise.all(windows.map((window) => window.until('it has a place', () => !!window.place)));
    return split(windows);
  }

  /** Remembers the process group of an operation, to be ended with the desk. */
  note(view: OperationView): OperationView {
    if (view.pid !== undefined) {
      this.#groups.add(view.pid);
    }
    return view;
  }

  async clear(): Promise<void> {
    await Promise.all(this.windows.map((window) => window.end()));
    this.#endOperations();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  #endOperations(): void {
    for (const group of this.#groups) {
      try {
        process.kill(-group, 'SIGKILL');
      } catch {
        // It has ended.
      }
    }
  }
}

/** Resolves with the window that is first to become owner. */
export async function nextOwner(windows: TestWindow[], deadlineMs = 5_000): Promise<TestWindow> {
  return Promise.race(
    windows.map(async (window) => {
      await window.until('it owns the engine', () => window.isOwner, deadlineMs);
      return window;
    }),
  );
}

/** Reads until the value is accepted. */
export async function eventually<T>(
  what: string,
  read: () => Promise<T>,
  accept: (value: T) => boolean,
  deadlineMs = 15_000,
): Promise<T> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const value = await read();
    if (accept(value)) {
      return value;
    }
    if (performance.now() > deadline) {
      throw new Error(`Waited ${deadlineMs} ms in vain until ${what}. Last: ${JSON.stringify(value)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The one owner and the clients. @throws Error unless there is exactly one owner */
export function split(windows: TestWindow[]): { owner: TestWindow; clients: TestWindow[] } {
  const [owner, ...others] = windows.filter(({ isOwner }) => isOwner);
  if (!owner || others.length > 0) {
    throw new Error(
      `${others.length + (owner ? 1 : 0)} owners: ${JSON.stringify(windows.map(({ place }) => place))}`,
    );
  }
  return { owner, clients: windows.filter((window) => window !== owner) };
}

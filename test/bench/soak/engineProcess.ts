import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { SyncReport } from '../../../src/engine/operationsService';
import type { AuditEvent, SubmitSpec } from '../../../src/operations/operation';
import type { OperationView } from '../../../src/operations/operationView';
import type { SoakAnswer, SoakEngineConfig, SoakMethod } from '../soakEngine';

/** The engine's process was killed before it answered. */
export class EngineCrashed extends Error {}

/** The engine refused a call. */
export class EngineRefused extends Error {
  constructor(
    message: string,
    readonly code: string | undefined,
  ) {
    super(message);
  }
}

/** Refusals and crashes are part of the game. */
export function tolerate(error: unknown): undefined {
  if (!(error instanceof EngineCrashed || error instanceof EngineRefused)) {
    throw error;
  }
}

type Settle = (answer: Exclude<SoakAnswer, { ready: true }> | undefined) => void;

class Gate {
  open!: () => void;
  fail!: (error: Error) => void;
  readonly passed = new Promise<void>((resolve, reject) => {
    this.open = resolve;
    this.fail = reject;
  });
}

/** An engine that can be killed with SIGKILL and started again on the same store. */
export class EngineProcess {
  /** How often it was killed. */
  crashes = 0;
  /** Calls that were under way when it was killed. */
  interrupted = 0;
  #child: ChildProcess | undefined;
  #up = new Gate();
  #calls = 0;
  readonly #settles = new Map<number, Settle>();

  constructor(private readonly config: SoakEngineConfig) {}

  async start(): Promise<void> {
    const program = path.join(__dirname, '../bench/soakEngine.js');
    const child = spawn(process.execPath, ['--enable-source-maps', program, JSON.stringify(this.config)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#child = child;
    child.stdin.on('error', () => undefined);
    createInterface({ input: child.stdout }).on('line', (line) => {
      const answer = JSON.parse(line) as SoakAnswer;
      if ('ready' in answer) {
        this.#up.open();
      } else {
        this.#settles.get(answer.id)?.(answer);
      }
    });
    child.once('exit', (code) => {
      this.interrupted += this.#settles.size;
      this.#settles.forEach((settle) => settle(undefined));
      // By itself it ends only because it cannot go on.
      if (code !== null && code !== 0) {
        this.#up.fail(new Error(`The engine ended with exit code ${code}.`));
      }
    });
    await this.#up.passed;
  }

  /** As the kernel does when memory runs out: nothing is said, nothing is saved. */
  async crash(): Promise<void> {
    this.crashes += 1;
    this.#up = new Gate();
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    this.#child?.stdin?.end();
    await this.#end('SIGTERM');
  }

  submit = (spec: SubmitSpec) => this.#call<OperationView>('submit', spec);
  kill = (id: string, graceSeconds: number) => this.#call<OperationView>('kill', id, { graceSeconds });
  list = () => this.#call<OperationView[]>('list');
  operations = () => this.#call<OperationView[]>('operations');
  sync = () => this.#call<SyncReport>('sync');
  history = (id: string) => this.#call<AuditEvent[]>('history', id);

  /** Waits until the engine runs. @throws EngineCrashed, EngineRefused */
  async #call<T>(method: SoakMethod, ...args: unknown[]): Promise<T> {
    await this.#up.passed;
    this.#calls += 1;
    const id = this.#calls;
    const answer = await new Promise<Parameters<Settle>[0]>((resolve) => {
      this.#settles.set(id, resolve);
      this.#child?.stdin?.write(`${JSON.stringify({ id, method, args })}\n`);
    });
    this.#settles.delete(id);
    if (!answer) {
      throw new EngineCrashed(`The engine crashed during ${method}.`);
    }
    if (answer.error) {
      throw new EngineRefused(answer.error.message, answer.error.code);
    }
    return answer.result as T;
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    }
  }
}

import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Disposable } from '../../src/emitter';
import { Emitter } from '../../src/emitter';
import type { Clock } from '../../src/engine/clock';
import { Engine } from '../../src/engine/engine';
import type { WatchFolderConfig } from '../../src/engine/watchFolders/config';
import { Ledger } from '../../src/engine/watchFolders/ledger';
import type { CaseView } from '../../src/operations/watchFolder';
import { Superseded, type WriteFence } from '../../src/store/durableFile';
import type { OperationStore } from '../../src/store/operationStore';
import { eventually } from '../testbed/eventually';
import type { ProxiedHost } from '../testbed/proxiedHost';
import { contextWith, FixedHosts } from '../unit/engine/engineRig';
import { StoreFolder } from '../unit/store/storeSupport';
import { machineFor } from './connectionSupport';
import { LocalFolder } from './uploadSupport';

/** Real time, but faster: what waits for files to be quiet need not take long. */
export class HastyClock implements Clock {
  constructor(private readonly times = 20) {}

  now = () => Date.now();
  monotonicMs = () => performance.now() * this.times;

  after(delayMs: number, callback: () => void): Disposable {
    const timer = setTimeout(callback, delayMs / this.times);
    return { dispose: () => clearTimeout(timer) };
  }
}

/** The window dies before it has written so often: from then on nothing gets to the disk. */
export class CrashFence implements WriteFence {
  crashed = false;
  #writes = 0;

  constructor(
    readonly generation: number,
    private readonly mostWrites = Infinity,
  ) {}

  check(): Promise<void> {
    this.#writes += 1;
    this.crashed ||= this.#writes > this.mostWrites;
    return this.crashed ? Promise.reject(new Superseded('The window is dead.')) : Promise.resolve();
  }
}

/** An engine that watches a local folder for a real host, and that can be opened anew. */
export class WatchRig {
  readonly local = new LocalFolder();
  readonly remote: string;
  readonly changedConfigs = new Emitter<void>();
  readonly config: WatchFolderConfig;
  configs: WatchFolderConfig[];
  #folder = new StoreFolder();
  #generation = 0;
  #engine: Engine | undefined;
  #store: OperationStore | undefined;
  logged: string[] = [];

  constructor(
    private readonly host: ProxiedHost,
    template: object = {},
    more: Partial<WatchFolderConfig> = {},
  ) {
    this.remote = path.join(host.sshd.home, `cases-${Math.random().toString(36).slice(2)}`);
    this.config = {
      id: 'watched',
      path: this.local.root,
      hostId: 'test',
      remoteDir: this.remote,
      quietSeconds: 2,
      template: { type: 'job', command: `echo "$PWD" >> ${this.remote}.runs`, ...template },
      ...more,
    };
    this.configs = [this.config];
  }

  get engine(): Engine {
    if (!this.#engine) {
      throw new Error('It is not open.');
    }
    return this.#engine;
  }

  get ledgerPath(): string {
    return path.join(this.#folder.folder, 'watch-folders.json');
  }

  async open(mostWrites = Infinity): Promise<CrashFence> {
    this.#generation += 1;
    const fence = new CrashFence(this.#generation, mostWrites);
    this.#store = await this.#folder.open({ fence });
    const { machine } = machineFor(this.host.sshd, { through: this.host.proxy });
    const hosts = new FixedHosts(new Map([['test', machine]]));
    const { context, logged } = contextWith(this.#store, hosts, new HastyClock());
    this.logged = logged;
    const ledger = await Ledger.open({
      path: this.ledgerPath,
      fence,
      now: () => new Date().toISOString(),
      log: (message) => logged.push(message),
    });
    const watchFolders = {
      ledger,
      configs: () => this.configs,
      onDidChangeConfigs: this.changedConfigs.event,
    };
    this.#engine = new Engine({ ...context, watchFolders });
    await this.#engine.start();
    return fence;
  }

  async close(): Promise<void> {
    const engine = this.#engine;
    this.#engine = undefined;
    await engine?.dispose().catch((error: unknown) => {
      // A dead window cannot tidy up.
      if (!(error instanceof Superseded)) {
        throw error;
      }
    });
  }

  /** Resolves once the folder was looked at: what comes from here on is new. */
  async watching(): Promise<void> {
    await eventually('the folder to be watched', () => existsSync(this.ledgerPath));
  }

  case(name: string): CaseView | undefined {
    return this.engine.cases()[0]?.cases.find((each) => each.name === name);
  }

  until(name: string, state: CaseView['state'], reason?: RegExp): Promise<CaseView> {
    return eventually(`the case ${name} to be ${state}`, () => {
      const view = this.case(name);
      return view?.state === state && (!reason || reason.test(view.reason ?? '')) ? view : undefined;
    }).catch((error: Error) => {
      throw new Error(
        `${error.message}; it is ${JSON.stringify(this.engine.cases())} ${this.logged.join('; ')}`,
      );
    });
  }

  /** The folders that commands ran in, one for each execution. */
  runs(): string[] {
    const file = `${this.remote}.runs`;
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  }

  /** Resolves once all operations have ended. */
  async ended(): Promise<void> {
    await eventually('all operations to end', async () => {
      const views = await this.engine.list();
      return views.length > 0 && views.every(({ status }) => status === 'completed' || status === 'failed');
    });
  }

  staged = async (): Promise<string[]> =>
    (await readdir(this.remote)).filter((name) => name.startsWith('.remote-ops-'));

  async dispose(): Promise<void> {
    await this.close();
    this.local.dispose();
    this.#folder.dispose();
  }
}

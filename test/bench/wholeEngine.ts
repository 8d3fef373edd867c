import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { systemClock } from '../../src/engine/clock';
import { Engine } from '../../src/engine/engine';
import { Launchers } from '../../src/engine/launchers';
import { NoticeBook } from '../../src/engine/noticeBook';
import type { Machine } from '../../src/hosts/machine';
import type { Launcher } from '../../src/launchers/launcher';
import { ProcessLauncher } from '../../src/launchers/process/processLauncher';
import { SlurmLauncher } from '../../src/launchers/slurm/slurmLauncher';
import type { Operation } from '../../src/operations/operation';
import { OperationStore } from '../../src/store/operationStore';
import { repositoryRoot } from '../testbed/repositoryRoot';
import { FixedHosts } from '../unit/engine/engineRig';

export interface WholeEngine {
  engine: Engine;
  store: OperationStore;
}

export interface WholeEngineOptions {
  /** Of the store. */
  folder: string;
  machines: readonly Machine[];
  /** On record already. */
  operations?: readonly Operation[];
  log?: (message: string) => void;
  /** How many plain processes may run at once. Default: any number. */
  maxConcurrent?: number;
}

const nonce = () => randomBytes(16).toString('hex');

export const newLauncher = (): Launcher => new ProcessLauncher(nonce);

/** The engine as the extension puts it together, with its real store and clock, but without VS Code. */
export async function openEngine(options: WholeEngineOptions): Promise<WholeEngine> {
  const { folder, machines, operations = [], log = () => undefined, maxConcurrent = 0 } = options;
  const store = await OperationStore.open({
    path: path.join(folder, 'operations.sqlite'),
    wasm: () => readFile(path.join(repositoryRoot, 'node_modules', 'sql.js', 'dist', 'sql-wasm.wasm')),
    now: () => new Date().toISOString(),
    log,
  });
  await Promise.all(operations.map((operation) => store.insert(operation, 'submitted')));
  const process = newLauncher();
  const slurm = new SlurmLauncher({ nonce, process, now: Date.now, log });
  const engine = new Engine({
    store,
    hosts: new FixedHosts(new Map(machines.map((machine) => [machine.hostId, machine]))),
    asker: { ask: () => Promise.resolve(undefined) },
    launchers: new Launchers({ process, slurm }),
    clock: systemClock,
    notices: new NoticeBook(),
    random: Math.random,
    newId: randomUUID,
    settings: () => ({
      visibleSeconds: 2,
      backgroundSeconds: 30,
      schedulerSeconds: 30,
      unknownAfterMinutes: 60,
      stalledAfterMinutes: 10,
      maxConcurrent,
      overload: { cpuPercent: 80, memoryMb: 4_000 },
    }),
    log,
  });
  return { engine, store };
}

import { randomBytes } from 'node:crypto';
import { type Disposable, Emitter } from '../../../src/emitter';
import type { EngineContext, EngineSettings } from '../../../src/engine/context';
import { Engine } from '../../../src/engine/engine';
import type { Hosts } from '../../../src/engine/hosts';
import { Launchers } from '../../../src/engine/launchers';
import type { Asker } from '../../../src/hosts/questions';
import { NoticeBook } from '../../../src/engine/noticeBook';
import type { Machine } from '../../../src/hosts/machine';
import type { Launcher } from '../../../src/launchers/launcher';
import { ProcessLauncher } from '../../../src/launchers/process/processLauncher';
import { PueueLauncher } from '../../../src/launchers/pueue/pueueLauncher';
import { SlurmLauncher } from '../../../src/launchers/slurm/slurmLauncher';
import { RemoteOperationsError } from '../../../src/operations/errors';
import type { HostState, HostView, LauncherName } from '../../../src/operations/operationView';
import type { OperationStore } from '../../../src/store/operationStore';
import type { Clock } from '../../../src/engine/clock';
import { FakeClock } from './fakeClock';

/** Hosts that are just there, each with its machine. */
export class FixedHosts implements Hosts {
  readonly onDidChange = new Emitter<void>().event;

  constructor(private readonly machines: ReadonlyMap<string, Machine>) {}

  all(): HostView[] {
    return [...this.machines.keys()].map((id) => ({
      id,
      name: this.nameOf(id),
      address: id,
      state: this.disconnected.has(id) ? 'disconnected' : this.usualState,
    }));
  }

  machine(hostId: string): Machine {
    const machine = this.machines.get(hostId);
    if (!machine) {
      throw new RemoteOperationsError('UnknownHost', `There is no host ${hostId}.`);
    }
    return machine;
  }

  nameOf(hostId: string): string {
    return `host ${hostId}`;
  }

  /** On whose behalf each host may ask now. */
  readonly permits: [string, Asker][] = [];

  permitQuestions(hostId: string, asker: Asker): Disposable {
    const permit: [string, Asker] = [hostId, asker];
    this.permits.push(permit);
    return { dispose: () => void this.permits.splice(this.permits.indexOf(permit), 1) };
  }

  readonly renewed: string[] = [];
  readonly disconnected = new Set<string>();
  /** Of all others. */
  usualState: HostState = 'connected';

  renew(hostId: string): void {
    this.renewed.push(hostId);
  }

  disconnect(hostId: string): void {
    this.disconnected.add(hostId);
  }
}

export interface Rig {
  engine: Engine;
  clock: FakeClock;
  store: OperationStore;
  hosts: FixedHosts;
  /** What a test changes here counts from then on. */
  settings: EngineSettings;
  logged: string[];
}

export const usualSettings: EngineSettings = {
  visibleSeconds: 2,
  backgroundSeconds: 30,
  schedulerSeconds: 30,
  unknownAfterMinutes: 60,
  stalledAfterMinutes: 10,
  maxConcurrent: 0,
  overload: { cpuPercent: 80, memoryMb: 4_000 },
};

type OtherLaunchers = Partial<Record<LauncherName, Launcher>>;

/** An engine over a real store and the given machines, in a time of its own. */
export function engineOver(
  store: OperationStore,
  machines: Machine[],
  clock = new FakeClock(),
  others: OtherLaunchers = {},
): Rig {
  const hosts = new FixedHosts(new Map(machines.map((machine) => [machine.hostId, machine])));
  return { ...engineWith(store, hosts, clock, others), hosts };
}

/** The same over any hosts. */
export function engineWith(
  store: OperationStore,
  hosts: Hosts,
  clock = new FakeClock(),
  others: OtherLaunchers = {},
): Omit<Rig, 'hosts'> {
  const { context, settings, logged } = contextWith(store, hosts, clock, others);
  return { engine: new Engine(context), clock, store, settings, logged };
}

/** What such an engine works with. */
export function contextWith(
  store: OperationStore,
  hosts: Hosts,
  clock: Clock,
  others: OtherLaunchers = {},
): { context: EngineContext; settings: EngineSettings; logged: string[] } {
  const logged: string[] = [];
  const settings = { ...usualSettings };
  const nonce = () => randomBytes(8).toString('hex');
  const log = (message: string) => logged.push(message);
  const process = new ProcessLauncher(nonce);
  const slurm = new SlurmLauncher({ nonce, process, now: () => clock.now(), log });
  const pueue = new PueueLauncher({ nonce, process, log });
  const context: EngineContext = {
    store,
    hosts,
    asker: { ask: () => Promise.resolve(undefined) },
    launchers: new Launchers({ process, slurm, pueue, ...others }),
    clock,
    notices: new NoticeBook(),
    random: () => 0.5,
    newId: () => `op-${randomBytes(6).toString('hex')}`,
    settings: () => settings,
    log,
  };
  return { context, settings, logged };
}

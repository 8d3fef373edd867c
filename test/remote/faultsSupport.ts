// What the tests of faults share: a whole engine that reaches a real sshd through a network that fails, and a
// door on the host through which every session goes, which tests rebuild.
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Machine } from '../../src/hosts/machine';
import type { OperationView } from '../../src/operations/operationView';
import { endProcessesOf } from '../testbed/endProcesses';
import { eventually } from '../testbed/eventually';
import { startFaultProxy, type FaultProxy } from '../testbed/faultProxy';
import { startSshd, type Sshd, type SshdOptions } from '../testbed/sshd';
import { engineOver, type Rig } from '../unit/engine/engineRig';
import { FakeClock } from '../unit/engine/fakeClock';
import { StoreFolder } from '../unit/store/storeSupport';
import { disposeMachines, machineFor } from './connectionSupport';

/** Two looks this far apart prove an absence. */
const confirmMs = 10_000;

/** Leads on as any sshd does. */
const openDoor = 'exec /bin/sh -c "$SSH_ORIGINAL_COMMAND"';

export interface OpenOptions {
  /** Directives of the SSH config. */
  config?: string[];
  /** Puts something between the engine and its machine. */
  between?: (machine: Machine) => Machine;
}

export class FaultyHost {
  readonly #doorFolder = mkdtempSync(path.join(tmpdir(), 'remote-operations-door-'));
  #sshd: Sshd | undefined;
  #proxy: FaultProxy | undefined;
  #rig: Rig | undefined;
  #store: StoreFolder | undefined;

  /** For `before`. */
  async start(options: SshdOptions = {}): Promise<void> {
    this.#sshd = await startSshd({ forceCommand: `/bin/bash ${this.doorFile('door')}`, ...options });
  }

  /** For `beforeEach`: an engine that knows nothing yet, a network without faults, an open door. */
  async open({ config = [], between = (machine) => machine }: OpenOptions = {}): Promise<void> {
    this.door();
    this.#proxy = await startFaultProxy(this.sshd);
    this.#store = new StoreFolder();
    const { machine } = machineFor(this.sshd, { through: this.#proxy, config });
    this.#rig = engineOver(await this.#store.open(), [between(machine)], new FakeClock());
  }

  /** For `afterEach`. */
  async close(): Promise<void> {
    disposeMachines();
    await this.#rig?.engine.dispose();
    await this.#proxy?.stop();
    await endProcessesOf(this.sshd.home);
    this.#store?.dispose();
  }

  /** For `after`. */
  async stop(): Promise<void> {
    await this.#sshd?.stop();
    rmSync(this.#doorFolder, { recursive: true, force: true });
  }

  get sshd(): Sshd {
    return there(this.#sshd);
  }

  get proxy(): FaultProxy {
    return there(this.#proxy);
  }

  get rig(): Rig {
    return there(this.#rig);
  }

  get engine() {
    return this.rig.engine;
  }

  /** From now on every session goes through this bash script, which is to run "$SSH_ORIGINAL_COMMAND". */
  door(script = openDoor): void {
    this.put('door', script);
  }

  doorFile(name: string): string {
    return path.join(this.#doorFolder, name);
  }

  /** Leaves a file beside the door, whole at any time. */
  put(name: string, text: string): void {
    writeFileSync(`${this.doorFile(name)}.new`, `${text}\n`);
    renameSync(`${this.doorFile(name)}.new`, this.doorFile(name));
  }

  home(name: string): string {
    return path.join(this.sshd.home, name);
  }

  runFile(id: string, name = ''): string {
    return this.home(path.join('.remote-ops', 'runs', id, name));
  }

  /** Submits a command that leaves a line in a file each time that it is executed. */
  submit(command = 'exec sleep 600'): Promise<OperationView> {
    return this.engine.submit({
      hostId: 'test',
      type: 'job',
      name: 'train',
      command: `echo ran >> "$HOME/ran-$REMOTE_OPS_ID"\n${command}`,
    });
  }

  /** Submits, and waits until the command is executed. */
  async running(command?: string): Promise<{ id: string; pid: number }> {
    const { id, pid } = await this.submit(command);
    if (pid === undefined) {
      throw new Error(`Not launched: ${JSON.stringify(this.engine.get(id))}`);
    }
    await eventually('the command to run', () => this.executions(id) > 0);
    return { id, pid };
  }

  executions(id: string): number {
    const file = this.home(`ran-${id}`);
    return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').length : 0;
  }

  /** Looks once, as a view does. */
  async look(): Promise<void> {
    await this.engine.list();
  }

  /** Looks twice, far enough apart to believe an absence. */
  async lookTwice(): Promise<void> {
    await this.look();
    await this.rig.clock.advance(confirmMs);
    await this.look();
  }

  /** Status and observation. */
  state(id: string): string {
    const view = this.engine.get(id);
    return `${view?.status}, ${view?.observation}`;
  }

  reason(id: string): string {
    return this.engine.get(id)?.observationReason ?? '';
  }

  async statuses(id: string): Promise<string> {
    return (await this.engine.history(id)).map(({ to }) => to).join(', ');
  }
}

function there<T>(value: T | undefined): T {
  if (value === undefined) {
    throw new Error('Not started.');
  }
  return value;
}

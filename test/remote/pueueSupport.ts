// What the tests of pueue share: a whole engine on a real daemon, behind a line that breaks when a test wants it to,
// and how often pueue was called.
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { SubmitSpec } from '../../src/operations/operation';
import type { OperationView } from '../../src/operations/operationView';
import { eventually } from '../testbed/eventually';
import type { Pueue } from '../testbed/pueue';
import { missingPueues, pueueVersions } from '../testbed/pueueInstall.mjs';
import type { Rig } from '../unit/engine/engineRig';
import { EngineHost } from './engineSupport';

/** Where one cannot be built, test/run.mjs says so at its end. */
export const testedVersions = pueueVersions.filter((version) => !missingPueues().includes(version));

export class PueueHost {
  readonly here: EngineHost;
  readonly #callsFile: string;
  rig!: Rig;

  /** @param isToldOf its sessions know which configuration to use; otherwise `use` says so */
  constructor(
    readonly pueue: Pueue,
    isToldOf = true,
  ) {
    const env: Record<string, string> = isToldOf ? pueue.env : {};
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    this.here = new EngineHost(undefined, [...variables, 'A_SECRET=hush "hush" \\']);
    this.#callsFile = path.join(this.here.host.home, 'pueue-calls');
    this.wrap();
  }

  get home(): string {
    return this.here.host.home;
  }

  async open(): Promise<void> {
    this.rig = await this.here.open();
  }

  async reopen(): Promise<void> {
    this.rig = await this.here.reopen();
    await this.rig.engine.start();
  }

  async loseDatabase(): Promise<void> {
    await this.here.loseDatabase();
    await this.open();
  }

  async dispose(): Promise<void> {
    await this.pueue.clear();
    await this.here.dispose();
  }

  /** What its client does from now on, when it was counted; `$pueue` is the real one. */
  wrap(instead = 'exec "$pueue" "$@"'): void {
    const real = path.join(this.pueue.bin, 'pueue');
    this.here.host.install(
      'pueue',
      `#!/bin/sh\npueue='${real}'\necho "$@" >>'${this.#callsFile}'\n${instead}\n`,
    );
  }

  /** The daemon that its client reaches from now on, by the configuration that it finds by itself. */
  use(pueue: Pueue): void {
    const folder = path.join(this.home, '.config/pueue');
    mkdirSync(folder, { recursive: true });
    copyFileSync(pueue.env.PUEUE_CONFIG_PATH, path.join(folder, 'pueue.yml'));
  }

  calls(command: string): number {
    const text = existsSync(this.#callsFile) ? readFileSync(this.#callsFile, 'utf8') : '';
    return text.split('\n').filter((line) => line.split(' ').includes(command)).length;
  }

  forgetCalls(): void {
    rmSync(this.#callsFile, { force: true });
  }

  /** Submits a command that leaves a line in a file each time that it is executed. */
  submit(command = 'exec sleep 600', spec: Partial<SubmitSpec> = {}): Promise<OperationView> {
    return this.rig.engine.submit({
      hostId: 'here',
      type: 'job',
      name: 'train',
      launcher: 'pueue',
      command: `echo ran >> "$HOME/ran-$REMOTE_OPS_ID"\n${command}`,
      ...spec,
    });
  }

  executions(id: string): number {
    const file = path.join(this.home, `ran-${id}`);
    return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').length : 0;
  }

  /** Leaves an empty file in the run directory. */
  write(id: string, name: string): void {
    writeFileSync(path.join(this.here.host.runFolder({ id }), name), '');
  }

  view(id: string): OperationView {
    const view = this.rig.engine.get(id);
    if (!view) {
      throw new Error(`There is no operation ${id}.`);
    }
    return view;
  }

  async look(): Promise<void> {
    await this.rig.engine.list();
  }

  /** A look, and another one once an absence may be believed. */
  async lookTwice(): Promise<void> {
    await this.look();
    await this.rig.clock.advance(61_000);
    await this.look();
  }

  /** A look, once everything that pueue has may be asked for again. */
  async lookAtAll(): Promise<void> {
    await this.rig.clock.advance(61_000);
    await this.look();
  }

  /** What the run directory says of the daemon that the operation was handed to. */
  daemonOf(id: string): string {
    return readFileSync(path.join(this.here.host.runFolder({ id }), 'pueue/daemon'), 'utf8').trimEnd();
  }

  /** Looks again and again until the operation is in this state. */
  until(id: string, what: string, isSo: (view: OperationView) => boolean): Promise<OperationView> {
    return eventually(`${id} to be ${what}`, async () => {
      await this.look();
      const view = this.view(id);
      return isSo(view) ? view : undefined;
    });
  }

  untilStatus(id: string, status: OperationView['status']): Promise<OperationView> {
    return this.until(id, status, (view) => view.status === status);
  }

  /** Looks until it runs and its command does. */
  async untilItRuns(id: string): Promise<OperationView> {
    const view = await this.untilStatus(id, 'running');
    await eventually('the command to run', () => this.executions(id) > 0);
    return view;
  }

  async statuses(id: string): Promise<string> {
    return (await this.rig.engine.history(id)).map(({ to }) => to).join(', ');
  }
}

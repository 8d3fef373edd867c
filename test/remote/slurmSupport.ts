// What the tests of Slurm share: a whole engine on a real cluster, behind a line that breaks when a test wants it
// to, and how often each of Slurm's commands was called.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { PauseOutcome } from '../../src/launchers/launcher';
import { ProcessLauncher } from '../../src/launchers/process/processLauncher';
import { SlurmLauncher } from '../../src/launchers/slurm/slurmLauncher';
import type { Operation, SubmitSpec } from '../../src/operations/operation';
import type { OperationView } from '../../src/operations/operationView';
import { eventually } from '../testbed/eventually';
import type { Slurm } from '../testbed/slurm';
import type { Rig } from '../unit/engine/engineRig';
import { EngineHost } from './engineSupport';
import { SlurmCalls, type SlurmCommand } from './slurmCalls';

/** As far apart as looks at a queue are. */
const everyMs = 30_000;

export class SlurmHost {
  readonly here: EngineHost;
  readonly #calls: SlurmCalls;
  readonly #launcher = new SlurmLauncher({
    nonce: () => randomBytes(8).toString('hex'),
    process: new ProcessLauncher(() => randomBytes(8).toString('hex')),
    now: Date.now,
    log: () => undefined,
  });
  rig!: Rig;

  constructor(readonly slurm: Slurm) {
    this.here = new EngineHost(
      undefined,
      Object.entries(slurm.env).map(([name, value]) => `${name}=${value}`),
    );
    this.#calls = new SlurmCalls(this.here.host);
  }

  async open(): Promise<void> {
    this.rig = await this.here.open();
  }

  async reopen(): Promise<void> {
    this.rig = await this.here.reopen();
    await this.rig.engine.start();
  }

  async dispose(): Promise<void> {
    await this.slurm.run('scancel', `--user=${process.getuid?.() ?? 0}`);
    await this.slurm.endJobs();
    await this.here.dispose();
  }

  wrap(command: SlurmCommand, instead?: string): void {
    this.#calls.wrap(command, instead);
  }

  calls(command?: SlurmCommand): number {
    return this.#calls.count(command);
  }

  forgetCalls(): void {
    this.#calls.forget();
  }

  /** Submits a command that leaves a line in a file each time that it is executed. */
  submit(command = 'exec sleep 600', spec: Partial<SubmitSpec> = {}): Promise<OperationView> {
    return this.rig.engine.submit({
      hostId: 'here',
      type: 'job',
      name: 'train',
      launcher: 'slurm',
      command: `echo ran >> "$HOME/ran-$REMOTE_OPS_ID"\n${command}`,
      ...spec,
    });
  }

  setPaused(id: string, paused: boolean): Promise<PauseOutcome> {
    const { machine } = this.here;
    const operation = this.rig.store.get(id) as Operation;
    return this.#launcher.setPaused(machine, 'host here', operation, paused);
  }

  executions(id: string): number {
    const file = path.join(this.here.host.home, `ran-${id}`);
    return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').length : 0;
  }

  /** Leaves an empty file in the run directory. */
  write(id: string, name: string): void {
    writeFileSync(path.join(this.here.host.runFolder({ id }), name), '');
  }

  /** Makes its process look like one of another node, as on a real cluster: it is not to be seen from here. */
  runsElsewhere(id: string): void {
    const file = path.join(this.here.host.runFolder({ id }), 'ident');
    const [, , pid, ticks] = readFileSync(file, 'utf8').split(' ');
    writeFileSync(file, `another-machine another-boot ${pid} ${ticks}`);
  }

  view(id: string): OperationView {
    const view = this.rig.engine.get(id);
    if (!view) {
      throw new Error(`There is no operation ${id}.`);
    }
    return view;
  }

  /** A look at the queue, after as long as it takes to be allowed. */
  async look(): Promise<void> {
    await this.rig.clock.advance(everyMs);
    await this.rig.engine.list();
  }

  /** Looks again and again until the operation is in this state. */
  async until(id: string, what: string, isSo: (view: OperationView) => boolean): Promise<OperationView> {
    try {
      return await eventually(
        `${id} to be ${what}`,
        async () => {
          await this.look();
          const view = this.view(id);
          return isSo(view) ? view : undefined;
        },
        30_000,
      );
    } catch (error) {
      throw new Error(`${String(error)} ${JSON.stringify(this.view(id))} ${await this.#slurmsWord()}`, {
        cause: error,
      });
    }
  }

  /** For messages of failure. */
  async #slurmsWord(): Promise<string> {
    const words = [
      ['squeue', '-h', '-t', 'all', '-o', '%i %j %T %r'],
      ['sinfo', '-h', '-N', '-o', '%N %T %E'],
    ].map(([command = '', ...args]) => this.slurm.run(command, ...args).catch(String));
    return (await Promise.all(words)).join('; ');
  }

  untilStatus(id: string, status: OperationView['status']): Promise<OperationView> {
    return this.until(id, status, (view) => view.status === status);
  }

  /**
   * Looks until it runs and its command does. A job that is cancelled before, when only the controller has it
   * running, can stay in the state COMPLETING for minutes.
   */
  async untilItRuns(id: string): Promise<OperationView> {
    const view = await this.untilStatus(id, 'running');
    await eventually('the command to run', () => this.executions(id) > 0);
    return view;
  }

  async statuses(id: string): Promise<string> {
    return (await this.rig.engine.history(id)).map(({ to }) => to).join(', ');
  }
}

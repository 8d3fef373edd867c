import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Machine } from '../../src/hosts/machine';
import type { KillOutcome, LaunchOutcome } from '../../src/launchers/launcher';
import { ProcessLauncher } from '../../src/launchers/process/processLauncher';
import type { Evidence } from '../../src/operations/evidence';
import type { Operation, ProcessIdentity, SubmitSpec } from '../../src/operations/operation';
import { eventually } from '../testbed/eventually';
import { machineWithShell } from '../testbed/localMachine';
import { processesOf, signal } from './scriptsProcesses';

export const hostName = 'this machine';

/** `sh` is this program, for our scripts and for the supervisor that they start. */
export interface Shell {
  name: string;
  program: string;
  /** Its own versions of `awk`, `od`, `tail`, ... come first, as on Alpine. */
  applets: boolean;
}

export const shells: readonly Shell[] = [
  { name: 'dash', program: '/bin/dash', applets: false },
  { name: 'bash', program: '/bin/bash', applets: false },
  { name: 'busybox', program: '/bin/busybox', applets: true },
];

/** Runs the same tests once for each shell that a host may have as `sh`. */
export function underEveryShell(title: string, tests: (shell: Shell) => void): void {
  for (const shell of shells) {
    describe(`${title} (${shell.name})`, () => tests(shell));
  }
}

/** A home directory of its own on this machine, and the launcher that works in it. */
export class ScriptHost {
  readonly home: string;
  readonly machine: Machine;
  readonly launcher = new ProcessLauncher(() => randomBytes(8).toString('hex'));
  /** Comes first on the PATH. */
  readonly bin: string;

  /** @param variables further ones of the environment, `NAME=VALUE` */
  constructor(shell: Shell, home?: string, variables: readonly string[] = []) {
    this.home = home ?? mkdtempSync(path.join(tmpdir(), 'remote-operations-home-'));
    this.bin = mkdtempSync(path.join(tmpdir(), 'remote-operations-bin-'));
    if (shell.applets) {
      execFileSync(shell.program, ['--install', '-s', this.bin]);
    } else {
      symlinkSync(shell.program, path.join(this.bin, 'sh'));
    }
    const env = `PATH=${this.bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
    this.machine = machineWithShell(['/usr/bin/env', env, ...variables, 'sh'], this.home);
  }

  operation(spec: Partial<SubmitSpec> | string, more: Partial<Operation> = {}): Operation {
    const given = typeof spec === 'string' ? { command: spec } : spec;
    return {
      id: `op-${randomBytes(6).toString('hex')}`,
      version: 1,
      spec: { hostId: 'here', type: 'job', name: 'test', command: 'true', ...given },
      launcher: 'process',
      status: 'submitting',
      submittedAt: '2026-01-01T00:00:00.000Z',
      ...more,
    };
  }

  async launch(operation: Operation): Promise<LaunchOutcome> {
    return this.launcher.launch(this.machine, hostName, await this.bound(operation));
  }

  /** An operation as it is stored before it is sent: bound to this machine. */
  async bound<T extends Operation>(operation: T): Promise<T & { machineId: string }> {
    return { ...operation, ...(await this.launcher.identify(this.machine, hostName)) };
  }

  /** Launches and returns the operation with its identity, as it is then stored. */
  async start(spec: Partial<SubmitSpec> | string): Promise<Operation & { identity: ProcessIdentity }> {
    const operation = this.operation(spec);
    const outcome = await this.launch(operation);
    if (outcome.kind !== 'launched') {
      throw new Error(`Not launched: ${JSON.stringify(outcome)}`);
    }
    return { ...operation, status: 'running', identity: outcome.identity };
  }

  async look(operation: Operation, detail = false): Promise<Evidence> {
    const seen = await this.launcher.probe(this.machine, hostName, [{ operation, detail }]);
    return seen.get(operation.id) as Evidence;
  }

  /** Looks until this kind of evidence is seen. */
  lookFor<K extends Evidence['kind']>(
    operation: Operation,
    kind: K,
    matches: (seen: Extract<Evidence, { kind: K }>) => boolean = () => true,
  ): Promise<Extract<Evidence, { kind: K }>> {
    return eventually(`evidence "${kind}" of ${operation.spec.command}`, async () => {
      const seen = await this.look(operation);
      const wanted = seen.kind === kind ? (seen as Extract<Evidence, { kind: K }>) : undefined;
      return wanted && matches(wanted) ? wanted : undefined;
    });
  }

  kill(operation: Operation, graceSeconds = 5): Promise<KillOutcome> {
    return this.launcher.kill(this.machine, hostName, operation, graceSeconds);
  }

  runFolder({ id }: Pick<Operation, 'id'>): string {
    return path.join(this.home, '.remote-ops', 'runs', id);
  }

  file(operation: Pick<Operation, 'id'>, name: string): string {
    return path.join(this.runFolder(operation), name);
  }

  read(operation: Pick<Operation, 'id'>, name = 'log'): string {
    return readFileSync(this.file(operation, name), 'utf8');
  }

  /** What the command printed, once its exit code is there. */
  async output(operation: Operation): Promise<string> {
    await eventually('an exit code', () => existsSync(this.file(operation, 'exit_code')));
    return this.read(operation);
  }

  /** Puts a program before all others of its name. */
  install(name: string, text: string): void {
    const file = path.join(this.bin, name);
    // It may be a link to the program of all applets.
    rmSync(file, { force: true });
    writeFileSync(file, text, { mode: 0o755 });
  }

  folder(name: string): string {
    const folder = path.join(this.home, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** Ends every process that was started in this home. */
  async endAll(): Promise<void> {
    await eventually('the end of all processes', () => {
      const left = processesOf(this.home);
      left.forEach((pid) => signal(pid, 'SIGKILL'));
      return left.length === 0;
    });
  }

  /** Also takes the home away. */
  async dispose(): Promise<void> {
    await this.endAll();
    rmSync(this.home, { recursive: true, force: true });
    rmSync(this.bin, { recursive: true, force: true });
  }
}

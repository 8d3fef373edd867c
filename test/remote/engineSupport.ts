import { mkdirSync, rmSync } from 'node:fs';
import type { Machine, RunOptions, RunResult } from '../../src/hosts/machine';
import type { MachineFiles } from '../../src/hosts/machineFiles';
import {
  adoptScript,
  countGpusScript,
  discoverScript,
  endProcessScript,
  identifyScript,
  killScript,
  launchScript,
  logScript,
  offerScript as offersScript,
  searchScript,
  pauseScript,
  portsScript,
  probeScript,
  runsScript,
  sampleScript,
} from '../../src/launchers/process/scripts';
import {
  killScript as cancelScript,
  lookScript,
  directivesScript,
  offerScript,
  pauseScript as holdScript,
  submitScript,
} from '../../src/launchers/slurm/scripts';
import * as upload from '../../src/engine/upload/scripts';
import * as pueue from '../../src/launchers/pueue/scripts';
import { RemoteOperationsError } from '../../src/operations/errors';
import type { OperationView } from '../../src/operations/operationView';
import { eventually } from '../testbed/eventually';
import { engineOver, type Rig } from '../unit/engine/engineRig';
import { FakeClock } from '../unit/engine/fakeClock';
import { StoreFolder } from '../unit/store/storeSupport';
import { ScriptHost, shells } from './scriptsSupport';

export type ScriptKind =
  | 'identify'
  | 'launch'
  | 'probe'
  | 'kill'
  | 'pause'
  | 'log'
  | 'search'
  | 'gpus'
  | 'runs'
  | 'discover'
  | 'adopt'
  | 'offers'
  | 'ports'
  | 'end'
  | 'sample'
  | UploadScript
  | QueueScript;
type UploadScript = 'prepare' | 'survey' | 'place' | 'space' | 'discard';
type QueueScript = 'submit' | 'queue' | 'cancel' | 'hold' | 'offer' | 'directives' | 'groups';

const kinds: ReadonlyMap<string, ScriptKind> = new Map([
  [identifyScript, 'identify'],
  [launchScript, 'launch'],
  [probeScript, 'probe'],
  [killScript, 'kill'],
  [pauseScript, 'pause'],
  [logScript, 'log'],
  [searchScript, 'search'],
  [countGpusScript, 'gpus'],
  [runsScript, 'runs'],
  [discoverScript, 'discover'],
  [adoptScript, 'adopt'],
  [offersScript, 'offers'],
  [portsScript, 'ports'],
  [endProcessScript, 'end'],
  [sampleScript, 'sample'],
  [submitScript, 'submit'],
  [lookScript, 'queue'],
  [cancelScript, 'cancel'],
  [holdScript, 'hold'],
  [offerScript, 'offer'],
  [directivesScript, 'directives'],
  [pueue.submitScript, 'submit'],
  [pueue.lookScript, 'queue'],
  [pueue.killScript, 'cancel'],
  [pueue.pauseScript, 'pause'],
  [pueue.groupsScript, 'groups'],
  [upload.prepareScript, 'prepare'],
  [upload.surveyScript, 'survey'],
  [upload.placeScript, 'place'],
  [upload.spaceScript, 'space'],
  [upload.discardScript, 'discard'],
]);

/** @throws Error where it is none of ours */
export function kindOf(script: string): ScriptKind {
  const kind = kinds.get(script);
  if (!kind) {
    throw new Error('A script that is none of ours.');
  }
  return kind;
}

export type Fault =
  /** Nothing is sent. */
  | 'unreachable'
  /** The connection breaks before the script has run. */
  | 'lost-before'
  /** The script has run; its answer is lost. */
  | 'lost-after'
  /** The answer comes cut short. */
  | 'cut';

/** A real machine behind a line that breaks when, and where, a test wants it to. */
export class FaultyMachine implements Machine {
  readonly hostId = 'here';
  /** Each script that was asked to run is one round trip. */
  readonly trips: ScriptKind[] = [];
  /** What the scripts printed since `keepOutput`. */
  output = '';
  #keepsOutput = false;
  readonly #faults = new Map<ScriptKind, Fault>();
  readonly #held = new Map<ScriptKind, Promise<void>>();

  constructor(private readonly real: Machine) {}

  /** From now on, for all scripts or those of one kind; `undefined` mends the line. */
  break(fault: Fault | undefined, only?: ScriptKind): void {
    for (const kind of only ? [only] : kinds.values()) {
      if (fault) {
        this.#faults.set(kind, fault);
      } else {
        this.#faults.delete(kind);
      }
    }
  }

  /** Keeps the next answers of this kind, which are there already, until they are released. */
  hold(kind: ScriptKind): () => void {
    let release!: () => void;
    this.#held.set(kind, new Promise((resolve) => (release = resolve)));
    return () => {
      this.#held.delete(kind);
      release();
    };
  }

  keepOutput(): void {
    this.#keepsOutput = true;
  }

  count(kind: ScriptKind): number {
    return this.trips.filter((trip) => trip === kind).length;
  }

  connect(): Promise<void> {
    return this.real.connect();
  }

  async run(script: string, options: RunOptions): Promise<RunResult> {
    const kind = kindOf(script);
    this.trips.push(kind);
    const fault = this.#faults.get(kind);
    const held = this.#held.get(kind);
    if (fault === 'unreachable') {
      throw new RemoteOperationsError('Unreachable', 'host here refused the connection.');
    }
    if (fault === 'lost-before') {
      throw lost();
    }
    const result = await this.real.run(script, options);
    await held;
    if (this.#keepsOutput) {
      this.output += result.stdout + result.stderr;
    }
    if (fault === 'lost-after') {
      throw lost();
    }
    return fault === 'cut' ? { ...result, stdout: result.stdout.slice(0, -1) } : result;
  }

  async withFiles<T>(work: (files: MachineFiles) => Promise<T>, signal: AbortSignal): Promise<T> {
    if (!this.real.withFiles) {
      throw new Error('The real machine takes no files.');
    }
    return this.real.withFiles(work, signal);
  }

  dispose(): void {
    this.real.dispose();
  }
}

const lost = () => new RemoteOperationsError('NoAnswer', 'The connection to host here was lost.');

/** A whole engine on a real machine behind a faulty line, in a time that stands still. */
export class EngineHost {
  readonly host: ScriptHost;
  readonly machine: FaultyMachine;
  readonly folder = new StoreFolder();
  readonly clock = new FakeClock();
  #rig: Rig | undefined;

  /**
   * @param home default: one of its own
   * @param variables further ones of the host's environment, `NAME=VALUE`
   */
  constructor(home?: string, variables: readonly string[] = []) {
    this.host = new ScriptHost(shells[0] as (typeof shells)[number], home, variables);
    this.machine = new FaultyMachine(this.host.machine);
  }

  async open(): Promise<Rig> {
    this.#rig = engineOver(await this.folder.open(), [this.machine], this.clock);
    return this.#rig;
  }

  /** What a window that crashes leaves behind: all that was acknowledged, and nothing is told. */
  async reopen(): Promise<Rig> {
    await this.close();
    return this.open();
  }

  async close(): Promise<void> {
    await this.#rig?.engine.dispose();
    this.#rig = undefined;
  }

  /** As if the computer that keeps the list had been lost. */
  async loseDatabase(): Promise<void> {
    await this.close();
    rmSync(this.folder.folder, { recursive: true });
    mkdirSync(this.folder.folder);
  }

  async dispose(): Promise<void> {
    this.machine.break(undefined);
    await this.close();
    this.folder.dispose();
    await this.host.dispose();
  }
}

/** Looks again and again until the operation has this status. */
export function syncUntil(
  { engine }: Rig,
  id: string,
  status: OperationView['status'],
): Promise<OperationView> {
  return eventually(`${id} to be ${status}`, async () => {
    const view = (await engine.list()).find((each) => each.id === id);
    return view?.status === status ? view : undefined;
  });
}

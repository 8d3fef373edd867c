// node out/remote/crashingEngine.js PLAN
// An engine that submits, or kills, and is itself killed with SIGKILL at a step of it. Prints each step before that.
import type { Machine, RunOptions, RunResult } from '../../src/hosts/machine';
import type { MachineFiles } from '../../src/hosts/machineFiles';
import type { SubmitSpec } from '../../src/operations/operation';
import type { OperationStore } from '../../src/store/operationStore';
import { eventually } from '../testbed/eventually';
import { engineOver } from '../unit/engine/engineRig';
import { openStore } from '../unit/store/storeSupport';
import { kindOf } from './engineSupport';
import { ScriptHost, shells } from './scriptsSupport';

export interface CrashPlan {
  database: string;
  home: string;
  variables: string[];
  act: { submit: SubmitSpec } | { kill: string };
  /** Which step is the last, counted from 0; -1: none. */
  crashAt: number;
}

const plan = JSON.parse(process.argv[2] ?? '') as CrashPlan;
let steps = 0;

/** Nothing runs any more after a step at which it is killed. */
function step(name: string): void {
  process.stdout.write(`${name}\n`);
  if (steps++ === plan.crashAt) {
    process.kill(process.pid, 'SIGKILL');
  }
}

class SteppingMachine implements Machine {
  readonly hostId = 'here';

  constructor(private readonly real: Machine) {}

  connect(): Promise<void> {
    return this.real.connect();
  }

  async run(script: string, options: RunOptions): Promise<RunResult> {
    const kind = kindOf(script);
    step(`before ${kind}`);
    const running = this.real.run(script, options);
    step(`during ${kind}`);
    const result = await running;
    step(`after ${kind}`);
    return result;
  }

  async withFiles<T>(work: (files: MachineFiles) => Promise<T>, signal: AbortSignal): Promise<T> {
    step('before files');
    const result = await this.real.withFiles?.(work, signal);
    step('after files');
    return result as T;
  }

  dispose(): void {
    this.real.dispose();
  }
}

function stepping(store: OperationStore): OperationStore {
  for (const method of ['insert', 'intend', 'update'] as const) {
    const real = store[method].bind(store) as (...args: unknown[]) => Promise<unknown>;
    const wrapped = async (...args: unknown[]) => {
      step(`before ${method}`);
      const result = await real(...args);
      step(`after ${method}`);
      return result;
    };
    Object.assign(store, { [method]: wrapped });
  }
  return store;
}

async function main(): Promise<void> {
  const store = stepping(await openStore(plan.database));
  const host = new ScriptHost(shells[0] as (typeof shells)[number], plan.home, plan.variables);
  const { engine } = engineOver(store, [new SteppingMachine(host.machine)]);
  if ('submit' in plan.act) {
    const { id } = await engine.submit(plan.act.submit);
    // What has files to upload is accepted before.
    await eventually('its launch', () => !['queued', 'submitting'].includes(engine.get(id)?.status ?? ''));
  } else {
    await engine.kill(plan.act.kill);
  }
  process.exit(0);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});

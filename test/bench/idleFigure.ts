import type { Machine, RunResult } from '../../src/hosts/machine';
import { FakeClock } from '../unit/engine/fakeClock';
import { engineOver } from '../unit/engine/engineRig';
import { operationAt } from '../unit/operations/samples';
import { StoreFolder } from '../unit/store/storeSupport';
import type { Figure } from './figures';

const idleMs = 3_600_000;

/** Counts what is sent to it, and never answers. */
class CountedMachine implements Machine {
  readonly hostId = 'here';
  runs = 0;

  connect(): Promise<void> {
    this.runs += 1;
    return Promise.resolve();
  }

  run(): Promise<RunResult> {
    this.runs += 1;
    return new Promise(() => undefined);
  }

  dispose(): void {
    // Nothing is kept open.
  }
}

/** What a window costs a host while nobody looks and nothing is active: an hour, in a time of its own. */
export async function idleFigure(): Promise<Figure> {
  const folder = new StoreFolder();
  const machine = new CountedMachine();
  const clock = new FakeClock();
  const { engine, store } = engineOver(await folder.open(), [machine], clock);
  try {
    for (const status of ['completed', 'failed', 'cancelled', 'stopped'] as const) {
      await store.insert(operationAt(status, { id: status }), 'submitted');
    }
    await engine.start();
    await clock.advance(idleMs);
    return {
      work: 'an hour idle: views hidden, nothing active',
      measured: `${machine.runs} looks, ${clock.waits.length} timers left`,
      target: 'no polling',
      met: machine.runs === 0 && clock.waits.length === 0,
    };
  } finally {
    await engine.dispose();
    folder.dispose();
  }
}

import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as elapse } from 'node:timers/promises';
import type { Engine } from '../../src/engine/engine';
import { isTerminal } from '../../src/operations/status';
import { eventually } from '../testbed/eventually';
import { type Figure, median, ms, p95 } from './figures';
import { SeededRandom } from './random';
import { type Range, roundTripMs } from './range';
import { openEngine } from './wholeEngine';

const hostId = 'far';
const trials = 20;
const spreadMs = 25_000;
const targetMs = 2_500;

/** How long after the end of a process its row says so, while a view is visible. */
export async function endFigure(range: Range): Promise<Figure> {
  const machine = range.machine(hostId);
  const { engine } = await openEngine({ folder: await range.newFolder(), machines: [machine] });
  try {
    engine.setVisible('tree', true);
    const random = new SeededRandom(1);
    const delays = await Promise.all(
      Array.from({ length: trials }, () => trial(engine, range.sshd.home, random.between(0, spreadMs))),
    );
    return {
      work: `end of a process until its row changes, view visible, ${roundTripMs} ms`,
      measured: `p50 ${ms(median(delays))}, p95 ${ms(p95(delays))}`,
      target: `p95 ${ms(targetMs)}`,
      met: p95(delays) <= targetMs,
    };
  } finally {
    await engine.dispose();
    machine.dispose();
  }
}

/** A process that waits to be let go: the bench knows to the millisecond when it ends. */
async function trial(engine: Engine, home: string, afterMs: number): Promise<number> {
  const command = 'mkfifo "$REMOTE_OPS_DIR/go" && read -r _ <"$REMOTE_OPS_DIR/go"; exit 0';
  const { id, status } = await engine.submit({ hostId, type: 'program', name: 'waits', command });
  if (status !== 'running') {
    throw new Error(`Not running: ${status}`);
  }
  const fifo = path.join(home, '.remote-ops', 'runs', id, 'go');
  await eventually('it waits', () =>
    stat(fifo).then(
      (found) => found.isFIFO(),
      () => false,
    ),
  );
  await elapse(afterMs);
  // Opening it waits for the reader.
  await writeFile(fifo, 'go\n', { flag: 'a' });
  const ended = performance.now();
  return new Promise((resolve) => {
    const subscription = engine.onDidChange((views) => {
      if (views.some((view) => view.id === id && isTerminal(view.status))) {
        subscription.dispose();
        resolve(performance.now() - ended);
      }
    });
  });
}

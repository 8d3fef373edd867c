import { setTimeout as elapse } from 'node:timers/promises';
import type { Engine } from '../../src/engine/engine';
import { ScriptHost, shells } from '../remote/scriptsSupport';
import { SlurmCalls } from '../remote/slurmCalls';
import { eventually } from '../testbed/eventually';
import { startSlurm } from '../testbed/slurm';
import type { Figure } from './figures';
import type { Range } from './range';
import { openEngine } from './wholeEngine';

const minutes = 2;
const most = 4;

/** How often Slurm is called while a view is visible; each on a cluster of its own, both at the same time. */
export function slurmFigures(range: Range): Promise<Figure[]> {
  return Promise.all([1, 100].map((jobs) => slurmFigure(range, jobs)));
}

async function slurmFigure(range: Range, jobs: number): Promise<Figure> {
  const slurm = await startSlurm({ accounting: true });
  const host = new ScriptHost(shells[0] as (typeof shells)[number], undefined, [
    `SLURM_CONF=${slurm.env.SLURM_CONF}`,
  ]);
  const calls = new SlurmCalls(host);
  const { engine } = await openEngine({ folder: await range.newFolder(), machines: [host.machine] });
  try {
    engine.setVisible('tree', true);
    await submit(engine, jobs);
    calls.forget();
    await elapse(minutes * 60_000);
    const counted = calls.count() / minutes;
    return {
      work: `calls of Slurm per host and minute, ${jobs} ${jobs === 1 ? 'job' : 'jobs'}, an array among them`,
      measured: `${counted} calls`,
      target: `${most} calls`,
      met: counted > 0 && counted <= most,
    };
  } finally {
    await engine.dispose();
    await slurm.stop();
    await host.dispose();
  }
}

/** The first is an array, of which accounting is asked at every look. */
async function submit(engine: Engine, jobs: number): Promise<void> {
  for (let job = 0; job < jobs; job++) {
    const { status } = await engine.submit({
      ...{ hostId: 'here', type: 'job', name: `job ${job}`, command: 'exec sleep 600' },
      launcher: 'slurm',
      ...(job === 0 && { slurm: { array: '0-1' } }),
    });
    if (status !== 'pending') {
      throw new Error(`Not submitted: ${status}`);
    }
  }
  await eventually(
    'a look at the queue',
    () => engine.operations().some(({ status }) => status === 'running'),
    90_000,
  );
}

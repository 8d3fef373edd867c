import type { Operation } from '../../src/operations/operation';
import { operationTypes, type Status } from '../../src/operations/status';
import { type Figure, median, ms, timeEach } from './figures';
import type { Range } from './range';
import { openEngine } from './wholeEngine';

const count = 10_000;
const statuses: readonly Status[] = ['running', 'completed', 'failed', 'cancelled', 'stopped'];

/** What a long history costs. */
export async function storeFigures(range: Range): Promise<Figure[]> {
  const operations = Array.from({ length: count }, (_, at) => operation(at));
  const { engine, store } = await openEngine({ folder: await range.newFolder(), machines: [], operations });
  try {
    const query = { sync: false, status: 'running', type: 'job', text: 'model 1' } as const;
    const listMs = median(await timeEach(20, () => engine.list(query)));
    let at = 0;
    const writeMs = median(
      await timeEach(20, async () => {
        at += 1;
        const stored = store.get(`operation-${at}`) as Operation;
        await store.update(stored.id, stored.version, { status: 'completed', exitCode: 0 }, 'exit code 0');
      }),
    );
    return [
      {
        work: 'list of 10,000 operations, filtered',
        measured: ms(listMs),
        target: '20 ms',
        met: listMs <= 20,
      },
      { work: 'durable write among 10,000', measured: ms(writeMs), target: '30 ms', met: writeMs <= 30 },
    ];
  } finally {
    await engine.dispose();
  }
}

const operation = (at: number): Operation => ({
  id: `operation-${at}`,
  version: 1,
  spec: {
    hostId: `host-${at % 20}`,
    type: operationTypes[at % operationTypes.length] ?? 'job',
    name: `train model ${at}`,
    command: `python train.py --config configs/model-${at}.yaml --epochs 20 --out runs/${at}`,
    cwd: '/data/projects/vision',
  },
  launcher: 'process',
  status: statuses[(at * 7) % statuses.length] ?? 'completed',
  submittedAt: new Date(Date.UTC(2026, 0, 1) + at * 60_000).toISOString(),
  startedAt: new Date(Date.UTC(2026, 0, 1) + at * 60_000 + 500).toISOString(),
  identity: {
    machineId: '0123456789abcdef0123456789abcdef',
    bootId: 'boot',
    pid: 1000 + at,
    startTicks: '123456789',
  },
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { GpuHealth, HostHealth } from '../../../src/operations/hostHealth';
import type { OperationView, Resources } from '../../../src/operations/operationView';
import { judgeLoad, type OverloadLimits } from '../../../src/operations/overload';
import { reasonText, reasonWithShares } from '../../../src/operations/overloadText';

const limits: OverloadLimits = { cpuPercent: 80, memoryMb: 4_000 };
const health = (more: Partial<HostHealth> = {}): HostHealth => ({
  sampledAt: '2026-01-01T12:00:00.000Z',
  cores: 16,
  load: 3,
  cpuPercent: 20,
  memoryTotalMb: 64_000,
  memoryFreeMb: 40_000,
  diskTotalMb: 1_000_000,
  diskFreeMb: 400_000,
  gpus: [],
  ...more,
});
const gpu = (index: number, more: Partial<GpuHealth> = {}): GpuHealth => ({
  index,
  uuid: `GPU-${index}`,
  name: 'NVIDIA H100',
  memoryUsedMb: 3,
  memoryTotalMb: 81_559,
  ...more,
});
const view = (
  name: string,
  resources?: Partial<Resources>,
  more: Partial<OperationView> = {},
): OperationView => ({
  id: `id-${name}`,
  hostId: 'here',
  type: 'job',
  name,
  command: 'python train.py',
  status: 'running',
  shownStatus: 'running',
  observation: 'fresh',
  launcher: 'process',
  submittedAt: '2026-01-01T10:00:00.000Z',
  ...(resources && { resources: { cpuPercent: 0, memoryMb: 0, ...resources } }),
  ...more,
});
const textsOf = (...call: Parameters<typeof judgeLoad>) => judgeLoad(...call).reasons.map(reasonText);

describe('the load of a host', () => {
  it('is told with its figures, and is no overload where nothing is short', () => {
    assert.deepEqual(judgeLoad(health({ cpuPercent: 20.4 }), limits, []), {
      overloaded: false,
      reasons: [],
      cpuPercent: 20,
      memoryUsedMb: 24_000,
      memoryFreeMb: 40_000,
    });
  });

  it('is too much CPU above the limit as it is shown, not at it', () => {
    assert.deepEqual(textsOf(health({ cpuPercent: 80.9 }), limits, []), []);
    assert.deepEqual(textsOf(health({ cpuPercent: 81 }), limits, []), ['CPU 81% (limit 80%)']);
    assert.deepEqual(textsOf(health({ cpuPercent: 100 }), { ...limits, cpuPercent: 100 }, []), []);
  });

  it('is not too much CPU where the host does not tell it', () => {
    const { cpuPercent: _, ...untold } = health();
    const { overloaded, cpuPercent } = judgeLoad(untold, { ...limits, cpuPercent: 1 }, []);
    assert.deepEqual([overloaded, cpuPercent], [false, undefined]);
  });

  it('leaves too little memory below the limit', () => {
    assert.deepEqual(textsOf(health({ memoryFreeMb: 4_000 }), limits, []), []);
    assert.deepEqual(textsOf(health({ memoryFreeMb: 3_999 }), limits, []), [
      '3999 MB of memory free (limit 4000 MB)',
    ]);
    assert.deepEqual(textsOf(health({ memoryFreeMb: 0 }), { ...limits, memoryMb: 0 }, []), []);
  });

  it('is not called too much of a small machine, while a quarter of its memory is free', () => {
    const small = { memoryTotalMb: 4_096 };
    assert.deepEqual(textsOf(health({ ...small, memoryFreeMb: 1_024 }), limits, []), []);
    assert.deepEqual(textsOf(health({ ...small, memoryFreeMb: 1_000 }), limits, []), [
      '1000 MB of memory free (limit 1024 MB)',
    ]);
  });

  it('leaves too little disk below 5 %, but never of a large disk with 20 GiB free', () => {
    const [gib, tib] = [1_024, 1_024 * 1_024];
    const isShort = (diskTotalMb: number, diskFreeMb: number) =>
      judgeLoad(health({ diskTotalMb, diskFreeMb }), limits, []).overloaded;
    assert.deepEqual([isShort(100 * gib, 5 * gib), isShort(100 * gib, 5 * gib - 1)], [false, true]);
    assert.deepEqual([isShort(40 * tib, 20 * gib), isShort(40 * tib, 20 * gib - 1)], [false, true]);
    assert.deepEqual([isShort(10 * gib, gib), isShort(10 * gib, gib - 1)], [false, true]);
    assert.deepEqual([isShort(gib, 205), isShort(gib, 204)], [false, true]);
    const { diskFreeMb: _, ...untold } = health();
    assert.equal(judgeLoad(untold, limits, []).overloaded, false);
  });

  it('leaves too little GPU memory only for what needs more GPUs than have it free', () => {
    const full = gpu(0, { memoryUsedMb: 70_000 });
    const host = health({ gpus: [full, gpu(1)] });
    assert.deepEqual(textsOf(host, limits, []), []);
    assert.deepEqual(textsOf(host, limits, [], { gpus: 1 }), []);
    assert.deepEqual(textsOf(host, limits, [], { gpus: 2 }), ['GPUs with free memory: 1 of 2 (2 needed)']);
  });

  it('takes GPU memory that is not told for free, and leaves a host with too few GPUs to refuse it', () => {
    const { memoryUsedMb: _, memoryTotalMb: __, ...untold } = gpu(0);
    assert.deepEqual(textsOf(health({ gpus: [untold] }), limits, [], { gpus: 1 }), []);
    assert.deepEqual(textsOf(health(), limits, [], { gpus: 1 }), []);
  });
});

describe('who causes the load of a host', () => {
  const busy = health({ cpuPercent: 97 });
  const cpuText = (...operations: OperationView[]) =>
    judgeLoad(busy, limits, operations).reasons.map(reasonWithShares)[0];

  it('is named with what it uses, the largest first, and who uses little is not', () => {
    assert.equal(
      cpuText(
        view('small', { cpuPercent: 3 }),
        view('eval', { cpuPercent: 20 }),
        view('train', { cpuPercent: 60 }),
      ),
      'CPU 97% (limit 80%): "train" 60%, "eval" 20%, other programs 14%',
    );
  });

  it('are other programs where it is none of ours', () => {
    assert.equal(cpuText(), 'CPU 97% (limit 80%): other programs 97%');
  });

  it('is not said of other programs while some of ours were not seen', () => {
    assert.equal(cpuText(view('unseen')), 'CPU 97% (limit 80%)');
    assert.equal(
      cpuText(view('unseen'), view('seen', { cpuPercent: 12 })),
      'CPU 97% (limit 80%): "seen" 12%',
    );
  });

  it('is none that ended, waits, or runs on the nodes of a cluster', () => {
    assert.equal(
      cpuText(
        view('ended', { cpuPercent: 90 }, { status: 'completed' }),
        view('queued', { cpuPercent: 90 }, { status: 'queued' }),
        view('job', { cpuPercent: 90 }, { launcher: 'slurm' }),
      ),
      'CPU 97% (limit 80%): other programs 97%',
    );
  });

  it('is told in the unit of what is short', () => {
    const short = health({
      memoryFreeMb: 500,
      gpus: [gpu(0, { memoryUsedMb: 80_000 })],
      diskFreeMb: 0,
    });
    const train = view('train', { memoryMb: 60_000, gpuMemoryMb: 79_000 });
    assert.deepEqual(judgeLoad(short, limits, [train], { gpus: 1 }).reasons.map(reasonWithShares), [
      '500 MB of memory free (limit 4000 MB): "train" 59 GB',
      'GPUs with free memory: 0 of 1 (1 needed): "train" 77 GB',
      '0 MB of disk space free (limit 20 GB)',
    ]);
  });

  it('never adds up to more than is in use, where ours use no more', () =>
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 4 }),
        fc.integer({ min: 81, max: 100 }),
        (uses, cpuPercent) => {
          const ours = uses.map((use, at) => view(`op-${at}`, { cpuPercent: use }));
          const [reason] = judgeLoad(health({ cpuPercent }), limits, ours).reasons;
          const sum = (reason?.shares ?? []).reduce((total, { value }) => total + value, 0);
          assert.ok(sum <= cpuPercent, String(sum));
        },
      ),
    ));
});

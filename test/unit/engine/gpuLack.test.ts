import assert from 'node:assert/strict';
import { gpuLack } from '../../../src/engine/gpuShortages';
import type { GpuCount } from '../../../src/launchers/launcher';

const counted = (free: number, total: number, text = ''): GpuCount => ({
  kind: 'counted',
  free,
  total,
  text,
});

describe('what a host tells of its GPUs', () => {
  it('is no hindrance when enough are free', () => {
    assert.equal(gpuLack(counted(2, 4), 2, 'dgx-1'), undefined);
  });

  it('makes wait who may have them later, and says who has them now', () => {
    assert.deepEqual(gpuLack(counted(1, 4, 'GPU 0 is used by process 7'), 2, 'dgx-1'), {
      kind: 'short',
      reason: 'waits for 2 GPUs: 1 of 4 free on dgx-1 (GPU 0 is used by process 7)',
    });
    assert.deepEqual(gpuLack({ kind: 'failed', text: 'No devices were found' }, 1, 'dgx-1'), {
      kind: 'short',
      reason: 'waits for 1 GPU: nvidia-smi fails on dgx-1: No devices were found',
    });
  });

  it('refuses who can never have them', () => {
    const more = gpuLack(counted(2, 2, 'GPU 2 is divided by MIG'), 3, 'dgx-1');
    assert.equal(more?.kind, 'refused');
    assert.match(
      more.reason,
      /^It needs 3 GPUs, and dgx-1 has 2 that it can claim \(GPU 2 is divided by MIG\)/,
    );
    const none = gpuLack({ kind: 'missing' }, 1, 'dgx-1');
    assert.equal(none?.kind, 'refused');
    assert.match(none.reason, /^dgx-1 has no nvidia-smi on its PATH/);
  });
});

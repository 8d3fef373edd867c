import assert from 'node:assert/strict';
import { totalUse } from '../../../src/operations/totalUse';
import { operation } from '../../e2e/dashboardHarness';

describe('resources of all operations together', () => {
  it('adds up amounts, and shares of one machine; of several machines it says the mean', () => {
    const use = totalUse([
      operation('a', { resources: { cpuPercent: 30, memoryMb: 100, gpuPercent: 80, gpuMemoryMb: 10 } }),
      operation('b', { resources: { cpuPercent: 20, memoryMb: 200 } }),
      operation('c', { hostId: 'h2', resources: { cpuPercent: 10, memoryMb: 1 } }),
    ]);
    assert.deepEqual(use, { cpuPercent: 30, memoryMb: 301, gpuPercent: 80, gpuMemoryMb: 10 });
  });

  it('says of GPUs the mean over those that they run on', () => {
    const on = (gpus: number[], gpuPercent: number) =>
      operation(gpus.join(), { gpus, resources: { cpuPercent: 1, memoryMb: 1, gpuPercent } });
    assert.equal(totalUse([on([0, 1, 2], 90), on([3], 50)]).gpuPercent, 80);
  });

  it('leaves out shares of jobs: their processors need not be those of the machine', () => {
    const resources = { cpuPercent: 100, memoryMb: 5 };
    const use = totalUse([
      operation('a', { launcher: 'slurm', resources }),
      operation('b', { resources: { cpuPercent: 20, memoryMb: 1 } }),
    ]);
    assert.deepEqual(use, { cpuPercent: 20, memoryMb: 6 });
  });

  it('never says more than all of a machine', () => {
    const both = [1, 2].map((at) => operation(String(at), { resources: { cpuPercent: 60, memoryMb: 1 } }));
    assert.equal(totalUse(both).cpuPercent, 100);
  });

  it('says nothing of what has ended, was not seen for long, or is not known', () => {
    const resources = { cpuPercent: 60, memoryMb: 1 };
    const use = totalUse([
      operation('a', { status: 'completed', resources }),
      operation('b', { shownStatus: 'unknown', resources }),
      operation('c'),
    ]);
    assert.deepEqual(use, {});
  });
});

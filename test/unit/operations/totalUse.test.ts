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

import assert from 'node:assert/strict';
import { hostWarnings } from '../../../src/operations/hostWarnings';
import { h100, health } from './hostSamples';

const limits = { cpuPercent: 80, memoryMb: 4000 };

describe('warnings about a host', () => {
  it('are none where nothing is short, however much its GPUs compute and hold', () => {
    assert.deepEqual(hostWarnings(health({ gpus: [h100(0, { memoryUsedMb: 79_000 })] }), limits), {});
  });

  it('say what a user is asked about before something is started there, with the limit of the settings', () => {
    const busy = health({ cpuPercent: 97, memoryFreeMb: 1000, diskFreeMb: 5000 });
    assert.deepEqual(hostWarnings(busy, limits), {
      cpuPercent: 'above the limit of 80%',
      memory: 'less than 4000 MB free',
      disk: 'less than 20 GB free',
    });
    assert.deepEqual(hostWarnings(health({ cpuPercent: 97 }), { ...limits, cpuPercent: 100 }), {});
  });

  it('say of memory and disk that they are nearly full, also where the settings ask for less', () => {
    const full = health({ memoryFreeMb: 12_000, diskFreeMb: 180_000 });
    const nearly = 'nearly full';
    assert.deepEqual(hostWarnings(full, limits), { memory: nearly, disk: nearly });
  });
});

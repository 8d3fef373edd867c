import assert from 'node:assert/strict';
import { healthFacts } from '../../../src/operations/healthFacts';
import { hostFigures, isCurrent } from '../../../src/operations/hostFigures';
import type { HostView } from '../../../src/operations/operationView';
import {
  divided,
  eightGpus,
  first,
  health,
  host,
  plain,
  sampledAt,
  unified,
  unreachable,
} from './hostSamples';

const figures = ({ health: told }: HostView) => hostFigures(told ?? health());
const percent = (value: number | undefined) => value && Math.round(value);

describe('figures of a host', () => {
  it('are shares of the whole machine', () => {
    const { cpuPercent, memory, disk, networkMbps, ...rest } = figures(plain());
    assert.deepEqual([cpuPercent, percent(memory?.percent), percent(disk?.percent)], [34.4, 33, 78]);
    assert.equal(networkMbps?.toFixed(2), '12.71');
    assert.deepEqual(rest, {});
  });

  it('take the mean of what GPUs do, and the sum of their memory', () => {
    const { gpuPercent, gpuMemory } = figures(eightGpus());
    assert.equal(gpuPercent, (6 * 97) / 8);
    assert.deepEqual([gpuMemory?.used, gpuMemory?.total], [6 * 71_800 + 2 * 4, 8 * 81_559]);
  });

  it('leave out what a divided GPU, a unified memory or a first sample does not tell', () => {
    assert.equal(figures(divided()).gpuPercent, undefined);
    assert.equal(percent(figures(divided()).gpuMemory?.percent), 27);
    assert.deepEqual(Object.keys(figures(unified())), [
      'cpuPercent',
      'memory',
      'disk',
      'gpuPercent',
      'networkMbps',
    ]);
    assert.deepEqual(Object.keys(figures(first())), ['memory']);
  });

  it('are never more than the whole, and none where there is no whole', () => {
    assert.equal(hostFigures(health({ memoryFreeMb: -1 })).memory?.percent, 100);
    assert.equal(hostFigures(health({ diskTotalMb: 0, diskFreeMb: 0 })).disk, undefined);
  });

  it('are those of now for a minute, on a host that answers', () => {
    const at = Date.parse(sampledAt);
    assert.equal(isCurrent(plain(), at + 59_000), true);
    assert.equal(isCurrent(plain(), at + 61_000), false);
    assert.equal(isCurrent(unreachable(), Date.parse(unreachable().health?.sampledAt ?? '') + 1_000), false);
    assert.equal(isCurrent({ ...plain(), error: 'not understood' }, at), false);
    assert.equal(isCurrent(host('unseen'), at), false);
  });

  it('are told in words with all that is known, and nothing that is not', () => {
    const facts = (view: HostView) => Object.fromEntries(healthFacts(view.health ?? health()));
    assert.deepEqual(facts(plain()), {
      CPU: '34% of 16 cores',
      Load: '5.2',
      Memory: '41.0 GB of 125.0 GB in use',
      Disk: '410.2 GB of 1.8 TB free',
      Network: '12 Mbit/s received, 0.3 Mbit/s sent',
    });
    assert.equal(
      facts(eightGpus())['GPU 5'],
      'NVIDIA H100 80GB HBM3, 97%, 70.1 GB of 79.6 GB, 64 °C, 612 of 700 W',
    );
    assert.equal(
      facts(divided())['GPU 0'],
      'NVIDIA A100-SXM4-40GB, divided, 10.9 GB of 40.0 GB, 64 °C, 612 of 700 W',
    );
    assert.equal(facts(unified())['GPU 0'], 'NVIDIA GB10, 41%, 64 °C, 612 W');
    assert.deepEqual(Object.keys(facts(first())), ['CPU', 'Load', 'Memory']);
    assert.equal(facts(first())['CPU'], '16 cores');
    const broken = host('x', { health: health({ gpuProblem: 'No devices were found' }) });
    assert.equal(facts(broken)['GPU'], 'No devices were found');
  });
});

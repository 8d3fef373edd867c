import assert from 'node:assert/strict';
import { offered } from '../../../src/launchers/slurm/offerLines';

const offerOf = (...lines: string[]) =>
  offered(lines.map((line) => ({ words: line.split(' '), data: Buffer.alloc(0) })));

describe('what Slurm offers', () => {
  it('has the partitions that take jobs, with their limits and GRES', () => {
    const { partitions } = offerOf(
      'partition main*|2:00:00|gpu:2|up|1:00:00',
      'partition cpu|infinite|(null)|up|n/a',
      'partition old|1:00|(null)|down|n/a',
    );
    assert.deepEqual(partitions, [
      { name: 'main', isDefault: true, timeLimit: '2:00:00', defaultTime: '1:00:00', gres: 'gpu:2' },
      { name: 'cpu', isDefault: false, timeLimit: 'infinite' },
    ]);
  });

  it('has a partition of several kinds of nodes once, with all of their GRES', () => {
    const { partitions } = offerOf(
      'partition gpu|1:00|gpu:a100:4|up|n/a',
      'partition gpu|1:00|gpu:v100:2|up|n/a',
      'partition gpu|1:00|(null)|up|n/a',
    );
    assert.deepEqual(partitions, [
      { name: 'gpu', isDefault: false, timeLimit: '1:00', gres: 'gpu:a100:4,gpu:v100:2' },
    ]);
  });

  it('has accounts with their QOS, and nothing that could be another option', () => {
    const { accounts } = offerOf(
      'account lab||normal,long',
      'account lab|gpu|',
      'account --x||normal',
      'account other||a b,--y,ok',
      'account',
    );
    assert.deepEqual(accounts, [
      { name: 'lab', qos: ['normal', 'long'] },
      { name: 'lab', partition: 'gpu', qos: [] },
      { name: 'other', qos: ['ok'] },
    ]);
  });
});

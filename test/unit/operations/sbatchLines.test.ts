import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readSbatchLines } from '../../../src/operations/sbatchLines';
import { parseSpec } from '../../../src/operations/spec';

describe('the #SBATCH lines of a script', () => {
  it('become options, however they are written, up to the first command', () => {
    const script = [
      '#!/bin/bash',
      '#SBATCH --job-name="my job" --partition gpu',
      '#SBATCH -t 1:30:00   # long enough',
      '#SBATCH -c8',
      '',
      '# a comment',
      '#SBATCH --gres=gpu:a100:2',
      '#SBATCH --mem=16G --requeue',
      'echo start',
      '#SBATCH --nodes=2',
    ].join('\r\n');
    assert.deepEqual(readSbatchLines(script), {
      draft: {
        name: 'my job',
        slurm: {
          partition: 'gpu',
          time: '1:30:00',
          cpus: 8,
          gres: 'gpu:a100:2',
          memory: '16G',
          requeue: true,
        },
      },
      notTaken: [],
    });
  });

  it('are told where there is no field for one, or its value is none, and that line is left out as a whole', () => {
    const lines = [
      '#SBATCH --mail-type=END',
      '#SBATCH --partition=gpu --ntasks=4',
      '#SBATCH --nodes=2-4',
      '#SBATCH --time=tomorrow',
      '#SBATCH stray',
      '#SBATCH --partition',
    ];
    assert.deepEqual(readSbatchLines(lines.join('\n')), { draft: {}, notTaken: lines });
  });

  it('ask for GPUs of the whole job only where that is one node', () => {
    assert.equal(readSbatchLines('#SBATCH --gpus=2').draft.gpus, 2);
    assert.deepEqual(readSbatchLines('#SBATCH -N 2\n#SBATCH -G 2').notTaken, ['#SBATCH -G 2']);
  });

  it('make options that a spec takes, whatever is in them', () => {
    const option = fc.constantFrom(
      '--time=',
      '-p ',
      '--gres ',
      '--array=',
      '-J',
      '--gpus=',
      '--nodes=',
      '--dependency=',
    );
    const lines = fc.array(fc.tuple(option, fc.string({ maxLength: 12 })), { maxLength: 6 });
    fc.assert(
      fc.property(lines, (all) => {
        const { draft } = readSbatchLines(all.map(([name, value]) => `#SBATCH ${name}${value}`).join('\n'));
        parseSpec({ name: 'x', ...draft, hostId: 'h', type: 'job', command: 'x', launcher: 'slurm' });
      }),
    );
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sbatchOptions } from '../../../src/operations/sbatchOptions';
import { isRemoteOperationsError } from '../../../src/operations/errors';
import { arrayTasks, batchScriptOf } from '../../../src/operations/slurmOptions';
import { parseSpec } from '../../../src/operations/spec';

const good = { hostId: 'here', type: 'job', name: 'train', command: 'python train.py', launcher: 'slurm' };

describe('Slurm options', () => {
  it('become options of sbatch', () => {
    const slurm = {
      partition: 'gpu,long',
      account: 'lab-1',
      qos: 'high',
      time: '2-12:00:00',
      cpus: 8,
      memory: '32G',
      gres: 'nvme:1',
      nodes: 2,
      array: '0-9,20-30:5%4',
      dependency: 'afterok:12:13,singleton',
      requeue: true,
    };
    assert.deepEqual(sbatchOptions(parseSpec({ ...good, slurm, gpus: 2 })), [
      '--partition=gpu,long',
      '--account=lab-1',
      '--qos=high',
      '--time=2-12:00:00',
      '--cpus-per-task=8',
      '--mem=32G',
      '--gres=gpu:2,nvme:1',
      '--nodes=2',
      '--array=0-9,20-30:5%4',
      '--dependency=afterok:12:13,singleton',
      '--requeue',
    ]);
  });

  it('that are left out are not given, but that it may not be repeated', () => {
    assert.deepEqual(sbatchOptions(parseSpec(good)), ['--no-requeue']);
  });

  it('leave it to a batch script whether it may be repeated', () => {
    assert.deepEqual(sbatchOptions(parseSpec({ ...good, slurm: { script: 'a b.sh' } })), []);
  });

  const bad: [options: object, says: RegExp][] = [
    [{ partition: '--wrap=id' }, /^The partition is not written as Slurm writes it/],
    [{ partition: 'a b' }, /^The partition is not/],
    [{ account: 'a\n--uid=0' }, /^The account is not/],
    [{ time: 'tomorrow' }, /^The time limit is not/],
    [{ memory: '4 G' }, /^The memory is not/],
    [{ gres: 'gpu:1;id' }, /^The GRES is not/],
    [{ array: '1-' }, /^The array is not/],
    [{ array: '5-1' }, /^An array has at least one task/],
    [{ array: '0-10000' }, /at most 10000/],
    [{ dependency: 'afterok:$(id)' }, /^The dependency is not/],
    [{ cpus: 0 }, /^The number of cores must be/],
    [{ nodes: 1.5 }, /^The number of nodes must be/],
    [{ script: ' ' }, /^The batch script is missing/],
    [{ exclusive: true }, /^"slurm.exclusive" is not supported/],
  ];
  for (const [slurm, says] of bad) {
    it(`refuse ${JSON.stringify(slurm)}`, () => {
      assert.throws(
        () => parseSpec({ ...good, slurm }),
        (error) => isRemoteOperationsError(error, 'InvalidInput') && says.test(error.message),
      );
    });
  }

  it('of whatever text never become another option or word', () => {
    const fields = ['partition', 'account', 'qos', 'time', 'memory', 'gres', 'array', 'dependency'];
    fc.assert(
      fc.property(fc.constantFrom(...fields), fc.string({ unit: 'binary' }), (field, value) => {
        let options: string[];
        try {
          options = sbatchOptions(parseSpec({ ...good, slurm: { [field]: value } }));
        } catch (error) {
          return isRemoteOperationsError(error, 'InvalidInput');
        }
        return options.length === 2 && options.every((option) => /^--[a-z-]+(=[!-~]+)?$/.test(option));
      }),
    );
  });

  it('name the tasks of an array, each once', () => {
    assert.deepEqual(arrayTasks('0-3,2,10-20:5%2'), [0, 1, 2, 3, 10, 15, 20]);
  });
});

describe('a command that hands in a batch script', () => {
  const scripts: [command: string, script: string | undefined][] = [
    ['sbatch train.sh', 'train.sh'],
    ['  sbatch   ~/jobs/a-b.sh ', '~/jobs/a-b.sh'],
    // Options, words for a shell, and other commands are run as they are.
    ['sbatch --time=1 train.sh', undefined],
    ['sbatch train.sh arg', undefined],
    ['sbatch $HOME/train.sh', undefined],
    ['sbatch "my train.sh"', undefined],
    ['sbatch a;b', undefined],
    ['python train.py', undefined],
    ['', undefined],
  ];
  for (const [command, script] of scripts) {
    it(`"${command}": ${script ?? 'none'}`, () => assert.equal(batchScriptOf(command), script));
  }
});

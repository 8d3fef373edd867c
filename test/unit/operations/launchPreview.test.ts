import assert from 'node:assert/strict';
import { commandFile } from '../../../src/operations/commandFile';
import { launchPreview } from '../../../src/operations/launchPreview';
import type { SubmitSpec } from '../../../src/operations/operation';
import { looksSecret } from '../../../src/operations/secretName';

const spec: SubmitSpec = {
  hostId: 'h',
  type: 'job',
  name: 'n',
  command: 'train',
  cwd: "/it's",
  env: { A: '$x' },
};

describe('the preview', () => {
  it('is the text that the launcher makes', () => {
    assert.deepEqual(launchPreview(spec), { file: commandFile(spec) });
  });

  it('names what Slurm is asked for, and the script on the host instead of the command', () => {
    const slurm = { partition: 'gpu', array: '0-3%2' };
    const made = launchPreview({ ...spec, launcher: 'slurm', gpus: 2, slurm });
    assert.equal(made.request, 'sbatch --partition=gpu --gres=gpu:2 --array=0-3%2 --no-requeue cmd.sh');
    const script = launchPreview({ ...spec, launcher: 'slurm', slurm: { script: 'my job.sh' } });
    assert.equal(script.request, "sbatch 'my job.sh'");
    assert.match(script.file, /exec "\$REMOTE_OPS_DIR\/script"/);
  });

  it('names what pueue is asked for, quoted', () => {
    const made = launchPreview({ ...spec, launcher: 'pueue', pueue: { group: "o'b", priority: -1 } });
    assert.equal(made.request, String.raw`pueue add '--group=o'\''b' --priority=-1 -- sh cmd.sh`);
  });

  it('conceals what looks like a secret by its name', () => {
    const { file } = launchPreview({ ...spec, env: { HF_TOKEN: 'abc', MODE: 'fast' } });
    assert.ok(!file.includes('abc') && file.includes("export MODE='fast'"), file);
  });
});

describe('the name of a secret', () => {
  it('is told from others', () => {
    const secret = [
      'HF_TOKEN',
      'API_KEY',
      'apikey',
      'DB_PASSWORD',
      'PGPASSWORD',
      'MY_SECRET',
      'AWS_ACCESS_KEY_ID',
      'GH_PAT',
    ];
    const open = [
      'PATH',
      'MAX_TOKENS',
      'TOKENIZERS_PARALLELISM',
      'KEYBOARD',
      'MONKEY',
      'PASSIVE',
      'PWD_NOW',
      'MODE',
    ];
    assert.deepEqual(
      secret.filter((name) => !looksSecret(name)),
      [],
    );
    assert.deepEqual(open.filter(looksSecret), []);
  });
});

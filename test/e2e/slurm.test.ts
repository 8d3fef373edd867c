import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startProxiedHost, type ProxiedHost } from '../testbed/proxiedHost';
import { startSlurm, type Slurm } from '../testbed/slurm';
import { startOperation } from './support/newOperation';
import { OperationForm } from './support/operationForm';
import { Session } from './support/session';
import type { Workbench } from './support/workbench';
import { stepByStep } from './support/stepByStep';

describe('a cluster, by hand', function () {
  // Each step begins where the one before ended.
  stepByStep(this, () => [window]);

  let slurm: Slurm;
  let host: ProxiedHost;
  let session: Session;
  let window: Workbench;

  const openForm = async (): Promise<OperationForm> => {
    await window.tree('Operations').titleAction('New Operation');
    return OperationForm.find(window);
  };

  const submitJob = async (name: string, command: string, gpus: string, after?: string): Promise<void> => {
    const form = await openForm();
    await form.choose('Training job');
    await form.choose('By Slurm');
    await form.select('Partition', 'urgent');
    await form.fill({ Command: command, Name: name, 'Time limit': '10:00', GPUs: gpus });
    if (after !== undefined) {
      await form.field('Waits for').selectOption({ label: after });
    }
    await window.screenshot(`slurm-form-${name}`);
    await form.submit();
  };

  before(async () => {
    slurm = await startSlurm();
    await slurm.run('sbatch', '--hold', '--job-name=from a terminal', '--output=/dev/null', '--wrap', 'true');
    host = await startProxiedHost({ variables: slurm.env });
    session = await Session.start({
      settings: {
        'remoteOps.hosts': [{ id: 'cluster', name: 'Cluster', host: 'testhost' }],
        'remoteOps.ssh.configFile': host.sshConfigFile,
        'remoteOps.ssh.knownHostsFile': host.knownHostsFile,
      },
    });
    window = await session.openWindow();
    await window.openContainer('Remote Operations');
  });

  after(async () => {
    await session.stop();
    await host.stop();
    await slurm.stop();
  });

  it('takes a job with its partition, time limit and GPUs', async () => {
    await submitJob('pretrain', 'exec sleep 600', '2');
    await window.tree('Operations').waitForRow('pretrain', /running|pending/);
    const shown = await slurm.run('squeue', '-h', '-o', '%P %l %b');
    assert.match(shown, /^urgent 10:00 gres:gpu:2$/m);
  });

  it('tells of a job that waits, and why', async () => {
    await submitJob('finetune', 'exec sleep 600', '1');
    await window.tree('Operations').waitForRow('finetune', /pending \((Resources|Priority)\)/, 60_000);
    await window.screenshot('slurm-pending');
  });

  it('takes a job that waits for another one', async () => {
    const jobId = await slurm.run('squeue', '-h', '-t', 'running', '-o', '%i');
    await submitJob('evaluate', 'exec sleep 600', '', `pretrain (job ${jobId.trim()})`);
    await window.tree('Operations').waitForRow('evaluate', /pending/);
    assert.match(await slurm.run('squeue', '-h', '-o', '%E'), /^afterok:\d+/m);
  });

  it('shows what a batch script asks for before it is submitted', async () => {
    await writeFile(path.join(host.sshd.home, 'train.sh'), '#!/bin/sh\n#SBATCH --time=7\nexec sleep 600\n');
    const form = await openForm();
    await form.choose('Training job');
    await form.fill({ Name: 'nightly', Command: 'sbatch train.sh' });
    await form.text('train.sh asks Slurm for this').waitFor();
    assert.equal(await form.content('Lines of the batch script'), '#SBATCH --time=7');
    await window.screenshot('slurm-batch-script');
    await form.submit();
    await window.tree('Operations').waitForRow('nightly', /running|pending/);
    assert.match(await slurm.run('squeue', '-h', '-o', '%l'), /^7:00$/m);
  });

  it('lists a job that was submitted elsewhere, and says so', async () => {
    await window.tree('Operations').waitForRow('from a terminal', /^elsewhere · pending \(held by /);
    await window.screenshot('slurm-elsewhere');
  });

  it('starts a process there, too, if that is wanted', async () => {
    await startOperation(window, { name: 'tidy up', command: 'exec sleep 600' });
    await window.tree('Operations').waitForRow('tidy up', /running/);
  });
});

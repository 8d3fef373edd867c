import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import { eventually } from '../testbed/eventually';
import { type Slurm, startSlurm } from '../testbed/slurm';
import { EngineHost } from './engineSupport';
import { SlurmHost } from './slurmSupport';

for (const accounting of [false, true]) {
  describe(`Slurm ${accounting ? 'with' : 'without'} accounting`, () => {
    let slurm: Slurm;
    let host: SlurmHost;

    before(async function () {
      this.timeout(60_000);
      slurm = await startSlurm({ accounting });
    });
    after(() => slurm.stop());
    beforeEach(async () => {
      host = new SlurmHost(slurm);
      await host.open();
    });
    afterEach(() => host.dispose());

    it('starts a job that is submitted, and tells its id, partition and node', async () => {
      const { id, status, handle } = await host.submit();
      assert.equal(status, 'pending');
      assert.match(handle ?? '', /^\d+$/);
      const { scheduler, startedAt } = await host.untilItRuns(id);
      assert.equal(scheduler?.jobId, handle);
      assert.deepEqual([scheduler?.partition, scheduler?.node], ['main', 'node1']);
      assert.equal(scheduler?.timeLimitSeconds, 7200);
      assert.ok(startedAt);
      assert.equal(await host.statuses(id), 'submitting, pending, running');
      assert.equal(host.executions(id), 1);
    });

    it('whose database was lost is found, pending or running, and never submitted again', async () => {
      const running = await host.submit();
      await host.untilItRuns(running.id);
      const held = await host.submit('true', { slurm: { dependency: `afterok:${running.handle}` } });
      await host.here.loseDatabase();
      await host.reopen();
      const { runs } = await host.rig.engine.findRuns({ hostId: 'here' });
      assert.deepEqual(
        new Set(runs.map(({ id, launcher }) => `${id} ${launcher}`)),
        new Set([running, held].map(({ id }) => `${id} slurm`)),
      );
      await host.rig.engine.importRuns(
        'here',
        runs.map(({ id }) => id),
      );
      await host.untilStatus(running.id, 'running');
      await host.untilStatus(held.id, 'pending');
      assert.equal(host.view(held.id).handle, held.handle);
      assert.equal((await host.rig.engine.kill(held.id)).status, 'cancelled');
      assert.equal((await host.rig.engine.kill(running.id)).status, 'cancelled');
      assert.deepEqual(
        [host.calls('sbatch'), host.executions(running.id), host.executions(held.id)],
        [2, 1, 0],
      );
    });

    it('tells what a job on another node uses, asked once a minute while somebody watches', async () => {
      const { id } = await host.submit('while :; do :; done', { slurm: { cpus: 2 } });
      await host.untilItRuns(id);
      host.runsElsewhere(id);
      await host.look();
      assert.equal(host.calls('sstat'), 0);
      host.rig.engine.setVisible('tree', true);
      await host.look();
      assert.equal(host.calls('sstat'), 1);
      const { handle = '' } = host.view(id);
      const used = async () =>
        /cpu=([\d:]+)/.exec(await slurm.run('sstat', '-anP', `-j${handle}`, '-oTRESUsageInTot'))?.[1];
      await eventually('work', async () => ((await used()) ?? '') >= '00:00:06', 60_000);
      await host.look();
      await host.look();
      assert.equal(host.calls('sstat'), 2);
      const { cpuPercent = NaN, memoryMb = NaN } = host.view(id).resources ?? {};
      // One loop, on one of its two processors.
      assert.ok(cpuPercent > 1 && cpuPercent <= 60 && memoryMb > 0, `${cpuPercent} ${memoryMb}`);
      host.forgetCalls();
      const minutes = 4;
      for (let look = 0; look < minutes * 2; look++) {
        await host.look();
      }
      assert.ok(host.calls('sstat') > 1 && host.calls('sstat') <= minutes, String(host.calls('sstat')));
      assert.ok(host.calls() <= minutes * 4, String(host.calls()));
    });

    it('goes on where Slurm does not tell what jobs use, and asks seldom then', async () => {
      const { id } = await host.submit();
      await host.untilItRuns(id);
      host.wrap('sstat', 'echo "sstat: error: none of your business" >&2; exit 1');
      host.rig.engine.setVisible('tree', true);
      for (let look = 0; look < 8; look++) {
        await host.look();
      }
      assert.equal(host.calls('sstat'), 1);
      const { status, observation } = host.view(id);
      assert.deepEqual([status, observation], ['running', 'fresh']);
    });

    it('tells the exit code of what ends, whatever it is', async () => {
      const [good, bad] = await Promise.all([host.submit('exit 0'), host.submit('echo oh; exit 3')]);
      assert.equal((await host.untilStatus(good.id, 'completed')).exitCode, 0);
      const failed = await host.untilStatus(bad.id, 'failed');
      assert.deepEqual([failed.exitCode, failed.error], [3, 'exit 3']);
      assert.equal((await host.rig.engine.log(bad.id)).text, 'oh\n');
      await eventually('Slurm to say the same', async () =>
        (await slurm.run('squeue', '-h', '-t', 'all', '-o', '%i %T')).includes(`${failed.handle} FAILED`),
      );
    });

    it('runs it in its folder, with its environment', async () => {
      mkdirSync(path.join(host.here.host.home, 'my work'));
      const { id } = await host.submit('pwd; echo "$GREETING"; echo "$REMOTE_OPS_ID"', {
        cwd: '~/my work',
        env: { GREETING: "it's me" },
      });
      await host.untilStatus(id, 'completed');
      const { text } = await host.rig.engine.log(id);
      assert.equal(text, `${host.here.host.home}/my work\nit's me\n${id}\n`);
    });

    it('is told what the job needs', async () => {
      const { id } = await host.submit('exec sleep 600', {
        gpus: 1,
        slurm: { partition: 'urgent', time: '10:00', cpus: 2, memory: '100M' },
      });
      const { scheduler, handle = '' } = await host.untilItRuns(id);
      assert.deepEqual([scheduler?.partition, scheduler?.timeLimitSeconds], ['urgent', 600]);
      const shown = await slurm.run('scontrol', 'show', 'job', handle);
      for (const part of ['NumCPUs=2', 'mem=100M', 'gres:gpu:1', 'Requeue=0']) {
        assert.ok(shown.includes(part), `${part} in ${shown}`);
      }
    });

    it('tells why a job waits, and when it is expected to start', async () => {
      const first = await host.submit('exec sleep 600', { gpus: 2 });
      await host.untilItRuns(first.id);
      const { id } = await host.submit('exec sleep 600', { gpus: 1 });
      const waits = await host.until(
        id,
        'pending with its reason and time',
        ({ scheduler }) =>
          /Resources|Priority/.test(scheduler?.reason ?? '') && scheduler?.estimatedStart !== undefined,
      );
      assert.equal(waits.status, 'pending');
      // The one before may run for two hours.
      const ends = await slurm.run('squeue', '-h', '-j', first.handle ?? '', '-o', '%e');
      const zone = await slurm.run('date', '+%:z');
      const differs = Date.parse(waits.scheduler?.estimatedStart ?? '') - Date.parse(`${ends}${zone}`);
      // Slurm plans by the minute.
      assert.ok(Math.abs(differs) <= 60_000, String(differs));
    });

    const refusals: [title: string, slurm: object, gpus: number, words: RegExp][] = [
      ['a partition that does not exist', { partition: 'nowhere' }, 0, /Invalid partition name/],
      ['more time than the partition gives', { time: '5-00' }, 0, /time limit is invalid/],
      ['more memory than any node has', { memory: '9999G' }, 0, /node configuration is not available/],
      ['more GPUs than any node has', {}, 9, /node configuration is not available/],
    ];
    for (const [title, options, gpus, words] of refusals) {
      it(`refuses ${title}: failed, in its own words, and nothing runs`, async () => {
        const view = await host.submit('true', { slurm: options, ...(gpus > 0 && { gpus }) });
        assert.equal(view.status, 'failed');
        assert.match(view.error ?? '', words);
        assert.match(view.error ?? '', /^Slurm on host here refused it/);
      });
    }

    it('tells its partitions and accounts, once for each connection', async () => {
      const choices = await host.rig.engine.launchChoices('here');
      assert.deepEqual(choices, {
        launchers: ['process', 'slurm'],
        partitions: [
          { name: 'main', isDefault: true, timeLimit: '2:00:00', gres: 'gpu:2' },
          { name: 'urgent', isDefault: false, timeLimit: '1:00:00', gres: 'gpu:2' },
        ],
        accounts: accounting ? [{ name: 'root', qos: ['normal'] }] : [],
        groups: [],
      });
      assert.equal(await host.rig.engine.launchChoices('here').then(({ launchers }) => launchers.length), 2);
      assert.equal(host.here.machine.count('offer'), 1);
    });

    if (accounting) {
      it('tells all accounts and qualities of service that the user has, and takes them', async () => {
        await slurm.run('sacctmgr', '-i', 'add', 'account', 'lab');
        await slurm.run('sacctmgr', '-i', 'add', 'qos', 'long');
        const user = userInfo().username;
        await slurm.run('sacctmgr', '-i', 'add', 'user', user, 'account=lab', 'qos=normal,long');
        const { accounts } = await host.rig.engine.launchChoices('here');
        const lab = accounts.find(({ name }) => name === 'lab');
        assert.deepEqual(lab?.qos.toSorted(), ['long', 'normal']);
        assert.equal(accounts.length, 2);
        const { handle = '' } = await host.submit('true', { slurm: { account: 'lab', qos: 'long' } });
        assert.equal(await slurm.run('squeue', '-h', '-t', 'all', '-j', handle, '-o', '%a %q'), 'lab long');
      });

      it('accounts that do not answer leave the partitions', async () => {
        host.wrap('sacctmgr', 'echo "sacctmgr: error: Unable to connect" >&2; exit 1');
        const { accounts, partitions } = await host.rig.engine.launchChoices('here');
        assert.deepEqual([accounts, partitions.length], [[], 2]);
      });

      it('refuses an account that the user does not have: failed, in its own words', async () => {
        const view = await host.submit('true', { slurm: { account: 'theirs' } });
        assert.equal(view.status, 'failed');
        assert.match(view.error ?? '', /Invalid account/);
      });
    }

    it('that is not installed is said to be missing', async () => {
      const applets = path.join(slurm.folder, 'applets');
      mkdirSync(applets, { recursive: true });
      execFileSync('busybox', ['--install', '-s', applets]);
      const plain = new EngineHost(undefined, [`PATH=${applets}`]);
      const { engine } = await plain.open();
      const view = await engine.submit({
        ...{ hostId: 'here', type: 'job', name: 'train', command: 'true' },
        launcher: 'slurm',
      });
      assert.equal(view.status, 'failed');
      assert.match(view.error ?? '', /has no sbatch on its PATH/);
      assert.deepEqual((await engine.launchChoices('here')).launchers, ['process']);
      await plain.dispose();
    });

    it('ends a running job on the user’s word, and it is cancelled once Slurm says that it ended', async () => {
      const { id } = await host.submit();
      await host.untilItRuns(id);
      const killed = await host.rig.engine.kill(id);
      assert.equal(killed.status, 'cancelled');
      assert.equal(await host.statuses(id), 'submitting, pending, running, stopping, cancelled');
    });

    it('ends a job that ignores TERM after the grace time', async () => {
      const { id } = await host.submit(`trap '' TERM; while :; do sleep 0.2; done`);
      await host.untilItRuns(id);
      assert.equal((await host.rig.engine.kill(id, { graceSeconds: 1 })).status, 'cancelled');
    });

    it('takes a waiting job out of the queue on the user’s word, and it never runs', async () => {
      const first = await host.submit('exec sleep 600', { gpus: 2 });
      await host.untilItRuns(first.id);
      const { id, handle = '' } = await host.submit('exec sleep 600', { gpus: 1 });
      assert.equal((await host.rig.engine.kill(id)).status, 'cancelled');
      assert.match(await slurm.run('squeue', '-h', '-t', 'all', '-j', handle, '-o', '%T'), /CANCELLED/);
      assert.equal(host.executions(id), 0);
    });

    it('job cancelled there by somebody else: stopped', async () => {
      const { id, handle = '' } = await host.submit();
      await host.untilItRuns(id);
      await slurm.run('scancel', handle);
      const view = await host.untilStatus(id, 'stopped');
      assert.match(view.error ?? '', /CANCELLED/);
    });

    it('counts the tasks of an array, which has completed when all have', async () => {
      const command = 'echo task $SLURM_ARRAY_TASK_ID; while [ ! -e "$HOME/go" ]; do sleep 0.1; done';
      const { id } = await host.submit(command, { slurm: { array: '0-5%3' } });
      const running = await host.until(
        id,
        'running three',
        ({ scheduler }) => scheduler?.tasks?.running === 3,
      );
      assert.deepEqual(running.scheduler?.tasks, {
        pending: 3,
        running: 3,
        completed: 0,
        failed: 0,
        cancelled: 0,
      });
      writeFileSync(path.join(host.here.host.home, 'go'), '');
      const done = await host.untilStatus(id, 'completed');
      assert.equal(done.scheduler?.tasks?.completed, 6);
      assert.equal(host.executions(id), 6);
    });

    it('array of which some tasks fail: failed, with how many', async () => {
      const { id } = await host.submit('exit $((SLURM_ARRAY_TASK_ID % 2))', { slurm: { array: '1-4' } });
      const view = await host.untilStatus(id, 'failed');
      assert.equal(view.error, '2 of 4 tasks failed');
    });

    it('ends all tasks of an array on the user’s word', async () => {
      const { id } = await host.submit('exec sleep 600', { slurm: { array: '0-5%2' } });
      await host.until(id, 'running two', ({ scheduler }) => scheduler?.tasks?.running === 2);
      await eventually('both to run', () => host.executions(id) === 2);
      assert.equal((await host.rig.engine.kill(id)).status, 'cancelled');
      assert.equal(host.executions(id), 2);
    });

    it('runs a batch script of the host, whose own directives count', async () => {
      const script = path.join(host.here.host.home, 'train.sh');
      writeFileSync(
        script,
        '#!/bin/bash\n# mine\n#SBATCH --time=7\n#SBATCH -p urgent\n\necho "${BASH_VERSION:+bash}"\n#SBATCH --time=9\nexit 4\n',
      );
      const view = await host.rig.engine.submit({
        hostId: 'here',
        type: 'job',
        name: 'train',
        launcher: 'slurm',
        slurm: { script: '~/train.sh' },
      });
      assert.equal(view.command, 'sbatch ~/train.sh');
      const failed = await host.untilStatus(view.id, 'failed');
      assert.equal(failed.exitCode, 4);
      assert.equal((await host.rig.engine.log(view.id)).text, 'bash\n');
      const shown = await slurm.run('scontrol', 'show', 'job', failed.handle ?? '');
      assert.match(shown, /TimeLimit=00:07:00/);
      assert.match(shown, /Partition=urgent/);
    });

    it('tells what a batch script asks for before it is submitted', async () => {
      const { engine } = host.rig;
      const script = path.join(host.here.host.home, 'it’s train.sh');
      writeFileSync(script, '#!/bin/bash\n#SBATCH --time=7\n# mine\n#SBATCH -p urgent\ntrue\n#SBATCH -n 9\n');
      const lines = ['#SBATCH --time=7', '#SBATCH -p urgent'];
      assert.deepEqual(await engine.batchDirectives('here', '~/it’s train.sh'), lines);
      assert.deepEqual(await engine.batchDirectives('here', script), lines);
      await assert.rejects(engine.batchDirectives('here', 'gone.sh'), /cannot read the batch script/);
      await assert.rejects(engine.batchDirectives('here', '~/'), /cannot read the batch script/);
    });

    it('starts a job once the one that it waits for has completed', async () => {
      const first = await host.submit('while [ ! -e "$HOME/go" ]; do sleep 0.1; done');
      await host.untilItRuns(first.id);
      const { id } = await host.submit('exec sleep 600', {
        slurm: { dependency: `afterok:${first.handle}` },
      });
      await host.until(id, 'waiting for it', ({ scheduler }) => scheduler?.reason === 'Dependency');
      writeFileSync(path.join(host.here.host.home, 'go'), '');
      await host.untilItRuns(id);
    });

    it('batch script that is not there: failed, and nothing is submitted', async () => {
      const view = await host.submit('true', { slurm: { script: 'gone.sh' } });
      assert.equal(view.status, 'failed');
      assert.match(view.error ?? '', /cannot read the batch script/);
      assert.equal(host.calls('sbatch'), 0);
    });
  });
}

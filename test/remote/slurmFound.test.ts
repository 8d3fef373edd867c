import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { OperationView } from '../../src/operations/operationView';
import { eventually } from '../testbed/eventually';
import { type Slurm, startSlurm } from '../testbed/slurm';
import { findProgram } from '../testbed/systemPackages.mjs';
import { SlurmHost } from './slurmSupport';

const squeue = findProgram('squeue') ?? '';
const minuteMs = 60_000;

for (const accounting of [false, true]) {
  describe(`Slurm ${accounting ? 'with' : 'without'} accounting, jobs submitted elsewhere`, () => {
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
      // As New Operation does: from then on it is known that there is a Slurm.
      await host.rig.engine.launchChoices('here');
    });
    afterEach(() => host.dispose());

    const sbatch = (name: string, command = 'sleep 600', ...options: string[]) =>
      slurm.run(
        'sbatch',
        '--parsable',
        `--job-name=${name}`,
        '--output=/dev/null',
        ...options,
        '--wrap',
        command,
      );
    const foundOnes = () => host.rig.engine.operations().filter(({ origin }) => origin === 'found');
    const untilFound = (name: string, what: string, isSo: (view: OperationView) => boolean = () => true) =>
      eventually(
        `${name} to be ${what}`,
        async () => {
          await host.look();
          return foundOnes().find((view) => view.name === name && isSo(view));
        },
        30_000,
      );
    const untilRunning = (name: string) =>
      untilFound(
        name,
        'running',
        ({ status, scheduler }) => status === 'running' && scheduler?.state === 'RUNNING',
      );

    it('are listed with their state, and how they end is seen', async () => {
      const go = path.join(host.here.host.home, 'go');
      const [good, bad] = [
        await sbatch('good', `while [ ! -e ${go} ]; do sleep 0.1; done`),
        await sbatch('ein|Name', `while [ ! -e ${go} ]; do sleep 0.1; done; exit 3`),
      ];
      const running = await untilRunning('good');
      assert.deepEqual([running.handle, running.launcher, running.hostId], [good, 'slurm', 'here']);
      assert.deepEqual([running.scheduler?.partition, running.scheduler?.node], ['main', 'node1']);
      assert.equal((await untilRunning('ein|Name')).handle, bad);
      writeFileSync(go, '');
      await untilFound('good', 'completed', ({ status }) => status === 'completed');
      const failed = await untilFound('ein|Name', 'failed', ({ status }) => status === 'failed');
      assert.match(failed.error ?? '', /FAILED/);
      // What has ended is shown for an hour.
      await host.rig.clock.advance(61 * minuteMs);
      await host.look();
      assert.deepEqual(foundOnes(), []);
    });

    it('tell why they wait, also while somebody holds them', async () => {
      await sbatch('held', 'true', '--hold');
      const { status, scheduler } = await untilFound('held', 'pending');
      assert.equal(status, 'pending');
      assert.match(scheduler?.reason ?? '', /^JobHeld/);
    });

    it('cancelled there: stopped', async () => {
      const jobId = await sbatch('theirs');
      await untilRunning('theirs');
      await slurm.run('scancel', jobId);
      const view = await untilFound('theirs', 'stopped', ({ status }) => status === 'stopped');
      assert.match(view.error ?? '', /CANCELLED/);
    });

    it('queued anew there: one row that waits again, and nothing is called gone', async () => {
      const jobId = await sbatch('again', 'sleep 600', '--requeue');
      await untilRunning('again');
      await slurm.run('scontrol', 'requeue', jobId);
      await untilFound('again', 'pending', ({ status }) => status === 'pending');
      for (let minutes = 0; minutes < 7; minutes++) {
        await host.rig.clock.advance(minuteMs);
        await host.rig.engine.list();
      }
      const rows = foundOnes().map(({ handle, status }) => [handle, ['pending', 'running'].includes(status)]);
      assert.deepEqual(rows, [[jobId, true]]);
    });

    it('are one row for an array, with its tasks', async () => {
      await sbatch('sweep', 'sleep 600', '--array=0-5%2');
      const view = await untilFound(
        'sweep',
        'running two',
        ({ scheduler }) => scheduler?.tasks?.running === 2,
      );
      assert.equal(view.scheduler?.tasks?.pending, 4);
      assert.equal(foundOnes().length, 1);
    });

    it('are only looked at: nothing is done to them', async () => {
      const jobId = await sbatch('theirs');
      const { id } = await untilRunning('theirs');
      const { engine } = host.rig;
      await assert.rejects(engine.kill(id), new RegExp(`submitted elsewhere.*job ${jobId}`));
      await assert.rejects(engine.archive(id), /submitted elsewhere/);
      await assert.rejects(engine.log(id), /submitted elsewhere/);
      assert.deepEqual(await engine.history(id), []);
      assert.equal(host.calls('scancel'), 0);
      assert.equal(await slurm.run('squeue', '-h', '-j', jobId, '-o', '%T'), 'RUNNING');
    });

    it('are not those of our own operations, whether they run, have ended, or were archived', async () => {
      const { id } = await host.submit('exit 0');
      const other = await host.submit();
      await host.untilStatus(id, 'completed');
      await host.untilItRuns(other.id);
      await host.rig.engine.archive(id);
      await sbatch('theirs');
      await untilRunning('theirs');
      assert.deepEqual(
        foundOnes().map(({ name }) => name),
        ['theirs'],
      );
    });

    it('cost no call more: one of squeue for ours and theirs', async () => {
      await sbatch('theirs');
      const { id } = await host.submit();
      await host.untilItRuns(id);
      await untilRunning('theirs');
      host.forgetCalls();
      await host.look();
      assert.deepEqual([host.calls(), host.calls('squeue')], [1, 1]);
    });

    it('are looked for at the pace of the queue while a view is visible, and else not at all', async () => {
      await sbatch('theirs');
      const { engine, clock } = host.rig;
      host.forgetCalls();
      await clock.advance(10 * minuteMs);
      assert.equal(host.calls(), 0);
      engine.setVisible('tree', true);
      await eventually('a look', () => foundOnes().length === 1);
      for (let second = 0; second < 120; second++) {
        await clock.advance(1_000);
        await engine.list({ sync: false });
      }
      await eventually('looks', () => host.calls('squeue') >= 2);
      assert.ok(host.calls() <= 8, String(host.calls()));
      engine.setVisible('tree', false);
      await host.look();
      host.forgetCalls();
      await clock.advance(10 * minuteMs);
      assert.equal(host.calls(), 0);
    });

    it('by the thousand cost as many calls as one: four a minute at most', async function () {
      this.timeout(120_000);
      // Held, so that none of them starts.
      const loop =
        'for i in $(seq 1000); do sbatch -Q -H -J many-$i -o /dev/null --wrap true & [ $((i % 20)) -ne 0 ] || wait; done; wait';
      await slurm.run('sh', '-c', loop);
      await sbatch('one more');
      const { id } = await host.submit();
      const { engine, clock } = host.rig;
      engine.setVisible('tree', true);
      await untilFound('many-1000', 'seen');
      await host.untilItRuns(id);
      assert.ok(foundOnes().length >= 1001);
      host.forgetCalls();
      const roundTrips = host.here.machine.count('queue');
      for (let minute = 0; minute < 3; minute++) {
        for (let second = 0; second < 60; second += 2) {
          await clock.advance(2_000);
          await engine.list({ sync: false });
        }
        // A look at so many takes a while: it is waited for.
        await engine.sync({ hostId: 'here' });
      }
      assert.ok(host.here.machine.count('queue') > roundTrips);
      assert.ok(host.calls() <= 12, String(host.calls()));
      assert.ok(foundOnes().every(({ observation }) => observation === 'fresh'));
    });

    it('are not seen while Slurm does not answer: nothing is concluded', async () => {
      await sbatch('theirs');
      const { id } = await untilRunning('theirs');
      for (const answer of ['echo slurm_load_jobs error: nope >&2; exit 1', 'kill -9 $$']) {
        host.wrap('squeue', answer);
        for (let look = 0; look < 3; look++) {
          await host.rig.clock.advance(6 * minuteMs);
          await host.look();
        }
        assert.deepEqual([host.view(id).status, host.view(id).observation], ['running', 'stale']);
      }
      host.here.machine.break('unreachable', 'queue');
      await host.rig.clock.advance(6 * minuteMs);
      await host.look();
      assert.deepEqual([host.view(id).status, host.view(id).observation], ['running', 'unreachable']);
      host.here.machine.break(undefined);
      host.wrap('squeue');
      await untilFound('theirs', 'seen again', ({ observation }) => observation === 'fresh');
    });

    it('gone from the queue without a trace: stopped, and only once Slurm has forgotten what ended since', async () => {
      await sbatch('theirs');
      const { id } = await untilRunning('theirs');
      // A line that is not understood may be about any of them.
      host.wrap('squeue', `echo "job|1"`);
      await host.look();
      await host.rig.clock.advance(10 * minuteMs);
      await host.look();
      assert.deepEqual([host.view(id).status, host.view(id).observation], ['running', 'ambiguous']);
      host.wrap('squeue');
      await untilFound('theirs', 'seen again', ({ observation }) => observation === 'fresh');
      host.wrap('squeue', 'exit 0');
      await host.look();
      await host.rig.clock.advance(3 * minuteMs);
      await host.look();
      assert.equal(host.view(id).status, 'running');
      await host.rig.clock.advance(3 * minuteMs);
      await host.look();
      const { status, error } = host.view(id);
      assert.equal(status, 'stopped');
      assert.match(error ?? '', /how it ended is not known/);
    });

    it('of an id that is given out again are two: the time of their submission tells', async () => {
      await sbatch('theirs');
      const first = await untilRunning('theirs');
      host.wrap(
        'squeue',
        `"${squeue}" "$@" | sed 's/|2[0-9]*-\\([0-9-]*T[0-9:]*\\)|\\([0-9]*\\)|None/|2037-\\1|\\2|None/'`,
      );
      await host.look();
      const rows = foundOnes();
      assert.equal(rows.length, 2);
      assert.deepEqual(
        rows.map(({ handle }) => handle),
        [first.handle, first.handle],
      );
      const second = rows.find(({ id }) => id !== first.id);
      assert.equal(second?.status, 'running');
      await host.rig.clock.advance(6 * minuteMs);
      await host.look();
      await host.rig.clock.advance(6 * minuteMs);
      await host.look();
      assert.equal(host.view(first.id).status, 'stopped');
      assert.equal(host.view(second?.id ?? '').status, 'running');
    });

    it('in a state that is not known are active', async () => {
      await sbatch('theirs');
      host.wrap('squeue', `"${squeue}" "$@" | sed 's/|RUNNING|/|LEVITATING|/'`);
      const view = await untilFound(
        'theirs',
        'levitating',
        ({ scheduler }) => scheduler?.state === 'LEVITATING',
      );
      assert.equal(view.status, 'running');
    });
  });
}

import assert from 'node:assert/strict';
import type { OperationView } from '../../src/operations/operationView';
import { eventually } from '../testbed/eventually';
import { type Slurm, startSlurm } from '../testbed/slurm';
import { findProgram } from '../testbed/systemPackages.mjs';
import type { Fault } from './engineSupport';
import { SlurmHost } from './slurmSupport';

const sbatch = findProgram('sbatch') ?? '';
const minuteMs = 60_000;

for (const accounting of [false, true]) {
  describe(`Slurm ${accounting ? 'with' : 'without'} accounting, in doubt`, () => {
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

    const jobsNamed = async (id: string) =>
      (await slurm.run('squeue', '-h', '-t', 'all', '-o', '%j'))
        .split('\n')
        .filter((name) => name.endsWith(id));
    const ranOnce = async (id: string) => {
      await host.untilItRuns(id);
      await eventually('the command to run', () => host.executions(id) > 0);
      assert.equal(host.executions(id), 1);
      assert.equal((await jobsNamed(id)).length, 1);
    };
    /** Long enough for a request that may still be taken up to be sent again. */
    const waitAMinute = async () => {
      await host.look();
      await host.rig.clock.advance(minuteMs);
      await host.look();
    };

    const afterSending: Fault[] = ['lost-after', 'cut'];
    for (const fault of afterSending) {
      it(`answer of a submission ${fault}: unconfirmed, found by its token, executed once`, async () => {
        host.here.machine.break(fault, 'submit');
        const { id, status } = await host.submit();
        assert.equal(status, 'unconfirmed');
        await ranOnce(id);
        assert.match(await host.statuses(id), /^submitting, unconfirmed, (pending, )?running$/);
        assert.equal(host.calls('sbatch'), 1);
      });
    }

    it('submission that was not executed: not repeated within a minute, then submitted with the same token', async () => {
      host.here.machine.break('lost-before', 'submit');
      const { id, status } = await host.submit();
      assert.equal(status, 'unconfirmed');
      host.here.machine.break(undefined);
      await host.look();
      await host.look();
      assert.equal(host.calls('sbatch'), 0);
      assert.match(host.view(id).observationReason ?? '', /may still be taken up/);
      await waitAMinute();
      await ranOnce(id);
      assert.equal(host.calls('sbatch'), 1);
    });

    it('submission lost again and again: one job', async () => {
      host.here.machine.break('lost-after', 'submit');
      host.here.machine.break('lost-after', 'queue');
      const { id } = await host.submit();
      await waitAMinute();
      await waitAMinute();
      host.here.machine.break(undefined);
      await ranOnce(id);
      assert.equal(host.calls('sbatch'), 1);
    });

    it('sbatch that times out though the job was accepted: found, executed once', async () => {
      host.wrap(
        'sbatch',
        `"${sbatch}" "$@" >/dev/null; echo "sbatch: error: Batch job submission failed: Socket timed out on send/recv operation" >&2; exit 1`,
      );
      const { id, status } = await host.submit();
      assert.equal(status, 'unconfirmed');
      assert.match(host.view(id).observationReason ?? '', /Socket timed out/);
      await ranOnce(id);
    });

    it('sbatch that times out, accepted only after it was sent again: two jobs, executed once', async () => {
      host.wrap('sbatch', 'exit 124');
      const { id, status } = await host.submit();
      assert.equal(status, 'unconfirmed');
      // The first request comes to life beside the second.
      host.wrap('sbatch', `"${sbatch}" "$@" >/dev/null; exec "${sbatch}" "$@"`);
      await waitAMinute();
      await host.untilItRuns(id);
      await eventually('both jobs to have begun', async () => {
        const jobs = await slurm.run('squeue', '-h', '-t', 'all', '-o', '%j %T');
        return new RegExp(`${id} (FAILED|COMPLETED)`).test(jobs);
      });
      await host.look();
      assert.equal(host.executions(id), 1);
      assert.equal(host.view(id).status, 'running');
      assert.equal((await host.rig.engine.kill(id)).status, 'cancelled');
    });

    it('controller that hangs during a submission, and takes it up afterwards: executed once', async () => {
      slurm.suspendController();
      const submitted = host.submit();
      const { id, status } = await submitted;
      slurm.resumeController();
      assert.equal(status, 'unconfirmed');
      await ranOnce(id);
    });

    it('controller that is gone: failed, since not even a connection was made, and nothing runs later', async () => {
      await slurm.endController();
      const view = await host.submit().finally(() => slurm.startController());
      assert.equal(view.status, 'failed');
      assert.match(view.error ?? '', /Unable to contact slurm controller/);
      await host.look();
      assert.equal(host.executions(view.id), 0);
    });

    it('controller that is gone while a job runs: not seen, never absent; what ends is seen by its exit code', async () => {
      const [stays, ends] = await Promise.all([
        host.submit(),
        host.submit('while [ ! -e "$REMOTE_OPS_DIR/go" ]; do sleep 0.1; done; exit 3'),
      ]);
      await Promise.all([stays, ends].map(({ id }) => host.untilItRuns(id)));
      await slurm.endController();
      try {
        for (let look = 0; look < 3; look++) {
          await host.look();
          await host.rig.clock.advance(10 * minuteMs);
        }
        const seen = host.view(stays.id);
        assert.deepEqual([seen.status, seen.observation], ['running', 'stale']);
        assert.match(seen.observationReason ?? '', /Unable to contact slurm controller/);
        host.write(ends.id, 'go');
        assert.equal((await host.untilStatus(ends.id, 'failed')).exitCode, 3);
      } finally {
        await slurm.startController();
      }
      await host.until(stays.id, 'seen again', ({ observation }) => observation === 'fresh');
      assert.equal(host.view(stays.id).status, 'running');
      assert.equal(host.executions(stays.id), 1);
    });

    it('engine that went between intent and submission: submitted once by the next', async () => {
      host.here.machine.break('lost-before', 'submit');
      const { id } = await host.submit();
      host.here.machine.break(undefined);
      await host.reopen();
      assert.equal(host.calls('sbatch'), 0);
      await waitAMinute();
      await ranOnce(id);
    });

    it('engine that went after the submission: found by the next', async () => {
      host.here.machine.break('lost-after', 'submit');
      const { id } = await host.submit();
      host.here.machine.break(undefined);
      await host.reopen();
      await ranOnce(id);
      assert.equal(host.calls('sbatch'), 1);
    });

    it('kill whose answer is lost: stopping, and cancelled once its end is seen', async () => {
      const { id } = await host.submit();
      await host.untilItRuns(id);
      host.here.machine.break('lost-after', 'cancel');
      await assert.rejects(host.rig.engine.kill(id));
      host.here.machine.break(undefined);
      await host.untilStatus(id, 'cancelled');
    });

    it('kill that Slurm does not take: rejects, stays stopping, and is delivered when the controller is back', async () => {
      const { id } = await host.submit();
      await host.untilItRuns(id);
      await slurm.endController();
      await assert.rejects(host.rig.engine.kill(id), /did not take the cancellation: .*Unable to contact/);
      assert.equal(host.view(id).status, 'stopping');
      await slurm.startController();
      await host.untilStatus(id, 'cancelled');
    });

    it('kill of what may or may not have been submitted: it never runs', async () => {
      host.wrap('sbatch', 'exit 124');
      const { id, status } = await host.submit();
      assert.equal(status, 'unconfirmed');
      await assert.doesNotReject(host.rig.engine.kill(id));
      assert.equal(host.view(id).status, 'cancelled');
      host.wrap('sbatch');
      await waitAMinute();
      assert.equal(host.executions(id), 0);
    });

    it('node that fails: failed, as Slurm may not repeat it', async () => {
      const { id } = await host.submit();
      await host.untilItRuns(id);
      await slurm.endNode();
      try {
        await slurm.run('scontrol', 'update', 'NodeName=node1', 'State=DOWN', 'Reason=test');
        const view = await host.untilStatus(id, 'failed');
        assert.match(view.error ?? '', /NODE_FAIL/);
      } finally {
        slurm.startNode();
        // It comes back by itself, as soon as it has told that it is there.
        await slurm.untilIdle();
      }
      assert.equal(host.executions(id), 1);
    });

    it('job that is preempted, where Slurm may repeat it: waits again, and runs anew', async () => {
      const { id, handle = '' } = await host.submit('exec sleep 600', { slurm: { requeue: true } });
      await host.untilItRuns(id);
      await slurm.run('scontrol', 'requeue', handle);
      await host.untilStatus(id, 'pending');
      assert.equal(host.view(id).startedAt, undefined);
      // Slurm puts it off for two minutes once the first attempt has left its node. Some seconds have to pass: a node
      // takes what is started in the second of a kill for what was killed.
      await eventually('Slurm to put it off', async () => {
        const shown = await slurm.run('squeue', '-h', '-j', handle, '-o', '%T %r');
        return shown === 'PENDING BeginTime';
      });
      await slurm.run('scontrol', 'update', `JobId=${handle}`, 'StartTime=now+3');
      await eventually('the second attempt', () => host.executions(id) === 2);
      await host.untilItRuns(id);
      assert.equal((await host.rig.engine.kill(id)).status, 'cancelled');
    });

    it('job that gives way to a more urgent one: waits again where Slurm may repeat it, else failed', async () => {
      const needs = { gpus: 1, slurm: { requeue: true } };
      const [again, once] = await Promise.all([
        host.submit('exec sleep 600', needs),
        host.submit('exec sleep 600', { gpus: 1 }),
      ]);
      await Promise.all([again, once].map(({ id }) => host.untilItRuns(id)));
      const urgent = await host.submit('exec sleep 600', { gpus: 2, slurm: { partition: 'urgent' } });
      await host.untilItRuns(urgent.id);
      await host.untilStatus(again.id, 'pending');
      const failed = await host.untilStatus(once.id, 'failed');
      assert.match(failed.error ?? '', /PREEMPTED/);
      assert.deepEqual(
        [again, once].map(({ id }) => host.executions(id)),
        [1, 1],
      );
      await host.rig.engine.kill(again.id);
    });

    it(`two hundred jobs cost as many calls as one: ${accounting ? 'two' : 'one'}`, async function () {
      this.timeout(120_000);
      const views: OperationView[] = [];
      for (let ten = 0; ten < 20; ten++) {
        views.push(...(await Promise.all(Array.from({ length: 10 }, () => host.submit()))));
      }
      await host.look();
      const [gone] = views.filter(({ id }) => host.view(id).status === 'running');
      assert.ok(gone);
      host.forgetCalls();
      await host.look();
      assert.deepEqual([host.calls(), host.calls('squeue')], [1, 1]);
      assert.ok(views.every(({ id }) => host.view(id).observation === 'fresh'));
      // One that has left the queue: accounting is asked once, for all.
      host.wrap('squeue', `"${findProgram('squeue')}" "$@" | grep -v '${gone.id}'`);
      host.forgetCalls();
      await host.look();
      assert.deepEqual([host.calls('squeue'), host.calls('sacct')], [1, 1]);
      host.forgetCalls();
      await host.look();
      assert.deepEqual([host.calls('squeue'), host.calls('sacct')], [1, accounting ? 1 : 0]);
    });

    it('job that left the queue without a trace: stopped only once Slurm has forgotten what ended since', async () => {
      const { id } = await host.submit();
      await host.untilItRuns(id);
      host.wrap('squeue', 'exit 0');
      host.wrap('sacct', accounting ? 'exit 0' : 'echo "Slurm accounting storage is disabled" >&2; exit 1');
      await host.look();
      await host.rig.clock.advance(6 * minuteMs);
      await host.look();
      // Its process is seen to live here, whatever the queue leaves out.
      assert.deepEqual([host.view(id).status, host.view(id).observation], ['running', 'fresh']);
      host.runsElsewhere(id);
      await host.look();
      await host.look();
      await host.rig.clock.advance(3 * minuteMs);
      await host.look();
      assert.deepEqual([host.view(id).status, host.view(id).observation], ['running', 'ambiguous']);
      await host.rig.clock.advance(3 * minuteMs);
      await host.look();
      assert.equal(host.view(id).status, 'stopped');
      // It was there all the time.
      host.wrap('squeue');
      await host.rig.clock.advance(minuteMs);
      await host.rig.engine.list({ hostId: 'here' });
      assert.equal(host.view(id).status, 'running');
      assert.equal(host.executions(id), 1);
    });

    it('queue that answers half, or nothing but an error, says nothing about anything', async () => {
      const { id } = await host.submit();
      await host.untilItRuns(id);
      for (const answer of [
        'echo "job|1"; exit 0',
        'echo slurm_load_jobs error: nope >&2; exit 1',
        'kill -9 $$',
      ]) {
        host.wrap('squeue', answer);
        await host.look();
        assert.equal(host.view(id).status, 'running');
        assert.notEqual(host.view(id).observation, 'fresh');
      }
    });
  });
}

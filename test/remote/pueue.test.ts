import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { eventually } from '../testbed/eventually';
import { type Pueue, startPueue } from '../testbed/pueue';
import { PueueHost, testedVersions } from './pueueSupport';

for (const version of testedVersions) {
  describe(`pueue ${version}`, () => {
    let pueue: Pueue;
    let host: PueueHost;

    before(async () => {
      pueue = await startPueue(version);
    });
    after(() => pueue.stop());
    beforeEach(async () => {
      host = new PueueHost(pueue);
      await host.open();
    });
    afterEach(() => host.dispose());

    it('starts a task that is submitted, and tells its number and group', async () => {
      const { id, status, handle } = await host.submit();
      assert.equal(status, 'pending');
      assert.match(handle ?? '', /^\d+$/);
      const running = await host.untilItRuns(id);
      assert.ok(running.startedAt);
      assert.equal(running.scheduler?.jobId, handle);
      assert.equal(running.scheduler?.state, 'Running');
      assert.equal(await host.statuses(id), 'submitting, pending, running');
      assert.equal(host.executions(id), 1);
    });

    it('tells what its processes use, while somebody watches', async () => {
      const { engine, clock } = host.rig;
      const { id } = await host.submit('while :; do :; done');
      await host.untilItRuns(id);
      engine.setVisible('tree', true);
      const used = await eventually('its share', async () => {
        await clock.advance(2_000);
        return engine.get(id)?.resources;
      });
      assert.ok(used.cpuPercent > 0 && used.memoryMb >= 0);
    });

    it('tells the exit code of what ends, whatever it is', async () => {
      const [good, bad] = await Promise.all([host.submit('exit 0'), host.submit('echo oh; exit 3')]);
      assert.equal((await host.untilStatus(good.id, 'completed')).exitCode, 0);
      const failed = await host.untilStatus(bad.id, 'failed');
      assert.deepEqual([failed.exitCode, failed.error], [3, 'exit 3']);
      assert.equal((await host.rig.engine.log(bad.id)).text, 'oh\n');
      await eventually('pueue to say the same', async () => {
        const [task] = await pueue.tasksOf(bad.id);
        return JSON.stringify(task?.status).includes('{"Failed":3}');
      });
    });

    it('runs it in its folder, with its environment, whatever quotes are in the way', async () => {
      mkdirSync(path.join(host.home, "my 'work'"));
      const { id } = await host.submit(
        'pwd; echo "$GREETING"; echo "$REMOTE_OPS_ID"; echo "${NO_COLOR-unset}"',
        {
          cwd: "~/my 'work'",
          env: { GREETING: "it's me" },
        },
      );
      await host.untilStatus(id, 'completed');
      const { text } = await host.rig.engine.log(id);
      assert.equal(text, `${host.home}/my 'work'\nit's me\n${id}\nunset\n`);
    });

    it('leads its process group, so that pueue can end and suspend all of it', async () => {
      const { id } = await host.submit();
      const { pid } = await host.until(id, 'identified', (view) => view.pid !== undefined);
      assert.equal(
        execFileSync('ps', ['-o', 'pgid=', '-p', String(pid)], { encoding: 'utf8' }).trim(),
        String(pid),
      );
    });

    it('tells why a task waits: its group has no free slot, or is paused', async () => {
      const first = await host.submit('exec sleep 600', { pueue: { group: 'narrow' } });
      await host.untilItRuns(first.id);
      const { id } = await host.submit('exec sleep 600', { pueue: { group: 'narrow' } });
      const waits = await host.until(id, 'pending with its reason', ({ scheduler }) => !!scheduler?.reason);
      assert.equal(waits.status, 'pending');
      assert.deepEqual(
        [waits.scheduler?.group, waits.scheduler?.reason],
        ['narrow', 'a free slot of the group "narrow"'],
      );
      await pueue.run('pause', '--wait', '--group', 'narrow');
      await host.until(
        id,
        'told of the pause',
        ({ scheduler }) => scheduler?.reason === 'the group "narrow" is paused',
      );
      await host.rig.engine.kill(first.id);
      await host.look();
      assert.equal(host.executions(id), 0);
      await pueue.run('start', '--group', 'narrow');
      await host.untilItRuns(id);
    });

    it('starts those of higher priority first', async () => {
      await pueue.run('pause', '--group', 'narrow');
      const low = await host.submit('exec sleep 600', { pueue: { group: 'narrow', priority: -1 } });
      const high = await host.submit('exec sleep 600', { pueue: { group: 'narrow', priority: 7 } });
      await pueue.run('start', '--group', 'narrow');
      await host.untilItRuns(high.id);
      assert.equal(host.view(low.id).status, 'pending');
    });

    it('refuses a group that does not exist: failed, with the groups that do, and nothing runs', async () => {
      const view = await host.submit('true', { pueue: { group: 'nowhere' } });
      assert.equal(view.status, 'failed');
      assert.match(view.error ?? '', /^pueue on host here refused it: .*nowhere.*"default", "narrow"/);
      assert.deepEqual(await pueue.tasks(), []);
    });

    it('tells its groups', async () => {
      await pueue.run('pause', '--group', 'narrow');
      await eventually('the pause', async () => (await pueue.run('group')).includes('paused'));
      const choices = await host.rig.engine.launchChoices('here');
      assert.ok(choices.launchers.includes('pueue'));
      assert.deepEqual(choices.groups, [
        { name: 'default', parallel: 4, isPaused: false },
        { name: 'narrow', parallel: 1, isPaused: true },
      ]);
    });

    it('ends a running task on the user’s word, which pueue knows of', async () => {
      const { id } = await host.submit();
      await host.untilItRuns(id);
      assert.equal((await host.rig.engine.kill(id)).status, 'cancelled');
      assert.equal(await host.statuses(id), 'submitting, pending, running, stopping, cancelled');
      assert.ok(host.calls('kill') > 0);
    });

    it('ends a task that ignores TERM after the grace time', async () => {
      const { id } = await host.submit(`trap '' TERM; while :; do sleep 0.2; done`);
      await host.untilItRuns(id);
      assert.equal((await host.rig.engine.kill(id, { graceSeconds: 1 })).status, 'cancelled');
      const [task] = await pueue.tasksOf(id);
      assert.match(JSON.stringify(task?.status), /Killed/);
    });

    it('takes a waiting task out of the queue on the user’s word, and it never runs', async () => {
      await pueue.run('pause', '--group', 'narrow');
      const { id } = await host.submit('exec sleep 600', { pueue: { group: 'narrow' } });
      assert.equal((await host.rig.engine.kill(id)).status, 'cancelled');
      assert.deepEqual(await pueue.tasksOf(id), []);
      await pueue.run('start', '--group', 'narrow');
      assert.equal(host.executions(id), 0);
    });

    it('task killed there by somebody else: stopped', async () => {
      const { id, handle = '' } = await host.submit();
      await host.untilItRuns(id);
      await pueue.run('kill', handle);
      const view = await host.untilStatus(id, 'stopped');
      assert.match(view.error ?? '', /killed in pueue/);
    });

    it('waiting task removed there by somebody else: stopped, once that was seen twice', async () => {
      await pueue.run('pause', '--group', 'narrow');
      const { id, handle = '' } = await host.submit('true', { pueue: { group: 'narrow' } });
      await pueue.run('remove', handle);
      await host.look();
      assert.deepEqual([host.view(id).status, host.view(id).observation], ['pending', 'ambiguous']);
      await host.lookTwice();
      const view = host.view(id);
      assert.deepEqual([view.status, view.error], ['stopped', 'removed from pueue before it began']);
      assert.equal(host.executions(id), 0);
    });

    it('suspends a running task and lets it go on, which pueue knows of', async () => {
      const { id } = await host.submit();
      await host.untilItRuns(id);
      assert.equal((await host.rig.engine.pause(id)).status, 'paused');
      assert.match(JSON.stringify(await pueue.tasksOf(id)), /"Paused"/);
      await host.look();
      assert.equal(host.view(id).status, 'paused');
      assert.equal((await host.rig.engine.pause(id)).status, 'paused');
      assert.equal((await host.rig.engine.resume(id)).status, 'running');
      assert.match(JSON.stringify(await pueue.tasksOf(id)), /"Running"/);
      assert.equal(await host.statuses(id), 'submitting, pending, running, paused, running');
    });

    it('shows as paused what somebody else suspended in pueue', async () => {
      const { id, handle = '' } = await host.submit();
      await host.untilItRuns(id);
      await pueue.run('pause', handle);
      await host.untilStatus(id, 'paused');
      await pueue.run('start', handle);
      await host.untilStatus(id, 'running');
    });

    it('holds a waiting task and releases it', async () => {
      await pueue.run('pause', '--group', 'narrow');
      const { id } = await host.submit('exec sleep 600', { pueue: { group: 'narrow' } });
      assert.equal((await host.rig.engine.pause(id)).status, 'pending');
      await host.until(id, 'stashed', ({ scheduler }) => scheduler?.reason === 'stashed');
      await pueue.run('start', '--group', 'narrow');
      await host.look();
      assert.equal(host.view(id).status, 'pending');
      await host.rig.engine.resume(id);
      await host.untilItRuns(id);
    });

    it('a suspended task dies of a kill', async () => {
      const { id } = await host.submit();
      await host.untilItRuns(id);
      await host.rig.engine.pause(id);
      assert.equal((await host.rig.engine.kill(id)).status, 'cancelled');
    });

    it('what cannot be paused says so: it has ended', async () => {
      const { id } = await host.submit('while [ ! -e "$REMOTE_OPS_DIR/go" ]; do sleep 0.1; done');
      await host.untilItRuns(id);
      host.write(id, 'go');
      await eventually('its end', () => existsSync(host.here.host.file({ id }, 'exit_code')));
      await assert.rejects(host.rig.engine.pause(id), /has already ended/);
    });

    it('is found by its run directory after the list was lost: what waits, and what runs', async () => {
      const first = await host.submit('exec sleep 600', { pueue: { group: 'narrow' } });
      await host.untilItRuns(first.id);
      const second = await host.submit('exec sleep 600', { pueue: { group: 'narrow' } });
      await host.loseDatabase();
      const { runs } = await host.rig.engine.findRuns({ hostId: 'here' });
      assert.deepEqual(new Set(runs.map(({ id }) => id)), new Set([first.id, second.id]));
      await host.rig.engine.importRuns('here', [first.id, second.id]);
      assert.equal((await host.untilStatus(first.id, 'running')).launcher, 'pueue');
      await host.untilStatus(second.id, 'pending');
      assert.equal((await host.rig.engine.kill(second.id)).status, 'cancelled');
      assert.equal(host.executions(first.id), 1);
    });

    it('no environment of any task leaves the host', async () => {
      await host.submit('exec sleep 600', { pueue: { group: 'narrow' } });
      const waiting = await host.submit('exec sleep 600', { pueue: { group: 'narrow' } });
      const [task] = await pueue.tasksOf(waiting.id);
      assert.ok(task?.envs['A_SECRET']?.startsWith('hush'), 'pueue keeps it');
      host.here.machine.keepOutput();
      await host.look();
      assert.ok(host.here.machine.count('queue') > 0);
      assert.ok(host.here.machine.output.includes(`remote-ops-${waiting.id}`));
      assert.ok(!host.here.machine.output.includes('hush'));
    });

    it('is not asked about what the run directories tell: a look costs one round trip, or two', async () => {
      const first = await host.submit('exec sleep 600', { pueue: { group: 'narrow' } });
      await host.untilItRuns(first.id);
      host.forgetCalls();
      assert.equal((await host.rig.engine.sync()).hosts[0]?.roundTrips, 1);
      assert.equal(host.calls('status'), 0);
      await Promise.all(Array.from({ length: 5 }, () => host.submit('true', { pueue: { group: 'narrow' } })));
      await host.look();
      host.forgetCalls();
      assert.equal((await host.rig.engine.sync()).hosts[0]?.roundTrips, 2);
      assert.equal(host.calls('status'), 1);
    });
  });
}

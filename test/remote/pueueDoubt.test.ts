import assert from 'node:assert/strict';
import { eventually } from '../testbed/eventually';
import { type Pueue, startPueue } from '../testbed/pueue';
import type { Fault } from './engineSupport';
import { PueueHost, testedVersions } from './pueueSupport';

const isDone = (status: unknown): boolean => JSON.stringify(status).includes('"Done"');

for (const version of testedVersions) {
  describe(`pueue ${version}, in doubt`, () => {
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

    const ranOnce = async (id: string) => {
      await host.untilItRuns(id);
      assert.equal(host.executions(id), 1);
      assert.equal((await pueue.tasksOf(id)).length, 1);
    };
    const withoutDaemon = async (act: () => Promise<void>) => {
      await pueue.killDaemon();
      await act().finally(() => pueue.startDaemon());
    };

    const afterSending: Fault[] = ['lost-after', 'cut'];
    for (const fault of afterSending) {
      it(`answer of a submission ${fault}: unconfirmed, found by its label, executed once`, async () => {
        host.here.machine.break(fault, 'submit');
        const { id, status } = await host.submit();
        assert.equal(status, 'unconfirmed');
        await ranOnce(id);
        assert.match(await host.statuses(id), /^submitting, unconfirmed, (pending, )?running$/);
        assert.equal(host.calls('add'), 1);
      });
    }

    it('submission that was not executed: submitted again with the same label', async () => {
      host.here.machine.break('lost-before', 'submit');
      const { id, status } = await host.submit();
      assert.equal(status, 'unconfirmed');
      host.here.machine.break(undefined);
      await ranOnce(id);
      assert.equal(host.calls('add'), 1);
    });

    it('submission lost again and again: one task', async () => {
      host.here.machine.break('lost-after', 'submit');
      host.here.machine.break('lost-after', 'queue');
      host.here.machine.break('lost-after', 'probe');
      const { id } = await host.submit();
      await host.look();
      await host.look();
      host.here.machine.break(undefined);
      await ranOnce(id);
      assert.equal(host.calls('add'), 1);
    });

    it('client that loses the answer of "add": found by its label, not added again', async () => {
      host.wrap('case "$*" in *--label*) "$pueue" "$@" >/dev/null; exit 1 ;; esac; exec "$pueue" "$@"');
      const { id, status } = await host.submit();
      assert.equal(status, 'pending');
      await ranOnce(id);
    });

    it('daemon that hangs during a submission: nothing was sent, nothing runs later', async () => {
      host.wrap('exec timeout 1 "$pueue" "$@"');
      pueue.suspendDaemon();
      const view = await host.submit().finally(() => pueue.resumeDaemon());
      assert.equal(view.status, 'failed');
      assert.match(view.error ?? '', /pueue does not answer/);
      await host.look();
      assert.equal(host.executions(view.id), 0);
    });

    it('label that is taken twice: two tasks, executed once', async () => {
      host.wrap('case "$*" in *--label*) "$pueue" "$@" >/dev/null ;; esac; exec "$pueue" "$@"');
      const { id } = await host.submit();
      await host.untilItRuns(id);
      await eventually('both tasks to have begun', async () => {
        const tasks = await pueue.tasksOf(id);
        return tasks.length === 2 && tasks.some(({ status }) => JSON.stringify(status).includes('Success'));
      });
      await host.look();
      assert.deepEqual([host.view(id).status, host.executions(id)], ['running', 1]);
      assert.equal((await host.rig.engine.kill(id)).status, 'cancelled');
      assert.equal(host.executions(id), 1);
    });

    it('task restarted in pueue by somebody: not executed again', async () => {
      const { id } = await host.submit('exit 3');
      await host.untilStatus(id, 'failed');
      const hasEnded = async () => (await pueue.tasksOf(id)).every(({ status }) => isDone(status));
      await eventually('pueue to see the end', hasEnded);
      const [task] = await pueue.tasksOf(id);
      await pueue.run('restart', '-k', String(task?.id));
      await eventually('the end of the second', async () => {
        return (await pueue.tasksOf(id)).length === 2 && (await hasEnded());
      });
      assert.equal(host.executions(id), 1);
    });

    it('engine that went between intent and submission: submitted once by the next', async () => {
      host.here.machine.break('lost-before', 'submit');
      const { id } = await host.submit();
      host.here.machine.break(undefined);
      await host.reopen();
      await ranOnce(id);
      assert.equal(host.calls('add'), 1);
    });

    it('engine that went after the submission: found by the next', async () => {
      host.here.machine.break('lost-after', 'submit');
      const { id } = await host.submit();
      host.here.machine.break(undefined);
      await host.reopen();
      await ranOnce(id);
      assert.equal(host.calls('add'), 1);
    });

    it('no daemon: failed, with what to do, and nothing runs when there is one again', async () => {
      await withoutDaemon(async () => {
        const view = await host.submit();
        assert.equal(view.status, 'failed');
        assert.match(view.error ?? '', /daemon is not running on host here. Start it there with "pueued -d"/);
        assert.ok(!(await host.rig.engine.launchChoices('here')).launchers.includes('pueue'));
      });
      assert.deepEqual(await pueue.tasks(), []);
    });

    it('no daemon to find a lost submission by: unconfirmed until there is one, executed once', async () => {
      await pueue.run('pause', '--group', 'narrow');
      host.here.machine.break('lost-after', 'submit');
      const { id } = await host.submit('exec sleep 600', { pueue: { group: 'narrow' } });
      host.here.machine.break(undefined);
      await withoutDaemon(async () => {
        await host.lookTwice();
        const view = host.view(id);
        assert.equal(view.status, 'unconfirmed');
        assert.match(view.observationReason ?? '', /daemon is not running/);
      });
      await pueue.run('start', '--group', 'narrow');
      await ranOnce(id);
      assert.equal(host.calls('add'), 1);
    });

    it('daemon that is gone: what waits is not seen, never absent; it starts when there is one again', async () => {
      await pueue.run('pause', '--group', 'narrow');
      const { id } = await host.submit('exec sleep 600', { pueue: { group: 'narrow' } });
      await withoutDaemon(async () => {
        await host.lookTwice();
        await host.lookTwice();
        const view = host.view(id);
        assert.deepEqual([view.status, view.observation], ['pending', 'stale']);
        assert.equal(
          view.observationReason,
          'the pueue daemon is not running on host here: start it there with "pueued -d"',
        );
      });
      await pueue.run('start', '--group', 'narrow');
      await ranOnce(id);
      assert.equal(host.view(id).observation, 'fresh');
    });

    it('daemon killed with what it runs alive: running, whatever the next one calls it, and its exit code counts', async () => {
      const { id } = await host.submit('while [ ! -e "$REMOTE_OPS_DIR/go" ]; do sleep 0.1; done; exit 3');
      await host.untilItRuns(id);
      await withoutDaemon(async () => {
        await host.lookTwice();
        assert.deepEqual([host.view(id).status, host.view(id).observation], ['running', 'fresh']);
      });
      const [task] = await pueue.tasksOf(id);
      assert.match(JSON.stringify(task?.status), /Killed/);
      await host.lookTwice();
      assert.deepEqual([host.view(id).status, host.view(id).observation], ['running', 'fresh']);
      host.write(id, 'go');
      assert.equal((await host.untilStatus(id, 'failed')).exitCode, 3);
      assert.equal(host.executions(id), 1);
    });

    it('what a killed daemon left is suspended and goes on, as a process, whether there is a daemon or not', async () => {
      const { id } = await host.submit();
      await host.until(id, 'identified', ({ pid }) => pid !== undefined);
      await withoutDaemon(async () => {
        assert.equal((await host.rig.engine.pause(id)).status, 'paused');
      });
      assert.equal((await host.rig.engine.resume(id)).status, 'running');
      await host.look();
      assert.equal(host.view(id).status, 'running');
    });

    it('daemon that is gone: what waits cannot be held, which says what to do', async () => {
      await pueue.run('pause', '--group', 'narrow');
      const { id } = await host.submit('exec sleep 600', { pueue: { group: 'narrow' } });
      await withoutDaemon(async () => {
        await assert.rejects(
          host.rig.engine.pause(id),
          /is not paused on host here\. The pueue daemon is not running .*"pueued -d"\./,
        );
      });
    });

    it('kill of what a killed daemon left: dead, whether there is a daemon again or not', async () => {
      const [first, second] = await Promise.all([host.submit(), host.submit()]);
      await Promise.all([first, second].map(({ id }) => host.untilItRuns(id)));
      await withoutDaemon(async () => {
        assert.equal((await host.rig.engine.kill(first.id)).status, 'cancelled');
      });
      assert.equal((await host.rig.engine.kill(second.id)).status, 'cancelled');
    });

    it('kill of what waits while there is no daemon: it never runs', async () => {
      await pueue.run('pause', '--group', 'narrow');
      const { id } = await host.submit('exec sleep 600', { pueue: { group: 'narrow' } });
      await withoutDaemon(async () => {
        assert.equal((await host.rig.engine.kill(id)).status, 'cancelled');
      });
      await pueue.run('start', '--group', 'narrow');
      await eventually('pueue to be through with it', async () => {
        const [task] = await pueue.tasksOf(id);
        return isDone(task?.status);
      });
      assert.equal(host.executions(id), 0);
    });

    it('numbers that are given out again: the label says whose a task is', async () => {
      const { id, handle = '' } = await host.submit('exit 0');
      await host.untilStatus(id, 'completed');
      const other = await host.submit();
      await host.untilItRuns(other.id);
      await host.rig.engine.kill(other.id);
      await eventually('an empty queue', async () => {
        await pueue.run('clean');
        return (await pueue.tasks()).length === 0;
      });
      const mine = await host.submit();
      await host.untilItRuns(mine.id);
      await pueue.run('add', '--label', 'theirs', 'sleep 600');
      const numbers = (await pueue.tasks()).map((task) => String(task.id));
      assert.ok(numbers.includes(handle), `${handle} among ${numbers.join(', ')}`);
      assert.equal((await host.rig.engine.kill(mine.id)).status, 'cancelled');
      assert.equal(host.view(id).status, 'completed');
      const theirs = (await pueue.tasks()).find(({ label }) => label === 'theirs');
      assert.match(JSON.stringify(theirs?.status), /Running/);
    });

    it('task that was cleaned away after its end: its exit code is there all the same', async () => {
      const { id } = await host.submit('exit 3');
      await eventually('the end', async () => {
        const [task] = await pueue.tasksOf(id);
        return JSON.stringify(task?.status).includes('Failed');
      });
      await pueue.run('clean');
      assert.equal((await host.untilStatus(id, 'failed')).exitCode, 3);
    });

    it('kill whose answer is lost: stopping, and cancelled once its end is seen', async () => {
      const { id } = await host.submit();
      await host.untilItRuns(id);
      host.here.machine.break('lost-after', 'cancel');
      await assert.rejects(host.rig.engine.kill(id));
      host.here.machine.break(undefined);
      await eventually('the end', async () => {
        await host.lookTwice();
        return host.view(id).status === 'cancelled';
      });
    });

    it('an answer that is not understood says nothing about anything', async () => {
      await pueue.run('pause', '--group', 'narrow');
      const { id } = await host.submit('exec sleep 600', { pueue: { group: 'narrow' } });
      const answers = [
        // Cut short, of another shape, and with tasks that lack what tells whose they are.
        '"$pueue" "$@" | head -c 300',
        `echo '{"jobs":{},"groups":{}}'`,
        `echo '{"tasks":{"0":{"number":0,"name":"x"}},"groups":{}}'`,
        `echo '{"tasks":{"0":{"id":0,"label":null}},"groups":{}}'`,
        'kill -9 $$',
        'exit 0',
      ];
      for (const answer of answers) {
        host.wrap(`case "$*" in *--json*) ${answer}; exit ;; esac; exec "$pueue" "$@"`);
        await host.lookTwice();
        const view = host.view(id);
        assert.equal(view.status, 'pending', answer);
        assert.notEqual(view.observation, 'fresh', answer);
      }
      host.wrap();
      await host.look();
      assert.deepEqual([host.view(id).status, host.view(id).observation], ['pending', 'fresh']);
    });

    it('a state that is not known is active, and is logged', async () => {
      await pueue.run('pause', '--group', 'narrow');
      const { id } = await host.submit('exec sleep 600', { pueue: { group: 'narrow' } });
      host.wrap(
        'case "$*" in *--json*) "$pueue" "$@" | sed s/Queued/Pondering/g; exit ;; esac; exec "$pueue" "$@"',
      );
      await host.lookTwice();
      assert.deepEqual([host.view(id).status, host.view(id).scheduler?.state], ['pending', 'Pondering']);
      assert.ok(host.rig.logged.some((line) => line.includes('Pondering, which is not known here')));
    });
  });
}

import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { eventually } from '../testbed/eventually';
import { type Pueue, startPueue } from '../testbed/pueue';
import { PueueHost, testedVersions } from './pueueSupport';

for (const version of testedVersions) {
  describe(`two daemons of pueue ${version}`, () => {
    let first: Pueue;
    let second: Pueue;
    let host: PueueHost;

    before(async () => {
      [first, second] = await Promise.all([startPueue(version), startPueue(version)]);
    });
    after(() => Promise.all([first.stop(), second.stop()]));
    beforeEach(async () => {
      host = new PueueHost(first, false);
      host.use(first);
      await host.open();
    });
    afterEach(async () => {
      await second.clear();
      await host.dispose();
    });

    /** Of a task that waits in the first one. */
    const waiting = async (): Promise<string> => {
      await first.run('pause', '--group', 'narrow');
      const { id, status } = await host.submit('exec sleep 600', { pueue: { group: 'narrow' } });
      assert.equal(status, 'pending');
      return id;
    };
    const lookOften = async () => {
      for (let look = 0; look < 4; look++) {
        await host.lookTwice();
      }
    };
    const stateOf = (id: string) => [host.view(id).status, host.view(id).observation];

    it('what waits in one is not gone because the other one knows nothing of it', async () => {
      const id = await waiting();
      host.use(second);
      await lookOften();
      assert.deepEqual(stateOf(id), ['pending', 'ambiguous']);
      assert.equal(
        host.view(id).observationReason,
        'another pueue daemon than the one that it was handed to answers on host here: start that one again, or kill it here, and it will not run',
      );
      host.use(first);
      await host.look();
      assert.deepEqual(stateOf(id), ['pending', 'fresh']);
      await first.run('start', '--group', 'narrow');
      await host.untilItRuns(id);
      host.use(second);
      await lookOften();
      assert.deepEqual(stateOf(id), ['running', 'fresh']);
      assert.equal(host.executions(id), 1);
    });

    it('a daemon that was started anew is the same: what was removed from it is gone', async () => {
      const id = await waiting();
      await first.killDaemon();
      await first.startDaemon();
      await host.look();
      assert.deepEqual(stateOf(id), ['pending', 'fresh']);
      await first.run('remove', host.view(id).handle ?? '');
      await host.lookTwice();
      assert.deepEqual(
        [host.view(id).status, host.view(id).error],
        ['stopped', 'removed from pueue before it began'],
      );
    });

    it('a kill through the other one ends what waits: it never runs', async () => {
      const id = await waiting();
      host.use(second);
      assert.equal((await host.rig.engine.kill(id)).status, 'cancelled');
      await first.run('start', '--group', 'narrow');
      await eventually('the first one to be through with it', async () =>
        JSON.stringify(await first.tasksOf(id)).includes('"Done"'),
      );
      assert.equal(host.executions(id), 0);
    });

    it('a submission without an answer is not repeated to another one', async () => {
      await first.run('pause', '--group', 'narrow');
      host.here.machine.break('lost-after', 'submit');
      const { id, status } = await host.submit('exec sleep 600', { pueue: { group: 'narrow' } });
      host.here.machine.break(undefined);
      assert.equal(status, 'unconfirmed');
      host.use(second);
      await lookOften();
      assert.deepEqual(stateOf(id), ['unconfirmed', 'ambiguous']);
      assert.deepEqual(await second.tasks(), []);
      host.use(first);
      await host.untilStatus(id, 'pending');
      assert.equal(host.calls('add'), 1);
    });

    it('one that cannot be told from another proves no absence', async () => {
      const id = await waiting();
      // As an earlier version left it.
      rmSync(path.join(host.here.host.runFolder({ id }), 'pueue/daemon'));
      await host.look();
      assert.deepEqual(stateOf(id), ['pending', 'fresh']);
      await first.run('remove', host.view(id).handle ?? '');
      await lookOften();
      assert.deepEqual(stateOf(id), ['pending', 'ambiguous']);
      assert.match(host.view(id).observationReason ?? '', /cannot be told: .* kill it here as well$/);
      assert.equal((await host.rig.engine.kill(id)).status, 'cancelled');
    });

    it('the secret by which they are told apart stays in its file', async () => {
      host.here.machine.keepOutput();
      const id = await waiting();
      const secret = readFileSync(path.join(first.folder, 'data/shared_secret'), 'utf8');
      assert.ok(secret.length >= 100);
      const name = host.daemonOf(id);
      assert.match(name, /^\d+-\d+$/);
      await host.look();
      assert.ok(host.here.machine.output.includes(name));
      assert.ok(!host.here.machine.output.includes(secret.slice(0, 12)));
    });

    it('tasks of others in one are not gone because the other one has none', async () => {
      await host.rig.engine.launchChoices('here');
      await first.run('add', '--label', 'theirs', 'sleep 600');
      const found = () => host.rig.engine.operations().find(({ name }) => name === 'theirs');
      await eventually('theirs', async () => {
        await host.lookAtAll();
        return found()?.status === 'running';
      });
      host.use(second);
      for (let minute = 0; minute < 10; minute++) {
        await host.lookAtAll();
      }
      assert.deepEqual([found()?.status, found()?.observation], ['running', 'ambiguous']);
      host.use(first);
      await host.lookAtAll();
      assert.deepEqual([found()?.status, found()?.observation], ['running', 'fresh']);
    });
  });
}

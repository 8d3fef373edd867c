import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { OperationView } from '../../src/operations/operationView';
import { eventually } from '../testbed/eventually';
import { type Pueue, startPueue } from '../testbed/pueue';
import { PueueHost, testedVersions } from './pueueSupport';

const minuteMs = 60_000;

for (const version of testedVersions) {
  describe(`tasks of pueue ${version} that were not added by us`, () => {
    let pueue: Pueue;
    let host: PueueHost;

    before(async () => {
      pueue = await startPueue(version);
    });
    after(() => pueue.stop());
    beforeEach(async () => {
      host = new PueueHost(pueue);
      await host.open();
      // As New Operation does: from then on it is known that there is a pueue.
      await host.rig.engine.launchChoices('here');
    });
    afterEach(() => host.dispose());

    const add = (label: string, command = 'sleep 600', ...options: string[]) =>
      pueue.run('add', '--print-task-id', ...(label ? ['--label', label] : []), ...options, '--', command);
    const foundOnes = () => host.rig.engine.operations().filter(({ origin }) => origin === 'found');
    const untilFound = (name: string, what: string, isSo: (view: OperationView) => boolean = () => true) =>
      eventually(`${name} to be ${what}`, async () => {
        await host.lookAtAll();
        return foundOnes().find((view) => view.name === name && isSo(view));
      });
    const untilIts = (name: string, wanted: OperationView['status']) =>
      untilFound(name, wanted, ({ status }) => status === wanted);
    const gate = () => path.join(host.home, 'go');
    const onceOpen = (then: string) => `while [ ! -e '${gate()}' ]; do sleep 0.1; done; ${then}`;

    it('are listed with their state, and how they end is seen', async () => {
      const good = await add('good', onceOpen('exit 0'));
      await add('ein "Name"', onceOpen('exit 3'));
      const running = await untilIts('good', 'running');
      assert.deepEqual([running.handle, running.launcher, running.hostId], [good, 'pueue', 'here']);
      assert.deepEqual([running.scheduler?.state, running.scheduler?.group], ['Running', 'default']);
      assert.ok(running.startedAt);
      await untilIts('ein "Name"', 'running');
      writeFileSync(gate(), '');
      assert.equal((await untilIts('good', 'completed')).exitCode, 0);
      const failed = await untilIts('ein "Name"', 'failed');
      assert.deepEqual([failed.exitCode, failed.error], [3, 'exit 3']);
      // What has ended is shown for an hour.
      await host.rig.clock.advance(61 * minuteMs);
      await host.look();
      assert.deepEqual(foundOnes(), []);
    });

    it('are called by how their command begins where they have no label, and no environment leaves the host', async () => {
      host.here.machine.keepOutput();
      await add('', 'TOKEN=abc sleep 600');
      await pueue.run('add', '--', 'cat "$A_SECRET" --password=hush');
      await untilIts('sleep 600', 'running');
      const seen = host.here.machine.output;
      assert.match(seen, /^other \d+ Running /m);
      assert.ok(!seen.includes('TOKEN') && !seen.includes('hush') && !seen.includes('"envs"'));
    });

    it('tell why they wait', async () => {
      await pueue.run('pause', '--group', 'narrow');
      await add('held', 'true', '--group', 'narrow');
      await add('stashed', 'true', '--stashed');
      assert.equal((await untilIts('held', 'pending')).scheduler?.reason, 'the group "narrow" is paused');
      assert.equal((await untilIts('stashed', 'pending')).scheduler?.reason, 'stashed');
    });

    it('suspended there: paused; killed there: stopped', async () => {
      const number = await add('theirs');
      await untilIts('theirs', 'running');
      await pueue.run('pause', number);
      await untilIts('theirs', 'paused');
      await pueue.run('kill', number);
      assert.match((await untilIts('theirs', 'stopped')).error ?? '', /killed in pueue/);
    });

    it('stashed, put back and restarted in place are one row, that tells what it is now', async () => {
      const number = await add('theirs', 'exit 3', '--stashed');
      const { id } = await untilIts('theirs', 'pending');
      await pueue.run('enqueue', number);
      await untilIts('theirs', 'failed');
      await pueue.run('pause', '--group', 'default');
      await pueue.run('restart', '--in-place', number);
      const again = await untilIts('theirs', 'pending');
      assert.equal(again.id, id);
      assert.deepEqual([again.error, again.exitCode, again.endedAt], [undefined, undefined, undefined]);
      assert.equal(foundOnes().length, 1);
    });

    it('are only looked at: nothing is done to them', async () => {
      const number = await add('theirs');
      const { id } = await untilIts('theirs', 'running');
      const { engine } = host.rig;
      await assert.rejects(engine.kill(id), new RegExp(`submitted elsewhere.*job ${number}`));
      await assert.rejects(engine.pause(id), /submitted elsewhere/);
      await assert.rejects(engine.log(id), /submitted elsewhere/);
      assert.deepEqual(await engine.history(id), []);
      assert.equal(host.calls('kill') + host.calls('pause'), 0);
    });

    it('are not those of our own operations, whether they run, have ended, or were archived', async () => {
      const { id } = await host.submit('exit 0');
      const other = await host.submit();
      await host.untilStatus(id, 'completed');
      await host.untilItRuns(other.id);
      await host.rig.engine.archive(id);
      await add('theirs');
      await untilIts('theirs', 'running');
      assert.deepEqual(
        foundOnes().map(({ name }) => name),
        ['theirs'],
      );
    });

    it('of a number that is given out again are two: the time when they were added tells', async () => {
      const number = await add('first');
      const { id } = await untilIts('first', 'running');
      await pueue.clear();
      // Numbers begin anew.
      const second = await add('second');
      assert.equal(second, number);
      await untilIts('second', 'running');
      assert.deepEqual([host.view(id).status, host.view(id).observation], ['running', 'ambiguous']);
      for (let minutes = 0; minutes < 6; minutes++) {
        await host.lookAtAll();
      }
      assert.equal(host.view(id).status, 'stopped');
      assert.match(host.view(id).error ?? '', /how it ended is not known/);
      assert.equal((await untilFound('second', 'seen')).status, 'running');
    });

    it('cost one call in half a minute while they can be seen, and else none', async () => {
      await add('theirs');
      const { engine, clock } = host.rig;
      host.forgetCalls();
      await clock.advance(10 * minuteMs);
      assert.equal(host.calls('status'), 0);
      engine.setVisible('tree', true);
      await eventually('a look', () => foundOnes().length === 1);
      host.forgetCalls();
      let seconds = 0;
      await eventually('two more', async () => {
        await clock.advance(2_000);
        seconds += 2;
        return host.calls('status') >= 2;
      });
      assert.ok(seconds >= 56, `${seconds} s`);
      engine.setVisible('tree', false);
    });

    it('are told in the same call as ours', async () => {
      await add('theirs');
      await pueue.run('pause', '--group', 'narrow');
      await host.submit('true', { pueue: { group: 'narrow' } });
      await untilIts('theirs', 'running');
      host.forgetCalls();
      await host.rig.clock.advance(6_000);
      assert.equal((await host.rig.engine.sync()).hosts[0]?.roundTrips, 2);
      assert.equal(host.calls('status'), 1);
    });

    it('are not seen while pueue does not answer: nothing is concluded', async () => {
      await add('theirs');
      const { id } = await untilIts('theirs', 'running');
      const answers = ['exit 1', '"$pueue" "$@" | head -c 300', `echo '{"tasks":{},"groups":{'`];
      for (const answer of answers) {
        host.wrap(`case "$*" in *--json*) ${answer}; exit ;; esac; exec "$pueue" "$@"`);
        for (let look = 0; look < 3; look++) {
          await host.rig.clock.advance(6 * minuteMs);
          await host.look();
        }
        assert.deepEqual([host.view(id).status, host.view(id).observation], ['running', 'stale'], answer);
      }
      // One that is not understood may be any of them.
      host.wrap(
        `case "$*" in *--json*) echo '{"tasks":{"0":{"id":0}},"groups":{}}'; exit ;; esac; exec "$pueue" "$@"`,
      );
      for (let look = 0; look < 3; look++) {
        await host.rig.clock.advance(6 * minuteMs);
        await host.look();
      }
      assert.deepEqual([host.view(id).status, host.view(id).observation], ['running', 'ambiguous']);
      host.wrap();
      await untilFound('theirs', 'seen again', ({ observation }) => observation === 'fresh');
    });
  });

  describe(`a host where pueue ${version} is neither used nor offered`, () => {
    it('is not asked what its pueue has', async () => {
      const pueue = await startPueue(version);
      const host = new PueueHost(pueue);
      try {
        await host.open();
        await pueue.run('add', 'sleep 600');
        host.rig.engine.setVisible('tree', true);
        for (let look = 0; look < 3; look++) {
          await host.lookAtAll();
          await host.rig.engine.sync();
        }
        assert.equal(host.calls('status'), 0);
        assert.deepEqual(host.rig.engine.operations(), []);
      } finally {
        await host.dispose();
        await pueue.stop();
      }
    });
  });
}

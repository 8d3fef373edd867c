import assert from 'node:assert/strict';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isRemoteOperationsError } from '../../src/operations/errors';
import { eventually } from '../testbed/eventually';
import type { Rig } from '../unit/engine/engineRig';
import { operationAt } from '../unit/operations/samples';
import { EngineHost, syncUntil } from './engineSupport';
import { groupOf } from './scriptsProcesses';

const counted = {
  hostId: 'here',
  type: 'job',
  name: 'train',
  command: 'echo ran >> "$HOME/count"; exec sleep 600',
} as const;

describe('engine, when answers are lost', () => {
  let here: EngineHost;
  let rig: Rig;

  beforeEach(async () => {
    here = new EngineHost();
    rig = await here.open();
  });
  afterEach(() => here.dispose());

  const statuses = async (id: string) => (await rig.engine.history(id)).map(({ to }) => to);
  const executions = () => {
    const file = path.join(here.host.home, 'count');
    return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').length : 0;
  };
  const ranOnce = async () => {
    await eventually('the command to run', () => executions() > 0);
    assert.equal(executions(), 1);
  };
  const start = async () => {
    const view = await rig.engine.submit(counted);
    return { ...view, pid: view.pid ?? 0 };
  };

  describe('of a launch', () => {
    it('that was executed: unconfirmed, found by its token, running, executed once', async () => {
      here.machine.break('lost-after', 'launch');
      const view = await rig.engine.submit(counted);
      assert.equal(view.status, 'unconfirmed');
      assert.equal((await syncUntil(rig, view.id, 'running')).status, 'running');
      await ranOnce();
      assert.deepEqual(await statuses(view.id), ['submitting', 'unconfirmed', 'running']);
    });

    it('that was executed on a machine that is no longer behind the host: neither repeated nor given up', async () => {
      here.machine.break('lost-after', 'launch');
      here.machine.break('unreachable', 'probe');
      const { id } = await rig.engine.submit(counted);
      await ranOnce();
      // Another node with another home directory answers.
      const home = path.join(here.host.home, '.remote-ops');
      renameSync(home, `${home}.elsewhere`);
      here.machine.break(undefined);
      await rig.engine.sync();
      const seen = rig.engine.get(id);
      assert.deepEqual([seen?.status, seen?.observation], ['unconfirmed', 'ambiguous']);
      await assert.rejects(rig.engine.kill(id));
      assert.equal(rig.engine.get(id)?.status, 'stopping');
      assert.equal(executions(), 1);
      renameSync(`${home}.elsewhere`, home);
      await syncUntil(rig, id, 'cancelled');
      assert.equal(executions(), 1);
    });

    it('rule 3: that was not executed: launched again with the same token, executed once', async () => {
      here.machine.break('lost-before', 'launch');
      const view = await rig.engine.submit(counted);
      assert.equal(view.status, 'unconfirmed');
      here.machine.break(undefined);
      await syncUntil(rig, view.id, 'running');
      await ranOnce();
      assert.equal(rig.engine.operations().length, 1);
    });

    it('that came cut short: unconfirmed, not failed', async () => {
      here.machine.break('cut', 'launch');
      const view = await rig.engine.submit(counted);
      assert.equal(view.status, 'unconfirmed');
      await syncUntil(rig, view.id, 'running');
      await ranOnce();
    });

    it('lost again and again: still executed once', async () => {
      here.machine.break('lost-after', 'launch');
      const { id } = await rig.engine.submit(counted);
      const operation = rig.store.get(id);
      assert.ok(operation);
      for (let again = 0; again < 3; again++) {
        await assert.rejects(here.host.launcher.launch(here.machine, 'host here', operation));
      }
      await syncUntil(rig, id, 'running');
      await ranOnce();
    });

    it('for which no connection could be made: failed, nothing was started', async () => {
      here.machine.break('unreachable');
      const view = await rig.engine.submit(counted);
      assert.equal(view.status, 'failed');
      assert.match(view.error ?? '', /^Nothing was started\. .*refused the connection/);
      here.machine.break(undefined);
      await rig.engine.sync();
      assert.equal(executions(), 0);
      assert.equal(rig.engine.get(view.id)?.status, 'failed');
    });

    it('for which the connection was lost before anything was sent: failed as well', async () => {
      here.machine.break('lost-before', 'identify');
      const view = await rig.engine.submit(counted);
      assert.equal(view.status, 'failed');
      assert.equal(here.machine.count('launch'), 0);
    });
  });

  describe('kill', () => {
    it('ends it and says cancelled once its processes are gone', async () => {
      const { id, pid } = await start();
      const view = await rig.engine.kill(id);
      assert.equal(view.status, 'cancelled');
      assert.deepEqual(groupOf(pid), []);
      assert.deepEqual(await statuses(id), ['submitting', 'running', 'stopping', 'cancelled']);
    });

    it('while the host is away: rejects, stays stopping, and is delivered when it is back', async () => {
      const { id, pid } = await start();
      here.machine.break('unreachable');
      await assert.rejects(
        rig.engine.kill(id),
        (error) =>
          isRemoteOperationsError(error, 'Unreachable') && /delivered as soon as/.test(error.message),
      );
      assert.equal(rig.engine.get(id)?.status, 'stopping');
      assert.ok(groupOf(pid).length > 0);
      here.machine.break(undefined);
      await syncUntil(rig, id, 'cancelled');
      assert.deepEqual(groupOf(pid), []);
    });

    it('whose answer is lost: rejects, and its death is found out', async () => {
      const { id, pid } = await start();
      here.machine.break('lost-after', 'kill');
      await assert.rejects(rig.engine.kill(id), (error) => isRemoteOperationsError(error, 'NoAnswer'));
      assert.deepEqual(groupOf(pid), []);
      here.machine.break(undefined);
      await rig.engine.list();
      await rig.clock.advance(10_000);
      await syncUntil(rig, id, 'cancelled');
    });

    it('of what has just ended by itself: resolves with how it ended', async () => {
      const command = 'while [ ! -e "$HOME/go" ]; do sleep 0.05; done; exit 6';
      const view = await rig.engine.submit({ ...counted, command });
      await rig.engine.list();
      writeFileSync(path.join(here.host.home, 'go'), '');
      await here.host.lookFor({ ...operationAt('running'), id: view.id }, 'exited');
      const killed = await rig.engine.kill(view.id);
      assert.deepEqual([killed.status, killed.exitCode], ['failed', 6]);
    });

    it('of what was never launched: cancelled, and a launch that comes later runs nothing', async () => {
      const sent = await here.host.bound(operationAt('unconfirmed', { spec: counted }));
      await rig.store.insert(sent, 'submitted');
      assert.equal((await rig.engine.kill('op-1')).status, 'cancelled');
      const operation = rig.store.get('op-1');
      assert.ok(operation);
      assert.notEqual((await here.host.launch(operation)).kind, 'launched');
      assert.equal(executions(), 0);
    });

    it('of what was not sent yet needs no host', async () => {
      await rig.store.insert(operationAt('unconfirmed', { spec: counted }), 'submitted');
      here.machine.break('unreachable');
      assert.equal((await rig.engine.kill('op-1')).status, 'cancelled');
    });

    it('an intent that cannot be saved signals nothing', async () => {
      const { id, pid } = await start();
      here.folder.refuseWrites();
      await assert.rejects(rig.engine.kill(id), (error) => isRemoteOperationsError(error, 'NotSaved'));
      here.folder.allowWrites();
      assert.equal(here.machine.count('kill'), 0);
      assert.equal(rig.engine.get(id)?.status, 'running');
      assert.ok(groupOf(pid).length > 0);
    });

    it('of an ended or unknown operation, or with a senseless grace time, is refused', async () => {
      const { id } = await start();
      await rig.engine.kill(id);
      await assert.rejects(rig.engine.kill(id), (error) => isRemoteOperationsError(error, 'NotApplicable'));
      await assert.rejects(rig.engine.kill('x'), (error) =>
        isRemoteOperationsError(error, 'UnknownOperation'),
      );
      for (const graceSeconds of [-1, 601, Number.NaN, Infinity]) {
        await assert.rejects(rig.engine.kill(id, { graceSeconds }), (error) =>
          isRemoteOperationsError(error, 'InvalidInput'),
        );
      }
    });
  });

  describe('a slow answer', () => {
    it('rule 2: that was true before a kill changes nothing after it', async () => {
      const { id } = await start();
      await rig.engine.sync();
      const probes = here.machine.count('probe');
      const release = here.machine.hold('probe');
      const slow = rig.engine.sync();
      await eventually('the probe to be sent', () => here.machine.count('probe') > probes);
      const killed = await rig.engine.kill(id);
      assert.equal(killed.status, 'cancelled');
      release();
      await slow;
      assert.equal(rig.engine.get(id)?.status, 'cancelled');
      assert.deepEqual(await statuses(id), ['submitting', 'running', 'stopping', 'cancelled']);
    });

    it('that comes after the engine has gone disturbs nobody', async () => {
      await start();
      await rig.engine.sync();
      const probes = here.machine.count('probe');
      const release = here.machine.hold('probe');
      const slow = rig.engine.sync();
      await eventually('the probe to be sent', () => here.machine.count('probe') > probes);
      const disposed = rig.engine.dispose();
      release();
      await Promise.all([disposed, slow.catch(() => undefined)]);
    });
  });

  describe('after a restart', () => {
    it('everything is taken up from the disk and looked at', async () => {
      const running = await start();
      const ended = await rig.engine.submit({ ...counted, command: 'exit 2' });
      rig = await here.reopen();
      const [first] = rig.engine.operations().filter(({ id }) => id === running.id);
      assert.deepEqual([first?.status, first?.observation], ['running', 'stale']);
      await rig.engine.start();
      await eventually('both looked at', () => {
        const [one, other] = [rig.engine.get(running.id), rig.engine.get(ended.id)];
        return one?.observation === 'fresh' && other?.status === 'failed';
      });
      assert.equal(rig.engine.get(running.id)?.status, 'running');
    });

    it('a launch that a crashed window left is unconfirmed, and found', async () => {
      const left = await here.host.bound(operationAt('submitting', { id: 'left', spec: counted }));
      await rig.store.insert(left, 'submitted');
      assert.equal((await here.host.launch(left)).kind, 'launched');
      rig = await here.reopen();
      await rig.engine.start();
      await syncUntil(rig, 'left', 'running');
      await ranOnce();
      assert.deepEqual(await statuses('left'), ['submitting', 'unconfirmed', 'running']);
    });

    it('a launch that a crashed window had not sent is sent once', async () => {
      await rig.store.insert(operationAt('submitting', { id: 'left', spec: counted }), 'submitted');
      rig = await here.reopen();
      await rig.engine.start();
      await syncUntil(rig, 'left', 'running');
      await ranOnce();
    });

    it('a kill that was not delivered is delivered', async () => {
      const { id, pid } = await start();
      here.machine.break('unreachable');
      await assert.rejects(rig.engine.kill(id));
      rig = await here.reopen();
      here.machine.break(undefined);
      await rig.engine.start();
      await syncUntil(rig, id, 'cancelled');
      assert.deepEqual(groupOf(pid), []);
    });

    it('on a disk that refuses, everything is looked at all the same', async () => {
      const { id } = await start();
      await rig.store.insert(operationAt('submitting', { id: 'left', spec: counted }), 'submitted');
      rig = await here.reopen();
      here.folder.refuseWrites();
      await rig.engine.start();
      await eventually('a look', () => rig.engine.get(id)?.observation === 'fresh');
      here.folder.allowWrites();
    });
  });
});

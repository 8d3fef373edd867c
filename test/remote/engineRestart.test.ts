import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isRemoteOperationsError, type ErrorCode } from '../../src/operations/errors';
import type { OperationView } from '../../src/operations/operationView';
import type { Rig } from '../unit/engine/engineRig';
import { eventually } from '../testbed/eventually';
import { EngineHost, syncUntil } from './engineSupport';
import { groupOf } from './scriptsProcesses';

describe('starting an operation again', () => {
  let here: EngineHost;
  let rig: Rig;

  beforeEach(async () => {
    here = new EngineHost();
    rig = await here.open();
  });
  afterEach(() => here.dispose());

  const running = async (command = 'exec sleep 600'): Promise<OperationView & { pid: number }> => {
    const view = await rig.engine.submit({
      hostId: 'here',
      type: 'job',
      name: 'train',
      command: `echo ran >> "$HOME/ran"; ${command}`,
      env: { SEED: '7' },
      timeoutSeconds: 900,
    });
    assert.ok(view.pid);
    await eventually('the command to run', () => executions() > 0);
    return { ...view, pid: view.pid };
  };
  const executions = () => {
    const file = path.join(here.host.home, 'ran');
    return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').length : 0;
  };
  const attemptsAfter = (id: string) => rig.store.all().filter(({ retryOf }) => retryOf === id);
  /** A window that finds the wish still there. */
  const afterCrash = async (id: string, restartAs: string) => {
    await rig.engine.dispose();
    const store = await here.folder.open();
    await store.update(id, store.get(id)?.version ?? 0, { restartAs });
    await store.close();
    rig = await here.reopen();
    await rig.engine.start();
  };
  const rejects = (promise: Promise<unknown>, code: ErrorCode, message: RegExp) =>
    assert.rejects(promise, (error) => isRemoteOperationsError(error, code) && message.test(error.message));
  const untilAttemptRuns = (id: string) =>
    eventually('the next attempt', async () => {
      await rig.engine.list();
      const [next] = attemptsAfter(id);
      return next?.status === 'running' && next;
    });

  it('of what runs: kills it first, and starts the same once its death was seen', async () => {
    const first = await running();
    const second = await rig.engine.restart(first.id);
    assert.deepEqual([second.status, second.attempt, second.retryOf], ['running', 2, first.id]);
    assert.equal(rig.engine.get(first.id)?.status, 'cancelled');
    assert.deepEqual(groupOf(first.pid), []);
    assert.notEqual(second.id, first.id);
    assert.deepEqual(await rig.engine.spec(second.id), await rig.engine.spec(first.id));
    assert.deepEqual((await rig.engine.spec(second.id)).env, { SEED: '7' });
    await eventually('both to have run', () => executions() === 2);
    assert.equal(rig.store.get(first.id)?.restartAs, undefined);
  });

  it('of what is paused: it is killed all the same', async () => {
    const first = await running();
    await rig.engine.pause(first.id);
    assert.equal((await rig.engine.restart(first.id)).status, 'running');
    assert.deepEqual(groupOf(first.pid), []);
  });

  it('of what has ended: is one more attempt, numbered on, whichever it is made from', async () => {
    const first = await running('exit 3');
    await syncUntil(rig, first.id, 'failed');
    const second = await rig.engine.restart(first.id);
    await syncUntil(rig, second.id, 'failed');
    await rig.clock.advance(5_000);
    const third = await rig.engine.restart(first.id);
    assert.deepEqual([second.attempt, third.attempt, third.retryOf], [2, 3, first.id]);
    assert.equal(here.machine.count('kill'), 0);
    assert.match((await rig.engine.history(third.id))[0]?.evidence ?? '', /attempt 3/);
  });

  it('asked for twice at once, or again while the next attempt runs: starts it once', async () => {
    const first = await running();
    const [one, other] = await Promise.all([rig.engine.restart(first.id), rig.engine.restart(first.id)]);
    assert.equal(one.id, other.id);
    await rig.clock.advance(5_000);
    assert.equal((await rig.engine.restart(first.id)).id, one.id);
    assert.equal(attemptsAfter(first.id).length, 1);
    await eventually('both to have run', () => executions() === 2);
    assert.equal(here.machine.count('launch'), 2);
  });

  it('by a second click is one, even if the attempt has ended in between', async () => {
    const first = await running('exit 0');
    await syncUntil(rig, first.id, 'completed');
    const second = await rig.engine.restart(first.id);
    await syncUntil(rig, second.id, 'completed');
    assert.equal((await rig.engine.restart(first.id)).id, second.id);
    assert.equal(attemptsAfter(first.id).length, 1);
  });

  it('on a host that is away: rejects, says so, and is done when the end is seen', async () => {
    const first = await running();
    here.machine.break('unreachable');
    await rejects(
      rig.engine.restart(first.id),
      'Unreachable',
      /not confirmed dead.*Then it is started again/,
    );
    assert.deepEqual(
      [rig.engine.get(first.id)?.status, rig.engine.get(first.id)?.restarts],
      ['stopping', true],
    );
    assert.equal(attemptsAfter(first.id).length, 0);
    here.machine.break(undefined);
    await syncUntil(rig, first.id, 'cancelled');
    await untilAttemptRuns(first.id);
    await eventually('both to have run', () => executions() === 2);
  });

  it('is forgotten when it is killed for good', async () => {
    const first = await running();
    here.machine.break('unreachable');
    await assert.rejects(rig.engine.restart(first.id));
    await assert.rejects(rig.engine.kill(first.id));
    here.machine.break(undefined);
    await syncUntil(rig, first.id, 'cancelled');
    await rig.engine.sync();
    assert.deepEqual([attemptsAfter(first.id).length, executions()], [0, 1]);
  });

  it('rule 3: kills nothing while the wish cannot be saved', async () => {
    const first = await running();
    here.folder.refuseWrites();
    await rejects(rig.engine.restart(first.id), 'NotSaved', /Nothing was done/);
    here.folder.allowWrites();
    assert.equal(here.machine.count('kill'), 0);
    assert.ok(groupOf(first.pid).length > 0);
  });

  it('is kept through a crash between the kill and the start, and happens once', async () => {
    const first = await running();
    here.machine.break('lost-after', 'kill');
    await assert.rejects(rig.engine.restart(first.id));
    rig = await here.reopen();
    here.machine.break(undefined);
    await rig.engine.start();
    // It left no exit code: two looks have to agree.
    await rig.engine.list();
    await rig.clock.advance(10_000);
    await syncUntil(rig, first.id, 'cancelled');
    const next = await untilAttemptRuns(first.id);
    rig = await here.reopen();
    await rig.engine.start();
    await rig.engine.sync();
    await eventually('both to have run', () => executions() === 2);
    assert.deepEqual(
      attemptsAfter(first.id).map(({ id }) => id),
      [next.id],
    );
  });

  it('is taken up by the next window where the end was stored, and the new attempt was not', async () => {
    const first = await running();
    await rig.engine.kill(first.id);
    await afterCrash(first.id, 'op-next');
    assert.equal((await untilAttemptRuns(first.id)).id, 'op-next');
    await eventually('the wish to be over', () => rig.store.get(first.id)?.restartAs === undefined);
  });

  it('is not done twice where the new attempt was stored, and the wish not yet taken back', async () => {
    const first = await running();
    const second = await rig.engine.restart(first.id);
    await rig.engine.kill(second.id);
    await afterCrash(first.id, second.id);
    await eventually('the wish to be over', () => rig.store.get(first.id)?.restartAs === undefined);
    await rig.engine.sync();
    assert.deepEqual([attemptsAfter(first.id).length, executions()], [1, 2]);
  });
});

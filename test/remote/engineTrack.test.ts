import assert from 'node:assert/strict';
import { isRemoteOperationsError } from '../../src/operations/errors';
import type { Untracked } from '../../src/operations/untracked';
import { eventually } from '../testbed/eventually';
import type { Rig } from '../unit/engine/engineRig';
import { EngineHost, syncUntil } from './engineSupport';
import { isAlive, signal } from './scriptsProcesses';
import { listening, Strangers, withPid } from './strangers';

describe('tracking what was started elsewhere', () => {
  let here: EngineHost;
  let rig: Rig;
  let strangers: Strangers;

  beforeEach(async () => {
    strangers = new Strangers();
    here = new EngineHost();
    rig = await here.open();
  });
  afterEach(async () => {
    await strangers.dispose();
    await here.dispose();
  });

  const find = (pid: number) =>
    eventually(`${pid} among what is untracked`, async () =>
      withPid(await rig.engine.untracked('here'), pid),
    );
  const server = async (): Promise<Untracked & { pid: number }> => {
    const { pid } = await strangers.serve(listening);
    return { ...(await find(pid)), pid };
  };
  const statuses = async (id: string) => (await rig.engine.history(id)).map(({ to }) => to).join(', ');

  it('shows it as what it is, with its age, and no longer as untracked', async () => {
    const found = await server();
    const view = await rig.engine.track('here', { ...found, name: 'my server' });
    assert.deepEqual(
      [view.name, view.type, view.status, view.port, view.pid, view.adopted],
      ['my server', 'server', 'running', found.ports?.[0], found.pid, 'nowhere'],
    );
    assert.ok(view.startedAt);
    assert.equal(withPid(await rig.engine.untracked('here'), found.pid), undefined);
  });

  it('makes one operation of it, however often and wherever it is tracked', async () => {
    const found = await server();
    const [one, two] = await Promise.all([rig.engine.track('here', found), rig.engine.track('here', found)]);
    const again = await rig.engine.track('here', found);
    assert.deepEqual([two.id, again.id], [one.id, one.id]);
    assert.equal(rig.store.all().length, 1);
    assert.equal(here.machine.count('adopt'), 1);
  });

  it('ends by a kill that has seen its death', async () => {
    const found = await server();
    const { id } = await rig.engine.track('here', found);
    assert.equal((await rig.engine.kill(id)).status, 'cancelled');
    assert.ok(!isAlive(found.pid));
  });

  it('ends as stopped when it ends by itself, with the reason that its exit code cannot be known', async () => {
    const found = await server();
    const { id } = await rig.engine.track('here', found);
    signal(found.pid, 'SIGTERM');
    await eventually('its end', () => !isAlive(found.pid));
    await rig.engine.list();
    assert.equal(rig.engine.get(id)?.status, 'running');
    await rig.clock.advance(11_000);
    const ended = await syncUntil(rig, id, 'stopped');
    assert.match(ended.error ?? '', /exit code cannot be known, as it was started elsewhere/);
    assert.equal(ended.cause, undefined);
  });

  it('goes on after a restart of the engine', async () => {
    const found = await server();
    const { id } = await rig.engine.track('here', found);
    rig = await here.reopen();
    assert.equal((await syncUntil(rig, id, 'running')).pid, found.pid);
    assert.equal((await rig.engine.track('here', found)).id, id);
    assert.equal((await rig.engine.kill(id)).status, 'cancelled');
  });

  it('is taken up later, once, when the answer is lost, or the request', async () => {
    for (const fault of ['lost-after', 'lost-before'] as const) {
      const found = await server();
      here.machine.break(fault, 'adopt');
      const { id } = await rig.engine.track('here', found);
      assert.equal(rig.store.get(id)?.status, fault === 'lost-after' ? 'running' : 'unconfirmed');
      here.machine.break(undefined);
      assert.equal((await syncUntil(rig, id, 'running')).pid, found.pid);
      assert.equal((await rig.engine.kill(id)).status, 'cancelled');
    }
  });

  it('is never called cancelled by a kill while it lives, as what belongs to another operation does', async () => {
    const command = 'exec sleep 600';
    const job = await rig.engine.submit({ hostId: 'here', type: 'job', name: 'job', command });
    const { identity } = await eventually('its identity', () => {
      const operation = rig.store.get(job.id);
      return operation?.identity && { identity: operation.identity };
    });
    here.machine.break('lost-before', 'adopt');
    const { id } = await rig.engine.track('here', { kind: 'program', name: 'sleep', identity });
    assert.equal(rig.store.get(id)?.status, 'unconfirmed');
    here.machine.break(undefined);
    await assert.rejects(
      rig.engine.kill(id),
      (error) =>
        isRemoteOperationsError(error, 'NotApplicable') && /not tracked, so nothing was/.test(error.message),
    );
    const { status, error } = rig.engine.get(id) ?? {};
    assert.equal(status, 'failed');
    assert.match(error ?? '', /belongs to an operation that was started with Remote Operations/);
    assert.ok(isAlive(identity.pid));
  });

  it('is ended by a kill also where the window was closed before anything was sent', async () => {
    const { identity, pid } = await server();
    assert.ok(identity);
    const id = 'tracked-0';
    const spec = { hostId: 'here', type: 'server', name: 'web', command: 'serve' } as const;
    await rig.store.insert(
      {
        ...{ id, version: 1, spec, launcher: 'process', status: 'unconfirmed', adopted: { identity } },
        submittedAt: new Date(rig.clock.now()).toISOString(),
      },
      'tracking asked for',
    );
    assert.equal((await rig.engine.kill(id)).status, 'cancelled');
    assert.ok(!isAlive(pid));
  });

  it('stores nothing, and says why, when the host does not answer', async () => {
    const found = await server();
    here.machine.break('unreachable');
    await assert.rejects(rig.engine.track('here', found), (error) =>
      isRemoteOperationsError(error, 'Unreachable'),
    );
    assert.deepEqual(rig.store.all(), []);
  });

  it('fails for what has ended meanwhile, and signals nothing', async () => {
    const found = await server();
    signal(found.pid, 'SIGKILL');
    await eventually('its end', () => !isAlive(found.pid));
    const view = await rig.engine.track('here', found);
    assert.equal(view.status, 'failed');
    assert.match(view.error ?? '', /had ended on host here before it was tracked/);
  });

  it('is refused for what no process of the user stands for', async () => {
    const found: Untracked = { kind: 'tmux', name: 'main' };
    await assert.rejects(rig.engine.track('here', found), (error) =>
      isRemoteOperationsError(error, 'NotApplicable'),
    );
    assert.deepEqual(here.machine.trips, []);
  });

  it('is not started again: nobody knows how, so nothing is killed for it either', async () => {
    const found = await server();
    const { id } = await rig.engine.track('here', found);
    await assert.rejects(rig.engine.restart(id), (error) => isRemoteOperationsError(error, 'NotApplicable'));
    assert.ok(isAlive(found.pid));
    assert.doesNotMatch(await statuses(id), /stopping/);
  });

  it('is found again when the list was lost, as what it is', async () => {
    const found = await server();
    const { id } = await rig.engine.track('here', { ...found, name: 'kept' });
    await here.loseDatabase();
    rig = await here.open();
    assert.equal(withPid(await rig.engine.untracked('here'), found.pid), undefined);
    assert.equal(await rig.engine.importRuns('here', [id]), 1);
    const view = rig.engine.get(id);
    assert.deepEqual(
      [view?.name, view?.status, view?.adopted, view?.pid],
      ['kept', 'running', 'nowhere', found.pid],
    );
    assert.equal((await rig.engine.kill(id)).status, 'cancelled');
    assert.ok(!isAlive(found.pid));
  });

  it('does not wait for a slot, where only so many may run at once', async () => {
    rig.settings.maxConcurrent = 1;
    await rig.engine.submit({ hostId: 'here', type: 'job', name: 'first', command: 'exec sleep 600' });
    const found = await server();
    assert.equal((await rig.engine.track('here', found)).status, 'running');
  });
});

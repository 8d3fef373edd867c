import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isRemoteOperationsError } from '../../src/operations/errors';
import { eventually } from '../testbed/eventually';
import type { Rig } from '../unit/engine/engineRig';
import { operationAt } from '../unit/operations/samples';
import { EngineHost, syncUntil } from './engineSupport';
import { signal } from './scriptsProcesses';

/** Runs until its file is there. */
const job = (name: string) => ({
  hostId: 'here',
  type: 'job',
  name,
  command: `echo ${name} >>"$HOME/count"; until [ -e "$HOME/${name}" ]; do sleep 0.05; done`,
});

describe('the queue of a host', () => {
  let here: EngineHost;
  let rig: Rig;

  beforeEach(async () => {
    here = new EngineHost();
    rig = await here.open();
    rig.settings.maxConcurrent = 1;
  });
  afterEach(() => here.dispose());

  const reopen = async () => {
    const { settings } = rig;
    rig = await here.reopen();
    Object.assign(rig.settings, settings);
    await rig.engine.start();
  };
  const submit = (name: string, more: object = {}) => rig.engine.submit({ ...job(name), ...more });
  const statusOf = (id: string) => rig.engine.get(id)?.status;
  const statuses = async (id: string) => (await rig.engine.history(id)).map(({ to }) => to);
  const isNow = (id: string, status: string) =>
    eventually(`${id} to be ${status}`, () => statusOf(id) === status);
  const end = (name: string) => writeFileSync(path.join(here.host.home, name), '');
  /** In the order of their starts. */
  const executed = () => {
    const file = path.join(here.host.home, 'count');
    return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  };

  it('starts what has a slot at once, as without a queue, and lets the next wait with a reason', async () => {
    const first = await submit('a');
    assert.equal(first.status, 'running');
    const second = await submit('b');
    assert.deepEqual(
      [second.status, second.waitsFor, second.observation],
      ['queued', 'waits for a slot: 1 of 1 in use on host here', 'fresh'],
    );
    assert.equal(here.machine.count('launch'), 1);
    assert.deepEqual(await statuses(first.id), ['queued', 'submitting', 'running']);
  });

  it('starts the next once the end of one is proven, by priority and then in order', async () => {
    const first = await submit('a');
    const rest = [await submit('b'), await submit('c', { priority: 2 }), await submit('d', { priority: 2 })];
    for (const [ending, next] of [
      ['a', rest[1]],
      ['c', rest[2]],
      ['d', rest[0]],
    ] as const) {
      end(ending);
      await syncUntil(rig, next?.id ?? '', 'running');
      assert.equal(rig.engine.operations().filter(({ status }) => status === 'running').length, 1);
    }
    end('b');
    await syncUntil(rig, rest[0]?.id ?? '', 'completed');
    assert.deepEqual(executed(), ['a', 'c', 'd', 'b']);
    assert.equal(statusOf(first.id), 'completed');
  });

  it('keeps the slot of what cannot be seen, and of what was lost sight of', async () => {
    const { id, pid } = await submit('a');
    const second = await submit('b');
    here.machine.break('unreachable');
    signal(-(pid ?? 0), 'SIGKILL');
    await rig.engine.sync();
    assert.deepEqual([statusOf(id), statusOf(second.id)], ['running', 'queued']);
    here.machine.break(undefined);
    await rig.engine.list();
    assert.deepEqual([statusOf(id), statusOf(second.id)], ['running', 'queued']);
    await rig.clock.advance(10_000);
    await syncUntil(rig, id, 'stopped');
    await isNow(second.id, 'running');
  });

  it('keeps what cannot be sent, without a trace in its history, until the host is back', async () => {
    here.machine.break('unreachable');
    const { id, status, waitsFor } = await submit('a');
    assert.equal(status, 'queued');
    assert.match(waitsFor ?? '', /^waits for host here: .*refused the connection/);
    const report = await rig.engine.sync();
    assert.deepEqual([report.unreachable, report.hosts[0]?.outcome], [1, 'unreachable']);
    assert.deepEqual(await statuses(id), ['queued']);
    here.machine.break(undefined);
    await rig.engine.sync();
    assert.equal(statusOf(id), 'running');
    assert.deepEqual(executed(), ['a']);
  });

  it('looks less and less often for a host that is away, and never but at its pace', async () => {
    here.machine.break('unreachable');
    await submit('a');
    const tries = here.machine.trips.length;
    await rig.clock.advance(3_600_000);
    const many = here.machine.trips.length - tries;
    assert.ok(many >= 10 && many <= 30, String(many));
  });

  it('asks nothing while it waits for a slot, beyond the looks at what holds it', async () => {
    const { id } = await submit('a');
    const second = await submit('b');
    await rig.engine.sync();
    const before = here.machine.trips.length;
    await rig.engine.sync();
    assert.deepEqual(here.machine.trips.slice(before), ['probe']);
    assert.deepEqual([statusOf(id), statusOf(second.id)], ['running', 'queued']);
  });

  it('goes back to the queue what the host was lost for before it was sent', async () => {
    await submit('a');
    const second = await submit('b');
    here.machine.break('unreachable', 'launch');
    end('a');
    await eventually('a launch that is not sent', async () => {
      await rig.engine.list();
      return here.machine.count('launch') > 1;
    });
    await isNow(second.id, 'queued');
    here.machine.break(undefined);
    await syncUntil(rig, second.id, 'running');
    assert.deepEqual(executed(), ['a', 'b']);
  });

  it('fails what the host refuses, and goes on with the next', async () => {
    await submit('a');
    const second = await submit('b', { cwd: '/no/such/folder' });
    const third = await submit('c');
    end('a');
    await syncUntil(rig, third.id, 'running');
    assert.equal(statusOf(second.id), 'failed');
    assert.match(rig.engine.get(second.id)?.error ?? '', /does not exist/);
  });

  it('starts more when the limit is raised, all when there is none, and nobody new when it is lowered', async () => {
    rig.settings.maxConcurrent = 2;
    const all = [await submit('a'), await submit('b'), await submit('c'), await submit('d')];
    const now = () => all.map(({ id }) => statusOf(id));
    assert.deepEqual(now(), ['running', 'running', 'queued', 'queued']);
    rig.settings.maxConcurrent = 1;
    end('a');
    await syncUntil(rig, all[0]?.id ?? '', 'completed');
    assert.deepEqual(now(), ['completed', 'running', 'queued', 'queued']);
    rig.settings.maxConcurrent = 0;
    await rig.engine.sync();
    await eventually('all to run', () => now().filter((status) => status === 'running').length === 3);
  });

  describe('kill', () => {
    it('of what waits is durable at once and sends nothing, also when the host is away', async () => {
      await submit('a');
      const { id } = await submit('b');
      here.machine.break('unreachable');
      const trips = here.machine.trips.length;
      const killed = await rig.engine.kill(id);
      assert.deepEqual([killed.status, killed.waitsFor], ['cancelled', undefined]);
      assert.equal(here.machine.trips.length, trips);
      assert.deepEqual(await statuses(id), ['queued', 'cancelled']);
      await reopen();
      assert.equal(statusOf(id), 'cancelled');
    });

    it('that cannot be saved leaves it where it was', async () => {
      await submit('a');
      const { id } = await submit('b');
      here.folder.refuseWrites();
      await assert.rejects(rig.engine.kill(id), (error) => isRemoteOperationsError(error, 'NotSaved'));
      here.folder.allowWrites();
      assert.equal(statusOf(id), 'queued');
    });

    it('of what runs gives its slot to the next', async () => {
      const { id } = await submit('a');
      const second = await submit('b');
      await rig.engine.kill(id);
      await isNow(second.id, 'running');
    });
  });

  describe('rule 3', () => {
    it('nothing is sent before "submitting" is on the disk, and nothing at all while that refuses', async () => {
      await submit('a');
      const second = await submit('b');
      await rig.engine.list();
      here.folder.refuseWrites();
      end('a');
      await eventually('an end that is not saved', async () => {
        await rig.engine.list();
        return rig.engine.saveProblem !== undefined;
      });
      await isNow(second.id, 'queued');
      assert.equal(here.machine.count('launch'), 1);
      here.folder.allowWrites();
      await rig.clock.advance(1_000);
      await isNow(second.id, 'running');
      assert.deepEqual(executed(), ['a', 'b']);
    });

    it('what could not be stored as queued leaves nothing', async () => {
      here.folder.refuseWrites();
      await assert.rejects(submit('a'), (error) => isRemoteOperationsError(error, 'NotSaved'));
      here.folder.allowWrites();
      assert.deepEqual([rig.engine.operations(), here.machine.trips], [[], []]);
    });
  });

  describe('after a restart', () => {
    it('goes on, in the same order', async () => {
      await submit('a');
      const [second, third] = [await submit('b'), await submit('c')];
      await reopen();
      end('a');
      await syncUntil(rig, second.id, 'running');
      assert.equal(statusOf(third.id), 'queued');
      end('b');
      await syncUntil(rig, third.id, 'running');
      assert.deepEqual(executed(), ['a', 'b', 'c']);
    });

    it('starts once what the crash of a window left on its way, and keeps to the limit meanwhile', async () => {
      const left = { ...operationAt('submitting', { id: 'left', fromQueue: true }) };
      await rig.store.insert({ ...left, spec: { ...left.spec, ...job('a') } as typeof left.spec }, 'queued');
      const second = await submit('b');
      assert.equal(second.status, 'queued');
      await reopen();
      await isNow('left', 'running');
      assert.equal(statusOf(second.id), 'queued');
      assert.deepEqual(executed(), ['a']);
      assert.deepEqual(await statuses('left'), ['submitting', 'unconfirmed', 'running']);
    });

    it('sends back to the queue what turns out not to be sent, as its host is away', async () => {
      await rig.store.insert(operationAt('unconfirmed', { id: 'left', fromQueue: true }), 'queued');
      here.machine.break('unreachable', 'identify');
      await rig.engine.sync();
      await isNow('left', 'queued');
      here.machine.break(undefined);
      await rig.engine.sync();
      await eventually('its start', () => here.machine.count('launch') === 1);
    });

    it('starts what waited for a host that is back, without anybody asking', async () => {
      here.machine.break('unreachable');
      const { id } = await submit('a');
      here.machine.break(undefined);
      await reopen();
      await isNow(id, 'running');
    });
  });
});

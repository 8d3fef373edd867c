import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isRemoteOperationsError } from '../../src/operations/errors';
import { eventually } from '../testbed/eventually';
import type { Rig } from '../unit/engine/engineRig';
import { operationAt } from '../unit/operations/samples';
import { EngineHost, syncUntil } from './engineSupport';
import { GpuStandIn } from './gpuStandIn';
import { signal } from './scriptsProcesses';

const job = (name: string, gpus: number) => ({
  hostId: 'here',
  type: 'job',
  name,
  gpus,
  command: `echo ${name} >>"$HOME/count"; until [ -e "$HOME/${name}" ]; do sleep 0.05; done`,
});

describe('an operation that needs GPUs', () => {
  let here: EngineHost;
  let rig: Rig;
  let smi: GpuStandIn;

  beforeEach(async () => {
    here = new EngineHost();
    rig = await here.open();
    smi = new GpuStandIn(here.host, 2);
  });
  afterEach(async () => {
    await here.dispose();
    smi.dispose();
  });

  const submit = (name: string, gpus: number, more: object = {}) =>
    rig.engine.submit({ ...job(name, gpus), ...more });
  const statusOf = (id: string) => rig.engine.get(id)?.status;
  const statuses = async (id: string) => (await rig.engine.history(id)).map(({ to }) => to);
  const end = (name: string) => writeFileSync(path.join(here.host.home, name), '');
  const executed = () => {
    const file = path.join(here.host.home, 'count');
    return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  };

  /** Its GPUs may be held a moment longer than the exit code of who had them is there, and that by a clock of their own. */
  const untilRunning = (id: string) =>
    eventually(`${id} to run`, async () => {
      await rig.clock.advance(5_000);
      await rig.engine.list();
      return statusOf(id) === 'running';
    });

  it('runs at once where enough are free, and shows which it holds', async () => {
    const view = await submit('a', 2);
    assert.deepEqual([view.status, view.gpus], ['running', [0, 1]]);
    assert.deepEqual(here.machine.trips.slice(0, 3), ['identify', 'gpus', 'launch']);
    assert.match((await rig.engine.history(view.id)).at(-1)?.evidence ?? '', /holds GPU 0, 1/);
  });

  it('waits, without a trace in its history, for one of ours to end', async () => {
    const { id } = await submit('a', 2);
    const second = await submit('b', 1);
    assert.equal(second.status, 'queued');
    assert.match(second.waitsFor ?? '', /^waits for 1 GPU: 0 of 2 free on host here \(GPU 0 is held by/);
    await rig.engine.sync();
    await rig.engine.sync();
    assert.equal(here.machine.count('gpus'), 2);
    assert.deepEqual(await statuses(second.id), ['queued']);
    end('a');
    await untilRunning(second.id);
    assert.deepEqual(await statuses(id), ['queued', 'submitting', 'running', 'completed']);
    assert.deepEqual(rig.engine.get(second.id)?.gpus, [0]);
    assert.deepEqual(executed(), ['a', 'b']);
  });

  it('waits for processes of others, which are looked for at the pace of the background', async () => {
    smi.print([
      [0, 4711],
      [1, 4712],
    ]);
    const { id, waitsFor } = await submit('a', 1);
    assert.match(waitsFor ?? '', /GPU 1 is used by process 4712/);
    rig.engine.setVisible('tree', true);
    for (let again = 0; again < 4; again++) {
      const [before, sinceMs] = [here.machine.count('gpus'), rig.clock.monotonicMs()];
      await eventually('the host to be asked again', async () => {
        await rig.clock.advance(2_000);
        return here.machine.count('gpus') > before;
      });
      const waitedMs = rig.clock.monotonicMs() - sinceMs;
      assert.ok(waitedMs >= (again > 0 ? 26_000 : 0), String(waitedMs));
    }
    assert.equal(here.machine.count('launch'), 0);
    smi.print();
    await eventually('its start', async () => {
      await rig.clock.advance(2_000);
      return statusOf(id) === 'running';
    });
  });

  it('is started within seconds of the end before it, though that holds its GPUs a moment longer', async () => {
    const first = await submit('a', 2, {
      command: 'sleep 600 & echo $! >"$HOME/child"; until [ -e "$HOME/a" ]; do sleep 0.05; done',
    });
    const second = await submit('b', 1);
    const asked = here.machine.count('gpus');
    end('a');
    await syncUntil(rig, first.id, 'completed');
    // Where nothing else is to be seen, this waits for the answer about its GPUs.
    await rig.engine.list();
    assert.deepEqual([statusOf(second.id), here.machine.count('gpus')], ['queued', asked + 1]);
    signal(Number(readFileSync(path.join(here.host.home, 'child'), 'utf8')), 'SIGKILL');
    const sinceMs = rig.clock.monotonicMs();
    await rig.clock.advance(1_000);
    await eventually('its start', () => statusOf(second.id) === 'running');
    assert.equal(rig.clock.monotonicMs() - sinceMs, 1_000);
  });

  it('that comes first is not overtaken by one that needs fewer, but by what needs none', async () => {
    rig.settings.maxConcurrent = 3;
    await submit('a', 1);
    const [big, small, plain] = [await submit('b', 2), await submit('c', 1), await submit('d', 0)];
    assert.deepEqual([big.status, small.status, plain.status], ['queued', 'queued', 'running']);
    assert.match(small.waitsFor ?? '', /others wait for GPUs before it/);
    end('a');
    await untilRunning(big.id);
    end('b');
    await untilRunning(small.id);
    assert.deepEqual(executed(), ['a', 'd', 'b', 'c']);
  });

  it('is refused where there are too few, or no nvidia-smi', async () => {
    const { status, error } = await submit('a', 3);
    assert.equal(status, 'failed');
    assert.match(error ?? '', /^It needs 3 GPUs, and host here has 2 that it can claim\./);
    assert.equal(here.machine.count('launch'), 0);
  });

  it('waits, and says why, while nvidia-smi fails', async () => {
    smi.fail('No devices were found');
    const { status, waitsFor } = await submit('a', 1);
    assert.deepEqual(
      [status, waitsFor],
      ['queued', 'waits for 1 GPU: nvidia-smi fails on host here: No devices were found'],
    );
  });

  it('goes back to the queue when somebody takes them at the last moment', async () => {
    const release = here.machine.hold('gpus');
    const submitted = submit('a', 2);
    await eventually('the count', () => here.machine.count('gpus') === 1);
    const quick = here.host.operation({ command: 'exec sleep 600', gpus: 1 });
    await eventually('a quicker one', async () => (await here.host.launch(quick)).kind === 'launched');
    release();
    const view = await submitted;
    assert.equal(view.status, 'queued');
    assert.match(view.waitsFor ?? '', /^waits for 2 GPUs: GPU 0 is held by operation op-/);
    assert.deepEqual(await statuses(view.id), ['queued', 'submitting', 'queued']);
    const killed = await rig.engine.kill(view.id);
    assert.equal(killed.status, 'cancelled');
    assert.deepEqual(executed(), []);
  });

  it('sets CUDA_VISIBLE_DEVICES, which nobody else may', async () => {
    await assert.rejects(submit('a', 1, { env: { CUDA_VISIBLE_DEVICES: '0' } }), (error) =>
      isRemoteOperationsError(error, 'InvalidInput'),
    );
  });

  it('whose launch was lost is found, holds its GPUs, and runs once', async () => {
    here.machine.break('lost-after', 'launch');
    const { id, status } = await submit('a', 2);
    assert.equal(status, 'unconfirmed');
    const second = await submit('b', 1);
    assert.equal(second.status, 'queued');
    await syncUntil(rig, id, 'running');
    await eventually('its command', () => executed().length > 0);
    here.machine.break(undefined);
    end('a');
    await untilRunning(second.id);
    assert.deepEqual(executed(), ['a', 'b']);
  });

  it('that a crash left on its way is launched once, also when it has to wait for its GPUs by then', async () => {
    const holder = here.host.operation({ command: 'exec sleep 600', gpus: 2 });
    assert.equal((await here.host.launch(holder)).kind, 'launched');
    const { spec } = operationAt('submitting');
    const left = operationAt('submitting', { id: 'left', fromQueue: true });
    await rig.store.insert({ ...left, spec: { ...spec, ...job('a', 1) } as typeof spec }, 'queued');
    rig = await here.reopen();
    await rig.engine.start();
    await eventually('that it waits', () => /waits|held/.test(rig.engine.get('left')?.waitsFor ?? ''));
    assert.deepEqual(executed(), []);
    smi.print();
    await here.host.kill({ ...holder, ...(await here.host.bound(holder)) });
    await eventually('its start', async () => {
      await rig.clock.advance(30_000);
      await rig.engine.list();
      return statusOf('left') === 'running';
    });
    assert.deepEqual(executed(), ['a']);
  });
});

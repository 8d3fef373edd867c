import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import path from 'node:path';
import { isRemoteOperationsError } from '../../src/operations/errors';
import { eventually } from '../testbed/eventually';
import { freePort } from '../testbed/freePort';
import type { Rig } from '../unit/engine/engineRig';
import { identity, operationAt } from '../unit/operations/samples';
import { EngineHost, syncUntil } from './engineSupport';
import { groupOf, signal } from './scriptsProcesses';

const job = { hostId: 'here', type: 'job', name: 'train', command: 'exec sleep 600' } as const;

describe('engine', () => {
  let here: EngineHost;
  let rig: Rig;
  const listeners: Server[] = [];

  beforeEach(async () => {
    here = new EngineHost();
    rig = await here.open();
  });
  afterEach(async () => {
    listeners.splice(0).forEach((server) => server.close());
    await here.dispose();
  });

  const submit = (spec: object = {}) => rig.engine.submit({ ...job, ...spec });
  const statuses = async (id: string) => (await rig.engine.history(id)).map(({ to }) => to);
  const listen = async (port = 0) => {
    const server = createServer();
    listeners.push(server);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  };

  describe('submit', () => {
    it('resolves once it runs, with its pid, start and evidence', async () => {
      const view = await submit();
      assert.equal(view.status, 'running');
      assert.ok(view.pid && groupOf(view.pid).length > 0);
      assert.equal(view.verifiedBy, 'pid and start time');
      assert.equal(view.startedAt, new Date(rig.clock.now()).toISOString());
      assert.deepEqual(await statuses(view.id), ['submitting', 'running']);
    });

    it('rule 3: queued, submitting: the intent is on the disk before anything is sent', async () => {
      const release = here.machine.hold('launch');
      const submitted = submit();
      await eventually('the launch to be sent', () => here.machine.count('launch') === 1);
      const [row] = (await here.folder.open()).all();
      assert.equal(row?.status, 'submitting');
      release();
      assert.equal((await submitted).id, row.id);
    });

    it('NotSaved: nothing is sent and no row is left', async () => {
      here.folder.refuseWrites();
      await assert.rejects(submit(), (error) => isRemoteOperationsError(error, 'NotSaved'));
      assert.deepEqual(here.machine.trips, []);
      assert.deepEqual(rig.engine.operations(), []);
      here.folder.allowWrites();
    });

    it('what the host refuses is an operation that failed, with the reason', async () => {
      const view = await submit({ cwd: '/no/such/folder' });
      assert.equal(view.status, 'failed');
      assert.match(view.error ?? '', /The folder \/no\/such\/folder does not exist on host here/);
    });

    it('bad input and unknown hosts are rejected, and leave nothing', async () => {
      await assert.rejects(submit({ name: '' }), (error) => isRemoteOperationsError(error, 'InvalidInput'));
      await assert.rejects(submit({ hostId: 'x' }), (error) => isRemoteOperationsError(error, 'UnknownHost'));
      assert.deepEqual(rig.engine.operations(), []);
      assert.deepEqual(here.machine.trips, []);
    });

    it('a server starts, and runs once its port is open', async () => {
      await listen();
      const port = await freePort();
      const view = await submit({ type: 'server', port });
      assert.equal(view.status, 'starting');
      await rig.engine.sync();
      assert.equal(rig.engine.get(view.id)?.status, 'starting');
      await listen(port);
      await rig.engine.sync();
      assert.equal(rig.engine.get(view.id)?.status, 'running');
    });
  });

  describe('ends', () => {
    it('are completed or failed by exit code, with an end and an uptime that stands', async () => {
      const [good, bad] = [await submit({ command: 'true' }), await submit({ command: 'exit 3' })];
      const completed = await syncUntil(rig, good.id, 'completed');
      const failed = await syncUntil(rig, bad.id, 'failed');
      assert.deepEqual([completed.exitCode, completed.error], [0, undefined]);
      assert.deepEqual([failed.exitCode, failed.error], [3, 'exit 3']);
      assert.ok(completed.endedAt !== undefined && completed.observation === 'fresh');
      await rig.clock.advance(60_000);
      assert.equal(rig.engine.get(good.id)?.uptimeSeconds, completed.uptimeSeconds);
    });

    it('are seen by a summary, which looks by itself, at all hosts or one', async () => {
      await submit({ command: 'exit 3' });
      await submit();
      const seen = await eventually('the end is seen', async () => {
        const summary = await rig.engine.summary();
        return summary.operations.byStatus.failed === 1 && summary;
      });
      assert.deepEqual(seen.operations.byStatus, { running: 1, failed: 1 });
      const { hosts } = await rig.engine.summary('here');
      assert.deepEqual(
        hosts.map(({ id, state, operations }) => [id, state, operations.total]),
        [['here', 'connected', 2]],
      );
      const { health } = hosts[0] ?? {};
      assert.ok(health && health.cores > 0 && health.memoryFreeMb <= health.memoryTotalMb);
      assert.ok(health.cpuPercent !== undefined && health.cpuPercent <= 100);
      await assert.rejects(rig.engine.summary('nowhere'), (error) =>
        isRemoteOperationsError(error, 'UnknownHost'),
      );
    });

    it('without exit code are stopped, ten seconds after they were first seen, not before', async () => {
      const view = await submit();
      signal(-(view.pid ?? 0), 'SIGKILL');
      await eventually('an absence', async () => {
        const [seen] = await rig.engine.list();
        return /looking again/.test(seen?.observationReason ?? '');
      });
      await rig.engine.list();
      assert.equal(rig.engine.get(view.id)?.status, 'running');
      await rig.clock.advance(10_000);
      const stopped = await syncUntil(rig, view.id, 'stopped');
      assert.match(stopped.error ?? '', /left no exit code/);
      assert.deepEqual(await statuses(view.id), ['submitting', 'running', 'stopped']);
    });

    it('sync waits for the second look of its own accord and reports one change', async () => {
      const view = await submit();
      await here.host.lookFor(rig.store.get(view.id) ?? operationAt('running'), 'alive');
      signal(-(view.pid ?? 0), 'SIGKILL');
      await eventually('the end of its processes', () => groupOf(view.pid ?? 0).length === 0);
      const synced = rig.engine.sync();
      await eventually('the wait for a second look', () => rig.clock.waits.includes(10_000));
      await rig.clock.advance(10_000);
      const report = await synced;
      assert.deepEqual([report.checked, report.synced, report.errors], [1, 1, 0]);
      assert.equal(rig.engine.get(view.id)?.status, 'stopped');
    });
  });

  describe('a host out of reach', () => {
    it('changes no status: it is unverified since then, and fresh when it is back', async () => {
      const { id } = await submit();
      here.machine.break('unreachable');
      await rig.clock.advance(5_000);
      const since = new Date(rig.clock.now()).toISOString();
      const report = await rig.engine.sync();
      assert.deepEqual([report.checked, report.unreachable, report.errors], [0, 1, 0]);
      const lost = rig.engine.get(id);
      assert.deepEqual([lost?.status, lost?.observation], ['running', 'unreachable']);
      assert.ok(lost?.unverifiedSince !== undefined && lost.unverifiedSince <= since);
      assert.match(lost.observationReason ?? '', /refused the connection/);
      here.machine.break(undefined);
      await rig.engine.sync();
      const back = rig.engine.get(id);
      assert.deepEqual([back?.observation, back?.unverifiedSince], ['fresh', undefined]);
      assert.deepEqual(await statuses(id), ['submitting', 'running']);
    });

    it('that answers only half is an error, and changes no status either', async () => {
      const { id, pid = 0 } = await submit();
      signal(-pid, 'SIGKILL');
      here.machine.break('cut', 'probe');
      const report = await rig.engine.sync();
      assert.deepEqual([report.checked, report.unreachable, report.errors], [0, 0, 1]);
      const view = rig.engine.get(id);
      assert.deepEqual([view?.status, view?.observation], ['running', 'stale']);
    });

    it('whatever happened meanwhile is found when it is back', async () => {
      const { id } = await submit({ command: 'exit 4' });
      here.machine.break('unreachable');
      await rig.engine.sync();
      here.machine.break(undefined);
      assert.equal((await syncUntil(rig, id, 'failed')).exitCode, 4);
    });
  });

  describe('round trips', () => {
    it('list() looks first; with sync: false it does not', async () => {
      await submit();
      await eventually('the look after the launch', () => here.machine.count('probe') === 1);
      await rig.engine.list({ sync: false });
      assert.equal(here.machine.count('probe'), 1);
      await rig.engine.list();
      assert.equal(here.machine.count('probe'), 2);
    });

    it('a cycle takes one round trip for a hundred operations', async () => {
      const inserts = Array.from({ length: 100 }, (_, at) =>
        rig.store.insert(operationAt('running', { id: `row-${at}`, identity }), 'submitted'),
      );
      await Promise.all(inserts);
      const report = await rig.engine.sync();
      assert.equal(report.checked, 100);
      assert.deepEqual(
        report.hosts.map(({ outcome, roundTrips }) => [outcome, roundTrips]),
        [['ok', 1]],
      );
      assert.deepEqual(here.machine.trips, ['probe']);
    });

    it('looks that are asked for while one is under way share the next one', async () => {
      await submit();
      await eventually('the look after the launch', () => here.machine.count('probe') === 1);
      await rig.engine.list({ sync: false });
      const release = here.machine.hold('probe');
      const first = rig.engine.list();
      await eventually('a probe', () => here.machine.count('probe') === 2);
      const others = [rig.engine.list(), rig.engine.sync(), rig.engine.list()];
      release();
      await Promise.all([first, ...others]);
      assert.equal(here.machine.count('probe'), 3);
    });
  });

  it('reads progress only while somebody watches', async () => {
    const command = `echo '{"epoch":2,"total_epochs":4,"metrics":{"loss":0.5}}' > "$REMOTE_OPS_PROGRESS"; touch "$HOME/written"; exec sleep 600`;
    const { id } = await submit({ command });
    await eventually('progress', () => existsSync(path.join(here.host.home, 'written')));
    await rig.engine.list();
    assert.equal(rig.engine.get(id)?.progress, undefined);
    rig.engine.setVisible('tree', true);
    await rig.engine.list();
    const view = rig.engine.get(id);
    assert.deepEqual([view?.progress, view?.epoch, view?.totalEpochs], [0.5, 2, 4]);
    assert.deepEqual(rig.engine.series(id), { name: 'loss', values: [0.5] });
  });

  it('gives the log, by default its end', async () => {
    const { id } = await submit({ command: 'echo first; echo last' });
    await syncUntil(rig, id, 'completed');
    assert.deepEqual(await rig.engine.log(id), { text: 'first\nlast\n', offset: 0, end: 11, size: 11 });
    assert.equal((await rig.engine.log(id, { offset: -5 })).text, 'last\n');
    await assert.rejects(rig.engine.log('nobody'), (error) =>
      isRemoteOperationsError(error, 'UnknownOperation'),
    );
  });

  it('an end is archived out of the lists and keeps its history; what runs is not', async () => {
    const [ended, active] = [await submit({ command: 'true' }), await submit()];
    await syncUntil(rig, ended.id, 'completed');
    await rig.engine.archive(ended.id);
    assert.deepEqual(
      rig.engine.operations().map(({ id }) => id),
      [active.id],
    );
    assert.equal((await statuses(ended.id)).at(-1), 'completed');
    await assert.rejects(rig.engine.archive(active.id), (error) =>
      isRemoteOperationsError(error, 'NotApplicable'),
    );
  });

  it('runs what it is told, once, with its environment', async () => {
    const { id } = await submit({
      command: 'echo "$GREETING" >> "$HOME/out"',
      env: { GREETING: "it's $HOME" },
    });
    await syncUntil(rig, id, 'completed');
    assert.equal(readFileSync(path.join(here.host.home, 'out'), 'utf8'), "it's $HOME\n");
  });
});

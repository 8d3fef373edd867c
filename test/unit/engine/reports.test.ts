import assert from 'node:assert/strict';
import type { Machine } from '../../../src/hosts/machine';
import { sampleScript } from '../../../src/launchers/process/scripts';
import { isRemoteOperationsError } from '../../../src/operations/errors';
import type { OperationView } from '../../../src/operations/operationView';
import { eventually } from '../../testbed/eventually';
import { operationAt } from '../operations/samples';
import { StoreFolder } from '../store/storeSupport';
import { engineOver, type Rig } from './engineRig';
import { FakeClock } from './fakeClock';

const minute = 60_000;

describe('operations that other extensions report', () => {
  let folder: StoreFolder;
  let clock: FakeClock;
  let rig: Rig;
  let runs: number;
  const machine: Machine = {
    hostId: 'here',
    connect: () => Promise.resolve(),
    run: (script) => {
      // What the machine does is told of hosts where nothing runs, too.
      runs += script === sampleScript ? 0 : 1;
      return Promise.reject(new Error('Nobody may look here.'));
    },
    dispose: () => undefined,
  };
  const open = async (opened = folder.openCounting()) => {
    const store = await opened;
    rig = engineOver(store, [machine], clock);
    await rig.engine.start();
  };
  /** As when VS Code crashes: what the disk has is all that is left. */
  const reopen = async () => {
    await rig.engine.dispose();
    await open();
  };

  beforeEach(async () => {
    runs = 0;
    folder = new StoreFolder();
    clock = new FakeClock();
    await open();
  });
  afterEach(async () => {
    await rig.engine.dispose();
    folder.dispose();
  });

  const download = { type: 'transfer', name: 'pull llama', kind: 'pull_model', reportedBy: 'Model Store' };
  const start = (report: object = {}, id = 'a', window?: string) =>
    rig.engine.startReport({ ...download, ...report }, id, window);
  const seen = (id = 'a') => rig.engine.get(id) as OperationView;
  const evidence = async (id = 'a') => (await rig.engine.history(id)).map((event) => event.evidence);
  const code = (expected: string) => (error: unknown) =>
    isRemoteOperationsError(error) && error.code === expected;

  it('are shown as running, as told by their extension, and stored before that is said', async () => {
    const view = await start({ pid: 77, description: 'of 8 GB' });
    assert.deepEqual(
      [view.status, view.observation, view.launcher, view.hostId, view.pid, view.reportedBy, view.kind],
      ['running', 'fresh', 'external', 'local', 77, 'Model Store', 'pull_model'],
    );
    assert.equal(view.verifiedBy, 'report of its extension');
    assert.deepEqual(await evidence(), ['reported by its extension']);
    assert.equal(folder.writes, 1);
  });

  it('may run on a host, which is never looked at for them, and cost no polling', async () => {
    await start({ hostId: 'here' });
    await rig.engine.list();
    assert.equal((await rig.engine.sync()).checked, 0);
    rig.engine.setVisible('tree', true);
    await clock.advance(5 * minute);
    assert.equal(runs, 0);
    assert.equal(seen().status, 'running');
    await assert.rejects(start({ hostId: 'nowhere' }, 'b'), code('UnknownHost'));
  });

  it('tell progress, speed and time left without a write to the disk for each', async () => {
    await start();
    for (let at = 1; at <= 20; at++) {
      await clock.advance(1_000);
      await rig.engine.updateReport('a', { sizeDoneBytes: at * 1_000, sizeTotalBytes: 100_000 });
    }
    const { progress, speedBytesPerSecond, etaSeconds, sizeDoneBytes, status } = seen();
    assert.deepEqual([progress, sizeDoneBytes, status], [0.2, 20_000, 'running']);
    assert.ok(Math.abs((speedBytesPerSecond ?? 0) - 1_000) < 100, String(speedBytesPerSecond));
    assert.ok(Math.abs((etaSeconds ?? 0) - 80) < 10, String(etaSeconds));
    assert.ok(folder.writes <= 6, String(folder.writes));
    assert.equal((await rig.engine.courses('a'))[0]?.points.length, 20);
  });

  it('tell what they use while they run', async () => {
    await start();
    const resources = { cpuPercent: 12, memoryMb: 300 };
    await rig.engine.updateReport('a', { resources });
    assert.deepEqual((await rig.engine.updateReport('a', {})).resources, resources);
    assert.equal((await rig.engine.completeReport('a', {})).resources, undefined);
  });

  for (const [result, status, error, said] of [
    [{}, 'completed', undefined, 'report of its extension: completed on host local'],
    [{ exitCode: 0 }, 'completed', undefined, 'report of its extension: exit 0 on host local'],
    [{ exitCode: 3 }, 'failed', 'exit 3', 'report of its extension: exit 3 on host local'],
    [
      { error: 'no space left' },
      'failed',
      'no space left',
      'report of its extension: no space left on host local',
    ],
    [
      { exitCode: 0, error: 'corrupt' },
      'failed',
      'corrupt',
      'report of its extension: corrupt on host local',
    ],
  ] as const) {
    it(`end as ${status} with ${JSON.stringify(result)}, and that is on the disk`, async () => {
      await start();
      const view = await rig.engine.completeReport('a', result);
      assert.deepEqual([view.status, view.error, view.cause], [status, error, undefined]);
      assert.equal(view.exitCode, 'exitCode' in result ? result.exitCode : undefined);
      assert.deepEqual(await evidence(), ['reported by its extension', said]);
      await reopen();
      assert.equal(seen().status, status);
    });
  }

  it('end once: the same end may be told again, another one is refused, and so is more progress', async () => {
    await start();
    await rig.engine.completeReport('a', { exitCode: 0 });
    assert.equal((await rig.engine.completeReport('a', { exitCode: 0 })).status, 'completed');
    await assert.rejects(rig.engine.completeReport('a', { exitCode: 1 }), code('NotApplicable'));
    await assert.rejects(rig.engine.updateReport('a', { progress: 1 }), code('NotApplicable'));
    assert.equal((await evidence()).length, 2);
  });

  it('are started once, however often the same start is told', async () => {
    await Promise.all([start(), start()]);
    assert.equal(rig.engine.operations().length, 1);
  });

  it('have stalled when their updates stop while their window is there, until they go on', async () => {
    await start();
    const { verifiedAt } = await rig.engine.updateReport('a', { progress: 0.1 });
    await clock.advance(10 * minute - 1);
    assert.equal(seen().stalledSince, undefined);
    await clock.advance(1);
    assert.deepEqual(
      [seen().stalledSince, seen().status, seen().observation],
      [verifiedAt, 'running', 'fresh'],
    );
    await clock.advance(300 * minute);
    assert.equal(seen().shownStatus, 'running');
    await rig.engine.updateReport('a', {});
    assert.equal(seen().stalledSince, undefined);
  });

  it('have not stalled as servers, which may have nothing to say, nor where nobody wants to hear of it', async () => {
    await start({ type: 'server' }, 'server');
    rig.settings.stalledAfterMinutes = 0;
    await start({}, 'quiet');
    await clock.advance(30 * minute);
    assert.deepEqual([seen('server').stalledSince, seen('quiet').stalledSince], [undefined, undefined]);
  });

  it('have not stalled while this computer slept, as their extensions slept with it', async () => {
    await start();
    await clock.advance(9 * minute);
    clock.sleep(8 * 60 * minute);
    await clock.advance(minute);
    assert.equal(seen().stalledSince, undefined);
    await clock.advance(10 * minute);
    assert.ok(seen().stalledSince);
  });

  it('are unverified once their window has gone, and unknown after an hour, but never ended by that', async () => {
    const told: string[] = [];
    await start({}, 'a', 'window 2');
    await start({}, 'b', 'window 3');
    const { verifiedAt } = seen();
    rig.engine.onDidChange((views) =>
      told.push(...views.map(({ id, shownStatus }) => `${id} ${shownStatus}`)),
    );
    rig.engine.hearReports([], 'window 2');
    const { status, shownStatus, observation, observationReason, unverifiedSince } = seen();
    assert.deepEqual([status, shownStatus, observation], ['running', 'running', 'stale']);
    assert.deepEqual(
      [observationReason, unverifiedSince],
      ['its extension has not reported it since', verifiedAt],
    );
    assert.equal(seen('b').observation, 'fresh');
    await clock.advance(61 * minute);
    assert.deepEqual([seen().status, seen().shownStatus], ['running', 'unknown']);
    // Views hear of it without anybody looking.
    assert.deepEqual(
      told.filter((each) => each.startsWith('a')),
      ['a running', 'a unknown'],
    );
    await clock.advance(100 * 24 * 60 * minute);
    assert.equal(seen().status, 'running');
  });

  it('are unverified after a restart, and taken up by id with progress or an end', async () => {
    await start();
    await rig.engine.updateReport('a', { progress: 0.4, message: 'half' });
    await start({}, 'b');
    await reopen();
    assert.deepEqual([seen().status, seen().observation, seen().progress], ['running', 'stale', 0.4]);
    assert.equal(seen().observationReason, 'its extension has not reported it since');
    await clock.advance(90 * minute);
    assert.equal(seen().shownStatus, 'unknown');
    const back = await rig.engine.updateReport('a', { progress: 0.5 });
    assert.deepEqual(
      [back.shownStatus, back.observation, back.observationReason, back.progressMessage],
      ['running', 'fresh', undefined, 'half'],
    );
    assert.equal((await rig.engine.completeReport('b', { error: 'gave up' })).status, 'failed');
  });

  it('are verified again after another window took over, as soon as theirs says that it hears of them', async () => {
    await start();
    await clock.advance(4 * minute);
    await reopen();
    rig.engine.hearReports(['a', 'unheard of'], 'window 1');
    assert.equal(seen().observation, 'fresh');
    // What it told last counts, whichever engine it told.
    await clock.advance(6 * minute);
    assert.ok(seen().stalledSince);
    // The end of an earlier connection of the same window, which is heard of late, means nothing.
    rig.engine.hearReports([], 'window 0');
    assert.equal(seen().observation, 'fresh');
  });

  it('can be put away at any time, and are shown again when their extension goes on', async () => {
    await start();
    await rig.engine.archive('a');
    assert.deepEqual(rig.engine.operations(), []);
    assert.deepEqual([seen().status, seen().archived], ['running', true]);
    await rig.engine.updateReport('a', { progress: 0.1 });
    assert.deepEqual(
      rig.engine.operations().map(({ id, archived }) => [id, archived]),
      [['a', undefined]],
    );
  });

  it('are not acted on: that is said, and nothing is sent', async () => {
    await start({ hostId: 'here' });
    const { engine } = rig;
    for (const act of [
      engine.kill('a'),
      engine.pause('a'),
      engine.restart('a'),
      engine.log('a'),
      engine.searchLog('a', { text: 'x' }),
      Promise.resolve().then(() => engine.openPort('a')),
    ]) {
      await assert.rejects(
        act,
        (error: Error) => code('NotApplicable')(error) && /another extension/.test(error.message),
      );
    }
    assert.deepEqual([runs, seen().status], [0, 'running']);
  });

  it('are no others: what a host runs takes no reports, and what is not there neither', async () => {
    await rig.store.insert(operationAt('running', { id: 'ours' }), 'submitted');
    await assert.rejects(rig.engine.updateReport('ours', {}), code('NotApplicable'));
    await assert.rejects(rig.engine.completeReport('ours', {}), code('NotApplicable'));
    await assert.rejects(rig.engine.updateReport('nonesuch', {}), code('UnknownOperation'));
  });

  it('are at most a thousand at once', async () => {
    const started = Array.from({ length: 1_000 }, (_, at) => start({}, `id-${at}`));
    await Promise.all(started);
    await assert.rejects(start({}, 'one more'), code('NotApplicable'));
    await rig.engine.completeReport('id-7', {});
    assert.equal((await start({}, 'one more')).status, 'running');
  });

  it('are not shown when the disk refuses them; an end that it refuses is, and is saved later', async () => {
    await rig.engine.dispose();
    await open(folder.open());
    await start();
    folder.refuseWrites();
    await assert.rejects(start({}, 'b'), code('NotSaved'));
    assert.equal(rig.engine.get('b'), undefined);
    assert.equal((await rig.engine.completeReport('a', {})).status, 'completed');
    assert.ok(rig.engine.saveProblem);
    folder.allowWrites();
    await clock.advance(10 * minute);
    await eventually('the end to be saved', () => !rig.engine.saveProblem);
  });
});

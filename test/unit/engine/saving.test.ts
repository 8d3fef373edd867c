import assert from 'node:assert/strict';
import type { Machine } from '../../../src/hosts/machine';
import { isRemoteOperationsError, RemoteOperationsError } from '../../../src/operations/errors';
import type { Operation } from '../../../src/operations/operation';
import { eventually } from '../../testbed/eventually';
import { identity, operationAt } from '../operations/samples';
import { StoreFolder } from '../store/storeSupport';
import { engineOver, type Rig } from './engineRig';

const notSaved = (error: unknown) => isRemoteOperationsError(error, 'NotSaved');
const spec = { hostId: 'here', type: 'program', name: 'clean up', command: 'true' };
const minute = 60_000;

describe('a disk that refuses', () => {
  let folder: StoreFolder;
  let rig: Rig;
  let runs: number;
  let told: (string | undefined)[];
  /** What happens when a script reaches the host, which never answers. */
  let onRun: () => void;

  beforeEach(async () => {
    folder = new StoreFolder();
    runs = 0;
    told = [];
    onRun = () => undefined;
    const machine: Machine = {
      hostId: 'here',
      connect: () => Promise.resolve(),
      run: () => {
        runs += 1;
        onRun();
        return Promise.reject(new RemoteOperationsError('Unreachable', 'here refused the connection.'));
      },
      dispose: () => undefined,
    };
    rig = engineOver(await folder.open(), [machine]);
    rig.engine.onDidChangeSaveProblem(() => told.push(rig.engine.saveProblem?.reason));
  });
  afterEach(async () => {
    await rig.engine.dispose();
    folder.dispose();
  });

  const onDisk = async (): Promise<Operation[]> => {
    const store = await folder.open();
    const all = store.all();
    await store.close();
    return all;
  };
  const isSaved = () => eventually('the problem to be over', () => !rig.engine.saveProblem);

  it('is told, tried again less and less often, and over once it takes what was kept', async () => {
    await rig.store.insert(operationAt('running', { identity }), 'submitted');
    folder.refuseWrites();
    await assert.rejects(rig.store.update('op-1', 1, { status: 'completed' }, 'exit code 0'), notSaved);
    assert.match(rig.engine.saveProblem?.reason ?? '', /EISDIR/);
    assert.equal(rig.engine.get('op-1')?.status, 'completed');
    assert.equal(rig.engine.operations().length, 1);
    const { since } = rig.engine.saveProblem ?? {};
    for (const waitMs of [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, minute, minute]) {
      const failures = folder.logged.length;
      await rig.clock.advance(waitMs - 1);
      assert.equal(folder.logged.length, failures, `before ${waitMs}`);
      await rig.clock.advance(1);
      await eventually(`a try after ${waitMs}`, () => folder.logged.length > failures);
    }
    assert.equal(rig.engine.saveProblem?.since, since);
    assert.equal(told.length, 1);
    folder.allowWrites();
    await rig.clock.advance(minute);
    await isSaved();
    assert.deepEqual([told.length, told[1]], [2, undefined]);
    assert.equal((await onDisk())[0]?.status, 'completed');
    assert.deepEqual(rig.clock.waits, []);
  });

  it('lets nothing be begun: neither a submission nor a kill nor a pause', async () => {
    await rig.store.insert(operationAt('running', { identity }), 'submitted');
    folder.refuseWrites();
    await assert.rejects(rig.engine.submit(spec), notSaved);
    await assert.rejects(rig.engine.kill('op-1'), notSaved);
    await assert.rejects(rig.engine.pause('op-1'), notSaved);
    assert.equal(runs, 0);
    assert.equal(rig.engine.get('op-1')?.status, 'running');
    assert.equal(rig.engine.operations().length, 1);
    folder.allowWrites();
    await rig.clock.advance(minute);
    await isSaved();
    assert.deepEqual(
      (await onDisk()).map(({ id, status }) => `${id} ${status}`),
      ['op-1 running'],
    );
  });

  it('after the intent was saved: what became of it is told all the same', async () => {
    onRun = () => {
      onRun = () => undefined;
      folder.refuseWrites();
    };
    const view = await rig.engine.submit(spec);
    assert.equal(view.status, 'failed');
    assert.match(view.error ?? '', /Nothing was started/);
    assert.ok(rig.engine.saveProblem);
    assert.equal((await onDisk())[0]?.status, 'submitting');
    folder.allowWrites();
    await rig.clock.advance(minute);
    await isSaved();
    assert.equal((await onDisk())[0]?.status, 'failed');
  });

  it('tells who archives that it is not saved yet, and archives', async () => {
    await rig.store.insert(operationAt('completed'), 'imported');
    folder.refuseWrites();
    await assert.rejects(
      rig.engine.archive('op-1'),
      (error) => notSaved(error) && /tried again/.test((error as Error).message),
    );
    assert.deepEqual(rig.engine.operations(), []);
    folder.allowWrites();
  });
});

import assert from 'node:assert/strict';
import type { Machine, RunResult } from '../../../src/hosts/machine';
import type { Asker } from '../../../src/hosts/questions';
import { RemoteOperationsError } from '../../../src/operations/errors';
import { identity, operationAt } from '../operations/samples';
import { StoreFolder } from '../store/storeSupport';
import { engineOver, type Rig } from './engineRig';

const hour = 3_600_000;

describe('asking the user to log in', () => {
  let folder: StoreFolder;
  let rig: Rig;
  /** For each time that the host was needed: who could have been asked. */
  let askable: Asker[][];
  const elsewhere: Asker = { ask: () => Promise.resolve(undefined) };

  const refuse = (): Promise<RunResult> => {
    askable.push(rig.hosts.permits.map(([, asker]) => asker));
    return Promise.reject(new RemoteOperationsError('NeedsLogin', 'here needs a login.'));
  };
  const machine: Machine = {
    hostId: 'here',
    connect: async () => void (await refuse()),
    run: refuse,
    dispose: () => undefined,
  };

  beforeEach(async () => {
    askable = [];
    folder = new StoreFolder();
    rig = engineOver(await folder.open(), [machine]);
    await rig.store.insert(operationAt('running', { identity }), 'submitted');
  });
  afterEach(async () => {
    await rig.engine.dispose();
    folder.dispose();
  });

  const needed = async (act: () => Promise<unknown>): Promise<Asker[][]> => {
    askable.splice(0);
    await act().catch(() => undefined);
    return askable;
  };

  it('is never done by a look by itself: at the start, at an interval, at a view that shows, after sleep', async () => {
    await rig.engine.start();
    rig.engine.setVisible('tree', true);
    await rig.clock.advance(hour);
    rig.clock.sleep(8 * hour);
    await rig.clock.advance(hour);
    assert.ok(askable.length > 10);
    assert.ok(askable.every((askers) => askers.length === 0));
  });

  it('is not done for a list or a sync of a program, but for one of the user', async () => {
    assert.deepEqual(await needed(() => rig.engine.list()), [[]]);
    assert.deepEqual(await needed(() => rig.engine.sync()), [[]]);
    const [askers] = await needed(() => rig.engine.sync({ mayAsk: true }, undefined, elsewhere));
    assert.deepEqual(askers, [elsewhere]);
  });

  it('is done where the user is who submits, kills, pauses, restarts, reads a log, or connects', async () => {
    const spec = { hostId: 'here', type: 'job', name: 'train', command: 'true' };
    const acts = [
      () => rig.engine.submit(spec, elsewhere),
      () => rig.engine.log('op-1', {}, elsewhere),
      () => rig.engine.connect('here', undefined, elsewhere),
      () => rig.engine.pause('op-1', elsewhere),
      () => rig.engine.resume('op-1', elsewhere),
      () => rig.engine.kill('op-1', {}, elsewhere),
      () => rig.engine.restart('op-1', {}, elsewhere),
    ];
    for (const act of acts) {
      const all = await needed(act);
      assert.ok(all.some((askers) => askers.includes(elsewhere)));
    }
  });

  it('is over with what was wanted', async () => {
    await needed(() => rig.engine.connect('here'));
    assert.deepEqual(rig.hosts.permits, []);
  });
});

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { Housekeeping } from '../../../src/engine/housekeeping';
import type { OperationStore } from '../../../src/store/operationStore';
import { eventually } from '../../testbed/eventually';
import { operationAt } from '../operations/samples';
import { StoreFolder } from '../store/storeSupport';
import { FakeClock } from './fakeClock';

const dayMs = 24 * 3_600_000;

describe('housekeeping', () => {
  let folder: StoreFolder;
  let clock: FakeClock;
  let store: OperationStore;
  let housekeeping: Housekeeping;
  let days: number;

  beforeEach(async () => {
    folder = new StoreFolder();
    clock = new FakeClock();
    days = 90;
    store = await folder.open({ now: () => new Date(clock.now()).toISOString() });
    housekeeping = new Housekeeping({
      store,
      clock,
      historyDays: () => days,
      log: (message) => folder.logged.push(message),
    });
  });
  afterEach(async () => {
    housekeeping.dispose();
    await store.close();
    folder.dispose();
  });

  const endNow = (id: string) =>
    store.insert(operationAt('completed', { id, endedAt: new Date(clock.now()).toISOString() }), 'imported');
  const ids = () => store.all().map(({ id }) => id);

  it('removes at the start what ended too long ago, and says how many', async () => {
    await endNow('old');
    await clock.advance(89 * dayMs);
    await endNow('young');
    await clock.advance(2 * dayMs);
    await housekeeping.start();
    assert.deepEqual(ids(), ['young']);
    assert.match(folder.logged.join(), /Removed 1 operations that ended more than 90 days ago/);
  });

  it('looks again every day, and makes a backup first', async () => {
    await endNow('old');
    await housekeeping.start();
    assert.deepEqual(clock.waits, [dayMs]);
    days = 1;
    await clock.advance(dayMs);
    await eventually('the next day to be waited for', () => clock.waits.length === 1);
    assert.deepEqual(ids(), ['old']);
    await clock.advance(dayMs);
    await eventually('it to be removed', () => ids().length === 0);
    assert.ok(existsSync(`${folder.path}.bak-1`));
  });

  it('keeps everything where the history is kept for good', async () => {
    await endNow('old');
    days = 0;
    await clock.advance(3_000 * dayMs);
    await housekeeping.start();
    assert.deepEqual(ids(), ['old']);
  });

  it('goes on though the disk refuses', async () => {
    await endNow('old');
    await clock.advance(100 * dayMs);
    folder.refuseWrites();
    await housekeeping.start();
    assert.match(folder.logged.join(), /not removed yet/);
    assert.equal(clock.waits.length, 1);
    folder.allowWrites();
  });

  it('is over once disposed', async () => {
    await housekeeping.start();
    housekeeping.dispose();
    assert.deepEqual(clock.waits, []);
  });
});

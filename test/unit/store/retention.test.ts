import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import type { OperationStore } from '../../../src/store/operationStore';
import { operationAt } from '../operations/samples';
import { StoreFolder } from './storeSupport';

const at = (day: number): string => new Date(Date.UTC(2026, 0, day)).toISOString();

describe('retention', () => {
  let folder: StoreFolder;
  let store: OperationStore;
  let today: number;
  const open = () => folder.open({ now: () => at(today) });

  beforeEach(async () => {
    folder = new StoreFolder();
    today = 1;
    store = await open();
  });
  afterEach(async () => {
    await store.close();
    folder.dispose();
  });

  const ids = () => store.all().map(({ id }) => id);

  it('removes what ended before a time, with its history, from memory and disk', async () => {
    await store.insert(operationAt('running', { id: 'old' }), 'submitted');
    await store.update('old', 1, { status: 'completed', endedAt: at(1) }, 'exit code 0');
    today = 20;
    await store.insert(operationAt('completed', { id: 'young', endedAt: at(20) }), 'imported');
    const told: string[] = [];
    store.onDidChange((changed) => told.push(...changed.map(({ id }) => id)));
    assert.equal(await store.removeEndedBefore(at(10)), 1);
    assert.deepEqual([ids(), told, store.history('old')], [['young'], ['old'], []]);
    await store.close();
    store = await open();
    assert.deepEqual([ids(), store.history('old')], [['young'], []]);
    assert.equal(store.history('young').length, 1);
  });

  it('keeps what is active, however old', async () => {
    for (const status of ['queued', 'unconfirmed', 'running', 'stopping'] as const) {
      await store.insert(operationAt(status, { id: status }), 'submitted');
    }
    today = 300;
    assert.equal(await store.removeEndedBefore(at(200)), 0);
    assert.equal(ids().length, 4);
  });

  it('keeps what was changed since, archived or found out late', async () => {
    await store.insert(operationAt('stopped', { id: 'archived', endedAt: at(1) }), 'seen twice');
    await store.insert(operationAt('stopped', { id: 'found out', endedAt: at(1) }), 'seen twice');
    await store.insert(operationAt('stopped', { id: 'untouched', endedAt: at(1) }), 'seen twice');
    today = 15;
    await store.update('archived', 1, { archived: true });
    await store.update('found out', 1, { status: 'completed' }, 'exit code 0');
    assert.equal(await store.removeEndedBefore(at(10)), 1);
    assert.deepEqual(ids(), ['archived', 'found out']);
    today = 40;
    assert.equal(await store.removeEndedBefore(at(30)), 2);
  });

  it('keeps what was changed since, though the disk has not got it', async () => {
    await store.insert(operationAt('stopped', { endedAt: at(1) }), 'seen twice');
    today = 15;
    store.refresh(new Map([['op-1', { verifiedAt: at(15) }]]));
    assert.equal(await store.removeEndedBefore(at(10)), 0);
  });

  it('goes out once the disk takes it, if it does not at first', async () => {
    await store.insert(operationAt('completed', { endedAt: at(1) }), 'imported');
    today = 30;
    folder.refuseWrites();
    await assert.rejects(store.removeEndedBefore(at(10)));
    assert.deepEqual(ids(), []);
    folder.allowWrites();
    await store.flush();
    await store.close();
    store = await open();
    assert.deepEqual(ids(), []);
  });

  it('gives back the room on the disk', async () => {
    const command = 'x'.repeat(1000);
    const { spec } = operationAt('completed');
    const many = Array.from({ length: 1000 }, (_, number) =>
      operationAt('completed', { id: `op-${number}`, endedAt: at(1), spec: { ...spec, command } }),
    );
    await Promise.all(many.map((operation) => store.insert(operation, 'imported')));
    const before = statSync(folder.path).size;
    today = 30;
    assert.equal(await store.removeEndedBefore(at(10)), 1000);
    assert.ok(statSync(folder.path).size < before / 10);
  });

  it('reckons a database of the first version by its history', async () => {
    await store.insert(operationAt('running', { endedAt: at(1) }), 'submitted');
    today = 15;
    await store.update('op-1', 1, { status: 'completed' }, 'exit code 0');
    await store.close();
    await folder.downgrade();
    store = await open();
    today = 60;
    assert.equal(await store.removeEndedBefore(at(10)), 0);
    assert.equal(await store.removeEndedBefore(at(20)), 1);
  });
});

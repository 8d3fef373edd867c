import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Operation } from '../../../src/operations/operation';
import type { OperationStore } from '../../../src/store/operationStore';
import { identity, operationAt } from '../operations/samples';
import { openStore, StoreFolder } from './storeSupport';

describe('OperationStore', () => {
  let folder: StoreFolder;
  const opened: OperationStore[] = [];

  beforeEach(() => (folder = new StoreFolder()));
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close().catch(() => undefined)));
    folder.dispose();
  });

  const kept = (store: OperationStore): OperationStore => {
    opened.push(store);
    return store;
  };
  const open = async () => kept(await folder.open());
  /** What another process would find on the disk now. */
  const onDisk = async (): Promise<Operation[]> => kept(await openStore(folder.path)).all();

  describe('what is acknowledged is on the disk', () => {
    it('an insert', async () => {
      const store = await open();
      const operation = operationAt('submitting', { identity, progress: { metrics: { loss: 0.1 } } });
      await store.insert(operation, 'submitted');
      assert.deepEqual(await onDisk(), [operation]);
    });

    it('an update, its audit event, and a value that was taken away', async () => {
      const store = await open();
      await store.insert(operationAt('running', { error: 'gone' }), 'submitted');
      assert.ok(await store.update('op-1', 1, { status: 'failed', exitCode: 3, error: undefined }, 'exit 3'));
      const second = kept(await openStore(folder.path));
      assert.deepEqual(second.get('op-1'), operationAt('failed', { version: 2, exitCode: 3 }));
      assert.deepEqual(second.history('op-1'), store.history('op-1'));
    });

    it('what refresh left in memory, once it was flushed or closed', async () => {
      const store = await open();
      await store.insert(operationAt('running'), 'submitted');
      store.refresh(new Map([['op-1', { progress: { progress: 0.5 } }]]));
      assert.equal((await onDisk())[0]?.progress, undefined);
      await store.flush();
      assert.deepEqual((await onDisk())[0]?.progress, { progress: 0.5 });
      store.refresh(new Map([['op-1', { progress: { progress: 0.6 } }]]));
      await store.close();
      assert.deepEqual((await onDisk())[0]?.progress, { progress: 0.6 });
    });

    it('a write that is under way when the store is closed', async () => {
      const store = await folder.openCounting();
      const inserted = store.insert(operationAt('running'), 'submitted');
      while (folder.writes === 0) {
        await new Promise(setImmediate);
      }
      await store.close();
      assert.ok(existsSync(folder.path));
      await inserted;
    });

    it('readable by nobody else', async () => {
      const store = await open();
      await store.insert(operationAt('running'), 'submitted');
      assert.equal(statSync(folder.path).mode & 0o077, 0);
    });
  });

  describe('versions and history', () => {
    it('an update from an old version is refused and changes nothing', async () => {
      const store = await open();
      await store.insert(operationAt('running'), 'submitted');
      assert.ok(await store.update('op-1', 1, { status: 'stopping' }, 'kill asked for'));
      assert.ok(!(await store.update('op-1', 1, { status: 'completed' }, 'exit code 0')));
      assert.equal(store.get('op-1')?.status, 'stopping');
      assert.equal(store.history('op-1').length, 2);
    });

    it('an update of what does not exist is refused', async () => {
      assert.ok(!(await (await open()).update('nobody', 1, { status: 'completed' }, 'exit code 0')));
    });

    it('of two updates from the same version, one wins', async () => {
      const store = await open();
      await store.insert(operationAt('running'), 'submitted');
      const won = await Promise.all([
        store.update('op-1', 1, { status: 'completed' }, 'exit code 0'),
        store.update('op-1', 1, { status: 'stopped' }, 'seen twice'),
      ]);
      assert.deepEqual(won, [true, false]);
      assert.equal((await onDisk())[0]?.status, 'completed');
    });

    it('history has every status change with its evidence, oldest first, and no other change', async () => {
      const store = await open();
      await store.insert(operationAt('submitting'), 'submitted');
      await store.update('op-1', 1, { status: 'running' }, 'launched with pid 4242');
      await store.update('op-1', 2, { archived: true });
      store.refresh(new Map([['op-1', { verifiedAt: '2026-01-01T12:00:00.000Z' }]]));
      await store.update('op-1', 3, { status: 'failed' }, 'exit code 3');
      assert.deepEqual(
        store.history('op-1').map(({ from, to, evidence }) => [from, to, evidence]),
        [
          [undefined, 'submitting', 'submitted'],
          ['submitting', 'running', 'launched with pid 4242'],
          ['running', 'failed', 'exit code 3'],
        ],
      );
      const times = store.history('op-1').map(({ at }) => at);
      assert.deepEqual(times, [...times].sort());
    });

    it('refresh raises no version and ignores what does not exist', async () => {
      const store = await open();
      await store.insert(operationAt('running'), 'submitted');
      store.refresh(
        new Map([
          ['op-1', { verifiedBy: 'pid' }],
          ['nobody', { verifiedBy: 'pid' }],
        ]),
      );
      assert.deepEqual(store.all(), [operationAt('running', { verifiedBy: 'pid' })]);
    });

    it('text of any kind comes back as it was', async () => {
      const store = await open();
      const name = `'; DROP TABLE operations; -- "é 日本 🚂\n\\`;
      const { spec, ...rest } = operationAt('running');
      const operation = { ...rest, spec: { ...spec, name, command: name } };
      await store.insert(operation, name);
      assert.deepEqual(await onDisk(), [operation]);
      assert.equal(store.history('op-1')[0]?.evidence, name);
    });
  });

  it('tells its listeners of every change, before the disk has it', async () => {
    const store = await open();
    const seen: string[] = [];
    const subscription = store.onDidChange((changed) => seen.push(...changed.map(({ status }) => status)));
    const inserted = store.insert(operationAt('submitting'), 'submitted');
    assert.deepEqual(seen, ['submitting']);
    await inserted;
    await store.update('op-1', 1, { status: 'running' }, 'alive');
    subscription.dispose();
    await store.update('op-1', 2, { status: 'completed' }, 'exit code 0');
    assert.deepEqual(seen, ['submitting', 'running']);
  });

  it('a hundred writes at once share the disk: two writes in all', async () => {
    const store = kept(await folder.openCounting());
    const ids = Array.from({ length: 100 }, (_, at) => `op-${at}`);
    await Promise.all(ids.map((id) => store.insert(operationAt('running', { id }), 'submitted')));
    assert.ok(folder.writes <= 2, `${folder.writes} writes`);
    assert.equal((await onDisk()).length, 100);
  });

  it('a write costs what it changes, and not what there is', async () => {
    const store = await open();
    const ids = Array.from({ length: 1_000 }, (_, at) => `op-${at}`);
    await Promise.all(ids.map((id) => store.insert(operationAt('running', { id }), 'submitted')));
    const before = statSync(folder.path);
    await store.update('op-7', 1, { status: 'completed' }, 'exit code 0');
    const after = statSync(folder.path);
    assert.deepEqual([after.ino, after.mtimeMs], [before.ino, before.mtimeMs]);
    const [changes = '', ...others] = readdirSync(folder.folder).filter((name) => name.endsWith('.changes'));
    assert.deepEqual(others, []);
    assert.ok(statSync(path.join(folder.folder, changes)).size < 1_000);
    assert.equal((await onDisk()).find(({ id }) => id === 'op-7')?.status, 'completed');
  });

  it('a write that comes while the disk is busy is not acknowledged by the earlier one', async () => {
    const store = kept(await folder.openCounting());
    const first = store.insert(operationAt('running', { id: 'first' }), 'submitted');
    while (folder.writes === 0) {
      await new Promise(setImmediate);
    }
    const second = store.insert(operationAt('running', { id: 'second' }), 'submitted');
    await first;
    await second;
    assert.equal(folder.writes, 2);
    assert.equal((await onDisk()).length, 2);
  });
});

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import initSqlJs from 'sql.js';
import { isRemoteOperationsError } from '../../../src/operations/errors';
import type { Operation } from '../../../src/operations/operation';
import type { OperationStore } from '../../../src/store/operationStore';
import { mayMount } from '../../testbed/privileges';
import { operationAt } from '../operations/samples';
import { openStore, StoreFolder } from './storeSupport';

const notSaved = (error: unknown) => isRemoteOperationsError(error, 'NotSaved');

describe('OperationStore, when things go wrong', () => {
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

  describe('a crash in the middle of a write', () => {
    const crashAt = (...point: string[]) => {
      const script = path.join(__dirname, 'crashingWriter.js');
      const { signal, stderr } = spawnSync(process.execPath, [script, folder.path, ...point], {
        encoding: 'utf8',
      });
      assert.equal(signal, 'SIGKILL', stderr);
    };
    const points = [
      ['half-written'],
      ['before-rename'],
      ['half-written', 'many'],
      ['before-rename', 'many'],
      ['half-written', 'backup'],
    ];

    for (const point of points) {
      it(`leaves what was there whole (${point.join(', ')}), and the next write works`, async () => {
        await (await open()).insert(operationAt('running', { id: 'first' }), 'submitted');
        crashAt(...point);
        assert.ok(readdirSync(folder.folder).some((name) => name.endsWith('.new')));
        const store = await open();
        assert.deepEqual(
          store.all().map(({ id }) => id),
          ['first'],
        );
        await store.insert(operationAt('running', { id: 'third' }), 'submitted');
        assert.equal((await onDisk()).length, 2);
      });
    }

    for (const [point, count] of [
      [['after-rename'], 2],
      [['after-rename', 'many'], 302],
    ] as const) {
      it(`leaves the new state whole (${point.join(', ')})`, async () => {
        await (await open()).insert(operationAt('running', { id: 'first' }), 'submitted');
        crashAt(...point);
        assert.equal((await onDisk()).length, count);
      });
    }
  });

  describe('a disk that refuses', () => {
    it('insert: NotSaved, the operation does not exist, a later insert works', async () => {
      const store = await open();
      folder.refuseWrites();
      await assert.rejects(store.insert(operationAt('submitting'), 'submitted'), notSaved);
      assert.equal(store.get('op-1'), undefined);
      assert.deepEqual(store.history('op-1'), []);
      folder.allowWrites();
      await store.insert(operationAt('submitting', { id: 'op-2' }), 'submitted');
      assert.deepEqual(
        (await onDisk()).map(({ id }) => id),
        ['op-2'],
      );
      await store.insert(operationAt('submitting'), 'submitted');
      assert.equal(store.history('op-1').length, 1);
    });

    if (mayMount) {
      it('a full one: NotSaved with the reason, and all is well once there is room', async () => {
        const disk = path.join(folder.folder, 'disk');
        mkdirSync(disk);
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk]);
        try {
          const file = path.join(disk, 'operations.db');
          const store = kept(await openStore(file));
          await store.insert(operationAt('running', { id: 'first' }), 'submitted');
          const filler = path.join(disk, 'filler');
          assert.throws(() => writeFileSync(filler, Buffer.alloc(1_000_000)), /ENOSPC/);
          await assert.rejects(
            store.insert(operationAt('submitting', { id: 'second' }), 'submitted'),
            (error) => notSaved(error) && /ENOSPC.*Make room/.test((error as Error).message),
          );
          assert.equal(kept(await openStore(file)).all().length, 1);
          rmSync(filler);
          await store.insert(operationAt('submitting', { id: 'third' }), 'submitted');
          assert.deepEqual(
            kept(await openStore(file))
              .all()
              .map(({ id }) => id),
            ['first', 'third'],
          );
        } finally {
          execFileSync('umount', ['-l', disk]);
        }
      });
    }

    it('intend: NotSaved, and the change is taken back', async () => {
      const store = await open();
      await store.insert(operationAt('running'), 'submitted');
      folder.refuseWrites();
      await assert.rejects(store.intend('op-1', 1, { status: 'stopping' }, 'kill asked for'), notSaved);
      const operation = store.get('op-1');
      assert.equal(operation?.status, 'running');
      folder.allowWrites();
      await store.intend('op-1', operation.version, { status: 'stopping' }, 'kill asked for');
      assert.equal((await onDisk())[0]?.status, 'stopping');
    });

    it('update: the change stays in memory and goes out with the next write', async () => {
      const store = await open();
      await store.insert(operationAt('running'), 'submitted');
      folder.refuseWrites();
      await assert.rejects(store.update('op-1', 1, { status: 'completed' }, 'exit 0'));
      assert.equal(store.get('op-1')?.status, 'completed');
      assert.equal((await onDisk())[0]?.status, 'running');
      assert.ok(folder.logged.some((message) => message.includes('failed')));
      folder.allowWrites();
      await store.flush();
      assert.equal((await onDisk())[0]?.status, 'completed');
    });

    it('writes of several at once that fail leave none of their operations behind', async () => {
      const store = await open();
      folder.refuseWrites();
      const ids = ['a', 'b', 'c'];
      const all = await Promise.allSettled(
        ids.map((id) => store.insert(operationAt('submitting', { id }), 'submitted')),
      );
      assert.deepEqual(
        all.map(({ status }) => status),
        ['rejected', 'rejected', 'rejected'],
      );
      assert.deepEqual(store.all(), []);
    });
  });

  describe('a file that is not as it should be', () => {
    const aside = () => readdirSync(folder.folder).filter((name) => name.includes('.damaged-'));

    it('no database: moved aside, told, and begun anew', async () => {
      writeFileSync(folder.path, 'this is no database, but it may be dear to somebody'.repeat(100));
      const store = await open();
      assert.deepEqual(store.all(), []);
      const [name = ''] = aside();
      assert.match(readFileSync(path.join(folder.folder, name), 'utf8'), /^this is no database/);
      assert.match(folder.logged.join('\n'), /is damaged and was moved to/);
      await store.insert(operationAt('running'), 'submitted');
      assert.equal((await onDisk()).length, 1);
    });

    it('cut short: moved aside, not read halfway', async () => {
      const store = await open();
      const ids = Array.from({ length: 50 }, (_, at) => `op-${at}`);
      await Promise.all(ids.map((id) => store.insert(operationAt('running', { id }), 'submitted')));
      truncateSync(folder.path, Math.floor(statSync(folder.path).size / 2));
      assert.deepEqual((await open()).all(), []);
      assert.equal(aside().length, 1);
    });

    it('written by a newer version: refused and left as it is', async () => {
      const sql = await initSqlJs();
      const database = new sql.Database();
      database.exec('CREATE TABLE operations (id TEXT); PRAGMA user_version = 99');
      const content = database.export();
      writeFileSync(folder.path, content);
      await assert.rejects(open(), /version 99; this version of the extension reads up to/);
      assert.deepEqual(new Uint8Array(readFileSync(folder.path)), content);
      assert.deepEqual(aside(), []);
    });

    it('that cannot be read at all: refused, not taken for an empty one', async () => {
      mkdirSync(folder.path);
      await assert.rejects(open(), /EISDIR/);
      assert.ok(existsSync(folder.path));
    });

    it('with one unreadable row: the others are read, and it is told', async () => {
      const store = await open();
      await store.insert(operationAt('running'), 'submitted');
      await store.close();
      const sql = await initSqlJs();
      const database = new sql.Database(readFileSync(folder.path));
      database.exec(
        `INSERT INTO operations VALUES ('broken', 'here', 'job', 'running', '2026', 1, '{"id":', '2026');
         INSERT INTO operations VALUES ('null', 'here', 'job', 'running', '2026', 1, 'null', '2026')`,
      );
      writeFileSync(folder.path, database.export());
      assert.deepEqual(
        (await open()).all().map(({ id }) => id),
        ['op-1'],
      );
      assert.match(folder.logged.join('\n'), /broken/);
    });

    it('of an empty folder that is not there yet: begun', async () => {
      const deep = path.join(folder.folder, 'not', 'there', 'operations.db');
      const store = kept(await openStore(deep));
      await store.insert(operationAt('running'), 'submitted');
      assert.ok(existsSync(deep));
      assert.equal(statSync(path.dirname(deep)).mode & 0o077, 0);
    });
  });
});

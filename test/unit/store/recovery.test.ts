import assert from 'node:assert/strict';
import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import initSqlJs from 'sql.js';
import { Superseded, type WriteFence } from '../../../src/store/durableFile';
import type { Recovery } from '../../../src/store/opening';
import type { OperationStore, StoreOptions } from '../../../src/store/operationStore';
import { operationAt } from '../operations/samples';
import { StoreFolder } from './storeSupport';

const dayMs = 24 * 3_600_000;

describe('backups and recovery', () => {
  let folder: StoreFolder;
  let recoveries: Recovery[];
  const opened: OperationStore[] = [];

  beforeEach(() => {
    folder = new StoreFolder();
    recoveries = [];
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close().catch(() => undefined)));
    folder.dispose();
  });

  const open = async (more: Partial<StoreOptions> = {}): Promise<OperationStore> => {
    const store = await folder.open({ onRecovered: (recovery) => recoveries.push(recovery), ...more });
    opened.push(store);
    return store;
  };
  /** An owner that stores one operation and leaves. */
  const owner = async (id: string, more: Partial<StoreOptions> = {}): Promise<void> => {
    const store = await open(more);
    await store.insert(operationAt('running', { id }), 'submitted');
    await store.close();
  };
  const ids = (store: OperationStore) =>
    store
      .all()
      .map(({ id }) => id)
      .sort();
  const names = (part: string) => readdirSync(folder.folder).filter((name) => name.includes(part));
  const backup = (number: number) => `${folder.path}.bak-${number}`;
  const idsIn = async (file: string): Promise<string[]> => {
    const sql = await initSqlJs();
    const rows = new sql.Database(readFileSync(file)).exec('SELECT id FROM operations ORDER BY id');
    return (rows[0]?.values ?? []).map(([id]) => String(id));
  };
  const damage = (file: string) => truncateSync(file, Math.floor(statSync(file).size / 2));

  describe('backups', () => {
    it('each owner keeps what its predecessor left, before it writes; three are kept', async () => {
      for (const id of ['a', 'b', 'c', 'd', 'e']) {
        await owner(id);
      }
      assert.deepEqual(names('.bak-').sort(), [
        'operations.db.bak-1',
        'operations.db.bak-2',
        'operations.db.bak-3',
      ]);
      assert.deepEqual(await idsIn(backup(1)), ['a', 'b', 'c', 'd']);
      assert.equal(statSync(backup(1)).mode & 0o077, 0);
    });

    it('an owner that writes nothing makes none', async () => {
      await owner('a');
      await (await open()).close();
      assert.deepEqual(names('.bak-'), []);
    });

    it('restarts within a day replace the newest alone; after a day the others move up', async () => {
      const now = () => new Date().toISOString();
      for (const id of ['a', 'b', 'c', 'd']) {
        await owner(id, { now });
      }
      const [second, third] = [await idsIn(backup(2)), await idsIn(backup(3))];
      await owner('e', { now });
      assert.deepEqual([await idsIn(backup(2)), await idsIn(backup(3))], [second, third]);
      const first = await idsIn(backup(1));
      const yesterday = new Date(Date.now() - 1.1 * dayMs);
      utimesSync(backup(2), yesterday, yesterday);
      await owner('f', { now });
      assert.deepEqual([await idsIn(backup(2)), await idsIn(backup(3))], [first, second]);
    });

    it('the daily one holds everything that was acknowledged', async () => {
      const store = await open();
      await store.insert(operationAt('running', { id: 'a' }), 'submitted');
      await store.insert(operationAt('running', { id: 'b' }), 'submitted');
      await store.backUp();
      assert.deepEqual(await idsIn(backup(1)), ['a', 'b']);
    });

    it('a disk that refuses them keeps no write from being done', async () => {
      await owner('a');
      const store = await open();
      folder.refuseWrites();
      await store.backUp();
      assert.match(folder.logged.join('\n'), /A backup of .* failed/);
      folder.allowWrites();
      await store.insert(operationAt('running', { id: 'b' }), 'submitted');
      assert.equal(store.saveProblem, undefined);
    });

    it('a window that lost its place makes none', async () => {
      await owner('a');
      await owner('b');
      const before = readFileSync(backup(1));
      let lost = false;
      const fence: WriteFence = {
        generation: 3,
        check: () => (lost ? Promise.reject(new Superseded('another')) : Promise.resolve()),
      };
      const store = await open({ fence });
      lost = true;
      await assert.rejects(store.insert(operationAt('running', { id: 'late' }), 'submitted'), {
        code: 'NotSaved',
      });
      await store.backUp();
      assert.deepEqual(readFileSync(backup(1)), before);
      assert.deepEqual(names('.bak-'), ['operations.db.bak-1']);
      assert.deepEqual(await idsIn(folder.path), ['a', 'b']);
      assert.equal(store.saveProblem, undefined);
    });
  });

  describe('a damaged database', () => {
    it('is moved aside, the newest backup opened, and the user told once', async () => {
      for (const id of ['a', 'b', 'c']) {
        await owner(id);
      }
      damage(folder.path);
      assert.deepEqual(ids(await open()), ['a', 'b']);
      const [recovery] = recoveries;
      assert.equal(recoveries.length, 1);
      assert.match(recovery?.problem ?? '', /operations\.db is damaged: /);
      assert.equal(recovery?.restored?.from, backup(1));
      assert.equal(recovery.restored.savedAt, statSync(backup(1)).mtime.toISOString());
      assert.deepEqual(
        recovery.movedTo.map((file) => existsSync(file)),
        [true],
      );
      assert.deepEqual(await idsIn(folder.path), ['a', 'b']);
      assert.deepEqual(ids(await open()), ['a', 'b']);
      assert.equal(recoveries.length, 1);
    });

    it('with a damaged backup too: the next one', async () => {
      for (const id of ['a', 'b', 'c']) {
        await owner(id);
      }
      damage(folder.path);
      damage(backup(1));
      assert.deepEqual(ids(await open()), ['a']);
      assert.equal(recoveries[0]?.restored?.from, backup(2));
      assert.match(folder.logged.join('\n'), /bak-1 is of no use/);
    });

    for (const [what, content] of [
      ['empty, as after a power cut', Buffer.alloc(0)],
      ['all zeros', Buffer.alloc(20_000)],
      ['something else', Buffer.from('<html>'.repeat(1000))],
    ] as const) {
      it(`${what}: recovered`, async () => {
        await owner('a');
        await owner('b');
        writeFileSync(folder.path, content);
        assert.deepEqual(ids(await open()), ['a']);
        assert.equal(recoveries.length, 1);
      });
    }

    it('that is missing although there are backups: restored, and told', async () => {
      await owner('a');
      await owner('b');
      rmSync(folder.path);
      assert.deepEqual(ids(await open()), ['a']);
      assert.match(recoveries[0]?.problem ?? '', /is missing/);
      assert.deepEqual(recoveries[0]?.movedTo, []);
    });

    it('loses nothing that was written since, where that lies in files of its own', async () => {
      await owner('a');
      const store = await open();
      await store.insert(operationAt('running', { id: 'b' }), 'submitted');
      await store.update('a', 1, { status: 'completed' }, 'exit code 0');
      damage(folder.path);
      const recovered = await open();
      assert.deepEqual(ids(recovered), ['a', 'b']);
      assert.deepEqual(
        recovered.history('a').map(({ to }) => to),
        ['running', 'completed'],
      );
      assert.deepEqual(names('.changes'), []);
    });

    it('and a disk that refuses: opened in memory, shown as unsaved, saved later', async () => {
      await owner('a');
      await owner('b');
      damage(folder.path);
      folder.refuseWrites();
      const store = await open();
      assert.deepEqual(ids(store), ['a']);
      assert.ok(store.saveProblem);
      folder.allowWrites();
      await store.update('a', 1, { status: 'completed' }, 'exit code 0');
      assert.equal(store.saveProblem, undefined);
      assert.deepEqual(await idsIn(folder.path), ['a']);
    });
  });

  describe('files of changes', () => {
    it('a damaged one is moved aside and told; the others count', async () => {
      const store = await open();
      for (const id of ['a', 'b', 'c']) {
        await store.insert(operationAt('running', { id }), 'submitted');
      }
      const [first = ''] = names('.changes').sort();
      damage(path.join(folder.folder, first));
      assert.deepEqual(ids(await open()), ['a', 'c']);
      assert.match(recoveries[0]?.problem ?? '', /\.changes is damaged/);
      assert.equal(recoveries[0]?.restored, undefined);
      assert.equal(names('.damaged-').length, 1);
    });

    it('are brought together after a while, and on leaving', async () => {
      const store = await open();
      for (let at = 0; at < 200; at++) {
        await store.insert(operationAt('running', { id: `op-${at}` }), 'submitted');
      }
      assert.ok(names('.changes').length <= 65, String(names('.changes').length));
      await store.close();
      assert.deepEqual(names('.changes'), []);
      assert.equal((await idsIn(folder.path)).length, 200);
    });

    it('that the database holds already are not applied again', async () => {
      const store = await open();
      await store.insert(operationAt('running', { id: 'a' }), 'submitted');
      await store.update('a', 1, { status: 'stopping' }, 'kill asked for');
      const [name = ''] = names('.changes');
      const kept = path.join(folder.folder, 'kept');
      copyFileSync(path.join(folder.folder, name), kept);
      await store.update('a', 2, { status: 'cancelled' }, 'death seen');
      await store.close();
      copyFileSync(kept, path.join(folder.folder, name));
      const again = await open();
      assert.equal(again.get('a')?.status, 'cancelled');
      assert.equal(again.history('a').length, 3);
    });
  });
});

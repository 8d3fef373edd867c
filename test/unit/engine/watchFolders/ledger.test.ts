import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CaseRecord } from '../../../../src/engine/watchFolders/caseRecord';
import { Ledger } from '../../../../src/engine/watchFolders/ledger';
import { isRemoteOperationsError } from '../../../../src/operations/errors';

describe('the ledger of cases', () => {
  let folder: string;
  let logged: string[];
  const file = () => path.join(folder, 'watch-folders.json');
  const open = () =>
    Ledger.open({
      path: file(),
      now: () => '2026-01-01T00:00:00.000Z',
      log: (message) => logged.push(message),
    });
  const record = (name: string, state: CaseRecord['state'] = 'uploading'): CaseRecord => ({
    folderId: 'f',
    name,
    state,
    at: '2026-01-01T00:00:00.000Z',
    attempt: 1,
    token: `token of ${name}`,
  });

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'remote-operations-ledger-'));
    logged = [];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('has on the disk what it acknowledged', async () => {
    const ledger = await open();
    await ledger.begin({ id: 'f', inode: '7' }, [record('old', 'seen')]);
    await Promise.all(['a', '__proto__', 'b'].map((name) => ledger.put(record(name))));
    const again = await open();
    assert.equal(again.inode('f'), '7');
    assert.deepEqual(
      again.of('f').map(({ name, state }) => [name, state]),
      [
        ['old', 'seen'],
        ['a', 'uploading'],
        ['__proto__', 'uploading'],
        ['b', 'uploading'],
      ],
    );
    assert.equal(again.get('f', 'a')?.token, 'token of a');
  });

  it('takes back what the disk refuses', async () => {
    const ledger = await open();
    await ledger.put(record('a'));
    mkdirSync(`${file()}.new`);
    const refused = (error: unknown) => isRemoteOperationsError(error, 'NotSaved');
    await assert.rejects(ledger.put(record('a', 'uploaded')), refused);
    await assert.rejects(ledger.put(record('b')), refused);
    await assert.rejects(ledger.begin({ id: 'f', inode: '7' }, [record('c', 'seen')]), refused);
    assert.deepEqual([ledger.get('f', 'a')?.state, ledger.of('f').length], ['uploading', 1]);
    assert.equal(ledger.inode('f'), undefined);
    rmdirSync(`${file()}.new`);
    await ledger.put(record('a', 'uploaded'));
    assert.equal((await open()).get('f', 'a')?.state, 'uploaded');
  });

  it('what was known stays known when its folder is watched again', async () => {
    const ledger = await open();
    await ledger.begin({ id: 'f', inode: '7' }, []);
    await ledger.put(record('a', 'submitted'));
    await ledger.end('f');
    await ledger.begin({ id: 'f', inode: '7' }, [record('a', 'seen'), record('b', 'seen')]);
    const again = await open();
    assert.deepEqual(
      again.of('f').map(({ state }) => state),
      ['submitted', 'seen'],
    );
  });

  it('a damaged file is kept aside and told of', async () => {
    for (const content of [
      '{',
      '{"version":2,"folders":[],"cases":[]}',
      '{"version":1,"folders":[],"cases":[{}]}',
    ]) {
      writeFileSync(file(), content);
      assert.deepEqual((await open()).of('f'), []);
    }
    assert.match(logged.join(), /were damaged .* are not submitted by themselves/);
    assert.ok(readdirSync(folder).some((name) => name.includes('.damaged-')));
  });
});

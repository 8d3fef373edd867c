import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeManifest } from '../../../../src/engine/upload/manifest';
import { LocalChange, LocalProblem } from '../../../../src/engine/upload/problems';
import { takeStock } from '../../../../src/engine/upload/stock';

const never = new AbortController().signal;

describe('the stock of a folder', () => {
  let root: string;
  const file = (name: string, content = name) => writeFileSync(path.join(root, name), content);
  const manifest = async () => makeManifest(root, await takeStock(root), never);

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'remote-operations-stock-'));
    mkdirSync(path.join(root, 'sub/empty'), { recursive: true });
    file('a');
    file('sub/b', 'bb');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('has files, folders and links, and follows none of these', async () => {
    symlinkSync('.', path.join(root, 'sub/loop'));
    const { files, folders, links, bytes, problem } = await takeStock(root);
    assert.deepEqual(
      files.map(({ path: name, size }) => [name, size]),
      [
        ['a', 1],
        ['sub/b', 2],
      ],
    );
    assert.deepEqual(folders, ['sub', 'sub/empty']);
    assert.deepEqual(links, [{ path: 'sub/loop', target: '.' }]);
    assert.deepEqual([bytes, problem], [3, undefined]);
  });

  it('its fingerprint tells of every change of size, time, name and kind', async () => {
    const seen = new Set([(await takeStock(root)).fingerprint]);
    const changes = [
      () => file('a', 'aa'),
      () => utimesSync(path.join(root, 'a'), 1, 1),
      () => file('c'),
      () => {
        rmSync(path.join(root, 'c'));
        mkdirSync(path.join(root, 'c'));
      },
      () => chmodSync(path.join(root, 'a'), 0o755),
    ];
    for (const change of changes) {
      change();
      seen.add((await takeStock(root)).fingerprint);
    }
    assert.equal(seen.size, changes.length + 1);
    assert.ok(seen.has((await takeStock(root)).fingerprint));
  });

  it('the hash of its content is that of names, bytes and rights, not of times', async () => {
    const { contentHash } = await manifest();
    utimesSync(path.join(root, 'a'), 1, 1);
    assert.equal((await manifest()).contentHash, contentHash);
    chmodSync(path.join(root, 'a'), 0o755);
    const executable = (await manifest()).contentHash;
    file('a', 'A');
    assert.equal(new Set([contentHash, executable, (await manifest()).contentHash]).size, 3);
  });

  it('tells what cannot be uploaded', async () => {
    const problemWith = async (make: () => void, undo: () => void) => {
      make();
      const { problem } = await takeStock(root);
      undo();
      return problem;
    };
    const odd = path.join(root, 'odd');
    const remove = () => rmSync(odd);
    const pipe = () => void execFileSync('mkfifo', [odd]);
    assert.match((await problemWith(pipe, remove)) ?? '', /odd is neither a file nor a folder/);
    const link = () => symlinkSync('/etc', odd);
    assert.match((await problemWith(link, remove)) ?? '', /odd is a symbolic link that leads out/);
    const bytes = Buffer.from(`${root}/\xff`, 'latin1');
    const name = () => writeFileSync(bytes, '');
    assert.match((await problemWith(name, () => rmSync(bytes))) ?? '', /is not UTF-8/);
  });

  it('rejects when the folder is gone, and its manifest when a file has shrunk or is gone', async () => {
    const stock = await takeStock(root);
    file('sub/b', 'b');
    await assert.rejects(makeManifest(root, stock, never), LocalChange);
    rmSync(path.join(root, 'sub/b'));
    await assert.rejects(makeManifest(root, stock, never), LocalChange);
    await assert.rejects(takeStock(path.join(root, 'nowhere')), LocalProblem);
  });

  it('no link is followed that was put in the place of a file meanwhile', async () => {
    const stock = await takeStock(root);
    rmSync(path.join(root, 'a'));
    symlinkSync('/etc/hostname', path.join(root, 'a'));
    await assert.rejects(makeManifest(root, stock, never), LocalChange);
  });
});

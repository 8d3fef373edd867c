import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freshSocketPath, type SocketPlace } from '../../../src/windows/socketPath';

describe('path of the socket', () => {
  let folder: string;
  const place = (changes: Partial<SocketPlace> = {}): SocketPlace => ({
    platform: 'linux',
    uid: process.getuid?.(),
    bases: [undefined, folder],
    ...changes,
  });

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'sock-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('lies in a private folder, and is never the same twice', async () => {
    const first = await freshSocketPath('/storage', place());
    const second = await freshSocketPath('/storage', place());
    assert.notEqual(first, second);
    assert.equal(path.dirname(first), path.dirname(second));
    assert.equal(path.dirname(path.dirname(first)), folder);
    assert.equal((await stat(path.dirname(first))).mode & 0o777, 0o700);
  });

  it('is another for another storage folder', async () => {
    const first = await freshSocketPath('/storage', place());
    const second = await freshSocketPath('/other', place());
    assert.notEqual(path.dirname(first), path.dirname(second));
  });

  it('stays below what the kernel can hold, however long the names of folders are', async () => {
    const long = path.join(folder, 'x'.repeat(80));
    await mkdir(long);
    const found = await freshSocketPath('/storage', place({ bases: [long, folder] }));
    assert.equal(path.dirname(path.dirname(found)), folder);
    assert.ok(Buffer.byteLength(found) < 100);
    await assert.rejects(freshSocketPath('/storage', place({ bases: [long] })), /too long/);
  });

  it('is not put where others can enter', async () => {
    await chmod(path.dirname(await freshSocketPath('/storage', place())), 0o755);
    await assert.rejects(freshSocketPath('/storage', place()), /not a folder of this user alone/);
  });

  it('is not put where another user made the folder', async () => {
    const stranger = place({ uid: 4711 });
    await assert.rejects(freshSocketPath('/storage', stranger), /not a folder of this user alone/);
  });

  it('is not led elsewhere by a link', async () => {
    const expected = path.dirname(await freshSocketPath('/storage', place()));
    const elsewhere = path.join(folder, 'elsewhere');
    await mkdir(elsewhere, { mode: 0o700 });
    await rm(expected, { recursive: true });
    await symlink(elsewhere, expected);
    await assert.rejects(freshSocketPath('/storage', place()), /not a folder of this user alone/);
  });

  it('is a pipe that cannot be guessed on Windows', async () => {
    const found = await freshSocketPath('C:\\storage', place({ platform: 'win32' }));
    assert.match(found, /^\\\\\.\\pipe\\remote-operations-[0-9a-f]{12}-[0-9a-f]{32}$/);
  });
});

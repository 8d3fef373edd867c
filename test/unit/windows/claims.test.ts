import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Superseded } from '../../../src/store/durableFile';
import { Claims, newToken } from '../../../src/windows/claims';

describe('claims', () => {
  let folder: string;
  let claims: Claims;
  const claim = (generation: number) => claims.succeed(generation, '/nowhere.sock', newToken());

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'claims-'));
    claims = new Claims(path.join(folder, 'owners'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('begin with none', async () => {
    assert.deepEqual(await claims.newest(), { generation: 0 });
  });

  it('go to exactly one of many at once', async () => {
    const all = await Promise.all(Array.from({ length: 50 }, () => claim(0)));
    const [winner, ...others] = all.filter((fence) => fence !== undefined);
    assert.equal(winner?.generation, 1);
    assert.equal(others.length, 0);
    await winner.check();
    assert.deepEqual(await readdir(path.join(folder, 'owners')), ['1']);
  });

  it('supersede the one before', async () => {
    const first = await claim(0);
    const second = await claim(1);
    await assert.rejects(first!.check(), Superseded);
    await second!.check();
  });

  it('come to nothing under a number that was passed and cleared away', async () => {
    await claim(0);
    await claim(1);
    await claim(2);
    await claims.clear(3);
    assert.equal(await claim(1), undefined);
    assert.deepEqual(await readdir(path.join(folder, 'owners')), ['3']);
  });

  it('are lost with the folder, even to one of the same number', async () => {
    const first = await claim(0);
    await rm(path.join(folder, 'owners'), { recursive: true });
    await assert.rejects(first!.check(), Superseded);
    await claim(0);
    await assert.rejects(first!.check(), Superseded);
  });

  it('that cannot be read are succeeded all the same', async () => {
    await claim(0);
    await writeFile(path.join(folder, 'owners', '2'), '');
    assert.deepEqual(await claims.newest(), { generation: 2 });
    assert.equal((await claim(2))?.generation, 3);
  });
});

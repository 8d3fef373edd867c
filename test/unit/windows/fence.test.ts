import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { discardUnfinished, Superseded, type WriteFence, writeDurably } from '../../../src/store/durableFile';

describe('write fence', () => {
  let folder: string;
  let file: string;
  /** The highest generation appointed so far. */
  let newest: number;

  const fence = (generation: number, meanwhile?: () => Promise<void>): WriteFence => ({
    generation,
    check: async () => {
      if (newest !== generation) {
        throw new Superseded('another window has taken over');
      }
      const act = meanwhile;
      meanwhile = undefined;
      await act?.();
    },
  });
  const text = () => readFile(file, 'utf8');

  /** What a successor does before and after it has read the file. Returns what it read. */
  async function succeed(generation: number, content?: string): Promise<string> {
    newest = generation;
    await discardUnfinished(file, fence(generation));
    const read = await text();
    if (content !== undefined) {
      await writeDurably(file, Buffer.from(content), fence(generation));
    }
    return read;
  }

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'fence-'));
    file = path.join(folder, 'data');
    newest = 1;
    await writeDurably(file, Buffer.from('first'), fence(1));
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('lets the newest writer write', async () => {
    assert.equal(await text(), 'first');
    assert.deepEqual(await readdir(folder), ['data']);
  });

  it('refuses a writer that has a successor', async () => {
    await succeed(2, 'second');
    await assert.rejects(writeDurably(file, Buffer.from('late'), fence(1)), Superseded);
    assert.equal(await text(), 'second');
    assert.deepEqual(await readdir(folder), ['data']);
  });

  it('refuses a writer that was stopped after its check, while a successor read and wrote', async () => {
    const stopped = fence(1, async () => void (await succeed(2, 'second')));
    await assert.rejects(writeDurably(file, Buffer.from('late'), stopped), Superseded);
    assert.equal(await text(), 'second');
  });

  it('refuses a writer that was stopped after its check, while a successor only read', async () => {
    const stopped = fence(1, async () => assert.equal(await succeed(2), 'first'));
    await assert.rejects(writeDurably(file, Buffer.from('late'), stopped), Superseded);
    assert.equal(await text(), 'first');
  });

  it('does not let a late writer spoil the write of its successor', async () => {
    newest = 2;
    const successor = fence(2, async () => {
      await assert.rejects(writeDurably(file, Buffer.from('late'), fence(1)), Superseded);
      await discardUnfinished(file, fence(1));
    });
    await writeDurably(file, Buffer.from('second'), successor);
    assert.equal(await text(), 'second');
  });
});

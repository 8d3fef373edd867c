import assert from 'node:assert/strict';
import { inPortions, planFile } from '../../../../src/engine/upload/resume';
import { leadsOut } from '../../../../src/engine/upload/stock';

const file = { path: 'data', size: 100, executable: false, hash: 'whole' };
const start = (bytes: number) => Promise.resolve(`first ${bytes}`);

describe('going on with an upload', () => {
  const plan = (size: number, hash: string) => planFile(file, { size, hash }, start);

  it('sends what is not there from its beginning', async () => {
    assert.deepEqual(await planFile(file, undefined, start), { kind: 'send', from: 0 });
    assert.deepEqual(await plan(0, 'first 0'), { kind: 'send', from: 0 });
  });

  it('leaves what is there whole', async () => {
    assert.deepEqual(await plan(100, 'whole'), { kind: 'done' });
    assert.deepEqual(await planFile({ ...file, size: 0 }, { size: 0, hash: 'whole' }, start), {
      kind: 'done',
    });
  });

  it('continues what is the beginning of the file, and nothing else', async () => {
    assert.deepEqual(await plan(40, 'first 40'), { kind: 'send', from: 40 });
    assert.deepEqual(await plan(40, 'other'), { kind: 'send', from: 0 });
    assert.deepEqual(await plan(100, 'other'), { kind: 'send', from: 0 });
    assert.deepEqual(await plan(101, 'first 101'), { kind: 'send', from: 0 });
  });

  it('asks about files in portions, a large one by itself', () => {
    const sizes = (...all: number[]) => all.map((size) => ({ size }));
    const portions = inPortions(sizes(1, 1, 1, 50, 9, 2, 200), { mostItems: 2, mostBytes: 10 });
    assert.deepEqual(
      portions.map((portion) => portion.map(({ size }) => size)),
      [[1, 1], [1], [50], [9], [2], [200]],
    );
    assert.deepEqual(inPortions([], { mostItems: 2, mostBytes: 10 }), []);
  });
});

describe('a symbolic link in a folder', () => {
  it('may lead to what is within', () => {
    for (const [link, target] of [
      ['a', 'b'],
      ['x/a', '../b'],
      ['x/y/a', '../../b'],
      ['a', 'x/../b'],
    ] as const) {
      assert.equal(leadsOut(link, target), false, `${link} -> ${target}`);
    }
  });

  it('may not lead out', () => {
    for (const [link, target] of [
      ['a', '/etc/passwd'],
      ['a', '..'],
      ['x/a', '../../b'],
      ['a', 'x/../../b'],
    ] as const) {
      assert.equal(leadsOut(link, target), true, `${link} -> ${target}`);
    }
  });
});

import assert from 'node:assert/strict';
import { parseSpec } from '../../../src/operations/spec';

const spec = (pueue: unknown, launcher: unknown = 'pueue') =>
  parseSpec({ hostId: 'dgx', type: 'job', name: 'train', command: './train', launcher, pueue });

describe('options for pueue', () => {
  it('are taken as they are', () => {
    for (const options of [{}, { group: 'my gpus' }, { group: 'größe', priority: -3 }, { priority: 7 }]) {
      assert.deepEqual(spec(options).pueue, options);
    }
    assert.equal(spec(undefined).launcher, 'pueue');
  });

  const refused: [unknown, RegExp][] = [
    [{ group: '' }, /not the name of a group/],
    [{ group: 'a\nb' }, /not the name of a group/],
    [{ group: 'a\u001b[2J' }, /not the name of a group/],
    [{ group: 7 }, /group must be text/],
    [{ group: 'a'.repeat(201) }, /longer than 200/],
    [{ priority: 1.5 }, /priority must be a whole number/],
    [{ priority: '1' }, /priority must be a whole number/],
    [{ priority: 10_000_000 }, /priority must be a whole number/],
    [{ after: [1] }, /"pueue.after" is not supported/],
    ['narrow', /must be an object/],
  ];
  for (const [options, words] of refused) {
    it(`are refused: ${JSON.stringify(options).slice(0, 40)}`, () => {
      assert.throws(() => spec(options), words);
    });
  }

  it('need the launcher pueue', () => {
    assert.throws(() => spec({ group: 'narrow' }, 'slurm'), /"pueue" needs the launcher "pueue"/);
    assert.throws(() => spec({ group: 'narrow' }, 'process'), /"pueue" needs the launcher "pueue"/);
  });
});

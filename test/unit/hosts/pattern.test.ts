import assert from 'node:assert/strict';
import fc from 'fast-check';
import { matchesPatternList, matchesWildcard } from '../../../src/hosts/pattern';

const reference = (pattern: string, text: string): boolean => {
  const source = [...pattern].map((c) => (c === '*' ? '.*' : c === '?' ? '.' : c)).join('');
  return new RegExp(`^${source}$`).test(text);
};

describe('SSH patterns', () => {
  it('match like the regular expression they stand for', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, (p, t) => {
        assert.equal(matchesWildcard(p, t), reference(p, t));
      }),
      { numRuns: 500 },
    );
  });

  it('take no time on a hostile pattern', () => {
    assert.equal(matchesWildcard('*a'.repeat(50) + 'b', 'a'.repeat(2000)), false);
  });

  it('match a list when one matches and no negated one does', () => {
    assert.equal(matchesPatternList(['*.lab', '!login.lab'], 'gpu.lab'), true);
    assert.equal(matchesPatternList(['*.lab', '!login.lab'], 'login.lab'), false);
    assert.equal(matchesPatternList(['!login.lab'], 'gpu.lab'), false);
  });
});

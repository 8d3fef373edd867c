import assert from 'node:assert/strict';
import { fitted } from '../../../src/tools/tokenBudget';

const rows = (share: number) => ({ rows: Array.from({ length: Math.ceil(100 * share) }, (_, at) => at) });
const countTokens = (text: string) => Promise.resolve(text.length);

describe('the answer of a tool', () => {
  it('is whole where there is room, or nobody says how much', async () => {
    assert.equal(await fitted(rows), JSON.stringify(rows(1)));
    assert.equal(await fitted(rows, { tokenBudget: 1_000, countTokens }), JSON.stringify(rows(1)));
  });

  it('is as much as there is room for', async () => {
    const text = await fitted(rows, { tokenBudget: 150, countTokens });
    assert.ok(text.length <= 150 && text.length > 60, text);
  });

  it('is the least there is where even that is too long', async () => {
    assert.equal(await fitted(rows, { tokenBudget: 3, countTokens }), JSON.stringify(rows(0)));
  });
});

import assert from 'node:assert/strict';
import * as l10n from '@vscode/l10n';
import {
  filterText,
  isNarrowing,
  matchesFilter,
  noFilter,
  readFilter,
} from '../../../src/views/operationFilter';
import { view } from '../windows/scriptedService';

const words = {
  status: (status: string) => status,
  type: (type: string) => `type ${type}`,
  host: (hostId: string) => `${hostId}-1`,
  text: (text: string) => `“${text}”`,
};

describe('the filter of operations', () => {
  const views = [
    view('a', { shownStatus: 'failed', status: 'failed' }),
    view('b', { hostId: 'other' }),
    view('c', { type: 'server', command: 'serve --model [x](y)' }),
  ];
  const shown = (filter: Partial<typeof noFilter>) =>
    views
      .filter((each) => matchesFilter({ ...noFilter, ...filter }, each, `${each.hostId}-1`))
      .map(({ id }) => id)
      .join('');

  it('leaves nothing out by itself', () => {
    assert.equal(shown({}), 'abc');
    assert.equal(isNarrowing(noFilter), false);
  });

  it('takes any value of a facet, and wants every facet met', () => {
    assert.equal(shown({ statuses: ['failed', 'running'] }), 'abc');
    assert.equal(shown({ statuses: ['running'] }), 'bc');
    assert.equal(shown({ statuses: ['running'], hostIds: ['lab'] }), 'c');
    assert.equal(shown({ hostIds: ['lab'], types: ['job'] }), 'a');
    assert.equal(shown({ statuses: ['failed'], types: ['server'] }), '');
  });

  it('finds text in name, command, host and status, in any case and taken literally', () => {
    assert.equal(shown({ text: 'FAILED' }), 'a');
    assert.equal(shown({ text: 'other-1' }), 'b');
    assert.equal(shown({ text: '[x](' }), 'c');
    assert.equal(shown({ text: '.*' }), '');
  });

  it('finds a status by its word in the language of the rows too', () => {
    l10n.config({ contents: { failed: 'fehlgeschlagen' } });
    try {
      assert.equal(shown({ text: 'Fehlge' }), 'a');
      assert.equal(shown({ text: 'failed' }), 'a');
    } finally {
      l10n.config({ contents: {} });
    }
  });

  it('is told in few words', () => {
    const text = (filter: Partial<typeof noFilter>) => filterText({ ...noFilter, ...filter }, words);
    assert.equal(text({}), '');
    assert.equal(text({ statuses: ['failed'], hostIds: ['dgx'] }), 'failed on dgx-1');
    assert.equal(text({ hostIds: ['dgx', 'lab'] }), 'on dgx-1, lab-1');
    assert.equal(
      text({ statuses: ['failed', 'stopped'], types: ['job'], text: 'fine' }),
      'failed, stopped · type job · “fine”',
    );
  });

  it('is none where what was kept is not understood', () => {
    const filter = { text: 'x', statuses: ['failed'], hostIds: ['a'], types: ['job'] } as const;
    assert.deepEqual(readFilter(filter), filter);
    for (const stored of [
      undefined,
      'text of another version',
      { ...filter, statuses: ['gone'] },
      { text: 'x'.repeat(501) },
    ]) {
      assert.deepEqual(readFilter(stored), noFilter);
    }
  });
});

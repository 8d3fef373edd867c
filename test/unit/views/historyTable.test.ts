import assert from 'node:assert/strict';
import { oneLine, stamp, table } from '../../../src/views/historyTable';

describe('table of a history', () => {
  it('puts columns under their headings', () => {
    const text = table(
      ['To', 'Evidence'],
      [
        ['submitting', 'submitted'],
        ['running', 'pid 42'],
      ],
    );
    assert.deepEqual(text.split('\n'), [
      'To          Evidence',
      'submitting  submitted',
      'running     pid 42',
    ]);
  });

  it('with headings alone is one line', () => {
    assert.equal(table(['Time', 'To'], []), 'Time  To');
  });

  it('keeps what a host said on one line, in its direction, and of a readable length', () => {
    const text = table(['Evidence'], [['refused:\r\n\tno\u0000\u001b[31mroom\u2028here \u202egnp']]);
    assert.deepEqual(text.split('\n'), ['Evidence', 'refused: no [31mroom here  gnp']);
    assert.equal(oneLine('x'.repeat(5_000)).length, 1_003);
    assert.equal(oneLine('日本 🚂'), '日本 🚂');
  });

  it('stamps times by the clock of this computer, and leaves alone what is none', () => {
    const time = new Date(2026, 0, 31, 4, 2, 7);
    assert.equal(stamp(time.toISOString()), '2026-01-31 04:02:07');
    assert.equal(stamp('yesterday'), 'yesterday');
  });
});

import assert from 'node:assert/strict';
import {
  calmMs,
  livelyMs,
  readingMs,
  Redraws,
  tooltipLastsMs,
  type RowLook,
} from '../../../src/views/redraws';

describe('rows to draw anew', () => {
  let now: number;
  let redraws: Redraws<string>;
  let looks: Map<string, RowLook>;
  const due = () => redraws.due((row) => looks.get(row));
  const look = (row: string, essence: string, whole = essence) => looks.set(row, { whole, essence, calmMs });

  beforeEach(() => {
    now = 0;
    redraws = new Redraws(() => now);
    looks = new Map();
    for (const row of ['a', 'b']) {
      look(row, 'running');
      redraws.noteDrawn(row, { whole: 'running', essence: 'running', calmMs });
    }
  });

  it('are those that look different, each once', () => {
    look('a', 'failed');
    assert.deepEqual(due(), ['a']);
    assert.deepEqual(due(), []);
  });

  it('are not those that VS Code never drew', () => {
    look('c', 'running');
    assert.deepEqual(due(), []);
  });

  it('are drawn for what moves by itself only now and then', () => {
    let drawn = 0;
    for (; now <= 60_000; now += 1000) {
      look('a', 'running', `running ${now}`);
      drawn += due().length;
    }
    assert.equal(drawn, 60_000 / calmMs);
  });

  it('are drawn with every look where no button is in the way of it', () => {
    let drawn = 0;
    for (now += 2_000; now <= 20_000; now += 2_000) {
      looks.set('a', { whole: `running ${now}`, essence: 'running', calmMs: livelyMs });
      drawn += due().length;
    }
    assert.equal(drawn, 10);
  });

  it('are left alone while their tooltip is read, unless there is news', () => {
    now = calmMs;
    redraws.noteTooltip('a');
    now += readingMs - 1;
    looks.set('a', { whole: 'running 1', essence: 'running', calmMs: livelyMs });
    assert.deepEqual(due(), []);
    now += 1;
    assert.deepEqual(due(), ['a']);
    redraws.noteTooltip('a');
    look('a', 'failed');
    assert.deepEqual(due(), ['a']);
  });

  it('are also those whose tooltip is old, so that it tells the truth the next time', () => {
    redraws.noteTooltip('b');
    now += tooltipLastsMs + 1;
    assert.deepEqual(due(), ['b']);
    now += tooltipLastsMs + 1;
    assert.deepEqual(due(), []);
  });

  it('are also those whose tooltip could tell more by now', () => {
    redraws.noteTooltip('b', 'without figures');
    looks.set('b', { whole: 'running', essence: 'running', known: 'without figures', calmMs });
    assert.deepEqual(due(), []);
    looks.set('b', { whole: 'running', essence: 'running', known: 'with figures', calmMs });
    assert.deepEqual(due(), ['b']);
    assert.deepEqual(due(), []);
  });

  it('are not those that are gone', () => {
    looks.delete('a');
    assert.deepEqual(due(), []);
    look('a', 'failed');
    assert.deepEqual(due(), []);
  });
});

import assert from 'node:assert/strict';
import type { LogText } from '../../../../src/engine/operationsService';
import { LogWindow } from '../../../../src/views/logs/logWindow';

const log = Array.from({ length: 1000 }, (_, at) => `line ${String(at).padStart(4, '0')}\n`).join('');
const size = log.length;
const part = (offset: number, end: number): LogText => ({ text: log.slice(offset, end), offset, end, size });

describe('the part of a log that is held', () => {
  it('begins with a whole line', () => {
    const window = new LogWindow();
    window.reset(part(985, 1010));
    assert.equal(window.text(), 'line 0099\nline 0100\n');
    window.reset(part(0, 20));
    assert.equal(window.text(), 'line 0000\nline 0001\n');
  });

  it('takes in what comes before it, with the line whose beginning was missing', () => {
    const window = new LogWindow();
    window.reset(part(985, 1000));
    assert.equal(window.prepend(part(965, 985)), 1);
    assert.equal(window.text(), 'line 0097\nline 0098\nline 0099\n');
    assert.deepEqual([window.start, window.end, window.reachesEnd], [965, 1000, false]);
  });

  it('goes on with what is appended, also within a line', () => {
    const window = new LogWindow();
    window.reset(part(size - 25, size - 15));
    window.append(part(size - 15, size));
    assert.equal(window.text(), 'line 0998\nline 0999\n');
    assert.equal(window.reachesEnd, true);
  });

  it('never holds more than it may: what follows pushes out the beginning, what comes before pushes out the end', () => {
    const window = new LogWindow(100);
    window.reset(part(0, 60));
    window.append(part(60, 120));
    assert.deepEqual([window.start, window.end, window.text()], [60, 120, log.slice(70, 120)]);
    window.prepend(part(0, 60));
    assert.deepEqual([window.start, window.end, window.text()], [0, 60, log.slice(0, 60)]);
  });

  it('knows in which row a place is that it was opened at', () => {
    const window = new LogWindow();
    window.reset(part(463, 500), part(500, 600));
    assert.equal(window.rowsBefore(500), 3);
    assert.equal(window.text().split('\n')[3], 'line 0050');
  });
});

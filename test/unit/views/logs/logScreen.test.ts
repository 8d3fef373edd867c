import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LogScreen } from '../../../../src/views/logs/logScreen';

const shown = (...texts: string[]): string => {
  const screen = new LogScreen();
  texts.forEach((text) => screen.write(text));
  return screen.text();
};

describe('a log as a document', () => {
  it('is its lines as they are, with tabulators', () => {
    assert.equal(shown('one\n\ttwo\nthree'), 'one\n\ttwo\nthree');
  });

  it('shows of a progress bar what stands there in the end', () => {
    assert.equal(shown('load\n 10 %|#   |\r 55 %|##  |\r100 %|####|\ndone\n'), 'load\n100 %|####|\ndone\n');
  });

  it('keeps what a shorter text does not overwrite, as a terminal does', () => {
    assert.equal(shown('abcdef\rXY\n'), 'XYcdef\n');
    assert.equal(shown('abcdef\rXY\x1b[K\n'), 'XY\n');
    assert.equal(shown('abcdef\x1b[2K\rXY'), 'XY');
  });

  it('follows nested bars up and down', () => {
    assert.equal(
      shown('outer 0\ninner 0\x1b[A\router 1\ninner 1\x1b[A\router 2\n\ndone'),
      'outer 2\ninner 1\ndone',
    );
  });

  it('leaves out colours, titles, links and other commands', () => {
    const link = '\x1b]8;;command:evil\x1b\\text\x1b]8;;\x07';
    assert.equal(
      shown(`\x1b[1;31mred\x1b[0m \x1b]0;title\x07${link} \x1bPq\x1b\\\x1b(B\x07end\u009b31m`),
      'red text end31m',
    );
  });

  it('takes back what is backspaced', () => {
    assert.equal(shown('12\b\b34 5\b6'), '34 6');
  });

  it('is the same however it comes in pieces', () => {
    const pieces = fc.array(
      fc.constantFrom(
        'a',
        'bc',
        '\n',
        '\r',
        '\b',
        '\x1b[A',
        '\x1b[31m',
        '\x1b[K',
        '\x1b]0;t\x07',
        'é',
        '\x1b[2K',
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(pieces, fc.nat(80), (parts, at) => {
        const text = parts.join('');
        assert.equal(shown(text.slice(0, at), text.slice(at)), shown(text));
      }),
    );
  });

  it('takes in 8 MB of anything, without going over all of it again and again', function () {
    // That would take hours.
    this.timeout(60_000);
    const hostile = ['\x1b]', '\x1b[', '\x1b[1;', '\r', '\x1b]x'.repeat(3), '\b', '\x1bP'];
    for (const piece of hostile) {
      assert.equal(
        shown(piece.repeat((8 * 1024 * 1024) / piece.length)).trim().length,
        0,
        JSON.stringify(piece),
      );
    }
  });
});

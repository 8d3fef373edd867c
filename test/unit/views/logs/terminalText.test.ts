import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TerminalText } from '../../../../src/views/logs/terminalText';

const through = (...texts: string[]): string => {
  const filter = new TerminalText();
  return texts.map((text) => filter.take(text)).join('');
};

describe('what of a log reaches a terminal', () => {
  it('are its words, its colours, and its lines as a terminal ends them', () => {
    const coloured = '\x1b[1;38;5;208mhot\x1b[0m \x1b[38:2::1:2:3mexact\x1b[m';
    assert.equal(through(`${coloured}\n`), `${coloured}\r\n`);
  });

  it('are the movements of progress bars', () => {
    const bar = '\r\x1b[2K 10 %\x1b[K\b\b\x1b[3C\x1b[1G';
    assert.equal(through(bar), bar);
    assert.equal(through('outer\ninner\x1b[A\rnew'), 'outer\r\ninner\x1b[1A\rnew');
  });

  const dangerous: [what: string, sequence: string][] = [
    ['the clipboard', '\x1b]52;c;ZXZpbA==\x07'],
    ['the clipboard, ended in the other way', '\x1b]52;c;ZXZpbA==\x1b\\'],
    ['links', '\x1b]8;;command:workbench.action.quit\x07'],
    ['titles', '\x1b]0;a title\x07'],
    ['marks of the shell integration of VS Code', '\x1b]633;E;rm -rf;nonce\x07'],
    ['questions for the title, the cursor, the kind of terminal', '\x1b[21t\x1b[6n\x1b[c\x1b[>c\x1b[?6n'],
    ['other screens and modes', '\x1b[?1049h\x1b[?1000h\x1b[?2004h\x1b[2J\x1b[H\x1b[3J'],
    ['device control strings', '\x1bP$qm\x1b\\\x1b_x\x1b\\\x1b^x\x1b\\\x1bXx\x1b\\'],
    ['resets and character sets', '\x1bc\x1b(0\x1b#8\x1b7\x1b8\x1bM'],
    ['scrolling regions', '\x1b[1;2r\x1b[5S\x1b[4L'],
    ['commands of eight bits', '\u009b6n\u009d52;c;x\u009c'.replaceAll(/[a-z0-9;]/g, '')],
    ['bells and other controls', '\x07\x00\x05\x0e\x0f\x7f'],
  ];
  for (const [what, sequence] of dangerous) {
    it(`is nothing for ${what}`, () => {
      assert.equal(through(`a${sequence}b`), 'ab');
      // Nor when it comes in two reads.
      for (let at = 1; at < sequence.length; at++) {
        assert.equal(through(`a${sequence.slice(0, at)}`, `${sequence.slice(at)}b`), 'ab');
      }
    });
  }

  it('never moves the cursor above its own first line, nor below its last', () => {
    assert.equal(through('\x1b[5Aforged'), 'forged');
    assert.equal(through('one\ntwo\x1b[9Aup'), 'one\r\ntwo\x1b[1Aup');
    assert.equal(through('one\ntwo\x1b[1A\x1b[9Bdown'), 'one\r\ntwo\x1b[1A\x1b[1Bdown');
  });

  it('begins no line of ours after a restart', () => {
    const filter = new TerminalText();
    filter.take('one\ntwo\n\x1b[3');
    filter.restart();
    assert.equal(filter.take('A\x1b[2Aup'), 'Aup');
  });

  it('holds no command but those that are allowed, whatever comes', () => {
    const allowed = /\x1b\[[0-9:;]*m|\x1b\[\d*[ABCDGK]/g;
    const pieces = fc.constantFrom(
      '\x1b',
      '[',
      ']',
      '5',
      '2',
      ';',
      'm',
      'A',
      'n',
      'c',
      'x',
      '\x07',
      '\\',
      '?',
      '\n',
      'P',
      'h',
      ' ',
      '\u009b',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), fc.nat(60), (parts, at) => {
        const text = parts.join('');
        const safe = through(text.slice(0, at), text.slice(at));
        assert.doesNotMatch(safe.replaceAll(allowed, ''), /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/);
      }),
      { numRuns: 2_000 },
    );
  });
});

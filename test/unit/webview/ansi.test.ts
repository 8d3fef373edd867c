import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { readColours } from '../../../webview/detail/ansi';

const esc = '\u001b';
const plain = (log: string) => readColours(log).map((spans) => spans.map(({ text }) => text).join(''));

describe('colours of a log', () => {
  it('are those of the theme, by their numbers, from where they begin to where they end', () => {
    assert.deepEqual(readColours(`a${esc}[31mb\nc${esc}[0md${esc}[92me${esc}[39mf`), [
      [
        { text: 'a', style: {} },
        { text: 'b', style: { color: 1 } },
      ],
      [
        { text: 'c', style: { color: 1 } },
        { text: 'd', style: {} },
        { text: 'e', style: { color: 10 } },
        { text: 'f', style: {} },
      ],
    ]);
  });

  it('may be of 256 or of all colours', () => {
    const [[index, cube, grey, rgb] = []] = readColours(
      `${esc}[38;5;9ma${esc}[38;5;196mb${esc}[48;5;244;1mc${esc}[0;38;2;1;2;300md`,
    );
    assert.deepEqual(index?.style, { color: 9 });
    assert.deepEqual(cube?.style, { color: 'rgb(255, 0, 0)' });
    assert.deepEqual(grey?.style, { color: 'rgb(255, 0, 0)', background: 'rgb(128, 128, 128)', bold: true });
    assert.deepEqual(rgb?.style, { color: 'rgb(1, 2, 255)' });
  });

  it('take bold, faint, italic, underlined and inverse on and off', () => {
    const [spans = []] = readColours(`${esc}[1;2;3;4;7ma${esc}[22mb${esc}[23;24;27mc`);
    assert.deepEqual(
      spans.map(({ style }) => Object.keys(style).join()),
      ['bold,dim,italic,underline,inverse', 'italic,underline,inverse', ''],
    );
  });

  it('leave out all other commands, titles and links, and what would reverse the text', () => {
    assert.deepEqual(
      plain(
        `${esc}[2K${esc}]0;title\u0007a${esc}[?25l${esc}]8;;http://x\u0007b${esc}]8;;\u0007\u202ec${esc}[38;5md`,
      ),
      ['abcd'],
    );
  });

  it('show of a line that was rewritten the last state', () => {
    assert.deepEqual(plain('10 %\r20 %\r\nnext\r'), ['20 %', 'next']);
  });

  it('take whatever a log holds, and little time over it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (log) => {
        assert.doesNotMatch(plain(log).join(''), /[\u001b\u202e\r]/u);
      }),
    );
    const began = performance.now();
    readColours(`${esc}[`.repeat(20_000) + `${esc}]`.repeat(20_000));
    assert.ok(performance.now() - began < 500);
  });
});

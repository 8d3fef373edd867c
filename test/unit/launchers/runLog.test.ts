import assert from 'node:assert/strict';
import fc from 'fast-check';
import { wholeCharacters } from '../../../src/launchers/process/runLog';

const cut = (data: Buffer, mayBeginWithin = true): string => {
  const [from, to] = wholeCharacters(data, mayBeginWithin);
  return data.toString('utf8', from, to);
};

describe('a log read in parts', () => {
  it('has no character cut in two, wherever it is cut', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 8 });
    fc.assert(
      fc.property(text, fc.nat(), (whole, at) => {
        const data = Buffer.from(whole);
        const [, to] = wholeCharacters(data.subarray(0, 4 + (at % Math.max(1, data.length - 7))), false);
        const [from, end] = wholeCharacters(data.subarray(to), true);
        assert.equal(from, 0);
        assert.equal(cut(data.subarray(0, to), false) + data.toString('utf8', to, to + end), whole);
      }),
    );
  });

  it('begins with the next character where it would begin within one', () => {
    assert.equal(cut(Buffer.from('日本').subarray(1)), '本');
    assert.equal(cut(Buffer.from('🚂!').subarray(2)), '!');
  });

  it('keeps what is no UTF-8, and what is asked for byte by byte', () => {
    assert.equal(cut(Buffer.from([0xff, 0xfe, 0x61, 0xff])), '\ufffd\ufffda\ufffd');
    assert.equal(cut(Buffer.from([0x80, 0x80, 0x80, 0x80, 0x61])), '\ufffda');
    assert.equal(cut(Buffer.from([0x80])), '\ufffd');
  });
});

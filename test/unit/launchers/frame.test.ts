import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseBlock, type Block } from '../../../src/launchers/frame';
import { isRemoteOperationsError } from '../../../src/operations/errors';

const nonce = 'n0nce';
const lines = ['op a yes 0', ' 7b 22 70 22 7d', 'op b no -', 'progress b', ' c3 a9 20 00', ' ff'];
const whole = [
  `remote-ops begin ${nonce} machine-1 boot-1 123.45`,
  ...lines,
  `remote-ops end ${nonce} 3`,
  '',
].join('\n');

const parse = (output: string): Block => parseBlock(output, nonce, 'gpu-box');

const refuses = (output: string) =>
  assert.throws(
    () => parse(output),
    (error) => isRemoteOperationsError(error, 'BadAnswer') && error.message.includes('gpu-box'),
    JSON.stringify(output),
  );

const rejected = Symbol('rejected');

const outcome = (output: string): Block | typeof rejected => {
  try {
    return parse(output);
  } catch (error) {
    assert.ok(isRemoteOperationsError(error, 'BadAnswer'), String(error));
    return rejected;
  }
};

describe('parseBlock', () => {
  it('reads who answers, the lines and the data behind them', () => {
    assert.deepEqual(parse(whole), {
      machineId: 'machine-1',
      bootId: 'boot-1',
      uptimeSeconds: 123.45,
      lines: [
        { words: ['op', 'a', 'yes', '0'], data: Buffer.from('{"p"}') },
        { words: ['op', 'b', 'no', '-'], data: Buffer.alloc(0) },
        { words: ['progress', 'b'], data: Buffer.from([0xc3, 0xa9, 0x20, 0, 0xff]) },
      ],
    });
  });

  it('knows no uptime where the host has none', () => {
    const block = parse(`remote-ops begin ${nonce} m b -\nremote-ops end ${nonce} 0\n`);
    assert.equal(block.uptimeSeconds, undefined);
    assert.deepEqual(block.lines, []);
  });

  it('knows the folder of all runs by its id, where it has one', () => {
    const block = (runs: string) =>
      parse(`remote-ops begin ${nonce} m b 1${runs}\nremote-ops end ${nonce} 0\n`);
    assert.equal(block(' runs-1').runsId, 'runs-1');
    assert.ok(!('runsId' in block(' -')) && !('runsId' in block('')));
  });

  it('ignores whatever stands before the begin line and behind the end line', () => {
    const banner = 'Welcome!\nremote-ops begin other m b 1\nremote-ops end other 9\n 00\n\n';
    assert.deepEqual(parse(`${banner}${whole}logout\n`), parse(whole));
  });

  it('refuses a block that is cut short at any byte', () => {
    for (let length = 0; length < whole.length; length++) {
      refuses(whole.slice(0, length));
    }
  });

  it('refuses an end line without its newline: its count may be cut short', () => {
    refuses(whole.slice(0, -1));
  });

  it('refuses a block with another nonce, at either end', () => {
    refuses(whole.replaceAll(nonce, 'other'));
    refuses(whole.replace(`begin ${nonce}`, 'begin other'));
    refuses(whole.replace(`end ${nonce}`, 'end other'));
    refuses(whole.replace(`end ${nonce}`, `end ${nonce}2`));
  });

  it('refuses a wrong count', () => {
    for (const count of ['2', '4', '33', '', '-3', '3.0', '03', 'three']) {
      refuses(whole.replace(/end n0nce 3/, `end ${nonce} ${count}`));
    }
  });

  it('refuses data that is not hex, or that belongs to no line', () => {
    refuses(whole.replace(' ff', ' fg'));
    refuses(whole.replace(' ff', ' f'));
    refuses(whole.replace(' ff', ' FF'));
    refuses(whole.replace('op a yes 0\n', ' 00\nop a yes 0\n'));
  });

  it('refuses a begin line without machine, boot or uptime', () => {
    refuses(whole.replace(' machine-1 boot-1 123.45', ' machine-1 boot-1'));
    refuses(whole.replace(' machine-1 boot-1 123.45', ' machine-1  1'));
  });

  it('refuses what a terminal made of it: carriage returns', () => {
    refuses(whole.replaceAll('\n', '\r\n'));
  });

  it('refuses an empty answer and a message instead of one', () => {
    refuses('');
    refuses('sh: 1: cannot create /tmp/x: No space left on device\n');
    refuses('This account is currently not available.\n');
  });
});

describe('parseBlock: any block, however mutilated', () => {
  const word = fc.stringMatching(/^[A-Za-z0-9=._-]{1,8}$/);
  const line = fc.record({
    words: fc.array(word, { minLength: 1, maxLength: 5 }),
    data: fc.uint8Array({ maxLength: 20 }),
  });
  const block = fc.array(line, { maxLength: 8 });

  const print = (all: { words: string[]; data: Uint8Array }[], by = nonce): string => {
    const body = all.flatMap(({ words, data }) => {
      const hex = [...data].map((byte) => ` ${byte.toString(16).padStart(2, '0')}`);
      return [words.join(' '), hex.slice(0, 16).join(''), hex.slice(16).join('')].filter(
        (text) => text !== '',
      );
    });
    return `remote-ops begin ${by} m b 5\n${body.map((text) => `${text}\n`).join('')}remote-ops end ${by} ${all.length}\n`;
  };

  it('comes through as it was printed', () => {
    fc.assert(
      fc.property(block, fc.string(), (all, banner) => {
        const expected = all.map(({ words, data }) => ({ words, data: Buffer.from(data) }));
        assert.deepEqual(parse(`${banner}\n${print(all)}`).lines, expected);
      }),
    );
  });

  it('is refused when it was cut anywhere', () => {
    fc.assert(
      fc.property(block, fc.nat(), (all, at) => {
        const text = print(all);
        refuses(text.slice(0, at % text.length));
      }),
    );
  });

  it('is refused or unchanged when whole lines were lost, doubled or put in', () => {
    const isData = (text: string | undefined) => text?.startsWith(' ') ?? false;
    const harm = fc.record({ at: fc.nat(), kind: fc.constantFrom('lose', 'double', 'put in') });
    fc.assert(
      fc.property(block, harm, (all, { at, kind }) => {
        const text = print(all).split('\n').slice(0, -1);
        const index = at % text.length;
        const line = text[index];
        // A framed channel loses the tail, or lines between reads; data lines come with their line.
        fc.pre(!isData(line));
        text.splice(
          index,
          kind === 'lose' ? 1 : 0,
          ...(kind === 'double' ? [line ?? ''] : kind === 'put in' ? ['op x yes 0'] : []),
        );
        const seen = outcome(`${text.join('\n')}\n`);
        assert.deepEqual(seen === rejected ? parse(print(all)) : seen, parse(print(all)));
      }),
    );
  });

  it('is refused or unchanged when any bytes are put before or behind it', () => {
    fc.assert(
      fc.property(block, fc.string(), fc.string(), (all, before, after) => {
        const seen = outcome(`${before}${print(all)}${after}`);
        assert.deepEqual(seen === rejected ? parse(print(all)) : seen, parse(print(all)));
      }),
    );
  });

  it('is never mixed with another answer', () => {
    fc.assert(
      fc.property(block, block, fc.nat(), fc.nat(), (own, other, head, tail) => {
        const [a, b] = [print(own), print(other, 'other')];
        const spliced = a.slice(0, head % a.length) + b.slice(tail % b.length);
        // A newline of the other completes what lacks only that, and what is behind a whole answer is ignored.
        assert.ok(spliced.startsWith(a) || outcome(spliced) === rejected, spliced);
      }),
    );
  });
});

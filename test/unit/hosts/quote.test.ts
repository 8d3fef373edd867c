import assert from 'node:assert/strict';
import fc from 'fast-check';
import { encodeText, scriptCommand, shellWord } from '../../../src/hosts/quote';
import { isRemoteOperationsError } from '../../../src/operations/errors';

const invalid = (error: unknown) => isRemoteOperationsError(error, 'InvalidInput');

describe('Quoting for shells', () => {
  it('quotes a word with single quotes', () => {
    assert.equal(shellWord(''), "''");
    assert.equal(shellWord("it's $HOME"), `'it'\\''s $HOME'`);
  });

  it('encodes any text as one printable word without shell syntax', () => {
    fc.assert(
      fc.property(fc.uint8Array({ min: 1 }), (bytes) => {
        assert.match(encodeText(Buffer.from(bytes)), /^[A-Za-z0-9_./:=,@%+\\-]*$/);
      }),
    );
    assert.equal(encodeText('a b\n'), 'a\\0040b\\0012');
    assert.equal(encodeText('ü'), '\\0303\\0274');
  });

  it('makes a script one line without anything that a login shell treats specially in single quotes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (script) => {
        fc.pre(!script.includes('\0'));
        const encoded = /' sh '(.*)'$/s.exec(scriptCommand(script))?.[1] ?? '';
        assert.match(encoded.replace(/\\0[0-3][0-7]{2}/g, ''), /^[^'\\!\x00-\x1f\x7f-\uffff]*$/);
      }),
    );
  });

  it('keeps ordinary script text as it is, so that the command stays short', () => {
    assert.ok(scriptCommand('kill -0 -"$pid" 2>/dev/null').includes('kill -0 -"$pid" 2>/dev/null'));
  });

  it('refuses a script whose command the kernel would not start', () => {
    const overhead = scriptCommand('').length;
    assert.equal(scriptCommand('x'.repeat(131_071 - overhead)).length, 131_071);
    assert.throws(() => scriptCommand('x'.repeat(131_072 - overhead)), invalid);
  });

  it('refuses NUL, which no shell can carry', () => {
    for (const quote of [shellWord, encodeText, scriptCommand]) {
      assert.throws(() => quote('a\0b'), invalid);
    }
  });
});

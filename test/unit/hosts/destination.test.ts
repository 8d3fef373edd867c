import assert from 'node:assert/strict';
import { formatAddress, parseDestination, printable } from '../../../src/hosts/destination';
import { isRemoteOperationsError } from '../../../src/operations/errors';

describe('parseDestination', () => {
  const valid: [string, ReturnType<typeof parseDestination>][] = [
    ['dgx-1', { host: 'dgx-1' }],
    [' alice@dgx-1 ', { host: 'dgx-1', user: 'alice' }],
    ['alice@10.0.0.5:2222', { host: '10.0.0.5', user: 'alice', port: 2222 }],
    ['alice@corp.example@gateway', { host: 'gateway', user: 'alice@corp.example' }],
    ['[::1]', { host: '::1' }],
    ['bob@[fe80::1%eth0]:22', { host: 'fe80::1%eth0', user: 'bob', port: 22 }],
    ['2001:db8::7', { host: '2001:db8::7' }],
    ['ssh://alice@dgx-1:2222/', { host: 'dgx-1', user: 'alice', port: 2222 }],
    ['größe.example', { host: 'größe.example' }],
  ];
  for (const [text, expected] of valid) {
    it(`reads ${text.trim()}`, () => assert.deepEqual(parseDestination(text), expected));
  }

  const invalid = [
    '',
    '@host',
    'alice@',
    'host:',
    'host:0',
    'host:65536',
    'host:22x',
    '[::1',
    '[::1]22',
    'two words',
    '-oProxyCommand=x',
    'a@-x',
    'host;rm',
    'host\nHost b',
    '-l@host',
  ];
  for (const text of invalid) {
    it(`refuses ${JSON.stringify(text)} with a message that says how to write it`, () => {
      assert.throws(
        () => parseDestination(text),
        (error) => isRemoteOperationsError(error, 'InvalidInput') && error.message.includes('user@host:port'),
      );
    });
  }
});

describe('Text from elsewhere', () => {
  it('is cut and kept on one line in messages', () => {
    assert.equal(printable('a\n\u001b[31mb\u202e\tc'), 'a [31mb c');
    assert.equal(printable('x'.repeat(999)).length, 200);
  });

  it('shows an IPv6 address with its port unambiguously', () => {
    assert.equal(formatAddress('::1', 22), '[::1]:22');
    assert.equal(formatAddress('dgx-1', 22), 'dgx-1:22');
  });
});

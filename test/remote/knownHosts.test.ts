import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { acceptHostKey, checkHostKey, fingerprintOf, knownKeyTypes } from '../../src/hosts/knownHosts';
import { generateKey } from '../testbed/sshd';

interface PublicKey {
  line: string;
  blob: Buffer;
  file: string;
}

describe('known_hosts', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'remote-operations-known-hosts-'));
  const keys = {} as Record<'ed25519' | 'other' | 'rsa' | 'ecdsa', PublicKey>;
  const sources = { ed25519: 'ed25519', other: 'ed25519', rsa: 'rsa', ecdsa: 'ecdsa' } as const;

  before(async () => {
    for (const [name, type] of Object.entries(sources) as [keyof typeof keys, string][]) {
      const file = path.join(folder, name);
      await generateKey(file, type);
      const [keyType = '', base64 = ''] = readFileSync(`${file}.pub`, 'utf8').split(' ');
      keys[name] = { line: `${keyType} ${base64}`, blob: Buffer.from(base64, 'base64'), file };
    }
  });
  after(() => rmSync(folder, { recursive: true }));

  const check = (text: string, key: PublicKey, host = 'dgx', port = 22) =>
    checkHostKey([{ path: '/kh', text }], host, port, key.blob);
  const result = (...args: Parameters<typeof check>) => check(...args).result;

  /** The file as `ssh-keygen -H` rewrites it. */
  const hashed = (text: string): string => {
    const file = path.join(folder, 'hashed');
    writeFileSync(file, text);
    execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'pipe' });
    return readFileSync(file, 'utf8');
  };

  it('prints fingerprints as ssh-keygen does', () => {
    for (const key of Object.values(keys)) {
      const printed = execFileSync('ssh-keygen', ['-l', '-f', key.file]).toString().split(' ')[1];
      assert.equal(fingerprintOf(key.blob), printed);
    }
  });

  it('knows a host by name, by list, by wildcard, in any case', () => {
    for (const names of ['dgx', 'other,dgx', 'DGX', 'd?x', '*,!other']) {
      assert.equal(result(`${names} ${keys.ed25519.line} a comment\n`, keys.ed25519), 'known', names);
    }
    assert.equal(result(`dgx ${keys.ed25519.line}\r\n`, keys.ed25519, 'DGX'), 'known');
  });

  it('does not know a host that is negated, other, or on another port', () => {
    assert.equal(result(`d*,!dgx ${keys.ed25519.line}\n`, keys.ed25519), 'unknown');
    assert.equal(result(`dgx.example ${keys.ed25519.line}\n`, keys.ed25519), 'unknown');
    assert.equal(result(`[dgx]:2222 ${keys.ed25519.line}\n`, keys.ed25519), 'unknown');
  });

  it('knows a host in a file hashed by ssh-keygen -H', () => {
    const text = hashed(`dgx ${keys.ed25519.line}\n[dgx]:2222 ${keys.rsa.line}\n`);
    // Hashes may hold any letters.
    assert.match(text, /^(\|1\|[\w+/=]+\|[\w+/=]+ ssh-\S+ \S+.*\n){2}$/u);
    assert.equal(result(text, keys.ed25519), 'known');
    assert.equal(result(text, keys.rsa, 'dgx', 2222), 'known');
    assert.equal(result(text, keys.other), 'changed');
    assert.equal(result(text, keys.ed25519, 'dgy'), 'unknown');
  });

  it('reports a changed key with place and expected fingerprint', () => {
    const text = `# comment\n\ndgx ${keys.ed25519.line}\n`;
    assert.deepEqual(check(text, keys.other), {
      result: 'changed',
      fingerprint: fingerprintOf(keys.other.blob),
      file: '/kh',
      line: 3,
      expectedFingerprints: [fingerprintOf(keys.ed25519.blob)],
      expectedTypes: ['ssh-ed25519'],
    });
  });

  it('knows any of several keys on record', () => {
    const text = `dgx ${keys.ed25519.line}\ndgx ${keys.other.line}\n`;
    assert.equal(result(text, keys.other), 'known');
  });

  it('lets a record without port vouch for another port, but not speak against it', () => {
    const text = `dgx ${keys.ed25519.line}\n`;
    assert.equal(result(text, keys.ed25519, 'dgx', 2222), 'known');
    assert.equal(result(text, keys.other, 'dgx', 2222), 'unknown');
  });

  it('refuses a revoked key even where it is on record as well', () => {
    const text = `dgx ${keys.ed25519.line}\n@revoked * ${keys.ed25519.line}\n`;
    assert.equal(result(text, keys.ed25519), 'revoked');
    assert.equal(result(text, keys.ed25519, 'dgx', 2222), 'revoked');
  });

  it('does not take a certificate authority for a host key', () => {
    assert.equal(result(`@cert-authority * ${keys.ed25519.line}\n`, keys.ed25519), 'unknown');
    assert.equal(result(`@unheard-of dgx ${keys.ed25519.line}\n`, keys.ed25519), 'unknown');
  });

  it('passes over malformed lines', () => {
    const [type = '', base64 = ''] = keys.ed25519.line.split(' ');
    const lines = [
      'dgx',
      `dgx ${type}`,
      `dgx ${type} !!!`,
      `dgx ssh-rsa ${base64}`,
      `dgx ${type} ${base64.slice(0, 20)}`,
      `|1|x ${type} ${base64}`,
      `|2|a|b ${type} ${base64}`,
      `#dgx ${type} ${base64}`,
      '\u0000\u0001',
    ];
    assert.equal(result(lines.join('\n'), keys.other), 'unknown');
  });

  it('lists the types on record, so that a host is asked for those first', () => {
    const text = `dgx ${keys.rsa.line}\n[dgx]:2222 ${keys.ecdsa.line}\n@revoked dgx ${keys.ed25519.line}\n`;
    assert.deepEqual(knownKeyTypes([{ path: '/kh', text }], 'dgx', 22), ['ssh-rsa']);
    assert.deepEqual(knownKeyTypes([{ path: '/kh', text }], 'dgx', 2222), ['ecdsa-sha2-nistp256', 'ssh-rsa']);
    assert.equal(result(text, keys.ed25519), 'revoked');
    assert.deepEqual(check(text, keys.ecdsa).expectedTypes, ['ssh-rsa']);
  });

  it('appends an accepted key to our own file, readable by its owner only, in the format of ssh-keygen', async () => {
    const file = path.join(folder, 'own', 'known_hosts');
    await acceptHostKey(file, 'DGX', 22, keys.ed25519.blob);
    appendFileSync(file, 'half a li');
    await acceptHostKey(file, 'dgx', 2222, keys.rsa.blob);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const found = execFileSync('ssh-keygen', ['-F', '[dgx]:2222', '-f', file]).toString();
    assert.ok(found.includes(keys.rsa.line));
    const text = readFileSync(file, 'utf8');
    assert.equal(result(text, keys.ed25519), 'known');
    assert.equal(result(text, keys.rsa, 'dgx', 2222), 'known');
  });

  it('never writes a name or key that could forge another line', async () => {
    const file = path.join(folder, 'forged');
    for (const name of ['a b', 'a\nb', '*', 'a,b', '|1|a', '']) {
      await assert.rejects(acceptHostKey(file, name, 22, keys.ed25519.blob));
    }
    await assert.rejects(acceptHostKey(file, 'dgx', 22, Buffer.from('\0\0\0\x04a\nbc')));
  });
});

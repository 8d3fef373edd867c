import assert from 'node:assert/strict';
import type { ParsedKey } from 'ssh2';
import { Keyring } from '../../../src/hosts/keyring';
import { Declined, TakenBack } from '../../../src/hosts/questions';

describe('a key that several hosts want at once', () => {
  const key = {} as ParsedKey;
  let keyring: Keyring;
  let asked: string[];

  beforeEach(() => {
    keyring = new Keyring();
    asked = [];
  });

  const wanted = (host: string, answer: () => Promise<ParsedKey | undefined>) =>
    keyring.open('key', () => {
      asked.push(host);
      return answer();
    });
  const no = () => Promise.reject(new Declined());

  it('is opened once', async () => {
    const opened = ['a', 'b', 'c'].map((host) => wanted(host, () => Promise.resolve(key)));
    assert.deepEqual(await Promise.all(opened), [key, key, key]);
    assert.equal(keyring.get('key'), key);
    assert.deepEqual(asked, ['a']);
  });

  it('is asked for once if the user says no, and anew when it is wanted later', async () => {
    const waiting = ['a', 'b', 'c'].map((host) => wanted(host, no));
    await Promise.all(waiting.map((opened) => assert.rejects(opened, Declined)));
    assert.deepEqual(asked, ['a']);
    assert.equal(await wanted('d', () => Promise.resolve(key)), key);
  });

  it('is asked for by the next one if the host that asked is gone, or its passphrase was wrong', async () => {
    const gone = wanted('a', () => Promise.reject(new TakenBack()));
    const wrong = wanted('b', () => Promise.resolve(undefined));
    const right = wanted('c', () => Promise.resolve(key));
    await assert.rejects(gone, TakenBack);
    assert.deepEqual([await wrong, await right], [undefined, key]);
    assert.deepEqual(asked, ['a', 'b', 'c']);
  });
});

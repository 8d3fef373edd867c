import assert from 'node:assert/strict';
import { passphraseKey, passwordKey, type Secrets, Vault } from '../../../src/hosts/secrets';
import type { ResolvedHost } from '../../../src/hosts/sshConfig';
import { MemorySecrets } from '../../testbed/loginMeans';

describe('secrets', () => {
  const key = passwordKey({ user: 'ada', hostName: 'lab', port: 22 });

  it('are filed under their kind and whose they are', () => {
    assert.equal(key, 'password ada@lab:22');
    assert.equal(passphraseKey('SHA256:abc'), 'passphrase SHA256:abc');
  });

  it('of machines with one address in different networks are kept apart', () => {
    const inner = { user: 'ada', hostName: '10.0.0.5', port: 22 };
    const gateway = (hostName: string) => ({ ...inner, hostName }) as ResolvedHost;
    const keys = [
      passwordKey(inner),
      passwordKey({ ...inner, hostKeyAlias: 'farm' }),
      passwordKey({ ...inner, jumpHost: gateway('a') }),
      passwordKey({ ...inner, jumpHost: gateway('b') }),
      passwordKey({ ...inner, proxyCommand: 'nc -X 5 10.0.0.5 22' }),
    ];
    assert.equal(new Set(keys).size, keys.length);
  });

  it('are kept in the keychain only where the user wants that', async () => {
    const secrets = new MemorySecrets();
    const vault = new Vault(secrets);
    await vault.put(key, 'for now', false);
    assert.equal(await vault.get(key), 'for now');
    assert.equal(secrets.kept.size, 0);
    await vault.put(key, 'for good', true);
    assert.equal(await new Vault(secrets).get(key), 'for good');
  });

  it('that are forgotten are gone from both', async () => {
    const secrets = new MemorySecrets();
    const vault = new Vault(secrets);
    await vault.put(key, 'wrong', true);
    await vault.forget(key);
    assert.equal(await vault.get(key), undefined);
    assert.equal(secrets.kept.size, 0);
  });

  it('last for the session where the keychain is locked', async () => {
    const locked = () => Promise.reject(new Error('The keychain is locked.'));
    const broken: Secrets = { get: locked, set: locked, delete: locked };
    const vault = new Vault(broken);
    assert.equal(await vault.get(key), undefined);
    await vault.put(key, 'typed', true);
    assert.equal(await vault.get(key), 'typed');
    await vault.forget(key);
    assert.equal(await vault.get(key), undefined);
  });
});

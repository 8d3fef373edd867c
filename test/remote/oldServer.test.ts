import assert from 'node:assert/strict';
import { createDiffieHellmanGroup } from 'node:crypto';
import { explainHandshake } from '../../src/hosts/handshakeErrors';
import { startSshd, type Sshd } from '../testbed/sshd';
import { disposeMachines, failsWith, machineFor } from './connectionSupport';

/** What an sshd is left with, how the refusal names it, and what lets ssh and us talk to it. */
const examples: { only: string[]; says: RegExp[]; allows: string }[] = [
  {
    only: ['KexAlgorithms diffie-hellman-group14-sha1,diffie-hellman-group1-sha1'],
    says: [/no key exchange algorithm.*only diffie-hellman-group14-sha1,diffie-hellman-group1-sha1/],
    allows: 'KexAlgorithms +diffie-hellman-group14-sha1',
  },
  {
    only: ['Ciphers aes128-cbc,3des-cbc'],
    says: [/no cipher algorithm.*only aes128-cbc,3des-cbc/, /Ciphers in its sshd_config/],
    allows: 'Ciphers +aes128-cbc',
  },
  {
    only: ['MACs hmac-md5', 'Ciphers aes128-ctr'],
    says: [/no MAC algorithm.*only hmac-md5/],
    allows: 'MACs +hmac-md5',
  },
  {
    only: ['HostKeyAlgorithms ssh-rsa'],
    says: [/no host key algorithm.*only ssh-rsa/],
    allows: 'HostKeyAlgorithms +ssh-rsa',
  },
];

describe('A server with old algorithms', () => {
  let sshd: Sshd | undefined;
  afterEach(async () => {
    disposeMachines();
    await sshd?.stop();
    sshd = undefined;
  });

  for (const { only, says, allows } of examples) {
    it(`(${only.join(', ')}) is refused with what it offers, and taken where the SSH config allows it`, async () => {
      sshd = await startSshd({ hostKeyTypes: ['rsa'], config: only });
      await failsWith(machineFor(sshd).machine.connect(), 'Unreachable', ...says, /then retry/);
      await machineFor(sshd, { config: [allows] }).machine.connect();
    });
  }

  it('that wants a group which the encryption library lacks is told from other failures', () => {
    const label = { name: 'dgx-1', address: 'dgx:22' };
    const offer = { kex: 'diffie-hellman-group1-sha1', hostKey: '', cipher: '', mac: '' };
    assert.throws(
      () => createDiffieHellmanGroup('modp99'),
      (error) => {
        const { code, message } = explainHandshake(label, error, offer);
        assert.equal(code, 'Unreachable');
        assert.match(message, /^dgx-1 .*library of VS Code does not have.*offers diffie-hellman-group1-sha1/);
        return true;
      },
    );
  });

  it('leaves out what the SSH config takes out', async () => {
    sshd = await startSshd({ config: ['Ciphers aes256-ctr', 'KexAlgorithms curve25519-sha256'] });
    for (const directive of ['Ciphers -aes256-*', 'Ciphers aes128-ctr', 'KexAlgorithms ecdh-sha2-nistp256']) {
      const [name = ''] = directive.split(' ');
      await failsWith(
        machineFor(sshd, { config: [directive] }).machine.connect(),
        'Unreachable',
        new RegExp(`"${name} \\+name"`),
      );
    }
  });
});

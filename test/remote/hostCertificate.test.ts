// Host keys with the signature of an authority, as clusters have them (`@cert-authority` in known_hosts).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AddressInfo } from 'node:net';
import ssh2, { type ParsedKey, type Server } from 'ssh2';
import { generateKey, startSshd, type Sshd } from '../testbed/sshd';
import { disposeMachines, failsWith, machineAt, machineFor } from './connectionSupport';
import { outcomeBySsh, outcomeByUs, type Outcome } from './sshOutcomes';

describe('A host certificate', () => {
  let folder: string;
  let sshd: Sshd | undefined;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'remote-operations-certificate-'));
    const keys = ['ed25519', 'rsa', 'ecdsa'].map((type) => generateKey(file(`authority_${type}`), type));
    await Promise.all([...keys, generateKey(file('other_authority'))]);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  afterEach(async () => {
    disposeMachines();
    await sshd?.stop();
    sshd = undefined;
  });

  const file = (name: string) => path.join(folder, name);
  const keyOf = (name: string) =>
    readFileSync(`${file(name)}.pub`, 'utf8')
      .split(' ')
      .slice(0, 2)
      .join(' ');

  interface Certified {
    authority?: string;
    hostKeyType?: string;
    /** For `ssh-keygen -s`. */
    options?: string[];
    config?: string[];
  }

  /** An sshd with a certified key, and one of another type without. */
  const startCertified = async (certified: Certified = {}): Promise<Sshd> => {
    const { authority = 'authority_ed25519', hostKeyType = 'ed25519', config = [] } = certified;
    const { options = ['-n', '127.0.0.1'] } = certified;
    ['', '.pub', '-cert.pub'].forEach((end) => rmSync(file(`host${end}`), { force: true }));
    await generateKey(file('host'), hostKeyType);
    const sign = ['-q', '-s', file(authority), '-I', 'test', '-h', ...options, `${file('host')}.pub`];
    execFileSync('ssh-keygen', sign, { stdio: 'pipe' });
    const own = [`HostKey ${file('host')}`, `HostCertificate ${file('host')}-cert.pub`];
    const plain = hostKeyType === 'ecdsa' ? 'ed25519' : 'ecdsa';
    return (sshd = await startSshd({ hostKeyTypes: [plain], config: [...own, ...config] }));
  };

  const writeConfig = (
    server: Pick<Sshd, 'host' | 'port' | 'identityFile'>,
    knownHosts: string,
    ...more: string[]
  ): string => {
    writeFileSync(file('known_hosts'), knownHosts);
    const lines = [
      'Host dgx',
      ...more,
      `HostName ${server.host}`,
      `Port ${server.port}`,
      `IdentityFile ${server.identityFile}`,
      'IdentityAgent none',
      'UpdateHostKeys no',
      `UserKnownHostsFile ${file('known_hosts')}`,
      'GlobalKnownHostsFile none',
    ];
    writeFileSync(file('config'), `${lines.join('\n')}\n`);
    return file('config');
  };

  const trusting = (authority = 'authority_ed25519') => `@cert-authority * ${keyOf(authority)}\n`;

  interface Example extends Certified {
    title: string;
    outcome: Outcome;
    knownHosts?: () => string;
    /** For the SSH config. */
    lines?: string[];
  }
  const examples: Example[] = [
    { title: 'of a known authority', outcome: 'works' },
    { title: 'by an RSA key', authority: 'authority_rsa', outcome: 'works' },
    { title: 'by an ECDSA key', authority: 'authority_ecdsa', outcome: 'works' },
    { title: 'for an ECDSA key', hostKeyType: 'ecdsa', outcome: 'works' },
    { title: 'for several hosts', options: ['-n', 'a,127.0.0.1'], outcome: 'works' },
    { title: 'for a pattern', options: ['-n', '127.0.0.*'], outcome: 'host key unknown' },
    { title: 'for a HostKeyAlias', options: ['-n', 'farm'], lines: ['HostKeyAlias farm'], outcome: 'works' },
    { title: 'for another host', options: ['-n', 'other'], outcome: 'host key unknown' },
    {
      title: 'that has expired',
      options: ['-n', '127.0.0.1', '-V', '20200101:20210101'],
      outcome: 'host key unknown',
    },
    {
      title: 'that is not valid yet',
      options: ['-n', '127.0.0.1', '-V', '20900101:20910101'],
      outcome: 'host key unknown',
    },
    {
      title: 'of another authority',
      knownHosts: () => trusting('other_authority'),
      outcome: 'host key unknown',
    },
    {
      title: 'of an authority for other hosts',
      knownHosts: () => trusting().replace('*', '*.example.org'),
      outcome: 'host key unknown',
    },
    {
      title: 'of an authority that is revoked',
      knownHosts: () => `${trusting()}@revoked * ${keyOf('authority_ed25519')}\n`,
      outcome: 'host key revoked',
    },
    {
      title: 'for a key that is revoked',
      knownHosts: () => `${trusting()}@revoked * ${keyOf('host')}\n`,
      outcome: 'host key revoked',
    },
    {
      title: 'of another authority, for a key that is known',
      knownHosts: () => `${trusting('other_authority')}* ${keyOf('host')}\n`,
      outcome: 'works',
    },
  ];

  for (const { title, outcome, knownHosts, lines = [], ...certified } of examples) {
    it(`${title}: ${outcome}, as with ssh`, async () => {
      const server = await startCertified(certified);
      const config = writeConfig(server, knownHosts?.() ?? trusting(certified.authority), ...lines);
      const ours = await outcomeByUs(config);
      assert.deepEqual({ ours, theirs: await outcomeBySsh(config) }, { ours: outcome, theirs: outcome });
    });
  }

  it('holds through renewals of the session keys', async () => {
    const server = await startCertified({ config: ['RekeyLimit 64K'] });
    const { machine, questions } = machineAt('dgx', writeConfig(server, trusting()));
    const input = 'x'.repeat(1_000_000);
    assert.ok((await machine.run('cat', { input, deadlineMs: 20_000 })).stdout === input);
    assert.deepEqual(questions, []);
  });

  it('that is not valid is refused with the reason, and without a question', async () => {
    const server = await startCertified({ options: ['-n', 'other'] });
    const config = writeConfig(server, trusting());
    const { machine, questions } = machineAt('dgx', config, { accept: () => true });
    await failsWith(machine.connect(), 'HostKeyRejected', /certificate of dgx-1.*is not for 127\.0\.0\.1/);
    assert.deepEqual(questions, []);
  });

  it('that is missing leaves the question about the key, which says so', async () => {
    sshd = await startSshd();
    const config = writeConfig(sshd, trusting());
    const { machine, questions } = machineAt('dgx', config, { accept: () => true });
    await machine.connect();
    assert.equal(questions.length, 1);
    assert.equal(questions[0]?.isUncertified, true);
    assert.equal(questions[0]?.fingerprint, sshd.hostKeyFingerprint);
  });

  it('of an unknown authority does not hide a plain key of another type that is known', async () => {
    const server = await startCertified();
    const plain = readFileSync(path.join(server.folder, 'host_ecdsa.pub'), 'utf8');
    const knownHosts = `${trusting('other_authority')}[127.0.0.1]:${server.port} ${plain}`;
    const { machine, questions } = machineAt('dgx', writeConfig(server, knownHosts));
    await machine.connect();
    assert.deepEqual(questions, []);
  });

  /** Shows the certificate of `host`, and signs with a key. */
  const startShowing = async (privateKey: string): Promise<Server> => {
    const [, base64 = ''] = readFileSync(`${file('host')}-cert.pub`, 'utf8').split(' ');
    const certificate = Buffer.from(base64, 'base64');
    const parsed = ssh2.utils.parseKey(readFileSync(privateKey)) as ParsedKey | ParsedKey[];
    const key = Array.isArray(parsed) ? (parsed[0] as ParsedKey) : parsed;
    const sign = key.sign.bind(key);
    let exchange: { negotiated: { serverHostKey: string } } | undefined;
    Object.assign(key, {
      type: 'ssh-ed25519-cert-v01@openssh.com',
      getPublicSSH: () => certificate,
      sign: (data: Buffer) => {
        // The signature is of the plain type.
        Object.assign(exchange?.negotiated ?? {}, { serverHostKey: 'ssh-ed25519' });
        return sign(data);
      },
    });
    const server = new ssh2.Server({ hostKeys: [{ key: key as never }] }, (connection) => {
      connection.on('error', () => undefined);
      connection.on('authentication', (context) => context.accept());
      connection.on('session', (accept) => accept().on('exec', (acceptExec) => acceptExec().exit(0)));
      const protocol = (connection as unknown as { _protocol: { _kex: typeof exchange } })._protocol;
      Object.defineProperty(protocol, '_kex', {
        get: () => exchange,
        set: (kex) => (exchange = kex as never),
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    return server;
  };

  it('is worth nothing without the key in it', async () => {
    const real = await startCertified();
    const reach = async (privateKey: string) => {
      const server = await startShowing(privateKey);
      const { port } = server.address() as AddressInfo;
      const config = writeConfig({ host: real.host, identityFile: real.identityFile, port }, trusting());
      try {
        await machineAt('dgx', config).machine.connect();
      } finally {
        disposeMachines();
        server.close();
      }
    };
    await reach(file('host'));
    await failsWith(reach(file('other_authority')), 'Unreachable', /signature verification failed/);
  });

  it('is not asked for where no authority is on record', async () => {
    const server = await startCertified();
    const { machine, questions } = machineFor(server);
    await machine.connect();
    assert.deepEqual(questions, []);
  });
});

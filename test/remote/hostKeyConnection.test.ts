import assert from 'node:assert/strict';
import { readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { startSshd, type Sshd } from '../testbed/sshd';
import { disposeMachines, failsWith, machineFor } from './connectionSupport';

const deadlineMs = 20_000;

describe('Host keys', () => {
  let sshd: Sshd;
  before(async () => (sshd = await startSshd({ hostKeyTypes: ['ed25519', 'rsa'] })));
  after(() => sshd.stop());
  afterEach(() => disposeMachines());

  const publicKey = (name: string, server = sshd) =>
    readFileSync(path.join(server.folder, `${name}.pub`), 'utf8')
      .split(' ')
      .slice(0, 2)
      .join(' ');
  const record = (key: string, server = sshd) => `[127.0.0.1]:${server.port} ${key}\n`;

  it('a known key is not asked about', async () => {
    const { machine, questions } = machineFor(sshd);
    await machine.connect();
    assert.deepEqual(questions, []);
  });

  it('an unknown key is asked about with its fingerprint, and kept in our own file once accepted', async () => {
    const { machine, questions, ownKnownHostsFile } = machineFor(sshd, {
      knownHosts: '',
      accept: () => true,
    });
    await machine.run('true', { deadlineMs });
    assert.deepEqual(questions, [
      {
        name: 'dgx-1',
        address: `127.0.0.1:${sshd.port}`,
        keyType: 'ssh-ed25519',
        fingerprint: sshd.hostKeyFingerprint,
      },
    ]);
    assert.equal(readFileSync(ownKnownHostsFile, 'utf8'), record(publicKey('host_ed25519')));
    const again = machineFor(sshd, { knownHosts: readFileSync(ownKnownHostsFile, 'utf8') });
    await again.machine.connect();
    assert.deepEqual(again.questions, []);
  });

  it("a declined key sends nothing, and only the user's word asks again", async () => {
    const loginsBefore = sshd.log().match(/^Accepted/gm)?.length;
    const { machine, questions, states } = machineFor(sshd, { knownHosts: '' });
    await failsWith(machine.run('true', { deadlineMs }), 'HostKeyRejected', /SHA256:/);
    await failsWith(machine.run('true', { deadlineMs }), 'HostKeyRejected');
    assert.equal(questions.length, 1);
    await failsWith(machine.connect(), 'HostKeyRejected');
    assert.equal(questions.length, 2);
    assert.equal(states.at(-1)?.state, 'blocked');
    assert.equal(sshd.log().match(/^Accepted/gm)?.length, loginsBefore);
  });

  it('many runs at once ask one question', async () => {
    const { machine, questions } = machineFor(sshd, { knownHosts: '', accept: () => true });
    await Promise.all(Array.from({ length: 20 }, () => machine.run('true', { deadlineMs })));
    assert.equal(questions.length, 1);
  });

  it('a question that fails counts as declined', async () => {
    const { machine } = machineFor(sshd, {
      knownHosts: '',
      accept: () => Promise.reject(new Error('closed')),
    });
    await failsWith(machine.connect(), 'HostKeyRejected');
  });

  it('StrictHostKeyChecking yes refuses an unknown key without a question', async () => {
    const { machine, questions } = machineFor(sshd, {
      knownHosts: '',
      config: ['StrictHostKeyChecking yes'],
      accept: () => true,
    });
    await failsWith(machine.connect(), 'HostKeyRejected', /StrictHostKeyChecking/);
    assert.deepEqual(questions, []);
  });

  it('StrictHostKeyChecking accept-new takes a key that is not known, unless a file was not to be read', async () => {
    const loop = path.join(sshd.folder, 'loop');
    symlinkSync(loop, loop);
    const withFile = (file: string) =>
      machineFor(sshd, {
        knownHosts: '',
        config: ['StrictHostKeyChecking accept-new', `UserKnownHostsFile ${file}`],
      });
    await withFile('/nowhere/known_hosts').machine.connect();
    const { machine, questions } = withFile(loop);
    await failsWith(machine.connect(), 'HostKeyRejected');
    assert.equal(questions.length, 1);
  });

  it('a changed key is refused with both fingerprints, the file and the line, and no question', async () => {
    const changing = await startSshd();
    try {
      const before = changing.hostKeyFingerprint;
      const { machine, questions, states } = machineFor(changing, { accept: () => true });
      await machine.connect();
      await changing.replaceHostKey();
      assert.notEqual(changing.hostKeyFingerprint, before);
      const run = machine.run('true', { deadlineMs });
      const escaped = [before, changing.hostKeyFingerprint].map((text) => text.replaceAll('+', '\\+'));
      await failsWith(
        run,
        'HostKeyChanged',
        ...escaped.map((text) => new RegExp(text)),
        /known_hosts:1/,
        /remove that line/,
      );
      assert.deepEqual(questions, []);
      assert.equal(states.at(-1)?.state, 'blocked');
    } finally {
      disposeMachines();
      await changing.stop();
    }
  });

  it('a host known by its RSA key is asked for that one first', async () => {
    const { machine, questions } = machineFor(sshd, { knownHosts: record(publicKey('host_rsa')) });
    await machine.connect();
    assert.deepEqual(questions, []);
  });

  it('a host that no longer has a key of the type on record counts as changed', async () => {
    const rsaOnly = await startSshd({ hostKeyTypes: ['rsa'] });
    try {
      const { machine, questions } = machineFor(rsaOnly, {
        knownHosts: record(publicKey('host_ed25519'), rsaOnly),
        accept: () => true,
      });
      await failsWith(machine.connect(), 'HostKeyChanged');
      assert.deepEqual(questions, []);
    } finally {
      disposeMachines();
      await rsaOnly.stop();
    }
  });

  it('a revoked key is refused even where it is on record', async () => {
    const key = publicKey('host_ed25519');
    const { machine } = machineFor(sshd, {
      knownHosts: `${record(key)}@revoked * ${key}\n`,
      accept: () => true,
    });
    await failsWith(machine.connect(), 'HostKeyChanged', /known_hosts:2 marks as revoked/);
  });

  it('a HostKeyAlias is what is looked up', async () => {
    const { machine, questions } = machineFor(sshd, {
      knownHosts: `farm ${publicKey('host_ed25519')}\n`,
      config: ['HostKeyAlias farm'],
    });
    await machine.connect();
    assert.deepEqual(questions, []);
  });
});

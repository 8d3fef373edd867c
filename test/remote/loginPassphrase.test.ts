import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { MemorySecrets } from '../testbed/loginMeans';
import { generateKey, startSshd, type Sshd } from '../testbed/sshd';
import { disposeMachines, failsWith, machineFor, type TestMachineOptions } from './connectionSupport';

const deadlineMs = 20_000;
const passphrase = 'correct horse';

describe('Login with a key that a passphrase protects', () => {
  let sshd: Sshd;
  before(async () => (sshd = await startSshd({ config: ['MaxAuthTries 3'] })));
  after(() => sshd.stop());
  afterEach(() => disposeMachines());

  const at = (name: string) => path.join(sshd.folder, name);
  const keygen = (...args: string[]) => execFileSync('ssh-keygen', ['-q', ...args]);
  const allow = (name: string) =>
    appendFileSync(at('authorized_keys'), readFileSync(`${at(name)}.pub`, 'utf8'));

  /** A new key that may log in, with its .pub file gone unless asked for. */
  async function lockedKey(name: string, args: string[] = [], { pub = false } = {}): Promise<string> {
    keygen('-N', passphrase, '-f', at(name), ...(args.length > 0 ? args : ['-t', 'ed25519']));
    allow(name);
    if (!pub) {
      rmSync(`${at(name)}.pub`);
    }
    return Promise.resolve(at(name));
  }

  const machineWith = (keys: string[], options: TestMachineOptions = {}) =>
    machineFor(sshd, { ...options, config: keys.map((key) => `IdentityFile ${key}`) });

  it('asks for it once, and not again when the connection is made anew', async () => {
    const key = await lockedKey('once');
    const { machine, asked } = machineWith([key], { answer: () => passphrase });
    await machine.connect();
    assert.deepEqual(asked, [
      {
        kind: 'passphrase',
        name: 'dgx-1',
        address: `127.0.0.1:${sshd.port}`,
        keyFile: key,
        attempt: 1,
      },
    ]);
    const closed = sshd.log().length;
    await machine.run('kill -9 $PPID', { deadlineMs }).catch(() => undefined);
    await machine.run('true', { deadlineMs });
    assert.match(sshd.log().slice(closed), /Accepted publickey/);
    assert.equal(asked.length, 1);
  });

  for (const [what, args] of [
    ['OpenSSH', ['-t', 'ecdsa']],
    ['PEM', ['-t', 'rsa', '-b', '2048', '-m', 'PEM']],
    ['PEM of an elliptic curve', ['-t', 'ecdsa', '-m', 'PEM']],
    ['PKCS #8', ['-t', 'rsa', '-b', '2048', '-m', 'PKCS8']],
  ] as const) {
    it(`opens the format ${what}`, async () => {
      const name = what.replaceAll(/\W/g, '');
      const { machine, asked } = machineWith([await lockedKey(name, [...args])], {
        answer: () => passphrase,
      });
      await machine.connect();
      assert.equal(asked.length, 1);
    });
  }

  it('opens a PuTTY key, and says how to convert one of a kind that cannot be read', async () => {
    keygen('-N', '', '-t', 'rsa', '-b', '2048', '-m', 'PEM', '-f', at('putty'));
    allow('putty');
    const convert = (version: string, file: string) =>
      execFileSync('puttygen', [
        ...[at('putty'), '-O', 'private', '-o', at(file), '--ppk-param', `version=${version}`],
        ...['--new-passphrase', at('phrase')],
      ]);
    writeFileSync(at('phrase'), passphrase);
    convert('2', 'two.ppk');
    convert('3', 'three.ppk');
    const { machine, asked } = machineWith([at('two.ppk')], { answer: () => passphrase });
    await machine.connect();
    assert.equal(asked.length, 1);
    await failsWith(
      machineWith([at('three.ppk')]).machine.connect(),
      'NeedsLogin',
      /three\.ppk is a PuTTY key.*PuTTYgen/,
    );
  });

  it('asks only after the host said that it takes the key', async () => {
    await generateKey(at('unknown'), 'ed25519', passphrase);
    keygen('-N', passphrase, '-t', 'rsa', '-b', '2048', '-m', 'PEM', '-f', at('unknownPem'));
    const { machine, asked } = machineWith([at('unknown'), at('unknownPem')]);
    await failsWith(machine.connect(), 'NeedsLogin', /Offered: unknown, unknownPem/);
    assert.deepEqual(asked, []);
  });

  it('of a key that hides its public part, asks after all others failed', async () => {
    const hidden = await lockedKey('hidden', ['-t', 'rsa', '-b', '2048', '-m', 'PEM']);
    const open = machineWith([hidden, sshd.identityFile]);
    await open.machine.connect();
    assert.deepEqual(open.asked, []);
    await generateKey(at('wrong'));
    const { machine, asked } = machineWith([hidden, at('wrong')], { answer: () => passphrase });
    await machine.connect();
    assert.equal(asked.length, 1);
  });

  it('asks three times, then goes on without the key', async () => {
    const key = await lockedKey('wrongly');
    const open = machineWith([key, sshd.identityFile], { answer: () => 'a guess' });
    await open.machine.connect();
    assert.deepEqual(open.asked, []);
    const second = await lockedKey('second', [], { pub: true });
    const { machine, asked } = machineWith([key, second], {
      answer: (question) =>
        question.kind === 'passphrase' && question.keyFile === second ? passphrase : 'a guess',
    });
    await machine.connect();
    assert.deepEqual(
      asked.map((question) => question.kind === 'passphrase' && [question.keyFile, question.attempt]),
      [
        [key, 1],
        [key, 2],
        [key, 3],
        [second, 1],
      ],
    );
  });

  it('cancelled, is not asked again by anything but Connect', async () => {
    const key = await lockedKey('cancelled');
    const answers = [undefined, passphrase];
    const { machine, asked, states } = machineWith([key], { answer: () => answers.shift() });
    await failsWith(machine.run('true', { deadlineMs }), 'NeedsLogin', /Connect/);
    const tries = sshd.log().length;
    await failsWith(machine.run('true', { deadlineMs }), 'NeedsLogin');
    assert.equal(asked.length, 1);
    assert.equal(sshd.log().length, tries);
    assert.equal(states.at(-1)?.state, 'needs-login');
    await machine.connect();
    await machine.run('true', { deadlineMs });
    assert.equal(states.at(-1)?.state, 'connected');
  });

  it('is asked for as soon as a user wants something, after nobody did', async () => {
    const key = await lockedKey('background');
    const { machine, asked, hostQuestions, asker } = machineWith([key], {
      unattended: true,
      answer: () => passphrase,
    });
    await failsWith(machine.run('true', { deadlineMs }), 'NeedsLogin', /needs a login/);
    assert.deepEqual(asked, []);
    hostQuestions.permit(asker);
    await machine.run('true', { deadlineMs });
    assert.equal(asked.length, 1);
  });

  it('a user who comes while it is tried without one is asked', async () => {
    const key = await lockedKey('joined');
    const { machine, asked, hostQuestions, asker } = machineWith([key], {
      unattended: true,
      answer: () => passphrase,
    });
    const alone = machine.run('true', { deadlineMs });
    hostQuestions.permit(asker);
    await Promise.all([alone, machine.run('true', { deadlineMs })]);
    assert.equal(asked.length, 1);
  });

  it('is taken back when the user no longer wants anything', async () => {
    const key = await lockedKey('takenBack');
    let taken = false;
    const test = machineWith([key], {
      unattended: true,
      answer: (_question, signal) => {
        permit.dispose();
        taken = signal.aborted;
        return new Promise(() => undefined);
      },
    });
    const permit = test.hostQuestions.permit(test.asker);
    await failsWith(test.machine.run('true', { deadlineMs }), 'NeedsLogin');
    assert.ok(taken);
  });

  it('that is to be remembered opens the key in the next session, until it is wrong', async () => {
    const key = await lockedKey('kept', [], { pub: true });
    const secrets = new MemorySecrets();
    const first = machineWith([key], { secrets, answer: () => ({ text: passphrase, remember: true }) });
    await first.machine.connect();
    assert.deepEqual([...secrets.kept.values()], [passphrase]);
    assert.match([...secrets.kept.keys()].join(), /^passphrase SHA256:/);
    const second = machineWith([key], { secrets, unattended: true });
    await second.machine.run('true', { deadlineMs });
    keygen('-p', '-P', passphrase, '-N', 'another', '-f', key);
    const third = machineWith([key], { secrets, answer: () => 'another' });
    await third.machine.connect();
    assert.equal(third.asked.length, 1);
    assert.deepEqual([...secrets.kept], []);
  });

  it('is asked for once where several runs want it at once', async () => {
    const key = await lockedKey('several');
    const { machine, asked } = machineWith([key], { answer: () => passphrase });
    await Promise.all(Array.from({ length: 5 }, () => machine.run('true', { deadlineMs })));
    assert.equal(asked.length, 1);
  });
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { startGuarded, type GuardedProcess } from '../testbed/guardedProcess';
import { eventually } from '../testbed/eventually';
import { generateKey, startSshd, type Sshd } from '../testbed/sshd';
import { disposeMachines, failsWith, machineFor } from './connectionSupport';

const deadlineMs = 20_000;

describe('Login', () => {
  let sshd: Sshd;
  let agent: GuardedProcess;
  let agentSocket: string;
  let otherKey: string;
  let encryptedKey: string;

  before(async () => {
    sshd = await startSshd({ config: ['MaxAuthTries 3'] });
    otherKey = path.join(sshd.folder, 'other_key');
    await generateKey(otherKey);
    encryptedKey = path.join(sshd.folder, 'encrypted_key');
    copyFileSync(sshd.identityFile, encryptedKey);
    copyFileSync(`${sshd.identityFile}.pub`, `${encryptedKey}.pub`);
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'secret', '-f', encryptedKey]);
    agentSocket = path.join(sshd.folder, 'agent');
    agent = startGuarded('ssh-agent', ['-D', '-a', agentSocket]);
    await agent.waitForOutput(/SSH_AUTH_SOCK/, 10_000);
  });
  after(async () => {
    await agent.stop();
    await sshd.stop();
  });
  afterEach(() => {
    disposeMachines();
    addToAgent('-D');
  });

  const addToAgent = (...args: string[]) =>
    execFileSync('ssh-add', ['-q', ...args], {
      env: { ...process.env, SSH_AUTH_SOCK: agentSocket },
      stdio: 'pipe',
    });
  const failures = () =>
    sshd.log().match(/Failed publickey|Connection closed by authenticating/g)?.length ?? 0;

  it('works with the identity file of the SSH config', async () => {
    await machineFor(sshd).machine.connect();
  });

  it('with a wrong key needs the user, and the message names user, key and next step', async () => {
    const { machine, states } = machineFor(sshd, { config: [`IdentityFile ${otherKey}`] });
    await failsWith(
      machine.connect(),
      'NeedsLogin',
      new RegExp(`as ${sshd.user}`),
      /other_key/,
      /authorized_keys/,
    );
    assert.equal(states.at(-1)?.state, 'needs-login');
  });

  it('that failed is not tried again by itself at once, so that no host locks the account', async () => {
    const { machine } = machineFor(sshd, { config: [`IdentityFile ${otherKey}`] });
    await failsWith(machine.run('true', { deadlineMs }), 'NeedsLogin');
    await eventually('the log', () => failures() > 0);
    const [before, size] = [failures(), sshd.log().length];
    await failsWith(machine.run('true', { deadlineMs }), 'NeedsLogin');
    assert.equal(sshd.log().length, size);
    await failsWith(machine.connect(), 'NeedsLogin');
    await eventually('another attempt', () => failures() > before);
  });

  it('with an encrypted key, no agent and nobody to ask says what is wanted', async () => {
    const { machine, states } = machineFor(sshd, {
      config: [`IdentityFile ${encryptedKey}`],
      unattended: true,
    });
    await failsWith(
      machine.run('true', { deadlineMs }),
      'NeedsLogin',
      /needs a login: it asks for the passphrase of .*encrypted_key.*Connect/,
    );
    assert.equal(states.at(-1)?.state, 'needs-login');
  });

  it('with a missing or broken identity file names it', async () => {
    const broken = path.join(sshd.folder, 'broken_key');
    writeFileSync(broken, 'no key\n');
    const { machine } = machineFor(sshd, { config: [`IdentityFile ${broken}`, 'IdentityFile /nowhere/key'] });
    await failsWith(
      machine.connect(),
      'NeedsLogin',
      /broken_key cannot be used/,
      /\/nowhere\/key does not exist/,
    );
  });

  it('with a pipe for an identity file does not wait for its writer', async () => {
    const pipe = path.join(sshd.folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const { machine } = machineFor(sshd, { config: [`IdentityFile ${pipe}`] });
    await failsWith(machine.connect(), 'NeedsLogin', /pipe is not a file/);
  });

  it('with no key at all says so', async () => {
    const { machine } = machineFor(sshd, { config: ['IdentityFile none'] });
    await failsWith(machine.connect(), 'NeedsLogin', /no key to offer/);
  });

  it('works with a key that only the agent can use, before the host loses patience with the others', async () => {
    for (const name of ['a', 'b', 'c', 'd']) {
      await generateKey(path.join(sshd.folder, name));
      addToAgent(path.join(sshd.folder, name));
    }
    addToAgent(sshd.identityFile);
    const env = { SSH_AUTH_SOCK: agentSocket };
    await machineFor(sshd, { env, config: [`IdentityFile ${encryptedKey}`] }).machine.connect();
    const publicOnly = path.join(sshd.folder, 'public_only');
    copyFileSync(`${sshd.identityFile}.pub`, `${publicOnly}.pub`);
    await machineFor(sshd, {
      env,
      config: [`IdentityFile ${publicOnly}`, 'IdentitiesOnly yes'],
    }).machine.connect();
    await machineFor(sshd, { env, config: [`IdentityFile ${publicOnly}.pub`] }).machine.connect();
  });

  it('with IdentitiesOnly keeps the other keys of the agent to itself', async () => {
    addToAgent(sshd.identityFile);
    const env = { SSH_AUTH_SOCK: agentSocket };
    const config = [`IdentityFile ${otherKey}`, 'IdentitiesOnly yes'];
    await failsWith(machineFor(sshd, { env, config }).machine.connect(), 'NeedsLogin');
    await machineFor(sshd, { env, config: [`IdentityFile ${otherKey}`] }).machine.connect();
  });

  it('goes on with the identity files when the agent does not answer', async () => {
    await machineFor(sshd, { env: { SSH_AUTH_SOCK: '/nowhere/agent' } }).machine.connect();
    const env = { SSH_AUTH_SOCK: '/nowhere/agent' };
    await failsWith(
      machineFor(sshd, { env, config: [`IdentityFile ${otherKey}`] }).machine.connect(),
      'NeedsLogin',
      /SSH agent failed/,
    );
  });

  it('does not wait long for an agent that hangs', async () => {
    const silent = path.join(sshd.folder, 'silent_agent');
    const server = createServer().listen(silent);
    try {
      const env = { SSH_AUTH_SOCK: silent };
      await machineFor(sshd, { env }).machine.connect();
    } finally {
      server.close();
    }
  });

  it("says in the host's words when it refuses further tries", async () => {
    for (const name of ['e', 'f', 'g', 'h']) {
      await generateKey(path.join(sshd.folder, name));
      addToAgent(path.join(sshd.folder, name));
    }
    const { machine } = machineFor(sshd, {
      env: { SSH_AUTH_SOCK: agentSocket },
      config: [`IdentityFile ${otherKey}`],
    });
    await failsWith(machine.connect(), 'NeedsLogin', /Too many authentication failures/);
  });

  it('never writes a key or passphrase to the log', async () => {
    const { machine, log } = machineFor(sshd);
    await machine.run('true', { deadlineMs });
    const secret = readFileSync(sshd.identityFile, 'utf8').split('\n')[1] ?? '';
    assert.ok(secret.length > 40 && !JSON.stringify(log).includes(secret));
  });
});

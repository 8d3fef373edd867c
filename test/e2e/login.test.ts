import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ChallengeServer } from '../testbed/challengeServer';
import { startSshd, type Sshd } from '../testbed/sshd';
import { Session } from './support/session';
import { waitFor } from './support/waitFor';
import type { Workbench } from './support/workbench';
import { stepByStep } from './support/stepByStep';

const container = 'Remote Operations';

describe('logging in to a host, by hand', function () {
  // Each step begins where the one before ended.
  stepByStep(this, () => [window]);

  let sshd: Sshd;
  let server: ChallengeServer;
  let session: Session;
  let window: Workbench;

  const tree = () => window.tree('Operations');

  const connect = async (host: string): Promise<void> => {
    await window.runCommand('Remote Operations: Connect');
    await window.quickInput.step('Which host should be connected?');
    await window.quickInput.pick(host);
  };

  const answerBoth = async (code = '123456'): Promise<void> => {
    await window.quickInput.waitForMessage(/asks ada: Password:/);
    assert.equal(await window.quickInput.isMasked(), true);
    await window.quickInput.enter('secret');
    await window.quickInput.waitForMessage(/asks ada: Second factor · From your phone · Code:/);
    assert.equal(await window.quickInput.isMasked(), false);
    await window.quickInput.fill(code);
    await window.screenshot('login-code');
    await window.quickInput.accept();
  };

  /** Waits until a host was looked at in vain, without anything in the user's way. */
  const needsLogin = async (): Promise<void> => {
    await waitFor(
      () => tree().message(),
      (text) => text.includes('Two Factors needs a login'),
      { what: 'the message above the rows', deadlineMs: 30_000 },
    );
    assert.equal(await window.quickInput.isOpen(), false);
  };

  before(async () => {
    sshd = await startSshd();
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'correct horse', '-f', sshd.identityFile]);
    server = await ChallengeServer.start({
      challenge: ([password, code]) => {
        if (!password) {
          return { prompts: [{ prompt: 'Password: ', echo: false }] };
        }
        if (!code) {
          const prompts = [{ prompt: 'Code: ', echo: true }];
          return { title: 'Second factor', instructions: 'From your phone', prompts };
        }
        return password[0] === 'secret' && code[0] === '123456' ? 'accept' : 'refuse';
      },
    });
    const configs = await Promise.all([sshd, server].map((one) => readFile(one.sshConfigFile, 'utf8')));
    const sshConfigFile = path.join(sshd.folder, 'both');
    await writeFile(sshConfigFile, configs.join('\n').replaceAll(/^ *UserKnownHostsFile.*$/gm, ''));
    session = await Session.start({
      settings: {
        'remoteOps.hosts': [
          { id: 'lab', name: 'Lab', host: 'testhost' },
          { id: 'mfa', name: 'Two Factors', host: 'challenge' },
        ],
        'remoteOps.ssh.configFile': sshConfigFile,
        // Of the two, the host with the key is not known yet.
        'remoteOps.ssh.knownHostsFile': server.knownHostsFile,
      },
    });
    window = await session.openWindow();
    await window.openContainer(container);
  });

  after(async () => {
    await session.stop();
    await server.stop();
    await sshd.stop();
  });

  it('accepts its key, then asks for the passphrase until it is right', async () => {
    await connect('Lab');
    const { detail } = await window.dialog.read();
    assert.ok(detail.includes(sshd.hostKeyFingerprint), detail);
    await window.dialog.click('Accept and Connect');
    await window.quickInput.step('Passphrase for Lab');
    assert.equal(await window.quickInput.isMasked(), true);
    await window.quickInput.waitForMessage(/The passphrase of .*client_key/);
    await window.screenshot('login-passphrase');
    await window.quickInput.enter('a guess');
    await window.quickInput.waitForMessage(/The passphrase of .* was wrong/);
    await window.screenshot('login-passphrase-wrong');
    await window.quickInput.fill('correct horse');
    await window.quickInput.clickButton('Remember in the Keychain');
    await window.quickInput.waitForMessage(/client_key, to be remembered/);
    await window.screenshot('login-passphrase-remembered');
    await window.quickInput.accept();
    await window.waitForStatusBar(/^Connected to Lab$/);
  });

  it('asks what a host asks, and shows the answer only where the host says so', async () => {
    await connect('Two Factors');
    await window.quickInput.step('Login to Two Factors');
    await window.screenshot('login-password');
    await answerBoth();
    await window.waitForStatusBar(/^Connected to Two Factors$/);
  });

  it('starts something there', async () => {
    await window.runCommand('Remote Operations: New Operation in the Palette...');
    await window.quickInput.step('On which host?');
    await window.quickInput.pick('Two Factors');
    await window.quickInput.step('What is it?');
    await window.quickInput.pick('Program or script');
    await window.quickInput.waitForMessage(/command/);
    await window.quickInput.enter('echo up and running; exec sleep 3600');
    await window.quickInput.waitForMessage(/name/);
    assert.equal(await window.quickInput.value(), 'echo');
    await window.quickInput.enter('Sleeper');
    await tree().waitForRow('Sleeper', /^running · pid/);
  });

  it('after the connection was lost says that a login is needed, and asks nothing by itself', async () => {
    const attempts = server.answers.length;
    server.hangUp();
    await needsLogin();
    await tree().waitForRow('Sleeper', /^running, unverified since/);
    await window.notifications.waitForText(/Two Factors needs a login\./);
    await window.screenshot('login-needed');
    assert.equal(server.answers.length, attempts);
  });

  it('is asked by "Log In", and looked at again at once', async () => {
    await window.notifications.click(/Two Factors needs a login\./, 'Log In');
    await answerBoth();
    await tree().waitForRow('Sleeper', /^running · pid/);
  });

  it('once declined, is asked again by nothing but "Connect"', async () => {
    server.hangUp();
    await needsLogin();
    await connect('Two Factors');
    await window.quickInput.waitForMessage(/asks ada: Password:/);
    await window.quickInput.cancel();
    await window.notifications.waitForText(/login to Two Factors was not completed.*Connect/);
    await window.screenshot('login-declined');
    await window.notifications.clear();
    await window.runCommand('Remote Operations: Sync Operations');
    await window.notifications.waitForText(/^checked 0, synced 0, unreachable 1/);
    await window.notifications.clear();
    await needsLogin();
    await connect('Two Factors');
    await answerBoth();
    await tree().waitForRow('Sleeper', /^running · pid/);
  });

  const inLog = (hasText: RegExp) => window.page.locator('.editor-instance .view-line', { hasText });

  it('is asked by no log that VS Code restores, which says what to do, and goes on after "Log In" there', async () => {
    await tree().inlineAction('Sleeper', 'Show Log');
    await inLog(/^up\sand\srunning$/).waitFor();
    server.hangUp();
    await needsLogin();
    const attempts = server.answers.length;
    await window.waitForStored('Sleeper.log');
    await window.close();
    window = await session.openWindow();
    await inLog(/^\[Not\sread\syet:\sTwo\sFactors\sneeds\sa\slogin/).waitFor({ timeout: 30_000 });
    assert.equal(await window.quickInput.isOpen(), false);
    assert.equal(server.answers.length, attempts);
    const logIn = window.page
      .locator('.codelens-decoration')
      .getByRole('button', { name: 'Log In', exact: true });
    await logIn.waitFor();
    await window.screenshot('login-restored-log');
    await logIn.click();
    await answerBoth();
    await inLog(/^up\sand\srunning$/).waitFor();
    await window.openContainer(container);
    await tree().waitForRow('Sleeper', /^running · pid/);
  });

  it('is asked in the window where the user is, whichever looks at the hosts', async () => {
    server.hangUp();
    await needsLogin();
    const first = window;
    window = await session.openWindow();
    await window.openContainer(container);
    await connect('Two Factors');
    await answerBoth();
    await tree().waitForRow('Sleeper', /^running · pid/);
    assert.equal(await first.quickInput.isOpen(), false);
    await first.tree('Operations').waitForRow('Sleeper', /^running · pid/);
  });
});

import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startProxiedHost, type ProxiedHost } from '../testbed/proxiedHost';
import { Session } from './support/session';
import { stepByStep } from './support/stepByStep';
import type { TreeView } from './support/treeView';
import { waitFor } from './support/waitFor';
import type { Workbench } from './support/workbench';

const command = `printf 'reading\\n 10 %%\\r 99 %%\\n\\033[32mgreen words\\033[0m\\n'; while [ ! -e "$HOME/go" ]; do sleep 0.1; done; printf 'last words'; exit 3`;

describe('a task, by hand', function () {
  // Each step begins where the one before ended.
  stepByStep(this, () => [window]);

  let host: ProxiedHost;
  let session: Session;
  let window: Workbench;
  let tree: TreeView;

  const row = (hasText: RegExp) => window.page.locator('.xterm-rows > div', { hasText });
  const run = async (label: string) => {
    await window.runCommand('Tasks: Run Task');
    await window.quickInput.pick(label);
    await tree.waitForRow(label, /^running/);
    // The terminal still shows the task before.
    await row(new RegExp(`"${label}"\\son`)).waitFor();
  };
  const interrupt = async (times = 1) => {
    await window.page.locator('.xterm-screen').click();
    for (let time = 0; time < times; time += 1) {
      await window.page.keyboard.press('Control+C');
    }
    await window.quickInput.step('What is to happen to it?');
  };
  const isAnswered = () =>
    waitFor(
      () => window.quickInput.isOpen(),
      (isOpen) => !isOpen,
      { what: 'no question' },
    );

  before(async () => {
    host = await startProxiedHost();
    const folder = path.join(host.sshd.folder, 'workspace');
    await mkdir(path.join(folder, '.vscode'), { recursive: true });
    const tasks = ['Detached', 'Killed', 'Ends'].map((label) => ({
      label,
      type: 'remoteOps',
      // To VS Code, tasks of one definition are one.
      name: label,
      command,
    }));
    await writeFile(path.join(folder, '.vscode', 'tasks.json'), JSON.stringify({ version: '2.0.0', tasks }));
    session = await Session.start({
      folder,
      workspaceTrust: true,
      settings: {
        'remoteOps.hosts': [{ id: 'box', name: 'Test box', host: 'testhost' }],
        'remoteOps.ssh.configFile': host.sshConfigFile,
        'remoteOps.ssh.knownHostsFile': host.knownHostsFile,
        // Drawn as text that a test can read.
        'terminal.integrated.gpuAcceleration': 'off',
      },
    });
    window = await session.openWindow();
    await window.openContainer('Remote Operations');
    tree = window.tree('Operations');
  });

  after(async () => {
    await session.stop();
    await host.stop();
  });

  it('does not run before the user trusts the workspace, whose command it is', async () => {
    await window.runCommand('Tasks: Run Task');
    const { message } = await window.dialog.read();
    assert.match(message, /^Do you trust the authors/);
    await window.screenshot('task-untrusted');
    await window.dialog.click('Cancel');
    assert.ok(!(await window.quickInput.isOpen()));
    await window.runCommand('Tasks: Run Task');
    await window.dialog.click('Trust Folder & Continue');
    await window.quickInput.pick('Detached');
    await row(/^green\swords/).waitFor();
  });

  it('shows in its terminal what runs where, and the log in its colours', async () => {
    await row(/"Detached"\son\sTest\sbox:\sprintf/).waitFor();
    await row(/Id\s[\w-]+:\srunning/).waitFor();
    await row(/^\s99\s%/).waitFor();
    await window.page.locator('.xterm-rows .xterm-fg-2', { hasText: /green\swords/ }).waitFor();
    await tree.waitForRow('Detached', /^running/);
    await window.screenshot('task');
  });

  it('asks once at Ctrl+C, goes on if the user says so, and leaves the operation alone if told to', async () => {
    await interrupt(2);
    await window.screenshot('task-interrupted');
    await window.quickInput.pick('Continue');
    await isAnswered();
    assert.equal(await row(/Detached:/).count(), 0);
    await interrupt();
    await window.quickInput.pick('Detach');
    await row(/Detached:\sthe\soperation/).waitFor();
    // Not 0: nothing is to start that depends on it.
    await row(/terminated\swith\sexit\scode:\s130/).waitFor();
    await row(/will\sbe\sreused\sby\stasks/).waitFor();
    await window.screenshot('task-detached');
    await tree.waitForRow('Detached', /^running/);
  });

  it('kills the operation if told to, and fails', async () => {
    await run('Killed');
    await interrupt();
    await window.quickInput.pick('Kill');
    await row(/Ended:\scancelled\s\(Killed\sfrom\sthis\slist\)/).waitFor();
    await row(/terminated\swith\sexit\scode/).waitFor();
    await tree.waitForRow('Killed', /^cancelled/);
  });

  it('takes the question back when the operation ends by itself, with all of its log and its exit code', async () => {
    await run('Ends');
    await interrupt();
    await writeFile(path.join(host.sshd.home, 'go'), '');
    await row(/^last\swords/).waitFor();
    await row(/Ended:\sfailed\s\(Exit\scode\s3\)/).waitFor();
    await row(/terminated\swith\sexit\scode:\s3/).waitFor();
    await isAnswered();
    await window.screenshot('task-ended');
    await tree.waitForRow('Ends', /^failed \(exit 3\)/);
    // Nobody watches it any more, so that a message tells its end; that of the task is told already.
    await window.notifications.waitForText(/^Detached on Test box failed: Exit code 3$/);
    assert.ok(!(await window.notifications.texts()).some((text) => text.includes('Ends on')));
  });
});

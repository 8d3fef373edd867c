import { mkdir, mkdtemp, readFile, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startProxiedHost, type ProxiedHost } from '../testbed/proxiedHost';
import { Session } from './support/session';
import type { TreeView } from './support/treeView';
import { waitFor } from './support/waitFor';
import type { Workbench } from './support/workbench';
import { stepByStep } from './support/stepByStep';

describe('watch folders, by hand', function () {
  // Each step begins where the one before ended.
  stepByStep(this, () => [window]);

  let host: ProxiedHost;
  let session: Session;
  let window: Workbench;
  let tree: TreeView;
  let watched: string;
  let settings: Record<string, unknown>;

  const drop = async (name: string, files: Record<string, string>): Promise<void> => {
    await mkdir(path.join(watched, name));
    for (const [file, content] of Object.entries(files)) {
      await writeFile(path.join(watched, name, file), content);
    }
  };

  before(async () => {
    host = await startProxiedHost();
    watched = await mkdtemp(path.join(tmpdir(), 'new-cases-'));
    settings = {
      'remoteOps.hosts': [{ id: 'box', name: 'Test box', host: 'testhost' }],
      'remoteOps.ssh.configFile': host.sshConfigFile,
      'remoteOps.ssh.knownHostsFile': host.knownHostsFile,
    };
    session = await Session.start({ settings });
    window = await session.openWindow();
    await window.openContainer('Remote Operations');
    tree = window.tree('Operations');
  });

  after(async () => {
    await session.stop();
    await host.stop();
    await rm(watched, { recursive: true, force: true });
  });

  it('adds a folder, step by step', async () => {
    await drop('old case', { 'run.sh': 'exit 0' });
    await window.runCommand('Remote Operations: Add Watch Folder...');
    await window.quickInput.step('Watch Which Folder?');
    await window.quickInput.fillPath(`${watched}/`, 'old case');
    await window.page.locator('.quick-input-widget .monaco-button', { hasText: 'Watch' }).click();
    await window.quickInput.step('To which host?');
    await window.quickInput.pick('Test box');
    await window.quickInput.step('Add Watch Folder (2/4)');
    await window.quickInput.enter('~/cases');
    await window.quickInput.step('What is started for each case?');
    await window.quickInput.pick('Training job');
    await window.quickInput.step('Add Watch Folder (4/4)');
    await window.quickInput.enter('bash run.sh ${caseName}');
    await tree.waitForRow('Watch Folders');
    await tree.waitForRow(path.basename(watched), /^to Test box:~\/cases$/);
    await tree.waitForRow('old case', /^was there before, not submitted$/);
  });

  it('uploads what comes, and starts it', async () => {
    const folder = { path: watched, hostId: 'box', remoteDir: '~/cases', quietSeconds: 1 };
    const template = { type: 'job', name: '${caseName}', command: 'bash run.sh ${caseName}' };
    await session.vscode.setMachineSettings({
      ...settings,
      'workbench.colorTheme': 'Dark Modern',
      'remoteOps.watchFolders': [{ ...folder, template }],
    });
    await drop('phantom 7', { 'run.sh': 'echo "$1" > started; exec sleep 3600' });
    await tree.waitForRow('phantom 7', /^submitted · running/, 30_000);
    const started = path.join(host.sshd.home, 'cases/phantom 7/started');
    const read = () => readFile(started, 'utf8').catch(() => '');
    await waitFor(read, (text) => text === 'phantom 7\n', { what: 'the name of the case on the host' });
    await tree.waitForRows(
      (rows) =>
        rows.some(
          ({ label, level, description }) =>
            label === 'phantom 7' && level === 2 && description.startsWith('running · since '),
        ),
      'its operation',
    );
  });

  it('says why a case fails, and tries it again', async () => {
    await drop('linked', { 'run.sh': 'exit 0' });
    await symlink('/etc/hostname', path.join(watched, 'linked/elsewhere'));
    await tree.waitForRow('linked', /^failed: elsewhere is a symbolic link that leads out/, 30_000);
    await window.screenshot('watch-folders');
    await unlink(path.join(watched, 'linked/elsewhere'));
    await tree.inlineAction('linked', 'Retry');
    await tree.waitForRow('linked', /^submitted · completed/, 30_000);
  });

  it('submits what was there before on the word of the user', async () => {
    await tree.inlineAction('old case', 'Submit Case');
    await tree.waitForRow('old case', /^submitted · completed/, 30_000);
  });

  it('watches a folder no longer', async () => {
    await window.runCommand('Remote Operations: Remove Watch Folder...');
    await window.quickInput.step('Which folder should not be watched any more?');
    await window.quickInput.pick(watched);
    await window.dialog.click('Remove');
    await tree.waitForRows((rows) => !rows.some(({ label }) => label === 'Watch Folders'), 'no such group');
  });
});

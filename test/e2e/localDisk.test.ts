import assert from 'node:assert/strict';
import { mkdir, readdir, rm, rmdir, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startProxiedHost, type ProxiedHost } from '../testbed/proxiedHost';
import { startOperation } from './support/newOperation';
import { Session } from './support/session';
import type { TreeView } from './support/treeView';
import { waitFor } from './support/waitFor';
import type { Workbench } from './support/workbench';
import { stepByStep } from './support/stepByStep';

describe('trouble with the local disk', function () {
  // Each step begins where the one before ended.
  stepByStep(this, () => [window]);

  let host: ProxiedHost;
  let session: Session;
  let window: Workbench;
  let tree: TreeView;
  /** The database's folder. */
  let storage: string;

  const open = async (): Promise<void> => {
    window = await session.openWindow();
    await window.openContainer('Remote Operations');
    tree = window.tree('Operations');
  };

  const submit = (name: string, command: string): Promise<void> => startOperation(window, { name, command });

  /** A folder of this name is in the way of every write, whoever we are. */
  const obstacle = async (): Promise<string> => {
    const owners = await readdir(path.join(storage, 'owners'));
    const generation = Math.max(...owners.map(Number).filter(Number.isInteger));
    return path.join(storage, `operations.sqlite.${generation}.new`);
  };

  const untilMessage = (what: string, accept: (text: string) => boolean): Promise<string> =>
    waitFor(() => tree.message(), accept, { what, deadlineMs: 60_000 });

  before(async () => {
    host = await startProxiedHost();
    session = await Session.start({
      settings: {
        'remoteOps.hosts': [{ id: 'box', name: 'Test box', host: 'testhost' }],
        'remoteOps.ssh.configFile': host.sshConfigFile,
        'remoteOps.ssh.knownHostsFile': host.knownHostsFile,
      },
    });
    storage = path.join(session.vscode.serverDataDir, 'data/User/globalStorage/remote-ops.remote-operations');
    await open();
  });

  after(async () => {
    await session.stop();
    await host.stop();
  });

  it('a status change that cannot be saved is shown, and so is that it is not saved', async () => {
    await submit('Ends soon', 'while [ ! -e "$HOME/go" ]; do sleep 0.1; done');
    await tree.waitForRow('Ends soon', /^running/);
    await mkdir(await obstacle());
    await writeFile(path.join(host.sshd.home, 'go'), '');
    await tree.waitForRow('Ends soon', /^completed/);
    await untilMessage('that it is not saved', (text) => text.includes('Not saved on this computer since'));
    await window.runCommand('Remote Operations: Open Dashboard');
    const dashboard = await window.webview('Remote Operations');
    await dashboard.getByRole('alert').filter({ hasText: 'Not saved on this computer' }).waitFor();
    await window.screenshot('not-saved');
  });

  it('nothing is started meanwhile', async () => {
    await submit('Never started', 'sleep 600');
    await window.notifications.waitForText(/"Never started" was not started, because it could not be saved/);
    assert.ok(!(await tree.rows()).some(({ label }) => label === 'Never started'));
    await window.notifications.clear();
  });

  it('the message goes away by itself, once it is saved', async () => {
    await rmdir(await obstacle());
    await untilMessage('no message', (text) => text === '');
    await (await window.webview('Remote Operations')).getByRole('alert').waitFor({ state: 'hidden' });
  });

  it('a damaged database is recovered, and the user told', async () => {
    await window.close();
    await open();
    await tree.waitForRow('Ends soon', /^completed/);
    await submit('Backed up before', 'exit 0');
    await tree.waitForRow('Backed up before', /^completed/);
    await window.close();
    const database = path.join(storage, 'operations.sqlite');
    await truncate(database, Math.floor((await stat(database)).size / 2));
    await open();
    const told = await window.notifications.waitForText(/list of remote operations was damaged/);
    assert.match(
      told,
      /The backup of .* was opened.*The damaged file was kept: .*operations\.sqlite\.damaged-/,
    );
    await tree.waitForRow('Ends soon', /^completed/);
    await window.screenshot('recovered');
    await window.notifications.click(/was damaged/, 'Show Output');
    await window.page
      .locator('.part.panel .view-line', { hasText: /is\sdamaged\sand\swas\smoved\sto/ })
      .first()
      .waitFor();
  });

  it('what ran is offered again when the list is lost as a whole, and taken in as what it is', async () => {
    await submit('Runs on', 'exec sleep 600');
    await tree.waitForRow('Runs on', /^running/);
    await window.close();
    for (const file of await readdir(storage)) {
      if (file.startsWith('operations.sqlite')) {
        await rm(path.join(storage, file));
      }
    }
    await open();
    const told = /On Test box there are operations that were started earlier and are not in the list/;
    await window.notifications.waitForText(told);
    await window.screenshot('list-lost');
    await window.notifications.click(told, 'Show...');
    await window.quickInput.step('Earlier Operations');
    // What may still run is chosen already.
    await window.quickInput.pick('Ends soon');
    await window.screenshot('earlier-operations');
    await window.quickInput.accept();
    await tree.waitForRow('Runs on', /^running/);
    await tree.waitForRow('Ends soon', /^completed/);
    assert.ok(!(await tree.rows()).some(({ label }) => label === 'Backed up before'));
    await window.runCommand('Remote Operations: Find Earlier Operations...');
    await window.quickInput.step('Earlier Operations');
    // Its name and its command.
    assert.deepEqual(await window.quickInput.labels(), ['Backed up before', 'exit 0']);
    await window.quickInput.cancel();
  });
});

import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { startProxiedHost, type ProxiedHost } from '../testbed/proxiedHost';
import { startOperation } from './support/newOperation';
import { Session } from './support/session';
import type { TreeView } from './support/treeView';
import { waitFor } from './support/waitFor';
import type { Workbench } from './support/workbench';
import { stepByStep } from './support/stepByStep';

const container = 'Remote Operations';

describe('a host that is away', function () {
  // Each step begins where the one before ended.
  stepByStep(this, () => [window]);

  const listens =
    'require("node:http").createServer(() => {}).listen(0, "127.0.0.1", () => console.log("listens"))';
  const strangers: ChildProcess[] = [];
  let host: ProxiedHost;
  let session: Session;
  let window: Workbench;
  let tree: TreeView;

  const isExpanded = (expanded: boolean) =>
    tree.waitForRows(
      (rows) => rows.some((row) => row.label === 'Hosts' && row.expanded === expanded),
      `the hosts ${expanded ? 'shown' : 'hidden'}`,
    );

  before(async () => {
    host = await startProxiedHost();
    session = await Session.start({
      settings: {
        'remoteOps.hosts': [{ id: 'box', name: 'Test box', host: 'testhost' }],
        'remoteOps.ssh.configFile': host.sshConfigFile,
        'remoteOps.ssh.knownHostsFile': host.knownHostsFile,
      },
    });
    window = await session.openWindow();
    await window.openContainer(container);
    tree = window.tree('Operations');
    await startOperation(window, { name: 'Keeps on', command: 'exec sleep 3600' });
    await tree.waitForRow('Keeps on', /^running/);
  });

  after(async () => {
    strangers.forEach((stranger) => stranger.kill('SIGKILL'));
    await session.stop();
    await host.stop();
  });

  it('is below the operations, out of the way while all is well', async () => {
    const rows = await isExpanded(false);
    assert.deepEqual(
      rows.slice(-2).map(({ label }) => label),
      ['Hosts', 'Untracked'],
    );
    await tree.waitForRow('Hosts', /^1 connected$/);
    await tree.setExpanded('Hosts', true);
    await tree.waitForRow('Test box', /^CPU \d+% · memory \d+%/);
    assert.deepEqual(await tree.contextMenu('Test box'), [
      'New Operation...',
      'Disconnect',
      'Open Terminal',
      'Find Earlier Operations...',
      'Track...',
      'Check Ports...',
      'Show Output',
      'Remove Host...',
    ]);
    await tree.waitForTooltip(
      'Test box',
      /connected · \d+ ms.*Operations: 1 running.*CPU: \d+% of \d+ core.*Memory: .* in use.*Disk: .* free/su,
    );
    await window.screenshot('host-figures');
    await tree.setExpanded('Hosts', false);
    await tree.waitForTooltip('Keeps on', /Uses: CPU \d+% · Memory \d/u);
  });

  it('tells on request what runs there untracked, which is tracked, killed, and seen to end', async () => {
    const stranger = spawn(process.execPath, ['-e', listens], {
      argv0: 'jupyter-lab',
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    strangers.push(stranger);
    await once(stranger.stdout, 'data');
    await tree.setExpanded('Untracked', true);
    await tree.waitForRow('Jupyter', /^port \d+ · for /);
    await tree.waitForTooltip('Jupyter', /jupyter-lab -e .*pid \d+ on Test box/su);
    await window.screenshot('untracked');
    await tree.inlineAction('Jupyter', 'Track...');
    await window.quickInput.step('Track');
    await window.screenshot('track-name');
    await window.quickInput.enter('My notebook');
    await tree.waitForRow('My notebook', /^running · port \d+/);
    await tree.setExpanded('Untracked', false);
    await window.screenshot('tracked');
    await tree.inlineAction('My notebook', 'Kill');
    await window.dialog.click('Kill');
    await waitFor(
      () => Promise.resolve(stranger.signalCode),
      (name) => name !== null,
      { what: 'the end of the server' },
    );
    await tree.setExpanded('Recent', true);
    await tree.waitForRow('My notebook', /^cancelled/);
    await tree.inlineAction('My notebook', 'Archive');
    await tree.waitForRows((rows) => rows.every(({ label }) => label !== 'Recent'), 'nothing that has ended');
  });

  it('says since when and when it is tried again, in the tree and above it', async () => {
    await host.proxy.refuse();
    await tree.waitForRow('Test box', /^unreachable since \d.* · (next try \d|trying again)/);
    await isExpanded(true);
    const said = (text: string) =>
      /^Test box cannot be reached since \d.*; (next try \d.*|trying again)\./.test(text);
    await waitFor(() => tree.message(), said, { what: 'the next try above the rows' });
    assert.deepEqual(await tree.contextMenu('Test box'), [
      'New Operation...',
      'Retry Now',
      'Open Terminal',
      'Find Earlier Operations...',
      'Track...',
      'Check Ports...',
      'Show Output',
      'Remove Host...',
    ]);
    await window.screenshot('host-away');
  });

  it('is named as the reason where a row is explained', async () => {
    await host.proxy.restore();
    await tree.inlineAction('Test box', 'Retry Now');
    await tree.waitForRow('Keeps on', /^running · /);
    await tree.waitForTooltip('Keeps on', /running, verified \d+ s ago by pid and start time on Test box/);
    await host.proxy.refuse();
    await tree.waitForRow('Keeps on', /^running, unverified/);
    await tree.waitForTooltip(
      'Keeps on',
      /running, unverified since \d.*: Test box refused the connection.*Last verified: \d.* by pid/su,
    );
    await tree.waitForTooltip(
      'Test box',
      /unreachable since \d.*Address: testhost.*Error: Test box refused.*Failed attempts: \d.*Last contact: \d.*Operations: 1 running/su,
    );
  });

  it('is tried at once on the user’s word, and says why it failed', async () => {
    await tree.inlineAction('Test box', 'Retry Now');
    await window.notifications.waitForText(/^Test box refused the connection at .*/);
    await window.notifications.clear();
    await host.proxy.restore();
    await tree.inlineAction('Test box', 'Retry Now');
    await tree.waitForRow('Keeps on', /^running · /);
    await isExpanded(false);
  });

  it('can be tried from the dashboard too', async () => {
    await host.proxy.refuse();
    await tree.titleAction('Open Dashboard');
    const dashboard = await window.webview(container);
    const line = dashboard.getByRole('list', { name: 'Hosts that cannot be used' }).getByRole('listitem');
    await line.filter({ hasText: /Test box Unreachable since \d.*, (next try \d|trying again)/ }).waitFor();
    await window.screenshot('host-away-dashboard');
    await host.proxy.restore();
    await line.getByRole('button', { name: 'Retry Now' }).click();
    await line.waitFor({ state: 'hidden' });
    await tree.waitForRow('Keeps on', /^running · /);
  });

  it('asks for a login where the key is not accepted any more', async () => {
    const keys = path.join(host.sshd.folder, 'authorized_keys');
    await rename(keys, `${keys}.away`);
    host.proxy.cut();
    await tree.waitForRow('Test box', /^needs a login$/, 30_000);
    assert.deepEqual(await tree.contextMenu('Test box'), [
      'New Operation...',
      'Log In',
      'Open Terminal',
      'Find Earlier Operations...',
      'Track...',
      'Check Ports...',
      'Show Output',
      'Remove Host...',
    ]);
    await window.screenshot('host-needs-login');
    await rename(`${keys}.away`, keys);
    await tree.inlineAction('Test box', 'Log In');
    await tree.waitForRow('Keeps on', /^running · /);
  });

  it('is not listed where there are no operations: the view says what to do first', async () => {
    await tree.inlineAction('Keeps on', 'Kill');
    await window.dialog.click('Kill');
    await tree.waitForRow('Keeps on', /^cancelled/);
    await tree.inlineAction('Keeps on', 'Archive');
    const said = (text: string) => text.includes('Nothing runs on your hosts.');
    await waitFor(() => tree.message(), said, { what: 'the empty state' });
    assert.deepEqual(await tree.rows(), []);
  });
});

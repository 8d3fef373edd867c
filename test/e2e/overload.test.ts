import assert from 'node:assert/strict';
import { startProxiedHost, type ProxiedHost } from '../testbed/proxiedHost';
import { startOperation } from './support/newOperation';
import { Session } from './support/session';
import { stepByStep } from './support/stepByStep';
import type { TreeView } from './support/treeView';
import type { Workbench } from './support/workbench';

describe('a host that has much to do', function () {
  // Each step begins where the one before ended.
  stepByStep(this, () => [window]);

  let host: ProxiedHost;
  let session: Session;
  let window: Workbench;
  let tree: TreeView;

  /** A loop on each CPU is more than 1 %, and nothing is more than 100 %. */
  const settings = (cpuPercent: number) => ({
    'remoteOps.hosts': [{ id: 'box', name: 'Test box', host: 'testhost' }],
    'remoteOps.ssh.configFile': host.sshConfigFile,
    'remoteOps.ssh.knownHostsFile': host.knownHostsFile,
    'remoteOps.polling.backgroundSeconds': 5,
    'remoteOps.overload.cpuPercent': cpuPercent,
  });

  before(async () => {
    host = await startProxiedHost();
    session = await Session.start({ settings: settings(100) });
    window = await session.openWindow();
    await window.openContainer('Remote Operations');
    tree = window.tree('Operations');
    await startOperation(window, { name: 'burns', command: 'while :; do :; done' });
    await tree.waitForRow('burns', /^running/);
    await session.setSettings(settings(1));
  });

  after(async () => {
    await session.stop();
    await host.stop();
  });

  const submit = (name: string) => startOperation(window, { name, command: 'exec sleep 3600' });

  it('is told with its figures and who causes them, and nothing starts on Cancel', async () => {
    await submit('given up');
    const { message, detail, buttons } = await window.dialog.read();
    assert.equal(message, 'Test box has much to do already.');
    // Beside what else this machine does, the loop may be too little to be named, or not have been seen yet.
    assert.match(detail, /^CPU \d+% \(limit 1%\)(: ("burns"|other programs) \d+%)?/);
    assert.deepEqual([...buttons].sort(), ['Cancel', 'Queue Until Free', 'Submit Anyway']);
    await window.screenshot('overload-question');
    await window.dialog.click('Cancel');
    assert.ok(!(await tree.rows()).some(({ label }) => label === 'given up'));
  });

  it('does not keep what is submitted anyway', async () => {
    await submit('anyway');
    await window.dialog.click('Submit Anyway');
    await tree.waitForRow('anyway', /^running/);
  });

  it('keeps what is queued, which can be started by hand', async () => {
    await submit('by hand');
    await window.dialog.click('Queue Until Free');
    await tree.waitForRow('by hand', /^queued \(waits until Test box is free: CPU \d+% \(limit 1%\)\)/);
    await window.screenshot('overload-queued');
    await window.runCommand('Remote Operations: Start Now');
    await window.quickInput.step('Which operation should start without waiting any longer?');
    await window.quickInput.pick('by hand');
    await tree.waitForRow('by hand', /^running/);
  });

  it('starts what is queued by itself, once it is free', async () => {
    await submit('patient');
    await window.dialog.click('Queue Until Free');
    await tree.waitForRow('patient', /^queued \(waits until Test box is free/);
    await session.setSettings(settings(100));
    await tree.waitForRow('patient', /^running/, 30_000);
  });
});

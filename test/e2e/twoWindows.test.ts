import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { startProxiedHost, type ProxiedHost } from '../testbed/proxiedHost';
import { socketOwner } from '../testbed/socketOwner';
import { startOperation } from './support/newOperation';
import { Session } from './support/session';
import { waitFor } from './support/waitFor';
import type { Workbench } from './support/workbench';
import { stepByStep } from './support/stepByStep';

const container = 'Remote Operations';

describe('two windows', function () {
  stepByStep(this, () => [first, second]);

  let host: ProxiedHost;
  let session: Session;
  let first: Workbench;
  let second: Workbench;

  const treeOf = (window: Workbench) => window.tree('Operations');

  const open = async (): Promise<Workbench> => {
    const window = await session.openWindow();
    await window.openContainer(container);
    return window;
  };

  const submit = (window: Workbench, name: string, command: string): Promise<void> =>
    startOperation(window, { name, command });

  /** The extension host of the window that owns the engine; 0 while there is none. */
  const findOwner = async (): Promise<number> => {
    const owners = path.join(
      session.vscode.serverDataDir,
      'data/User/globalStorage/remote-ops.remote-operations/owners',
    );
    const newest = Math.max(...(await readdir(owners)).map(Number).filter(Number.isInteger));
    const text = await readFile(path.join(owners, String(newest)), 'utf8').catch(() => '{}');
    const { socket } = JSON.parse(text) as { socket?: string };
    return (socket !== undefined && (await socketOwner(socket))) || 0;
  };

  const connections = () => host.sshd.connectionCount();

  before(async () => {
    host = await startProxiedHost();
    session = await Session.start({
      settings: {
        'remoteOps.hosts': [{ id: 'box', name: 'Test box', host: 'testhost' }],
        'remoteOps.ssh.configFile': host.sshConfigFile,
        'remoteOps.ssh.knownHostsFile': host.knownHostsFile,
      },
    });
    first = await open();
    second = await open();
  });

  after(async () => {
    await session.stop();
    await host.stop();
  });

  it('show the same, whichever of them acts', async () => {
    await submit(first, 'From the first', 'exec sleep 3600');
    await treeOf(second).waitForRow('From the first', /^running · pid/);
    await submit(second, 'From the second', 'exec sleep 3600');
    await treeOf(first).waitForRow('From the second', /^running · pid/);
    await first.waitForStatusBar(/^2 running/);
    await second.waitForStatusBar(/^2 running/);
  });

  it('poll once: the host sees one connection', async () => {
    assert.equal(await connections(), 1);
  });

  it('lose nothing when the extension host of the owner is killed: the other carries on', async () => {
    const killed = await findOwner();
    assert.ok(killed > 0);
    process.kill(killed, 'SIGKILL');
    await waitFor(findOwner, (pid) => pid > 0 && pid !== killed, {
      what: 'another owner',
      deadlineMs: 5_000,
    });
    // VS Code starts the killed extension host again at some time; until then only one of them can act.
    const window = (await treeOf(second).rows()).length > 0 ? second : first;
    const tree = treeOf(window);
    await tree.waitForRow('From the first', /^running · pid/);
    await submit(window, 'After the takeover', 'exec sleep 3600');
    await tree.waitForRow('After the takeover', /^running · pid/);
    await tree.inlineAction('From the first', 'Kill');
    await window.dialog.click('Kill');
    await tree.waitForRow('From the first', /^cancelled/);
    await tree.waitForRow('From the second', /^running · pid/);
    await waitFor(connections, (count) => count === 1, { what: 'one connection again' });
  });
});

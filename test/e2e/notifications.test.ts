import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startProxiedHost, type ProxiedHost } from '../testbed/proxiedHost';
import { startOperation } from './support/newOperation';
import { Session } from './support/session';
import { waitFor } from './support/waitFor';
import type { Workbench } from './support/workbench';
import { stepByStep } from './support/stepByStep';

const container = 'Remote Operations';

describe('the end of an operation, in two windows', function () {
  // Each step begins where the one before ended.
  stepByStep(this, () => windows);

  let host: ProxiedHost;
  let session: Session;
  const windows: Workbench[] = [];

  const open = async (): Promise<Workbench> => {
    const window = await session.openWindow();
    await window.openContainer(container);
    windows.push(window);
    return window;
  };

  /** Brings the window to the front first: in a page that cannot be seen, nothing ever comes to rest. */
  const use = async (window = windows[0]): Promise<Workbench> => {
    assert.ok(window);
    await window.page.bringToFront();
    return window;
  };

  const start = async (name: string, command: string) => startOperation(await use(), { name, command });

  const clear = async (): Promise<void> => {
    for (const window of windows) {
      await (await use(window)).notifications.clear();
    }
  };

  const rowIn = (window: Workbench, name: string, description: RegExp) =>
    window.tree('Operations').waitForRow(name, description);
  const everywhere = (name: string, description: RegExp) =>
    Promise.all(windows.map((window) => rowIn(window, name, description)));

  const texts = async (): Promise<string[]> =>
    (await Promise.all(windows.map((window) => window.notifications.texts()))).flat();

  /** Ends that are told at present, in whichever window. */
  const told = async () => (await texts()).filter((text) => text.includes(' on Test box '));

  /** The window that tells it, as soon as one does. */
  const teller = async (pattern: RegExp): Promise<Workbench> => {
    await waitFor(texts, (all) => all.some((text) => pattern.test(text)), { what: String(pattern) });
    for (const window of windows) {
      if ((await window.notifications.texts()).some((text) => pattern.test(text))) {
        return window;
      }
    }
    throw new Error(`${String(pattern)} is gone.`);
  };

  before(async () => {
    host = await startProxiedHost();
    session = await Session.start({
      settings: {
        'remoteOps.hosts': [{ id: 'box', name: 'Test box', host: 'testhost' }],
        'remoteOps.ssh.configFile': host.sshConfigFile,
        'remoteOps.ssh.knownHostsFile': host.knownHostsFile,
      },
    });
    await open();
    await open();
  });

  after(async () => {
    await session.stop();
    await host.stop();
  });

  it('is told in one of them, with its cause', async () => {
    await start('train', 'echo out of memory; exit 3');
    await everywhere('train', /^failed \(exit 3\)/);
    const window = await teller(/^train on Test box failed: Exit code 3$/);
    assert.deepEqual(await window.notifications.buttons(/^train on/), ['Show Log', 'Resubmit']);
    await window.screenshot('end-told');
  });

  it('waits while a message is open, and is told with the others then', async () => {
    const wait = 'while [ ! -e "$HOME/go" ]; do sleep 0.1; done; exit';
    await start('second', `${wait} 4`);
    await everywhere('second', /^running/);
    await start('third', `${wait} 5`);
    await everywhere('third', /^running/);
    await writeFile(path.join(host.sshd.home, 'go'), '');
    await everywhere('second', /^failed/);
    await everywhere('third', /^failed/);
    const window = await teller(/^train on/);
    // Nothing of ours comes beside it, and nothing of it was told elsewhere.
    assert.deepEqual(await told(), ['train on Test box failed: Exit code 3']);
    await (await use(window)).notifications.click(/^train on/, 'Show Log');
    await window.page.locator('.editor-instance .view-line', { hasText: /out\sof\smemory/u }).waitFor();
    const several = /(second|third) on Test box failed/;
    const next = await teller(several);
    await next.screenshot('ends-told');
    const all = await told();
    for (const name of ['second', 'third']) {
      assert.equal(all.filter((text) => text.includes(`${name} on Test box failed`)).length, 1, all.join());
    }
    assert.ok(!all.some((text) => text.includes('train')), all.join());
    await clear();
  });

  it('is not told to who asked for it, nor where all went well', async () => {
    await start('well', 'exit 0');
    await everywhere('well', /^completed/);
    await start('killed', 'exec sleep 3600');
    await everywhere('killed', /^running/);
    const other = await use(windows[1]);
    await other.tree('Operations').inlineAction('killed', 'Kill');
    await other.dialog.click('Kill');
    await everywhere('killed', /^cancelled/);
    await start('last', 'exit 6');
    await teller(/^last on Test box failed: Exit code 6$/);
    assert.deepEqual(await told(), ['last on Test box failed: Exit code 6']);
    await clear();
  });

  it('is told once where nothing was started: by the command', async () => {
    await host.proxy.refuse();
    await start('refused', 'exit 0');
    await teller(/^"refused" was not started\. Nothing was started\./);
    assert.deepEqual(await told(), []);
    await host.proxy.restore();
    await clear();
    await start('after that', 'exit 7');
    await teller(/^after that on Test box failed: Exit code 7$/);
    assert.deepEqual(await told(), ['after that on Test box failed: Exit code 7']);
    await clear();
  });

  it('is not told again by a window that is opened later', async () => {
    const late = await open();
    await rowIn(late, 'train', /^failed/);
    await start('one more', 'exit 8');
    await teller(/^one more on Test box failed: Exit code 8$/);
    assert.deepEqual(await told(), ['one more on Test box failed: Exit code 8']);
    await clear();
  });

  it('is told in one digest with all others that came while VS Code was closed', async () => {
    const wait = 'while [ ! -e "$HOME/gone" ]; do sleep 0.1; done; exit';
    await start('overnight', `${wait} 9`);
    await start('overnight too', `${wait} 0`);
    await start('longer', 'exec sleep 3600');
    await everywhere('overnight', /^running/);
    await everywhere('overnight too', /^running/);
    await everywhere('longer', /^running/);
    for (const window of windows.splice(0)) {
      await window.close();
    }
    await writeFile(path.join(host.sshd.home, 'gone'), '');
    await open();
    await open();
    const window = await teller(/^While you were away: 1 completed, 1 failed, 1 still running$/);
    await (await use(window)).screenshot('digest');
    assert.deepEqual(await window.notifications.buttons(/^While you/), ['Show Operations']);
    assert.equal((await texts()).filter((text) => text.startsWith('While you were away')).length, 1);
    await everywhere('overnight', /^failed/);
    assert.deepEqual(await told(), []);
  });

  it('is not told again after another restart', async () => {
    for (const window of windows.splice(0)) {
      await window.close();
    }
    await open();
    await everywhere('overnight', /^failed/);
    await start('after the restart', 'exit 5');
    await teller(/^after the restart on Test box failed: Exit code 5$/);
    assert.ok(!(await texts()).some((text) => text.startsWith('While you were away')));
  });

  it('is told where somebody can read it, not by a window that was lost without a word', async () => {
    await clear();
    const left = await open();
    const [lost] = windows.splice(0, 1);
    await lost?.page.bringToFront();
    await lost?.crash();
    await start('after a crash', 'exit 11');
    assert.equal(await teller(/^after a crash on Test box failed: Exit code 11$/), left);
  });
});

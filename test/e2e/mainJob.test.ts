import assert from 'node:assert/strict';
import { mkdir, readFile, readdir, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { freePort } from '../testbed/freePort';
import { endServers, serverCode, startServer } from '../testbed/portServers';
import { startProxiedHost, type ProxiedHost } from '../testbed/proxiedHost';
import { startOperation } from './support/newOperation';
import { OperationForm } from './support/operationForm';
import { Session } from './support/session';
import type { TreeView } from './support/treeView';
import { waitFor } from './support/waitFor';
import type { Workbench } from './support/workbench';
import { chooseFromMenu } from './support/menu';
import { stepByStep } from './support/stepByStep';

/** This build of VS Code leads to ports of its computer by `/proxy/PORT/` of a server before it, which is not there. */
const proxyPorts = (window: Workbench): Promise<unknown> =>
  window.page.route(/\/proxy\/\d+\//, async (route) => {
    const [, port = ''] = /\/proxy\/(\d+)\//.exec(route.request().url()) ?? [];
    const response = await fetch(`http://127.0.0.1:${port}/`);
    await route.fulfill({ contentType: 'text/html', body: await response.text() });
  });

const container = 'Remote Operations';
const view = 'Operations';

/** Writes an epoch of progress every half second, as a training script would. */
const trainingLoop =
  'i=0; while [ $i -lt 600 ]; do i=$((i + 1)); ' +
  `printf '{"epoch": %d, "total_epochs": 600, "metrics": {"loss": 0.%03d}}' $i $((999 - i)) > "$REMOTE_OPS_PROGRESS.new"; ` +
  'mv "$REMOTE_OPS_PROGRESS.new" "$REMOTE_OPS_PROGRESS"; sleep 0.5; done';

const script = '#!/bin/sh\nfor rate in 1e-3 1e-4; do echo "it\'s $rate"; done\nexit 7\n';

describe('the main job, by hand', function () {
  // Each step begins where the one before ended.
  stepByStep(this, () => [window]);

  let host: ProxiedHost;
  let session: Session;
  let window: Workbench;
  let tree: TreeView;
  let port: number;

  /** The pid in the tree's row of a program. */
  const pidOf = async (name: string): Promise<number> => {
    const { description } = await tree.waitForRow(name, /pid \d+/);
    return Number(/pid (\d+)/.exec(description)?.[1]);
  };

  const open = async (): Promise<void> => {
    window = await session.openWindow();
    await window.openContainer(container);
    tree = window.tree(view);
  };

  const submit = (type: string, name: string, command: string, serverPort?: number): Promise<void> =>
    startOperation(window, { type, name, command, ...(serverPort !== undefined && { port: serverPort }) });

  before(async () => {
    host = await startProxiedHost();
    port = await freePort();
    // The host is not known yet: its key has to be accepted.
    const emptyKnownHosts = path.join(host.sshd.folder, 'known_hosts_empty');
    await writeFile(emptyKnownHosts, '');
    const folder = path.join(host.sshd.folder, 'workspace');
    await mkdir(folder);
    await writeFile(path.join(folder, 'sweep.sh'), script);
    session = await Session.start({
      folder,
      settings: {
        'remoteOps.ssh.configFile': host.sshConfigFile,
        'remoteOps.ssh.knownHostsFile': emptyKnownHosts,
        // Drawn as text that a test can read.
        'terminal.integrated.gpuAcceleration': 'off',
      },
    });
    await open();
  });

  after(async () => {
    endServers();
    await session.stop();
    await host.stop();
  });

  it('says what to do first when there is no host', async () => {
    await waitFor(
      () => tree.message(),
      (text) => text.includes('Add Host'),
      { what: 'the welcome text' },
    );
    await window.screenshot('welcome');
  });

  it('declines a host whose key is not accepted', async () => {
    await tree.clickWelcome('Add Host');
    await window.quickInput.step('SSH config');
    await window.quickInput.pick('testhost');
    const { message, detail } = await window.dialog.read();
    assert.match(message, /testhost.*not known yet/);
    assert.ok(detail.includes(host.sshd.hostKeyFingerprint), detail);
    await window.screenshot('host-key');
    await window.dialog.click('Cancel');
    await window.notifications.waitForText(/was not accepted, so nothing was sent/);
    await window.notifications.clear();
    await waitFor(
      () => tree.message(),
      (text) => text.includes('Connect Again'),
      { what: 'the way to try again' },
    );
    await window.screenshot('cannot-connect');
  });

  it('connects once its key is accepted', async () => {
    await tree.clickWelcome('Connect Again');
    await window.dialog.click('Accept and Connect');
    await waitFor(
      () => tree.message(),
      (text) => text.includes('New Operation'),
      { what: 'the connection' },
    );
    await window.screenshot('nothing-runs');
  });

  it('starts operations of all four types, and shows them under their type', async () => {
    const serve = `exec '${process.execPath}' -e 'require("http").createServer((q,r)=>r.end("hi")).listen(${port},"127.0.0.1")'`;
    await submit('Server', 'Preview server', serve, port);
    await tree.waitForRow('Preview server', new RegExp(`^running · port ${port} · since `));
    await submit('Training job', 'Fine-tune', trainingLoop);
    await tree.waitForRow('Fine-tune', /^running · \d+% · epoch \d+ of 600 · since /);
    await submit('Program or script', 'Clean up', 'exec sleep 3600');
    await tree.waitForRow('Clean up', /^running · pid \d+ · since /);
    const half = `echo '{"size_done": 500, "size_total": 1000}' > "$REMOTE_OPS_PROGRESS"; exec sleep 3600`;
    await submit('Download or install', 'Download weights', half);
    await tree.waitForRow('Download weights', /^running · 50% · since /);
    const groups = (await tree.rows()).filter(({ level }) => level === 1).map(({ label }) => label);
    const types = ['Servers', 'Training Jobs', 'Programs & Scripts', 'Downloads & Installs'];
    assert.deepEqual(groups, [...types, 'Hosts', 'Untracked']);
  });

  it('counts what runs in the status bar and on the icon', async () => {
    await window.waitForStatusBar(/^4 running/);
    await window.waitForBadge(container, 4);
    const tooltip = await window.waitForStatusBarTooltip('4 running', /Download weights: running · 50%/);
    assert.match(tooltip, /Fine-tune: running · \d+% · epoch \d+ of 600/);
    await window.screenshot('status-bar');
  });

  it('draws progress that moves by itself in the dashboard', async () => {
    const errorsBefore = window.consoleErrors().length;
    await tree.titleAction('Open Dashboard');
    const frame = await window.webview(container);
    const bar = frame.getByRole('progressbar', { name: /Fine-tune/ });
    await bar.waitFor();
    const value = async () => Number(await bar.getAttribute('aria-valuenow'));
    const first = await value();
    await waitFor(value, (now) => now > first, { what: 'progress' });
    await frame.getByText(/left/).first().waitFor();
    await frame.getByRole('button', { name: 'More actions for Fine-tune' }).click();
    await chooseFromMenu(window.page, 'Show History');
    await window.page
      .locator('.editor-instance .view-line', { hasText: /submitting\s+submitted$/ })
      .first()
      .waitFor();
    await window.runCommand('View: Close Editor');
    await window.screenshot('dashboard');
    assert.deepEqual(window.consoleErrors().slice(errorsBefore), []);
  });

  it('reports what a sync did', async () => {
    await window.runCommand('Remote Operations: Sync Operations');
    await window.notifications.waitForText(/^checked 4, synced 0, unreachable 0, errors 0$/);
    await window.notifications.clear();
  });

  it('shows exit codes as completed and failed', async () => {
    await submit('Program or script', 'Ends well', 'exit 0');
    await submit('Program or script', 'Ends badly', 'echo no such file; exit 3');
    await tree.waitForRow('Ends well', /^completed · ended /);
    await tree.waitForRow('Ends badly', /^failed \(exit 3\) · ended /);
  });

  it('opens the log of an operation', async () => {
    await tree.inlineAction('Ends badly', 'Show Log');
    await window.page.locator('.editor-instance .view-line', { hasText: 'no such file' }).waitFor();
  });

  it('shows a large log at its end, follows it, and finds what lies far before', async () => {
    const talk = `printf 'first words\\n'; while [ ! -e "$HOME/large" ]; do sleep 0.1; done; printf '\\n 10 %%\\r 99 %%\\n\\033[32mgreen words\\033[0m\\n'; while [ ! -e "$HOME/more" ]; do sleep 0.1; done; echo more words; exec sleep 3600`;
    await submit('Program or script', 'Talks', talk);
    await tree.waitForRow('Talks', /^running/);
    const runs = path.join(host.sshd.home, '.remote-ops/runs');
    const logs = (await readdir(runs)).map((id) => path.join(runs, id, 'log'));
    const texts = await Promise.all(logs.map((file) => readFile(file, 'utf8').catch(() => '')));
    await truncate(logs[texts.indexOf('first words\n')] ?? '', 100_000_000);
    await writeFile(path.join(host.sshd.home, 'large'), '');
    const line = (hasText: RegExp) => window.page.locator('.editor-instance .view-line', { hasText });
    await tree.inlineAction('Talks', 'Show Log');
    await line(/^green\swords$/).waitFor();
    await line(/^\s99\s%$/).waitFor();
    await line(/100\sMB\searlier/).waitFor();
    await writeFile(path.join(host.sshd.home, 'more'), '');
    await line(/^more\swords$/).waitFor();
    await window.screenshot('log-follows');
    await window.runCommand('Remote Operations: Pause Log');
    await line(/^\[Paused\ssince/).waitFor();
    await window.runCommand('Remote Operations: Load Earlier');
    await line(/99\d*\s[KM]B\searlier/).waitFor();
    await window.runCommand('Remote Operations: Search Whole Log...');
    await window.quickInput.waitForMessage(/searched on its host/);
    await window.quickInput.enter('first words');
    await window.quickInput.pick('first words');
    await line(/^first\swords$/).waitFor();
    await line(/100\sMB\slater/).waitFor();
    await window.screenshot('log-found');
    await window.runCommand('Remote Operations: Go to End of Log');
    await line(/^more\swords$/).waitFor();
  });

  const terminalRow = (hasText: RegExp) => window.page.locator('.xterm-rows > div', { hasText });

  it('follows a log in a terminal, in its colours, until Ctrl+C', async () => {
    await window.runCommand('Remote Operations: Follow Log in Terminal');
    await terminalRow(/more\swords/).waitFor();
    await window.page.locator('.xterm-rows .xterm-fg-2', { hasText: /green\swords/ }).waitFor();
    await window.screenshot('log-terminal');
    await window.page.locator('.xterm-screen').click();
    await window.page.keyboard.press('Control+C');
    await terminalRow(/Stopped\sfollowing/).waitFor();
    await window.page.keyboard.press('Control+D');
    await terminalRow(/Stopped\sfollowing/).waitFor({ state: 'detached' });
    await tree.waitForRow('Talks', /^running/);
  });

  it('opens a terminal on the host in the folder of an operation', async () => {
    await tree.chooseFromContextMenu('Clean up', 'Open Terminal');
    await terminalRow(/[#$]\s*$/)
      .first()
      .waitFor();
    await window.page.keyboard.type('echo "in:$PWD"\n');
    await waitFor(
      async () => (await window.page.locator('.xterm-rows').innerText()).replaceAll(/\s/g, ''),
      (text) => text.includes(`in:${host.sshd.home}`),
      { what: 'the home folder' },
    );
    await window.screenshot('terminal');
    await window.page.keyboard.type('exit\n');
    await window.page.locator('.xterm-rows').waitFor({ state: 'detached' });
  });

  it('forwards the port of a server and shows its page, until it is told to stop', async () => {
    await proxyPorts(window);
    await tree.chooseFromContextMenu('Preview server', 'Open Port...');
    await window.quickInput.step('is forwarded to 127.0.0.1:');
    const [, local = ''] = /127\.0\.0\.1:(\d+)/.exec(await window.quickInput.title()) ?? [];
    await window.screenshot('open-port');
    await window.quickInput.pick('Open in Simple Browser');
    const page = () => window.page.frames().find((frame) => frame.url().includes(`/proxy/${local}/`));
    const text = async () => (await page()?.locator('body').innerText()) ?? '';
    assert.equal(await waitFor(text, Boolean, { what: 'the page' }), 'hi');
    await window.screenshot('simple-browser');
    await tree.waitForRow('Preview server', new RegExp(`port ${port} · forwarded to ${local} ·`));
    await tree.chooseFromContextMenu('Preview server', 'Stop Forwarding');
    await tree.waitForRow('Preview server', new RegExp(`port ${port} · since`));
    await assert.rejects(fetch(`http://127.0.0.1:${local}/`));
  });

  it('shows why it failed, what happened and its log on a page of its own, opened by keyboard', async () => {
    const crash = `exec '${process.execPath}' -e 'console.log("reading"); const batch = {}; batch.labels.shift()'`;
    await submit('Training job', 'Crashes', crash);
    await tree.waitForRow('Crashes', /^failed/);
    const errorsBefore = window.consoleErrors().length;
    await tree.chooseByKeyboard('Crashes', 'Show Details');
    const page = await window.webview('Crashes');
    await page.getByText(/^Node\.js stopped at an error: TypeError: /).waitFor();
    await page.locator('.why-lines', { hasText: 'TypeError' }).waitFor();
    await page.locator('.event', { hasText: /Failed.*Exit code 1 on testhost/s }).waitFor();
    await page.locator('.log', { hasText: /reading.*Node\.js v/s }).waitFor();
    await page.getByRole('button', { name: 'Resubmit', exact: true }).waitFor();
    await window.page.mouse.move(640, 790);
    await window.screenshot('details');
    assert.deepEqual(window.consoleErrors().slice(errorsBefore), []);
    await tree.waitForTooltip('Crashes', /Why: Node\.js stopped at an error/);
  });

  it('keeps the page of what runs up to date, and has it whole again after it was hidden', async () => {
    await tree.chooseFromContextMenu('Fine-tune', 'Show Details');
    const progress = async () => {
      const bar = (await window.webview('Fine-tune')).getByRole('progressbar');
      return Number(await bar.getAttribute('aria-valuenow'));
    };
    const first = await progress();
    await waitFor(progress, (now) => now > first, { what: 'progress on the page' });
    await (await window.webview('Fine-tune')).getByRole('img', { name: /^loss: from / }).waitFor();
    await (
      await window.webview('Fine-tune')
    )
      .getByRole('heading', { name: 'Resources in the Last Hour' })
      .waitFor();
    await window.screenshot('details-running');
    await tree.chooseFromContextMenu('Crashes', 'Show Details');
    await (await window.webview('Crashes')).locator('.log', { hasText: 'TypeError' }).waitFor();
    await tree.chooseFromContextMenu('Fine-tune', 'Show Details');
    const second = await progress();
    await waitFor(progress, (now) => now > second, { what: 'progress on the page that was hidden' });
  });

  it('shows every status change with what it rested on, also of what was archived', async () => {
    const line = (hasText: RegExp) =>
      window.page.locator('.editor-instance .view-line', { hasText }).first().waitFor();
    await tree.chooseFromContextMenu('Ends badly', 'Show History');
    await line(/Time\s+From\s+To\s+Evidence/);
    await line(/submitting\s+submitted$/);
    await line(/running\s+failed\s+exit\scode\s3/);
    await window.screenshot('history');
    await tree.inlineAction('Ends well', 'Archive');
    await tree.waitForRows((rows) => !rows.some(({ label }) => label === 'Ends well'), 'no archived row');
    await window.runCommand('Remote Operations: Show History');
    await window.quickInput.step('Whose history should be shown?');
    await window.quickInput.fill('exit 0');
    await window.quickInput.pick('Ends well');
    await line(/^Ends\swell/);
    await line(/running\s+completed\s+/);
  });

  it('finds what has ended by its words, from the row below the last ones', async () => {
    await tree.select('Search History...');
    await window.quickInput.step('Search History');
    await window.quickInput.fill('exit 0 testhost completed');
    await waitFor(
      () => window.quickInput.labels(),
      (labels) => labels.includes('Ends well') && !labels.includes('Ends badly'),
      { what: 'only what matches' },
    );
    await window.screenshot('search-history');
    await window.quickInput.pick('Ends well');
    await window.waitForTab('Ends well');
  });

  const stateOf = async (pid: number) =>
    /\) (\w) /.exec(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''))?.[1];

  it('pauses and resumes on a click, and offers only what applies', async () => {
    const pid = await pidOf('Clean up');
    await tree.inlineAction('Clean up', 'Pause');
    await tree.waitForRow('Clean up', /^paused/);
    assert.equal(await stateOf(pid), 'T');
    await window.screenshot('paused');
    const entries = await tree.contextMenu('Clean up');
    assert.ok(entries.includes('Resume') && entries.includes('Restart...'), entries.join());
    assert.ok(!entries.includes('Pause') && !entries.includes('Resubmit'), entries.join());
    await tree.chooseFromContextMenu('Clean up', 'Resume');
    await tree.waitForRow('Clean up', /^running/);
    assert.equal(await stateOf(pid), 'S');
  });

  it('submits again on a click: once, as a second attempt, with the same command', async () => {
    await tree.inlineAction('Ends badly', 'Resubmit');
    const { label } = await tree.waitForRow('Ends badly', /^failed \(exit 3\) · attempt 2 · ended /);
    assert.equal(label, 'Ends badly');
    await tree.waitForTooltip('Ends badly', /Attempt: 2 of "Ends badly"/);
    await window.screenshot('resubmitted');
    const rows = (await tree.rows()).filter((row) => row.label === 'Ends badly');
    assert.equal(rows.length, 2);
  });

  it('edits and submits again, with what was submitted before in the form', async () => {
    await tree.chooseFromContextMenu('Ends badly', 'Edit and Resubmit...');
    const form = await OperationForm.find(window, 'Edit and Resubmit');
    assert.equal(await form.field('Command').inputValue(), 'echo no such file; exit 3');
    assert.match((await form.content('The command file')) ?? '', /exit 1\necho no such file; exit 3$/);
    await form.fill({ Name: 'Ends better' });
    await window.screenshot('edit-and-resubmit');
    await form.submit();
    await tree.waitForRow('Ends better', /^failed \(exit 3\) · ended /);
  });

  it('offers what was typed into a form that was closed, until that is submitted', async () => {
    const close = () => window.runCommand('View: Close Editor');
    await window.runCommand('Remote Operations: New Operation...');
    const typed = await OperationForm.find(window);
    await typed.fill({ Command: 'echo typed before' });
    await close();
    // Nothing is typed into this one, so it is nothing to keep.
    await tree.chooseFromContextMenu('Ends better', 'Edit and Resubmit...');
    await OperationForm.find(window, 'Edit and Resubmit');
    await close();
    await window.runCommand('Remote Operations: New Operation...');
    const next = await OperationForm.find(window);
    await next.select('Start from', 'left');
    assert.equal(await next.field('Command').inputValue(), 'echo typed before');
    await next.submit();
    await window.runCommand('Remote Operations: New Operation...');
    const last = await OperationForm.find(window);
    assert.equal(await last.field('Start from').locator('option[value=left]').count(), 0);
    await close();
  });

  it('runs a script of the workspace on a host, from the Explorer, once the user has seen it', async () => {
    await window.openContainer('Explorer');
    await window.tree('Files Explorer').chooseFromContextMenu('sweep.sh', 'Run on a Remote Host...');
    const form = await OperationForm.find(window);
    assert.equal(await form.field('Command').inputValue(), script);
    await window.screenshot('run-a-file');
    await form.submit();
    await window.openContainer(container);
    await tree.waitForRow('sweep.sh', /^failed \(exit 7\) · ended /);
  });

  it('restarts once the user agreed, when the end of the first was seen', async () => {
    await submit('Program or script', 'Again', 'exec sleep 3600');
    const pid = await pidOf('Again');
    await tree.chooseFromContextMenu('Again', 'Restart...');
    const { message } = await window.dialog.read();
    assert.equal(message, 'Restart "Again"?');
    await window.dialog.click('Restart');
    await tree.waitForRow('Again', /^running · attempt 2 · pid /);
    assert.match((await stateOf(pid)) ?? 'gone', /gone|Z/);
    await tree.waitForRow('Again', /^cancelled/);
  });

  it('does not kill before the user agreed', async () => {
    await tree.inlineAction('Clean up', 'Kill');
    const { message, buttons } = await window.dialog.read();
    assert.equal(message, 'Kill "Clean up" on testhost?');
    assert.deepEqual(buttons.sort(), ['Cancel', 'Kill']);
    await window.dialog.click('Cancel');
    await tree.waitForRow('Clean up', /^running/);
  });

  it('kills, and says cancelled once the process is dead', async () => {
    const pid = await pidOf('Clean up');
    await tree.inlineAction('Clean up', 'Kill');
    await window.dialog.click('Kill');
    await tree.waitForRow('Clean up', /^cancelled/);
    assert.match(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => 'gone'), /gone|\) Z /);
  });

  it('shows a program that was killed by hand as stopped', async () => {
    await submit('Program or script', 'Shot', 'exec sleep 3600');
    process.kill(-(await pidOf('Shot')), 'SIGKILL');
    await tree.waitForRow('Shot', /^stopped/, 20_000);
  });

  it('keeps every status while the network is away, and says since when', async () => {
    await window.screenshot('tree');
    await host.proxy.refuse();
    await tree.waitForRow('Fine-tune', /^running, unverified since /);
    await tree.waitForRow('Preview server', /^running, unverified since /);
    await tree.waitForRow('Ends badly', /^failed \(exit 3\)/);
    await window.screenshot('unverified');
    await host.proxy.restore();
    await tree.waitForRow('Fine-tune', /^running · /, 30_000);
  });

  it('has everything again after VS Code was closed, brought up to date', async () => {
    await submit(
      'Program or script',
      'Ends meanwhile',
      'while [ ! -e "$HOME/go" ]; do sleep 0.1; done; exit 4',
    );
    await tree.waitForRow('Ends meanwhile', /^running/);
    await window.close();
    await writeFile(path.join(host.sshd.home, 'go'), '');
    await open();
    await tree.waitForRow('Ends meanwhile', /^failed \(exit 4\)/);
    await tree.waitForRow('Fine-tune', /^running · /);
    await tree.waitForRow('Clean up', /^cancelled/);
    await tree.waitForRow('Shot', /^stopped/);
    // A page of a tab that is not in front is made when the tab is.
    await window.page.locator('.tab', { hasText: 'Crashes' }).click();
    await (await window.webview('Crashes')).getByText(/^Node\.js stopped at an error/).waitFor();
  });

  const labels = async () => (await tree.rows()).map(({ label }) => label);
  const shows = (what: string, accept: (labels: string[]) => boolean) => waitFor(labels, accept, { what });

  it('narrows tree and dashboard while one types, and Escape brings back what was there', async () => {
    await tree.titleAction('Filter');
    await window.quickInput.fill('fine');
    await shows('only what matches', (all) => all.join() === 'Training Jobs,Fine-tune,Hosts,Untracked');
    await window.quickInput.cancel();
    await tree.waitForRow('Preview server');
    await tree.titleAction('Filter');
    await window.quickInput.enter('fine');
    await shows('only what matches', (all) => all.join() === 'Training Jobs,Fine-tune,Hosts,Untracked');
    await tree.titleAction('Clear Filter');
    await tree.waitForRow('Preview server');
  });

  it('narrows by status and type at once, sorts, and remembers both over a reload', async () => {
    await tree.titleAction('Filter');
    await window.quickInput.step('Part of the name');
    await window.quickInput.pick('failed');
    await window.quickInput.pick('Programs & Scripts');
    await shows('only what failed', (all) => !all.includes('Fine-tune') && all.includes('Ends badly'));
    await window.screenshot('filter');
    await window.quickInput.accept();
    await window.runCommand('Remote Operations: Sort...');
    await window.quickInput.step('By what');
    await window.screenshot('sort');
    await window.quickInput.pick('Name, Z to A');
    const failed = ['Ends meanwhile', 'Ends better', 'Ends badly'];
    const isSorted = (all: string[]) =>
      all
        .filter((label) => failed.includes(label))
        .join()
        .startsWith(failed.join());
    await shows('what failed, by name', isSorted);
    const says = async () =>
      waitFor(
        () => tree.message(),
        (text) => text.includes('failed · Programs & Scripts · by name, Z to A'),
        { what: 'what is shown' },
      );
    await says();
    await window.screenshot('filtered-and-sorted');
    await window.waitForStored('"sortOrder":{"by":"name","reversed":true}');
    await window.close();
    await open();
    await shows('the same', (all) => isSorted(all) && !all.includes('Fine-tune'));
    await says();
    await tree.titleAction('Clear Filter');
    await tree.waitForRow('Fine-tune');
    assert.equal(await tree.message(), '');
  });

  it('opens a row by a double click, not by a click, and by Enter and Space', async () => {
    await window.runCommand('View: Close All Editors');
    await tree.select('Fine-tune');
    await tree.doubleClick('Download weights');
    await window.waitForTab('Download weights');
    assert.ok(!(await window.editorTitles()).some((title) => title.startsWith('Fine-tune')));
    await tree.select('Fine-tune');
    await tree.press('ArrowUp');
    await tree.press('ArrowUp');
    await tree.press('Enter');
    await window.waitForTab('Preview server');
    await tree.select('Fine-tune');
    await tree.press('Space');
    await window.waitForTab('Fine-tune');
  });

  it('kills three selected rows with one key and one question, and says what it left out', async () => {
    const three = ['One', 'Two', 'Three'];
    for (const name of three) {
      await submit('Program or script', name, 'exec sleep 3600');
      await tree.waitForRow(name, /^running/);
    }
    await tree.waitForRow('Ends badly');
    await tree.select('One', 'Two', 'Three', 'Ends badly');
    await tree.press('Delete');
    const { message, detail } = await window.dialog.read();
    assert.equal(message, 'Kill 3 operations?');
    for (const name of three) {
      assert.ok(detail.includes(name), detail);
    }
    await window.screenshot('kill-three');
    await window.dialog.click('Kill');
    await window.notifications.waitForText(/^This applies to 3 of the 4 selected operations;/);
    for (const name of three) {
      await tree.waitForRow(name, /^cancelled/, 30_000);
    }
    await window.notifications.clear();
  });

  it('archives selected rows from the menu', async () => {
    await tree.select('Three', 'One', 'Two');
    const entries = await tree.contextMenu('Two');
    assert.ok(entries.includes('Archive') && !entries.includes('Show Log'), entries.join());
    await tree.chooseFromContextMenu('Two', 'Archive');
    await shows('none of them', (all) => !['One', 'Two', 'Three'].some((label) => all.includes(label)));
    await tree.waitForRow('Ends badly');
  });

  it('says who has the port of a new server, and starts it on the next free one, or once that was ended', async () => {
    const foreign = await startServer();
    const serving = `exec '${process.execPath}' -e '${serverCode('127.0.0.1', foreign.port)}'`;
    await tree.titleAction('New Operation');
    const form = await OperationForm.find(window);
    await form.choose('Server');
    await form.fill({ Command: serving, Name: 'Beside', Port: String(foreign.port) });
    await form.text(new RegExp(`Port ${foreign.port} on testhost is used by .*pid ${foreign.pid}`)).waitFor();
    await window.screenshot('port-taken-form');
    const submitted = form.submit();
    await window.quickInput.step(`Port ${foreign.port} on testhost is taken`);
    await window.screenshot('port-taken');
    const next = (await window.quickInput.labels()).find((label) => /Use Port/.test(label))?.trim() ?? '';
    await window.quickInput.pick(next);
    await submitted;
    await tree.waitForRow('Beside', new RegExp(`^running · port ${/\d+/.exec(next)?.[0]} `));
    await submit('Server', 'Instead', serving, foreign.port);
    await window.quickInput.step(`Port ${foreign.port} on testhost is taken`);
    await window.quickInput.pick('Kill and Start');
    const { message, detail } = await window.dialog.read();
    assert.equal(message, `Free port ${foreign.port} on testhost?`);
    assert.ok(detail.includes(`pid ${foreign.pid}`) && detail.includes('createServer'), detail);
    await window.screenshot('port-kill');
    await window.dialog.click('Kill');
    await tree.waitForRow('Instead', new RegExp(`^running · port ${foreign.port} `), 30_000);
  });

  it('shows who listens on a host, and frees a port', async () => {
    await window.runCommand('Remote Operations: Check Ports...');
    await window.quickInput.waitForMessage(/leave it empty/);
    await window.quickInput.enter('');
    await window.quickInput.step('Ports on testhost');
    await window.screenshot('check-ports');
    await window.quickInput.fill('operation "Preview server"');
    await window.quickInput.pick(String(port));
    await window.quickInput.step(`Port ${port} on testhost`);
    await window.screenshot('port-actions');
    await window.quickInput.pick('Kill');
    await window.dialog.click('Kill');
    await window.notifications.waitForText(new RegExp(`^Port ${port} on testhost is free now\\.$`), 30_000);
    await tree.waitForRow('Preview server', /^cancelled/);
    await window.notifications.clear();
  });

  it('adds a host from user@host:port, and refuses a port that is closed', async () => {
    const closed = await freePort();
    await window.runCommand('Remote Operations: Add Host...');
    await window.quickInput.step('Add Host');
    await window.quickInput.fill(`${host.sshd.user}@127.0.0.1:${closed}`);
    await window.quickInput.pick(`${host.sshd.user}@127.0.0.1:${closed}`);
    await window.notifications.waitForText(
      /refused the connection at 127\.0\.0\.1:\d+\. Check that sshd runs there/,
    );
    // With a second host, rows say where they run.
    await tree.waitForRow('Fine-tune', /testhost$/);
    await window.notifications.click(/refused the connection/, 'Remove Host');
    await tree.waitForRow('Fine-tune', /^running(?!.*testhost)/);
  });

  it('refuses a host whose key changed, with both fingerprints, and leaves the rows as they are', async () => {
    const before = host.sshd.hostKeyFingerprint;
    await host.sshd.replaceHostKey();
    host.proxy.cut();
    await tree.waitForRow('Fine-tune', /^running, unverified since /, 30_000);
    await waitFor(
      () => tree.message(),
      (text) => text.includes('testhost is blocked'),
      {
        what: 'the reason in short',
        deadlineMs: 30_000,
      },
    );
    await window.runCommand('Remote Operations: Connect');
    const text = await window.notifications.waitForText(/has changed/);
    assert.ok(text.includes(before) && text.includes(host.sshd.hostKeyFingerprint), text);
    await window.screenshot('key-changed');
  });
});

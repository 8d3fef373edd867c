import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { OperationView, RemoteOperationsApi } from '../../src/api';
import { caseCommands } from '../../src/commands/caseCommands';
import { hostCommands } from '../../src/commands/hostCommands';
import { openRowCommand } from '../../src/commands/openRow';
import { operationCommands } from '../../src/commands/operationCommands';
import { checkPortsCommand } from '../../src/commands/ports/checkPortsCommand';
import { portActions } from '../../src/commands/ports/portActions';
import { settlePort } from '../../src/commands/ports/portConflict';
import { resubmitCommands } from '../../src/commands/resubmitCommands';
import { runCommands } from '../../src/commands/runCommands';
import { terminalCommands } from '../../src/commands/terminalCommands';
import { dashboardType } from '../../src/ids';
import type { HostView } from '../../src/operations/operationView';
import type { CaseView } from '../../src/operations/watchFolder';
import { saveHost } from '../../src/settings';
import { Dashboard } from '../../src/views/dashboard/dashboardPanel';
import { searchLog } from '../../src/views/logs/logSearch';
import { ViewFilter } from '../../src/views/viewFilter';
import { eventually } from '../testbed/eventually';
import { ScriptedService, view } from '../unit/windows/scriptedService';
import { ScriptedUser } from './scriptedUser';

const hostile = '$(zap) words';
const plain = '$\u200b(zap) words';
const lab: HostView = { id: 'lab', name: 'lab', address: 'lab', state: 'connected' };
const other: HostView = { ...lab, id: 'other', name: 'other' };
const hostRow = ({ id }: HostView) => ({ kind: 'host', id });
const noMemory: vscode.Memento = { keys: () => [], get: () => undefined, update: () => Promise.resolve() };
const ended = (id: string, changes: Partial<OperationView> = {}): OperationView =>
  view(id, {
    status: 'completed',
    shownStatus: 'completed',
    endedAt: '2026-01-02T00:00:00.000Z',
    ...changes,
  });

describe('commands in VS Code', () => {
  let service: ScriptedService;
  let user: ScriptedUser;

  const called = (name: string) => service.calls.filter(([each]) => each === name).map(([, id]) => id);
  const hosts = () => hostCommands({ service, aliases: () => Promise.resolve([]) });

  beforeEach(() => {
    service = new ScriptedService();
    service.hostViews = [lab, other];
    user = new ScriptedUser('words');
  });
  afterEach(() => user.dispose());

  it('restore no second dashboard beside one that was opened meanwhile', async () => {
    user.replace('registerWebviewPanelSerializer', () => new vscode.Disposable(() => undefined));
    const { extensionUri } = vscode.extensions.getExtension('remote-ops.remote-operations')!;
    const dashboard = new Dashboard(extensionUri, service, new ViewFilter(noMemory), noMemory);
    dashboard.show();
    const second = vscode.window.createWebviewPanel(dashboardType, 'second', vscode.ViewColumn.Active);
    let isGone = false;
    second.onDidDispose(() => (isGone = true));
    await dashboard.deserializeWebviewPanel(second);
    await eventually('the end of the second', () => isGone, 5_000);
    await eventually('the first', () => dashboard.isVisible && service.visible.has(dashboardType), 5_000);
    dashboard.dispose();
  });

  it('open a terminal where the operation of a card works', async () => {
    service.put(view('one', { hostId: 'box', name: 'of the card' }));
    service.answer = () => Promise.resolve({ cwd: '~/its folder' });
    const open = terminalCommands(service, '/nowhere').openTerminal;
    await open?.({ webviewSection: 'operation.active', operationId: 'one', preventDefault: true });
    const terminal = vscode.window.terminals.find(({ name }) => name === 'of the card');
    assert.ok(terminal);
    const { shellArgs } = terminal.creationOptions as vscode.TerminalOptions;
    assert.match([shellArgs].flat().join(' '), /its folder/);
    terminal.dispose();
    await open?.({ webviewSection: 'operation.active', operationId: 'gone' });
    assert.deepEqual(user.told, [['The operation is not in the list any more.']]);
  });

  it('change nothing of a host that is in the settings already, and say so where it is typed', async () => {
    const inSettings = () => vscode.workspace.getConfiguration('remoteOps').get('hosts');
    const before = inSettings();
    await saveHost({ id: 'box', host: 'elsewhere' });
    assert.deepEqual(inSettings(), before);
    const adding = hosts().addHost?.();
    const picker = await eventually('the picker', () => user.pickers[0]);
    picker.value = 'box';
    const item = await eventually('an answer', () => picker.items.find(({ label }) => label === 'box'));
    assert.equal(item.description, 'Is in the settings already');
    assert.equal('value' in item, false);
    picker.hide();
    await adding;
  });

  it('ask about the ports of several servers one after another, and tell all that failed', async () => {
    const servers = [1, 2, 3].map((at) =>
      ended(`server ${at}`, { type: 'server', port: 8080 + at, hostId: 'lab', name: `server ${at}` }),
    );
    service.put(...servers);
    service.spec = (id) => Promise.resolve({ ...service.get(id), type: 'server' } as never);
    service.checkPorts = (_, [port = 0]) => {
      service.calls.push(['checkPorts', port]);
      return Promise.resolve([{ port, listening: true }]);
    };
    service.restart = (id) => {
      service.calls.push(['restart', id]);
      return id === 'server 1' ? Promise.resolve(view('again')) : Promise.reject(new Error(`no ${id}`));
    };
    const starting = { service, onStarted: () => undefined, forms: undefined!, library: undefined! };
    const rows = servers.map(({ id }) => ({ kind: 'operation', id }));
    let isOver = false;
    const resubmitted = Promise.resolve(resubmitCommands(starting).resubmit?.(rows[0], rows)).finally(
      () => (isOver = true),
    );
    const accepted = eventually('all answers', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return isOver;
    });
    await assert.rejects(resubmitted, /^Error: no server 2\nno server 3$/);
    await accepted;
    // Each is submitted before the port of the next is looked at, as they may be the same.
    assert.deepEqual(
      service.calls.filter(([name]) => name === 'restart' || name === 'checkPorts').flatMap(([, of]) => of),
      [8081, 'server 1', 8082, 'server 2', 8083, 'server 3'],
    );
  });

  it('offer for a port that is taken only what can be done: nobody is ended for what is queued', async () => {
    user.leavePickers();
    const put = (status: 'queued' | 'running') =>
      service.put(view('web', { name: 'web', status, shownStatus: status, command: 'serve' }));
    put('running');
    service.checkPorts = () =>
      Promise.resolve([{ port: 80, listening: false, isPlanned: true, operationId: 'web', nextFree: 81 }]);
    const labels = async (startWhenFree: boolean) => {
      user.shown.length = 0;
      const draft = { hostId: 'lab', type: 'server', port: 80, command: 'serve', startWhenFree } as const;
      assert.equal(await settlePort(service, draft), undefined);
      return user.shown.map(({ label }) => label.replace(/^\$\(.*\) /, ''));
    };
    assert.deepEqual(await labels(true), ['Use Port 81', 'Queue Anyway', 'Cancel']);
    const now = ['Use Port 81', 'Restart "web"', 'Kill and Start', 'Submit Anyway', 'Cancel'];
    assert.deepEqual(await labels(false), now);
    put('queued');
    assert.deepEqual(
      await labels(false),
      now.filter((label) => !label.startsWith('Restart')),
    );
  });

  it('act on all cases that are selected, and say which are left as they are', async () => {
    const cases = (['failed', 'failed', 'seen', 'changed', 'uploading'] as const).map(
      (state, at): CaseView => ({ id: `case ${at}`, name: `case ${at}`, state }),
    );
    service.putCases({ id: 'in', path: '/in', hostId: 'lab', remoteDir: '~', cases, more: 0 });
    const rows = cases.map(({ id }) => ({ kind: 'case', id, folderId: 'in' }));
    const { retryCase, submitCase, cancelCase } = caseCommands(service);
    await retryCase?.(rows[0], rows);
    assert.deepEqual(called('retryCase'), ['case 0', 'case 1']);
    await submitCase?.(rows[2], [rows[2], rows[3]]);
    assert.deepEqual(called('retryCase').slice(2), ['case 2', 'case 3']);
    await cancelCase?.(rows[4]);
    assert.deepEqual(called('cancelCase'), ['case 4']);
    assert.deepEqual(user.told, [
      ['This applies to 2 of the 5 selected cases; the others are left as they are.'],
    ]);
  });

  it('connect and disconnect all hosts that are selected', async () => {
    const rows = [hostRow(lab), hostRow(other)];
    const { connect, disconnect } = hosts();
    await connect?.(rows[0], rows);
    await disconnect?.(rows[1], rows);
    assert.deepEqual(called('connect'), ['lab', 'other']);
    assert.deepEqual(called('disconnect'), ['other', 'lab']);
  });

  it('offer to add a host where there is none, and say that a host is gone', async () => {
    service.hostViews = [];
    await checkPortsCommand(service).checkPorts?.();
    await runCommands(service).findRuns?.();
    assert.deepEqual(user.told, Array(2).fill(['There is no host yet.', 'Add Host']));
    await hosts().disconnect?.(hostRow(lab));
    assert.deepEqual(user.told[2], ['The host lab is not in the settings any more.']);
    assert.deepEqual(called('disconnect'), []);
  });

  it('archive nothing where nothing was picked, and show no progress of it', async () => {
    user.leavePickers();
    service.put(ended('one'));
    await operationCommands(service, undefined!).archive?.();
    assert.equal(user.shown.length, 1);
    assert.deepEqual([user.progress, called('archive')], [[], []]);
  });

  it('show the words of hosts in pickers as words, never as icons', async () => {
    user.leavePickers();
    service.hostViews = [{ ...lab, name: hostile }];
    const run = { id: 'run', type: 'job', launcher: 'process', submittedAt: '2026-01-01T00:00:00.000Z' };
    const runs = [{ ...run, name: hostile, command: hostile }];
    service.findRuns = () => Promise.resolve({ runs, unreadable: 0, more: 0 } as never);
    await runCommands(service).findRuns?.();
    service.searchLog = () =>
      Promise.resolve({
        matches: [{ offset: 0, text: hostile }],
        isWhole: true,
        offset: 0,
        size: 9,
      } as never);
    const searching = searchLog(service, { id: 'one', name: 'one' });
    const found = await eventually('what is found', () => user.pickers[0]?.items[0]);
    user.pickers[0]?.hide();
    await searching;
    const actions = portActions(service, lab, { port: 1, listening: true, command: hostile });
    const words = [...user.shown, found, ...actions.slice(-1)]
      .flatMap(({ label, description = '', detail = '' }) => [label, description, detail])
      .filter((text) => text.includes('(zap)'));
    assert.equal(words.length, 5);
    assert.deepEqual(
      words.filter((text) => !text.includes(plain)),
      [],
    );
  });

  it('open a row at each call where VS Code opens the rows of lists on a double click only', async () => {
    const extension = vscode.extensions.getExtension<RemoteOperationsApi>('remote-ops.remote-operations')!;
    const api = await extension.activate();
    const { id } = await api.submit({
      hostId: 'box',
      type: 'program',
      name: 'to be opened',
      command: 'true',
    });
    const open = () => openRowCommand().openRow?.({ kind: 'operation', id });
    const pages = () =>
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.filter(({ label }) => label === 'to be opened'));
    await open();
    assert.deepEqual(pages(), []);
    const lists = vscode.workspace.getConfiguration('workbench.list');
    await lists.update('openMode', 'doubleClick', vscode.ConfigurationTarget.Global);
    try {
      await open();
      await eventually('its page', () => pages().length === 1);
    } finally {
      await lists.update('openMode', undefined, vscode.ConfigurationTarget.Global);
      await vscode.window.tabGroups.close(pages());
    }
  });
});

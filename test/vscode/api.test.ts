import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { OperationView, RemoteOperationsApi, SubmitSpec, SyncReport } from '../../src/api';
import { commands } from '../../src/ids';
import { control } from '../testbed/controlServer';
import { eventually } from '../testbed/eventually';
import { freePort } from '../testbed/freePort';

const controlUrl = process.env['TEST_CONTROL_URL'] ?? '';
const hostHome = process.env['TEST_HOST_HOME'] ?? '';

/** A zombie is dead: it only waits for its parent. */
const isAlive = async (pid: number): Promise<boolean> =>
  !/gone|\) [ZX] /.test(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => 'gone'));

describe('the extension in VS Code', () => {
  let api: RemoteOperationsApi;

  const submit = (spec: Partial<SubmitSpec> & { command: string }): Promise<OperationView> =>
    api.submit({ hostId: 'box', type: 'program', name: 'a program', ...spec });

  const shows = (id: string, status: string, withinMs?: number): Promise<OperationView> =>
    eventually(
      `${id} is ${status}`,
      async () => {
        const view = await api.get(id);
        return view?.status === status && view;
      },
      withinMs,
    );

  before(async () => {
    const extension = vscode.extensions.getExtension<RemoteOperationsApi>('remote-ops.remote-operations');
    assert.ok(extension);
    api = await extension.activate();
  });

  afterEach(() => control(controlUrl, 'restore'));

  after(async () => {
    const left = (await api.list()).filter(({ endedAt }) => endedAt === undefined);
    await Promise.all(left.map(({ id }) => api.kill(id, { graceSeconds: 1 })));
  });

  it('registers every command of the manifest', async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      Object.values(commands).filter((id) => !registered.has(id)),
      [],
    );
  });

  it('tells who listens on a port of a host, and which operation that is', async () => {
    const port = await freePort();
    assert.deepEqual(await api.checkPorts('box', [port]), [{ port, listening: false }]);
    const command = `exec '${process.execPath}' -e 'require("net").createServer().listen(${port})'`;
    const { id } = await submit({ type: 'server', command, port });
    const use = await eventually('it listens', async () => {
      const [found] = await api.checkPorts('box', [port]);
      return found?.listening && found;
    });
    assert.equal(use.operationId, id);
    assert.ok(use.pid && (await isAlive(use.pid)));
    await api.kill(id);
    assert.deepEqual(await api.checkPorts('box', [port]), [{ port, listening: false }]);
    await assert.rejects(api.checkPorts('box', [0]), { code: 'InvalidInput' });
  });

  it('knows its host from the settings', async () => {
    const [host] = await api.hosts();
    assert.equal(host?.id, 'box');
    assert.equal(host?.name, 'Test box');
  });

  it('starts a program that runs on the host with its own pid, and sees its exit code 0', async () => {
    const view = await submit({
      command: 'echo started; while [ ! -e "$REMOTE_OPS_DIR/go" ]; do sleep 0.1; done',
    });
    assert.equal(view.status, 'running');
    assert.equal(view.observation, 'fresh');
    assert.ok(view.pid && (await isAlive(view.pid)));
    await vscode.workspace.fs.writeFile(
      vscode.Uri.file(path.join(hostHome, '.remote-ops', 'runs', view.id, 'go')),
      new Uint8Array(),
    );
    await api.list();
    const ended = await eventually('it is completed', async () => {
      const [seen] = (await api.list()).filter(({ id }) => id === view.id);
      return seen?.status === 'completed' && seen;
    });
    assert.equal(ended.exitCode, 0);
    assert.ok(ended.endedAt);
    assert.match((await api.log(view.id)).text, /^started\n/);
  });

  it('shows exit 3 as failed with the code', async () => {
    const { id } = await submit({ command: 'exit 3' });
    const view = await shows(id, 'failed');
    assert.equal(view.exitCode, 3);
    assert.equal(view.error, 'exit 3');
  });

  it('shows a server as starting until its port is open', async () => {
    const port = await freePort();
    const listen = `require("http").createServer((q,r)=>r.end("hi")).listen(${port},"127.0.0.1")`;
    const { id } = await submit({
      type: 'server',
      name: 'a server',
      port,
      command: `while [ ! -e "$REMOTE_OPS_DIR/go" ]; do sleep 0.1; done; exec '${process.execPath}' -e '${listen}'`,
    });
    await api.sync();
    assert.equal((await api.get(id))?.status, 'starting');
    await vscode.workspace.fs.writeFile(
      vscode.Uri.file(path.join(hostHome, '.remote-ops', 'runs', id, 'go')),
      new Uint8Array(),
    );
    await eventually('its port is open', async () => {
      await api.sync();
      return (await api.get(id))?.status === 'running';
    });
    assert.equal((await api.kill(id)).status, 'cancelled');
  });

  it('reads epochs, metrics and sizes from progress.json while the dashboard is open', async () => {
    await vscode.commands.executeCommand(commands.openDashboard);
    const json = JSON.stringify({
      epoch: 3,
      total_epochs: 12,
      metrics: { loss: 0.5 },
      size_done: 10,
      size_total: 40,
    });
    const { id } = await submit({
      type: 'job',
      name: 'a job',
      command: `echo '${json}' > "$REMOTE_OPS_PROGRESS"; exec sleep 600`,
    });
    const view = await eventually('progress is shown', async () => {
      const seen = await api.get(id);
      return seen?.progress !== undefined && seen;
    });
    assert.equal(view.progress, 0.25);
    assert.deepEqual([view.epoch, view.totalEpochs, view.metrics], [3, 12, { loss: 0.5 }]);
    assert.deepEqual([view.sizeDoneBytes, view.sizeTotalBytes], [10, 40]);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await api.kill(id);
  });

  it('kills the whole process group and says cancelled once it is dead', async () => {
    const view = await submit({
      command: 'trap "" TERM; sleep 600 & echo $! > "$REMOTE_OPS_DIR/child"; wait; sleep 600',
    });
    const file = path.join(hostHome, '.remote-ops', 'runs', view.id, 'child');
    const child = Number(
      await eventually('it has a child', () => readFile(file, 'utf8').catch(() => undefined)),
    );
    const killed = await api.kill(view.id, { graceSeconds: 1 });
    assert.equal(killed.status, 'cancelled');
    assert.ok(view.pid && !(await isAlive(view.pid)));
    assert.ok(!(await isAlive(child)));
    const history = (await api.history(view.id)).map(({ to }) => to);
    assert.deepEqual(history, ['submitting', 'running', 'stopping', 'cancelled']);
  });

  it('sums up its hosts: what they do, and what is on them', async () => {
    const { id } = await submit({ command: 'sleep 600' });
    const summary = await api.summary('box');
    assert.deepEqual(
      summary.hosts.map((each) => each.id),
      ['box'],
    );
    assert.ok((summary.operations.byStatus.running ?? 0) >= 1);
    const { health } = summary.hosts[0] ?? {};
    assert.ok(health?.cpuPercent !== undefined && health.memoryTotalMb > 0);
    await assert.rejects(api.summary('nowhere'), { code: 'UnknownHost' });
    await api.kill(id);
  });

  it('pauses and resumes the whole process group, and says so once it was seen', async () => {
    const { id, pid } = await submit({ command: 'sleep 600 & wait' });
    const state = async () => /\) (\w) /.exec(await readFile(`/proc/${pid}/stat`, 'utf8'))?.[1];
    assert.equal((await api.pause(id)).status, 'paused');
    assert.equal(await state(), 'T');
    await api.sync();
    assert.equal((await api.get(id))?.status, 'paused');
    assert.equal((await api.resume(id)).status, 'running');
    assert.equal(await state(), 'S');
    await api.kill(id);
    await assert.rejects(api.pause(id), (error: Error & { code?: string }) => error.code === 'NotApplicable');
  });

  it('restarts as a new attempt once the first was seen dead, and starts again what has ended', async () => {
    const first = await submit({ command: 'exec sleep 600' });
    const second = await api.restart(first.id);
    assert.deepEqual([second.status, second.attempt, second.retryOf], ['running', 2, first.id]);
    assert.equal((await api.get(first.id))?.status, 'cancelled');
    assert.ok(first.pid && !(await isAlive(first.pid)));
    await api.kill(second.id);
    const third = await api.restart(second.id);
    assert.deepEqual([third.status, third.attempt], ['running', 3]);
    await api.kill(third.id);
  });

  it('shows a program killed by hand as stopped, after a second look', async () => {
    const { id, pid } = await submit({ command: 'exec sleep 600' });
    assert.ok(pid);
    process.kill(-pid, 'SIGKILL');
    const report = await api.sync();
    assert.ok(report.synced >= 1);
    const view = await api.get(id);
    assert.equal(view?.status, 'stopped');
    assert.equal(view?.exitCode, undefined);
  });

  it('keeps every status while the network is away, and says since when it could not verify', async () => {
    const { id } = await submit({ command: 'exec sleep 600' });
    const before = await api.list();
    await control(controlUrl, 'refuse');
    const report = await api.sync();
    assert.ok(report.unreachable >= 1);
    assert.equal(report.synced, 0);
    assert.equal(report.hosts[0]?.outcome, 'unreachable');
    const away = await api.get(id);
    assert.equal(away?.status, 'running');
    assert.equal(away?.observation, 'unreachable');
    assert.ok(away?.unverifiedSince);
    assert.match(away?.observationReason ?? '', /Test box/);
    assert.deepEqual(
      (await api.list({ sync: false })).map((view) => [view.id, view.status]),
      before.map((view) => [view.id, view.status]),
    );
    await control(controlUrl, 'restore');
    await api.sync();
    const back = await api.get(id);
    assert.deepEqual([back?.observation, back?.verifiedBy], ['fresh', 'pid and start time']);
    assert.ok((back?.verifiedAt ?? '') > (away?.unverifiedSince ?? ''));
    assert.ok(!back?.unverifiedSince && !back?.observationReason);
    await api.kill(id);
  });

  it('starts nothing on a host that cannot be reached, and says so', async () => {
    await control(controlUrl, 'refuse');
    const view = await submit({ command: 'touch never' });
    assert.equal(view.status, 'failed');
    assert.match(view.error ?? '', /Nothing was started\..*Test box/);
  });

  it('tells what a host has to do, and of one that is not there that it is unknown', async () => {
    const {
      overloaded,
      reasons,
      memoryUsedMb = 0,
      memoryFreeMb = 0,
      problem,
    } = await api.checkOverload('box');
    assert.ok(memoryUsedMb > 0 && memoryFreeMb > 0, problem);
    assert.equal(overloaded, reasons.length > 0);
    await assert.rejects(
      api.checkOverload('nowhere'),
      (error: Error & { code?: string }) => error.code === 'UnknownHost',
    );
  });

  it('passes quotes, newlines, $() and non-ASCII to the command as they were typed', async () => {
    const tricky = `printf '%s|' "a'b" 'c"d' '$(touch /tmp/never)' 'grün\u{1F680}'\nprintf '%s' 'line two'`;
    const { id } = await submit({ name: `ünï "quoted" $(x) ${'n'.repeat(480)}`, command: tricky });
    await shows(id, 'completed');
    assert.equal((await api.log(id)).text, `a'b|c"d|$(touch /tmp/never)|grün\u{1F680}|line two`);
  });

  it('refuses a folder that does not exist, naming folder and host', async () => {
    const view = await submit({ command: 'true', cwd: '/no such folder' });
    assert.equal(view.status, 'failed');
    assert.match(view.error ?? '', /\/no such folder.*Test box/);
  });

  for (const [what, spec, code] of [
    ['an unknown host', { hostId: 'nowhere' }, 'UnknownHost'],
    ['an empty command', { command: ' ' }, 'InvalidInput'],
    ['a port of 70000', { port: 70000 }, 'InvalidInput'],
    ['an unknown field', { colour: 'red' }, 'InvalidInput'],
  ] as const) {
    it(`rejects ${what} with the code ${code}`, async () => {
      await assert.rejects(
        submit({ command: 'true', ...spec }),
        (error: Error & { code?: string }) => error.code === code && error.message.length > 10,
      );
    });
  }

  it('tells listeners of changes', async () => {
    const statuses: string[] = [];
    const subscription = api.onDidChange((views) => statuses.push(...views.map(({ status }) => status)));
    const { id } = await submit({ command: 'true' });
    await shows(id, 'completed');
    subscription.dispose();
    assert.ok(statuses.includes('submitting') && statuses.includes('completed'));
  });

  it('reports what "Sync Operations" did', async () => {
    const report = await vscode.commands.executeCommand<SyncReport>(commands.sync);
    assert.equal(report.unreachable, 0);
    assert.equal(report.errors, 0);
    assert.ok(report.hosts.every(({ roundTrips }) => roundTrips <= 2));
  });
});

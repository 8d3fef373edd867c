import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { OperationView, RemoteOperationsApi } from '../../src/api';
import { isTerminal } from '../../src/operations/status';
import { eventually } from '../testbed/eventually';

const hostHome = process.env['TEST_HOST_HOME'] ?? '';

const problemMatcher = {
  owner: 'remote-build',
  fileLocation: ['relative', '${workspaceFolder}'],
  pattern: { regexp: '^(.+):(\\d+): (.+)$', file: 1, line: 2, message: 3 },
};

/** What a user would write; `type` is that of all. */
const tasks: Record<string, unknown>[] = [
  { label: 'passes', command: 'echo well' },
  { label: 'fails', command: 'echo badly; exit 3', host: 'Test box', operationType: 'job', name: 'a job' },
  { label: 'is killed', command: 'exec sleep 600' },
  { label: 'waits', command: 'while [ ! -e "$HOME/go" ]; do sleep 0.1; done; exit 4' },
  {
    label: 'variables',
    command: 'printf "%s|" "${workspaceFolderBasename}" "$WHERE"; [ "${HOME}" = "$HOME" ]',
    env: { WHERE: '${workspaceFolderBasename}' },
  },
  { label: 'builds', command: "printf 'first.c:7: a mistake\\n'; exit 1", problemMatcher },
  { label: 'wrong', command: 'touch "$HOME/wrong"', port: 70_000 },
  { label: 'elsewhere', command: 'touch "$HOME/wrong"', host: 'root@elsewhere.example' },
  { label: 'after a success', command: 'true', dependsOn: 'passes' },
  { label: 'after a failure', command: 'touch "$HOME/wrong"', dependsOn: 'fails' },
];

describe('tasks of a workspace', () => {
  let api: RemoteOperationsApi;
  const subscriptions: vscode.Disposable[] = [];

  const find = (label: string): Promise<vscode.Task> =>
    eventually(`the task "${label}"`, async () =>
      (await vscode.tasks.fetchTasks({ type: 'remoteOps' })).find(({ name }) => name === label),
    );

  const exitOf = (label: string): Promise<number | undefined> =>
    new Promise((resolve) => {
      const subscription = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
        if (execution.task.name === label) {
          subscription.dispose();
          resolve(exitCode);
        }
      });
      subscriptions.push(subscription);
    });

  const run = async (label: string): Promise<number | undefined> => {
    const task = await find(label);
    const exit = exitOf(label);
    await vscode.tasks.executeTask(task);
    return exit;
  };

  const operation = async (name: string): Promise<OperationView | undefined> =>
    (await api.list({ sync: false })).find((view) => view.name === name);

  const running = (name: string): Promise<OperationView> =>
    eventually(`"${name}" runs`, async () => {
      const view = await operation(name);
      return view?.status === 'running' && view;
    });

  before(async () => {
    const extension = vscode.extensions.getExtension<RemoteOperationsApi>('remote-ops.remote-operations');
    assert.ok(extension);
    api = await extension.activate();
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(folder);
    const file = vscode.Uri.joinPath(folder.uri, '.vscode', 'tasks.json');
    const all = tasks.map((task) => ({ type: 'remoteOps', ...task }));
    await vscode.workspace.fs.writeFile(
      file,
      new TextEncoder().encode(JSON.stringify({ version: '2.0.0', tasks: all })),
    );
  });

  after(async () => {
    subscriptions.forEach((subscription) => void subscription.dispose());
    const left = (await api.list()).filter(({ status }) => !isTerminal(status));
    await Promise.all(left.map(({ id }) => api.kill(id, { graceSeconds: 1 })));
    await vscode.commands.executeCommand('workbench.action.terminal.killAll');
  });

  it('end with the exit code of their operation, which is in the list as any other', async () => {
    assert.equal(await run('passes'), 0);
    const passed = await operation('passes');
    assert.deepEqual([passed?.status, passed?.type, passed?.hostId], ['completed', 'program', 'box']);
    assert.equal(await run('fails'), 3);
    const failed = await operation('a job');
    assert.deepEqual([failed?.status, failed?.type, failed?.exitCode], ['failed', 'job', 3]);
  });

  it('end badly where the operation is killed', async () => {
    const end = exitOf('is killed');
    await vscode.tasks.executeTask(await find('is killed'));
    const { id } = await running('is killed');
    await api.kill(id, { graceSeconds: 1 });
    assert.ok(await end);
    assert.equal((await api.get(id))?.status, 'cancelled');
  });

  it('fill in the variables of VS Code, and leave those of the shell to the host', async () => {
    assert.equal(await run('variables'), 0);
    const { id } = (await operation('variables'))!;
    assert.equal((await api.log(id)).text, 'workspace|workspace|');
  });

  it('show their output to problem matchers', async () => {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.equal(await run('builds'), 1);
    const [problem] = await eventually('a problem', () => {
      const found = vscode.languages.getDiagnostics(vscode.Uri.joinPath(folder!.uri, 'first.c'));
      return found.length > 0 && found;
    });
    assert.deepEqual([problem?.message, problem?.range.start.line], ['a mistake', 6]);
  });

  it('start nothing where they are not valid, or name a host that is none of the settings', async () => {
    assert.equal(await run('wrong'), 1);
    assert.equal(await run('elsewhere'), 1);
    assert.deepEqual([await operation('wrong'), await operation('elsewhere')], [undefined, undefined]);
  });

  it('run after the tasks that they depend on, if those went well', async () => {
    assert.equal(await run('after a success'), 0);
    const end = exitOf('fails');
    const execution = vscode.tasks.executeTask(await find('after a failure'));
    assert.equal(await end, 3);
    await Promise.resolve(execution).catch(() => undefined);
    // What comes later has run.
    assert.equal(await run('passes'), 0);
    assert.equal(await operation('after a failure'), undefined);
  });

  it('leave the operation alone when they are terminated', async () => {
    const execution = await vscode.tasks.executeTask(await find('waits'));
    const view = await running('waits');
    const over = new Promise((resolve) =>
      subscriptions.push(
        vscode.tasks.onDidEndTask(({ execution: { task } }) => task.name === 'waits' && resolve(0)),
      ),
    );
    execution.terminate();
    await over;
    await api.sync();
    assert.equal((await api.get(view.id))?.status, 'running');
    await writeFile(path.join(hostHome, 'go'), '');
    const ended = await eventually('its end', async () => {
      const seen = await api.get(view.id);
      return seen?.status === 'failed' && seen;
    });
    assert.equal(ended.exitCode, 4);
    assert.ok(!existsSync(path.join(hostHome, 'wrong')));
  });
});

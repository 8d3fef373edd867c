import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { OperationView, RemoteOperationsApi } from '../../src/api';
import { commands } from '../../src/ids';
import { eventually } from '../testbed/eventually';

describe('operations that another extension reports to the extension in VS Code', () => {
  let api: RemoteOperationsApi;

  before(async () => {
    const extension = vscode.extensions.getExtension<RemoteOperationsApi>('remote-ops.remote-operations');
    assert.ok(extension);
    api = await extension.activate();
  });

  it('are listed with what was told, at any rate of updates, and end when that is told', async () => {
    const changes: OperationView[] = [];
    const subscription = api.onDidChange((views) => changes.push(...views));
    const { id, status, launcher, hostId } = await api.start({
      type: 'transfer',
      name: 'pull',
      pid: process.pid,
    });
    assert.deepEqual([status, launcher, hostId], ['running', 'external', 'local']);
    const updates = Array.from({ length: 2_000 }, (_, at) =>
      api.update(id, { sizeDoneBytes: at + 1, sizeTotalBytes: 2_000 }),
    );
    assert.equal((await Promise.all(updates)).at(-1)?.progress, 1);
    assert.ok(changes.length < 20, String(changes.length));
    const [listed] = (await api.list()).filter((view) => view.id === id);
    assert.deepEqual(
      [listed?.sizeDoneBytes, listed?.observation, listed?.pid],
      [2_000, 'fresh', process.pid],
    );
    const ended = await api.complete(id, { exitCode: 2, error: 'checksum differs' });
    assert.deepEqual([ended.status, ended.exitCode, ended.error], ['failed', 2, 'checksum differs']);
    const history = await api.history(id);
    assert.deepEqual(
      history.map(({ to, evidence }) => [to, evidence]),
      [
        ['running', 'reported by its extension'],
        ['failed', 'report of its extension: checksum differs on local'],
      ],
    );
    subscription.dispose();
  });

  it('are neither looked at nor killed, and can be put away', async () => {
    const { id } = await api.start({ type: 'job', name: 'training elsewhere', hostId: 'box' });
    await api.sync();
    assert.equal((await api.get(id))?.verifiedBy, 'report of its extension');
    await assert.rejects(api.kill(id), (error: Error & { code?: string }) => error.code === 'NotApplicable');
    await api.complete(id);
    await vscode.commands.executeCommand(commands.archive, id);
    await eventually('it is put away', async () => (await api.get(id))?.archived === true);
  });

  for (const [what, report, code] of [
    ['no name', { type: 'job' }, 'InvalidInput'],
    ['a host that there is not', { type: 'job', name: 'x', hostId: 'nowhere' }, 'UnknownHost'],
  ] as const) {
    it(`are refused with ${what}`, async () => {
      await assert.rejects(
        api.start(report as never),
        (error: Error & { code?: string }) => error.code === code && error.message.length > 10,
      );
    });
  }
});

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { PueueLauncher } from '../../src/launchers/pueue/pueueLauncher';
import type { Evidence } from '../../src/operations/evidence';
import type { Operation, SubmitSpec } from '../../src/operations/operation';
import { eventually } from '../testbed/eventually';
import { type Pueue, startPueue } from '../testbed/pueue';
import { testedVersions } from './pueueSupport';
import { hostName, ScriptHost, underEveryShell } from './scriptsSupport';

for (const version of testedVersions.slice(-1)) {
  underEveryShell(`scripts for pueue ${version}`, (shell) => {
    let pueue: Pueue;
    let host: ScriptHost;
    let launcher: PueueLauncher;

    before(async () => {
      pueue = await startPueue(version);
      const variables = Object.entries(pueue.env).map(([name, value]) => `${name}=${value}`);
      host = new ScriptHost(shell, undefined, variables);
      symlinkSync(path.join(pueue.bin, 'pueue'), path.join(host.folder('.cargo/bin'), 'pueue'));
      const nonce = () => randomBytes(8).toString('hex');
      launcher = new PueueLauncher({ nonce, process: host.launcher, log: () => undefined });
    });
    after(async () => {
      await host.dispose();
      await pueue.stop();
    });

    const launch = async (command: string, group: string): Promise<Operation> => {
      const spec: Partial<SubmitSpec> = { command, launcher: 'pueue', pueue: { group } };
      const operation = await host.bound(host.operation(spec, { launcher: 'pueue' }));
      const outcome = await launcher.launch(host.machine, hostName, operation);
      assert.ok(outcome.kind === 'queued', JSON.stringify(outcome));
      return { ...operation, status: 'pending', scheduler: outcome.job };
    };
    const lookFor = <K extends Evidence['kind']>(operation: Operation, kind: K, activity?: string) =>
      eventually(`${kind} of ${operation.spec.command}`, async () => {
        const seen = await launcher.probe(host.machine, hostName, [{ operation, detail: false }]);
        const evidence = seen.get(operation.id);
        const isSo =
          evidence?.kind === kind &&
          (evidence.kind !== 'alive' || evidence.activity === (activity ?? 'running'));
        return isSo && evidence;
      });
    const setPaused = (operation: Operation, paused: boolean) =>
      launcher.setPaused(host.machine, hostName, operation, paused);
    const kill = (operation: Operation) => launcher.kill(host.machine, hostName, operation, 5);

    it('tell its groups', async () => {
      const groups = await launcher.groups(host.machine, hostName);
      assert.deepEqual(
        groups?.map(({ name }) => name),
        ['default', 'narrow'],
      );
    });

    it('start, suspend, let go on and end a task', async () => {
      const operation = await launch('exec sleep 600', 'default');
      await lookFor(operation, 'alive');
      assert.equal((await setPaused(operation, true)).kind, 'done');
      await lookFor(operation, 'alive', 'paused');
      assert.equal((await setPaused(operation, false)).kind, 'done');
      await lookFor(operation, 'alive');
      assert.equal((await kill(operation)).kind, 'dead');
    });

    it('hold, release and take out a task that waits', async () => {
      await pueue.run('pause', '--group', 'narrow');
      const operation = await launch('exec sleep 600', 'narrow');
      await lookFor(operation, 'pending');
      assert.deepEqual(await setPaused(operation, true), { kind: 'done', seen: 'Stashed in pueue' });
      assert.deepEqual(await setPaused(operation, false), { kind: 'done', seen: 'Queued in pueue' });
      assert.equal((await kill(operation)).kind, 'sealed');
      assert.deepEqual(await pueue.tasksOf(operation.id), []);
    });

    it('tell the exit code', async () => {
      const evidence = await lookFor(await launch('exit 3', 'default'), 'exited');
      assert.equal(evidence.kind === 'exited' && evidence.exitCode, 3);
    });

    it('say that there is no daemon', async () => {
      await pueue.killDaemon();
      assert.equal(await launcher.groups(host.machine, hostName), undefined);
      const operation = await host.bound(host.operation({ command: 'true' }, { launcher: 'pueue' }));
      const outcome = await launcher.launch(host.machine, hostName, operation);
      assert.ok(outcome.kind === 'refused' && outcome.sealed);
      assert.match(outcome.reason, /daemon is not running/);
    });
  });
}

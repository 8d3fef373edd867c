import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import groupText from '../../src/launchers/process/group.sh';
import { isRemoteOperationsError } from '../../src/operations/errors';
import { eventually } from '../testbed/eventually';
import { groupOf, isAlive, readNumber, signal } from './scriptsProcesses';
import { ScriptHost, underEveryShell } from './scriptsSupport';

underEveryShell('kill', (shell) => {
  let host: ScriptHost;
  before(() => (host = new ScriptHost(shell)));
  after(() => host.dispose());

  /** A long-running operation that has left a file once it was ready. */
  const startReady = async (command: string) => {
    const operation = await host.start(`${command.replace('READY', 'touch "$REMOTE_OPS_DIR/ready"')}`);
    await eventually('the command to run', () => existsSync(host.file(operation, 'ready')));
    return operation;
  };

  it('ends the whole group, children too, and has seen them dead when it answers', async () => {
    const operation = await startReady('sleep 600 & sleep 600 & READY; wait');
    assert.ok(groupOf(operation.identity.pid).length >= 4);
    assert.deepEqual(await host.kill(operation), { kind: 'dead' });
    assert.deepEqual(groupOf(operation.identity.pid), []);
  });

  it('leaves TERM to the command: what it does on the way out is done', async () => {
    const operation = await startReady(`trap 'echo bye; exit 0' TERM; READY; while :; do sleep 0.1; done`);
    assert.deepEqual(await host.kill(operation), { kind: 'dead' });
    assert.match(host.read(operation), /bye\n$/);
    const seen = await host.look(operation);
    assert.ok(seen.kind === 'absent' || seen.kind === 'exited', seen.kind);
    assert.ok(seen.killDelivered);
  });

  it('sends KILL after the grace time to what ignores TERM', async () => {
    const operation = await startReady(`trap '' TERM; READY; while :; do sleep 0.1; done`);
    assert.deepEqual(await host.kill(operation, 1), { kind: 'dead' });
    assert.deepEqual(groupOf(operation.identity.pid), []);
  });

  it('ends what is paused', async () => {
    const operation = await startReady('READY; sleep 600');
    signal(-operation.identity.pid, 'SIGSTOP');
    await host.lookFor(operation, 'alive', ({ activity }) => activity === 'paused');
    assert.deepEqual(await host.kill(operation, 1), { kind: 'dead' });
  });

  it('ends a group whose leader is gone, by what its members prove', async () => {
    const operation = await startReady('READY; sleep 600');
    signal(operation.identity.pid, 'SIGKILL');
    await host.lookFor(operation, 'alive', ({ by }) => by === 'its process group');
    assert.deepEqual(await host.kill(operation), { kind: 'dead' });
    assert.deepEqual(groupOf(operation.identity.pid), []);
  });

  it('ends a member whose name has a line that looks like another process', async () => {
    const name = 'printf "a\\n1 (b" >/proc/$$/comm';
    const operation = await startReady(`sh -c '${name}; READY; while :; do sleep 0.1; done'; true`);
    signal(operation.identity.pid, 'SIGKILL');
    await host.lookFor(operation, 'alive', ({ by }) => by === 'its process group');
    assert.deepEqual(await host.kill(operation), { kind: 'dead' });
    assert.deepEqual(groupOf(operation.identity.pid), []);
  });

  it('sees no process in a line of a name, which would have another group signalled', async () => {
    const proc = path.join(host.home, 'proc');
    const stat = (name: string, group: number) =>
      `${group} (${name}) S 1 ${group} 700 ${Array.from({ length: 18 }, () => '0').join(' ')}\n`;
    [stat('\n) S 1 99 700\n', 800), stat('plain', 900)].forEach((text, at) => {
      mkdirSync(path.join(proc, String(at + 1)), { recursive: true });
      writeFileSync(path.join(proc, String(at + 1), 'stat'), text);
    });
    const script = `${groupText}\nproc='${proc}' eyes=proc\nliving_groups 700`;
    const { stdout } = await host.machine.run(script, { input: '', deadlineMs: 20_000 });
    assert.equal(stdout, '700:800:S:800\n700:900:S:900\n.\n');
  });

  it('ends an operation whose run directory was deleted', async () => {
    const operation = await startReady('READY; sleep 600');
    rmSync(host.runFolder(operation), { recursive: true });
    assert.deepEqual(await host.kill(operation), { kind: 'dead' });
    assert.deepEqual(groupOf(operation.identity.pid), []);
  });

  it('rule 4: signals nothing when the start ticks are not those of the operation', async () => {
    const operation = await startReady('READY; sleep 600');
    const ident = host.read(operation, 'ident');
    const other = `${Number(operation.identity.startTicks) + 1}`;
    writeFileSync(host.file(operation, 'ident'), ident.replace(operation.identity.startTicks, other));
    const stranger = { ...operation, id: 'another', identity: { ...operation.identity, startTicks: other } };
    assert.deepEqual(await host.kill(stranger), { kind: 'look' });
    assert.ok(isAlive(operation.identity.pid));
    assert.ok(groupOf(operation.identity.pid).length >= 3);
  });

  it('signals nothing in a group that does not prove to be the operation', async () => {
    const operation = await startReady('READY; exec env -i sleep 600');
    await eventually('the command to run', () =>
      groupOf(operation.identity.pid).some(({ command }) => command === 'sleep 600'),
    );
    signal(operation.identity.pid, 'SIGKILL');
    await host.lookFor(operation, 'ambiguous');
    assert.deepEqual(await host.kill(operation), { kind: 'look' });
    assert.equal(groupOf(operation.identity.pid).length, 1);
  });

  it('signals nothing on another machine, and says so', async () => {
    const operation = await startReady('READY; sleep 600');
    const elsewhere = { ...operation.identity, machineId: 'another-machine' };
    await assert.rejects(
      host.kill({ ...operation, identity: elsewhere }),
      (error) => isRemoteOperationsError(error, 'BadAnswer') && /nothing was signalled/.test(error.message),
    );
    assert.ok(isAlive(operation.identity.pid));
  });

  it('signals nothing when the run directory holds the identity of another process', async () => {
    const [victim, operation] = [await startReady('READY; sleep 600'), await startReady('READY; sleep 600')];
    writeFileSync(host.file(operation, 'ident'), host.read(victim, 'ident'));
    assert.deepEqual(await host.kill(operation), { kind: 'look' });
    assert.equal((await host.look(operation)).kind, 'ambiguous');
    assert.ok(isAlive(victim.identity.pid) && isAlive(operation.identity.pid));
  });

  it('keeps a supervisor that hangs before its identity from ever beginning', async () => {
    const operation = host.operation('touch "$HOME/began"');
    mkdirSync(host.file(operation, 'claim'), { recursive: true });
    assert.deepEqual(await host.kill(operation), { kind: 'look' });
    const seen = await host.look(operation);
    assert.ok(seen.kind === 'claimed' && seen.killDelivered);
  });

  it('signals nothing after a restart of the host', async () => {
    const operation = await startReady('READY; sleep 600');
    const ident = host.read(operation, 'ident');
    writeFileSync(host.file(operation, 'ident'), ident.replace(operation.identity.bootId, 'another-boot'));
    assert.deepEqual(await host.kill(operation), { kind: 'look' });
    assert.ok(isAlive(operation.identity.pid));
  });

  it('has nothing to do for what has ended by itself', async () => {
    const operation = await host.start('exit 4');
    await host.lookFor(operation, 'exited');
    assert.deepEqual(await host.kill(operation), { kind: 'look' });
    const seen = await host.look(operation);
    assert.ok(seen.kind === 'exited' && seen.exitCode === 4 && !seen.killDelivered);
  });

  it('seals what was never launched: a launch that comes later runs nothing', async () => {
    const operation = await host.bound(host.operation('echo ran > "$HOME/sealed-ran"'));
    assert.deepEqual(await host.kill(operation), { kind: 'sealed' });
    const late = await host.launch(operation);
    assert.notEqual(late.kind, 'launched');
    assert.ok(!existsSync(path.join(host.home, 'sealed-ran')));
    assert.ok(!existsSync(host.file(operation, 'ident')));
  });

  it('racing a launch: sealed and never run, or run and dead', async () => {
    const races = Array.from({ length: 8 }, async (_, at) => {
      const operation = host.operation(`echo ran > "$HOME/race-${at}"; sleep 600`);
      const [launched, killed] = await Promise.all([host.launch(operation), host.kill(operation)]);
      if (killed.kind === 'sealed') {
        assert.notEqual(launched.kind, 'launched');
        assert.ok(!existsSync(path.join(host.home, `race-${at}`)));
      } else {
        assert.ok(launched.kind === 'launched', launched.kind);
        await host.kill({ ...operation, identity: launched.identity });
        assert.deepEqual(groupOf(launched.identity.pid), []);
      }
    });
    await Promise.all(races);
  });

  it('leaves other operations alone', async () => {
    const [one, other] = [await startReady('READY; sleep 600'), await startReady('READY; sleep 600')];
    assert.deepEqual(await host.kill(one), { kind: 'dead' });
    assert.equal((await host.look(other)).kind, 'alive');
  });

  it('has no effect on a child that left the group, which is not the operation any more', async () => {
    const file = path.join(host.home, 'daemon');
    const operation = await host.start(`setsid sh -c 'echo $$ > "${file}"; exec sleep 600' & sleep 600`);
    const daemon = await eventually('a daemon', () => readNumber(file));
    assert.deepEqual(await host.kill(operation), { kind: 'dead' });
    assert.ok(isAlive(daemon));
    assert.match(readFileSync(`/proc/${daemon}/environ`, 'latin1'), new RegExp(operation.id));
  });
});

import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { PauseOutcome } from '../../src/launchers/launcher';
import { isRemoteOperationsError } from '../../src/operations/errors';
import type { Operation } from '../../src/operations/operation';
import { eventually } from '../testbed/eventually';
import { groupOf, isAlive, readNumber, signal, sleepers, stateOf } from './scriptsProcesses';
import { hostName, ScriptHost, underEveryShell } from './scriptsSupport';

underEveryShell('pause', (shell) => {
  let host: ScriptHost;
  before(() => (host = new ScriptHost(shell)));
  after(() => host.dispose());

  const setPaused = (operation: Operation, paused: boolean): Promise<PauseOutcome> =>
    host.launcher.setPaused(host.machine, hostName, operation, paused);
  const pause = (operation: Operation) => setPaused(operation, true);
  const resume = (operation: Operation) => setPaused(operation, false);
  const activityOf = async (operation: Operation) => {
    const seen = await host.look(operation);
    return seen.kind === 'alive' ? seen.activity : seen.kind;
  };
  const startSleepers = async (command: string, count: number) => {
    const operation = await host.start(command);
    await sleepers(operation.identity.pid, count);
    return operation;
  };
  const states = (pids: number[]) => [...new Set(pids.map(stateOf))].join();

  it('suspends every process of the group before it answers, and lets all go on', async () => {
    const operation = await startSleepers('sleep 600 & sleep 600 & (sleep 600; true) & wait', 3);
    const pids = groupOf(operation.identity.pid).map(({ pid }) => pid);
    assert.ok(pids.length >= 5);
    assert.deepEqual(await pause(operation), {
      kind: 'done',
      seen: `all its processes (${pids.length}) seen suspended`,
    });
    assert.equal(states(pids), 'T');
    assert.equal(await activityOf(operation), 'paused');
    assert.equal((await resume(operation)).kind, 'done');
    assert.equal(await activityOf(operation), 'running');
    await eventually('all to sleep again', () => states(pids) === 'S');
  });

  it('suspends what made a group of its own in the session, as timeout does, and ends it with the rest', async () => {
    const file = path.join(host.home, 'grouped');
    const own = `perl -e 'setpgrp(0, 0); open(F, ">", $ARGV[0]); print F $$; close(F); sleep 600' "${file}"`;
    const operation = await host.start(`${own} & wait`);
    const pid = await eventually('a group of its own', () => readNumber(file));
    assert.ok(groupOf(pid).length === 1);
    assert.equal((await pause(operation)).kind, 'done');
    assert.equal(stateOf(pid), 'T');
    assert.deepEqual(await host.kill(operation), { kind: 'dead' });
    assert.ok(!isAlive(pid));
  });

  it('keeps up with one that starts others all the time', async () => {
    const operation = await host.start('while :; do (sleep 0.01 & sleep 0.01); done');
    assert.equal((await pause(operation)).kind, 'done');
    assert.equal(states(groupOf(operation.identity.pid).map(({ pid }) => pid)), 'T');
    assert.deepEqual(await host.kill(operation), { kind: 'dead' });
  });

  it('changes nothing when it is as wished already', async () => {
    const operation = await startSleepers('sleep 600 & wait', 1);
    assert.equal((await resume(operation)).kind, 'done');
    assert.equal((await pause(operation)).kind, 'done');
    assert.equal((await pause(operation)).kind, 'done');
    assert.equal(await activityOf(operation), 'paused');
  });

  it('kills what is paused: TERM reaches it, and its own exit is kept from being lost', async () => {
    const operation = await host.start(
      `trap 'echo bye; exit 0' TERM; touch "$REMOTE_OPS_DIR/ready"; while :; do sleep 0.1; done`,
    );
    await eventually('the command to run', () => existsSync(host.file(operation, 'ready')));
    assert.equal((await pause(operation)).kind, 'done');
    assert.deepEqual(await host.kill(operation), { kind: 'dead' });
    assert.match(host.read(operation), /bye\n$/);
  });

  it('a leader that is suspended alone does not make it paused', async () => {
    const operation = await startSleepers('sleep 600 & wait', 1);
    const { pid } = operation.identity;
    signal(pid, 'SIGSTOP');
    await eventually('a suspended leader', () => stateOf(pid) === 'T');
    assert.equal(await activityOf(operation), 'running');
    assert.equal((await pause(operation)).kind, 'done');
    assert.equal(await activityOf(operation), 'paused');
  });

  it('rule 4: signals nothing when the start ticks are those of another process', async () => {
    const operation = await startSleepers('sleep 600 & wait', 1);
    const { pid } = operation.identity;
    const startTicks = `${Number(operation.identity.startTicks) + 1}`;
    writeFileSync(
      host.file(operation, 'ident'),
      host.read(operation, 'ident').replace(operation.identity.startTicks, startTicks),
    );
    const reused = { ...operation, identity: { ...operation.identity, startTicks } };
    assert.equal((await pause(reused)).kind, 'refused');
    assert.deepEqual(await pause({ ...reused, id: 'another' }), { kind: 'look' });
    assert.deepEqual(await pause(operation), { kind: 'look' });
    assert.equal(states(groupOf(pid).map((one) => one.pid)), 'S');
  });

  it('signals nothing after a restart of the host, nor on another machine', async () => {
    const operation = await startSleepers('sleep 600 & wait', 1);
    const { identity } = operation;
    writeFileSync(
      host.file(operation, 'ident'),
      host.read(operation, 'ident').replace(identity.bootId, 'another-boot'),
    );
    assert.deepEqual(await pause({ ...operation, identity: { ...identity, bootId: 'another-boot' } }), {
      kind: 'look',
    });
    await assert.rejects(
      pause({ ...operation, identity: { ...identity, machineId: 'another-machine' } }),
      (error) => isRemoteOperationsError(error, 'BadAnswer') && /nothing was signalled/.test(error.message),
    );
    assert.equal(states(groupOf(identity.pid).map(({ pid }) => pid)), 'S');
  });

  it('has nothing to do for what has ended, or was never identified', async () => {
    const ended = await host.start('exit 4');
    await host.lookFor(ended, 'exited');
    assert.deepEqual(await pause(ended), { kind: 'look' });
    assert.deepEqual(await resume(ended), { kind: 'look' });
    assert.deepEqual(await pause(host.operation('true')), { kind: 'look' });
  });

  it('refuses to suspend what is left of a group without its leader', async () => {
    const operation = await startSleepers('sleep 600 & wait', 1);
    signal(operation.identity.pid, 'SIGKILL');
    await host.lookFor(operation, 'alive', ({ by }) => by === 'its process group');
    const outcome = await pause(operation);
    assert.ok(outcome.kind === 'refused' && /killed/.test(outcome.reason));
    assert.equal(states(groupOf(operation.identity.pid).map(({ pid }) => pid)), 'S');
  });
});

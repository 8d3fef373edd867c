import assert from 'node:assert/strict';
import { existsSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { LaunchOutcome } from '../../src/launchers/launcher';
import type { Operation, ProcessIdentity } from '../../src/operations/operation';
import { eventually } from '../testbed/eventually';
import { mayChoosePids } from '../testbed/privileges';
import {
  groupOf,
  isAlive,
  processWithPid,
  readNumber,
  signal,
  startTicksOf,
  stateOf,
} from './scriptsProcesses';
import { hostName, ScriptHost, underEveryShell } from './scriptsSupport';
import { Strangers } from './strangers';

underEveryShell('a process that was started elsewhere', (shell) => {
  let host: ScriptHost;
  let strangers: Strangers;
  let place: { machineId: string; bootId: string };
  before(async () => {
    strangers = new Strangers();
    host = new ScriptHost(shell);
    const { identity } = await host.start('true');
    place = { machineId: identity.machineId, bootId: identity.bootId };
  });
  after(async () => {
    await strangers.dispose();
    await host.dispose();
  });

  const meant = (pid: number, more: Partial<ProcessIdentity> = {}): ProcessIdentity => ({
    ...place,
    ...{ pid, startTicks: startTicksOf(pid) },
    ...more,
  });
  const asked = (identity: ProcessIdentity) =>
    host.bound(host.operation({ type: 'program', command: 'python train.py' }, { adopted: { identity } }));
  const adopt = async (identity: ProcessIdentity): Promise<[Operation, LaunchOutcome]> => {
    const operation = await asked(identity);
    return [operation, await host.launcher.launch(host.machine, hostName, operation)];
  };
  const adopted = async (pid: number): Promise<Operation> => {
    const [operation, outcome] = await adopt(meant(pid));
    assert.ok(outcome.kind === 'launched', JSON.stringify(outcome));
    return { ...operation, status: 'running', identity: outcome.identity, adopted: outcome.adopted ?? {} };
  };
  const sleeper = (options?: Parameters<Strangers['start']>[1]) => strangers.start('exec sleep 600', options);
  /** A shell that leads its group, with a child in it. */
  const inShell = async (child: string): Promise<{ shell: number; pid: number }> => {
    const file = path.join(strangers.folder, `pid-${Math.random()}`);
    const parent = strangers.start(`${child} & echo $! > '${file}'; wait; sleep 600`);
    const pid = await eventually('its pid', () => readNumber(file));
    strangers.note({ pid });
    await eventually('it to run', () => readFileSync(`/proc/${pid}/comm`, 'utf8') !== 'bash\n');
    return { shell: parent, pid };
  };

  it('is taken up as it is: found by its identity, and nothing was signalled', async () => {
    const pid = sleeper();
    const operation = await adopted(pid);
    const seen = await host.look(operation);
    assert.ok(seen.kind === 'alive' && seen.activity === 'running', seen.kind);
    assert.equal(stateOf(pid), 'S');
    const record = JSON.parse(host.read(operation, 'op.json')) as { command: string };
    assert.equal(record.command, 'python train.py');
  });

  it('is taken up once, whoever asks and however often', async () => {
    const operation = await asked(meant(sleeper()));
    const take = () => host.launcher.launch(host.machine, hostName, operation);
    const outcomes = await Promise.all([take(), take(), take()]);
    assert.deepEqual(
      [...outcomes, await take()].map(({ kind }) => kind),
      Array(4).fill('launched'),
    );
  });

  it('is killed with its group where it leads that, and was seen dead', async () => {
    const pid = strangers.start('sleep 600 & sleep 600 & exec sleep 600');
    await eventually('its group', () => groupOf(pid).length === 3);
    const operation = await adopted(pid);
    assert.deepEqual(await host.kill(operation), { kind: 'dead' });
    assert.deepEqual(groupOf(pid), []);
  });

  it('is killed alone where it does not: the shell that it was started from lives on', async () => {
    const { shell: parent, pid } = await inShell('sleep 600');
    const operation = await adopted(pid);
    assert.deepEqual(await host.kill(operation), { kind: 'dead' });
    assert.ok(!isAlive(pid));
    assert.ok(isAlive(parent));
    assert.equal((await host.look(operation)).kind, 'absent');
  });

  it('gets KILL after the grace time when it ignores TERM', async () => {
    const { shell: parent, pid } = await inShell(`bash -c 'trap "" TERM; exec -a stubborn sleep 600'`);
    const operation = await adopted(pid);
    assert.deepEqual(await host.kill(operation, 1), { kind: 'dead' });
    assert.deepEqual([isAlive(pid), isAlive(parent)], [false, true]);
  });

  it('is suspended alone, and seen so, and goes on', async () => {
    const { shell: parent, pid } = await inShell('sleep 600');
    const operation = await adopted(pid);
    const set = (paused: boolean) => host.launcher.setPaused(host.machine, hostName, operation, paused);
    assert.equal((await set(true)).kind, 'done');
    assert.equal(stateOf(pid), 'T');
    assert.notEqual(stateOf(parent), 'T');
    await host.lookFor(operation, 'alive', ({ activity }) => activity === 'paused');
    assert.equal((await set(false)).kind, 'done');
    await host.lookFor(operation, 'alive', ({ activity }) => activity === 'running');
  });

  it('is gone when its process is, whatever lives on in the group that it led', async () => {
    const pid = strangers.start('sleep 600 & exec sleep 600');
    await eventually('its group', () => groupOf(pid).length === 2);
    const operation = await adopted(pid);
    signal(pid, 'SIGKILL');
    const seen = await host.lookFor(operation, 'absent');
    assert.match(seen.reason, /exit code cannot be known, as it was started elsewhere/);
    assert.equal(seen.by, undefined);
    assert.equal((await host.kill(operation)).kind, 'look');
    assert.equal(groupOf(pid).length, 1);
    groupOf(pid).forEach((each) => strangers.note(each));
  });

  it('is not taken up when it has ended, or another process has its pid', async () => {
    const pid = sleeper();
    const other = meant(pid, { startTicks: String(Number(startTicksOf(pid)) - 1) });
    const [operation, outcome] = await adopt(other);
    assert.ok(outcome.kind === 'refused' && outcome.sealed && /had ended/.test(outcome.reason));
    assert.ok(!existsSync(host.runFolder(operation)));
    const [, ofAnotherBoot] = await adopt(meant(pid, { bootId: 'another-boot' }));
    assert.equal(ofAnotherBoot.kind, 'refused');
    const [, elsewhere] = await adopt(meant(pid, { machineId: 'another-machine' }));
    assert.equal(elsewhere.kind, 'other-machine');
    assert.ok(isAlive(pid));
  });

  if (mayChoosePids) {
    it('never hands a signal on to the next process with its pid', async () => {
      const pid = sleeper();
      const operation = await adopted(pid);
      signal(pid, 'SIGKILL');
      await host.lookFor(operation, 'absent');
      const next = await processWithPid(pid);
      strangers.note(next);
      assert.deepEqual(await host.kill(operation, 0), { kind: 'look' });
      assert.deepEqual(await host.launcher.setPaused(host.machine, hostName, operation, true), {
        kind: 'look',
      });
      assert.equal((await host.look(operation)).kind, 'absent');
      assert.equal(stateOf(pid), 'S');
    });
  }

  it('is not taken up when it belongs to an operation', async () => {
    const running = await host.start('exec sleep 600');
    const [, outcome] = await adopt(meant(running.identity.pid));
    assert.ok(outcome.kind === 'refused' && /started with Remote Operations/.test(outcome.reason));
  });

  if (process.getuid?.() === 0) {
    it('is not taken up when it belongs to another user', async () => {
      const pid = strangers.start('exec setpriv --reuid 65534 --clear-groups sleep 600');
      await eventually('another user', () =>
        readFileSync(`/proc/${pid}/status`, 'utf8').includes('\nUid:\t65534'),
      );
      const [, outcome] = await adopt(meant(pid));
      assert.ok(outcome.kind === 'refused' && /another user/.test(outcome.reason), JSON.stringify(outcome));
      const killed = await host.kill({ ...(await asked(meant(pid))), status: 'stopping' });
      assert.ok(killed.kind === 'not-taken' && /another user/.test(killed.reason), JSON.stringify(killed));
      assert.ok(isAlive(pid));
    });
  }

  it('has a log where its output goes to a file, which is read, searched and followed there', async () => {
    const file = path.join(strangers.folder, 'own output.txt');
    const pid = strangers.start(`echo 'epoch 1/4' > '${file}'; exec sleep 600 >> '${file}'`);
    await eventually('its output', () => existsSync(file) && readlinkSync(`/proc/${pid}/fd/1`) === file);
    const operation = await adopted(pid);
    assert.equal(operation.adopted?.output, 'file');
    const read = () =>
      host.launcher.log(host.machine, hostName, operation, { offset: -1000, maxBytes: 1000 });
    assert.deepEqual(await read(), { text: 'epoch 1/4\n', offset: 0, end: 10, size: 10 });
    writeFileSync(file, 'epoch 2/4\n', { flag: 'a' });
    assert.equal((await read())?.size, 20);
    const search = { text: 'epoch 2' };
    const matches = await host.launcher.searchLog(host.machine, hostName, operation, search);
    assert.deepEqual(matches?.matches, [{ offset: 10, text: 'epoch 2/4' }]);
    const seen = await host.look(operation, true);
    assert.ok(seen.kind === 'alive' && seen.progress?.epoch === 2, JSON.stringify(seen));
  });

  it('has none where its output goes elsewhere, and says where', async () => {
    const operation = await adopted(sleeper());
    assert.equal(operation.adopted?.output, 'nowhere');
    const range = { offset: 0, maxBytes: 100 };
    assert.equal(await host.launcher.log(host.machine, hostName, operation, range), undefined);
    const { pid } = await inShell('sleep 600 | cat');
    assert.equal((await adopted(pid)).adopted?.output, 'nowhere');
  });

  it('does not take a file of the same name for its output once that was deleted', async () => {
    const file = path.join(strangers.folder, 'rotated');
    const pid = strangers.start(`exec sleep 600 > '${file}'`);
    await eventually('its output', () => existsSync(file) && readlinkSync(`/proc/${pid}/fd/1`) === file);
    rmSync(file);
    writeFileSync(file, 'of somebody else');
    assert.equal((await adopted(pid)).adopted?.output, 'unknown');
  });

  it('whose run directory was removed is never signalled: nothing says any more that it was taken up', async () => {
    const pid = sleeper();
    const operation = await adopted(pid);
    rmSync(host.runFolder(operation), { recursive: true });
    assert.deepEqual(await host.kill(operation), { kind: 'look' });
    assert.equal((await host.look(operation)).kind, 'alive');
    assert.ok(isAlive(pid));
  });

  it('is killed also when no answer came whether it was taken up', async () => {
    const pid = sleeper();
    const operation = await asked(meant(pid));
    assert.deepEqual(await host.kill({ ...operation, status: 'stopping' }), { kind: 'dead' });
    assert.ok(!isAlive(pid));
  });

  it('is neither signalled nor said to be dead by a kill, where it cannot be taken up but lives', async () => {
    const { pid } = (await host.start('exec sleep 600')).identity;
    const operation = await asked(meant(pid));
    const outcome = await host.kill({ ...operation, status: 'stopping' });
    assert.ok(outcome.kind === 'not-taken' && /started with Remote Operations/.test(outcome.reason));
    assert.ok(isAlive(pid));
  });

  it('is said to be dead by a kill where it was seen to have ended before it was taken up', async () => {
    const pid = sleeper();
    const operation = await asked(meant(pid));
    signal(pid, 'SIGKILL');
    await eventually('its end', () => !isAlive(pid));
    const outcome = await host.kill({ ...operation, status: 'stopping' });
    assert.ok(outcome.kind === 'dead' && /had ended/.test(outcome.seen ?? ''), JSON.stringify(outcome));
  });

  it('is told among the run directories, with where its output goes', async () => {
    const operation = await adopted(sleeper());
    const { runs } = await host.launcher.runDirectories(host.machine, hostName, []);
    assert.deepEqual(runs.find(({ id }) => id === operation.id)?.adopted, { output: 'nowhere' });
  });
});

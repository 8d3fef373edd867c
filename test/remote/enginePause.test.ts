import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { isRemoteOperationsError, type ErrorCode } from '../../src/operations/errors';
import type { Rig } from '../unit/engine/engineRig';
import { eventually } from '../testbed/eventually';
import { EngineHost, syncUntil } from './engineSupport';
import { groupOf, signal, stateOf } from './scriptsProcesses';

describe('pausing an operation', () => {
  let here: EngineHost;
  let rig: Rig;

  beforeEach(async () => {
    here = new EngineHost();
    rig = await here.open();
  });
  afterEach(() => here.dispose());

  const submit = async (command = 'sleep 600 & sleep 600', more = {}) => {
    const view = await rig.engine.submit({ hostId: 'here', type: 'job', name: 'train', command, ...more });
    assert.ok(view.pid);
    return { ...view, pid: view.pid };
  };
  const statesOf = (pid: number) => [...new Set(groupOf(pid).map((one) => stateOf(one.pid)))].join();
  const statuses = async (id: string) => (await rig.engine.history(id)).map(({ to }) => to).join(', ');
  const status = (id: string) => rig.engine.get(id)?.status;
  const rejects = (promise: Promise<unknown>, code: ErrorCode, message: RegExp) =>
    assert.rejects(promise, (error) => isRemoteOperationsError(error, code) && message.test(error.message));

  it('is over once all its processes were seen suspended; they go on when resumed', async () => {
    const { id, pid } = await submit();
    const paused = await rig.engine.pause(id);
    assert.deepEqual([paused.status, paused.observation], ['paused', 'fresh']);
    assert.equal(statesOf(pid), 'T');
    await rig.engine.list();
    assert.equal(status(id), 'paused');
    assert.equal((await rig.engine.resume(id)).status, 'running');
    await eventually('all to sleep again', () => statesOf(pid) === 'S');
    await rig.engine.list();
    assert.equal(await statuses(id), 'submitting, running, paused, running');
    const history = await rig.engine.history(id);
    assert.match(
      history[2]?.evidence ?? '',
      /^pause asked for; all its processes \(\d+\) seen suspended on /,
    );
    assert.equal(here.machine.count('pause'), 2);
  });

  it('is told with the same words when somebody else suspends it, but not as asked for', async () => {
    const { id, pid } = await submit();
    signal(-pid, 'SIGSTOP');
    await syncUntil(rig, id, 'paused');
    assert.match((await rig.engine.history(id)).at(-1)?.evidence ?? '', /^suspended: pid and start time/);
    assert.equal((await rig.engine.resume(id)).status, 'running');
  });

  it('whose answer is lost: rejects, and the next look tells, and whose doing it was', async () => {
    const { id, pid } = await submit();
    here.machine.break('lost-after', 'pause');
    await rejects(rig.engine.pause(id), 'NoAnswer', /row of "train" tells whether it is paused/);
    await syncUntil(rig, id, 'paused');
    assert.equal(statesOf(pid), 'T');
    assert.match((await rig.engine.history(id)).at(-1)?.evidence ?? '', /^suspended as asked for/);
    assert.equal(rig.store.get(id)?.wish, undefined);
    assert.equal(here.machine.count('pause'), 1);
  });

  it('whose request is lost, or whose answer comes cut: rejects, and it runs as seen', async () => {
    const { id, pid } = await submit();
    here.machine.break('lost-before', 'pause');
    await rejects(rig.engine.pause(id), 'NoAnswer', /tells whether/);
    await rig.engine.list();
    assert.deepEqual([status(id), statesOf(pid)], ['running', 'S']);
    here.machine.break('cut', 'pause');
    await assert.rejects(rig.engine.pause(id));
    await syncUntil(rig, id, 'paused');
  });

  it('on a host that is away: nothing is signalled, then or later', async () => {
    const { id, pid } = await submit();
    here.machine.break('unreachable');
    await rejects(rig.engine.pause(id), 'Unreachable', /"train" was not paused; try again/);
    assert.equal(rig.store.get(id)?.wish, undefined);
    here.machine.break(undefined);
    await rig.engine.list();
    assert.deepEqual([status(id), statesOf(pid)], ['running', 'S']);
  });

  it('rule 3: signals nothing while the wish cannot be saved', async () => {
    const { id, pid } = await submit();
    here.folder.refuseWrites();
    await rejects(rig.engine.pause(id), 'NotSaved', /Nothing was done/);
    here.folder.allowWrites();
    assert.deepEqual([here.machine.count('pause'), statesOf(pid)], [0, 'S']);
  });

  it('survives a crash of the window after the signal: the next one sees it, and can resume it', async () => {
    const { id } = await submit();
    here.machine.break('lost-after', 'pause');
    await assert.rejects(rig.engine.pause(id));
    rig = await here.reopen();
    assert.equal(rig.store.get(id)?.wish, 'pause');
    here.machine.break(undefined);
    await rig.engine.start();
    await syncUntil(rig, id, 'paused');
    assert.equal((await rig.engine.resume(id)).status, 'running');
  });

  it('that has ended meanwhile: says how, and that it does not apply', async () => {
    here.machine.break('lost-before', 'probe');
    const { id, pid } = await submit(
      'trap "exit 3" TERM; touch "$REMOTE_OPS_DIR/on"; while :; do sleep 0.1; done',
    );
    await eventually('the command to run', () => existsSync(here.host.file({ id }, 'on')));
    signal(-pid, 'SIGTERM');
    await eventually('its exit code', () => existsSync(here.host.file({ id }, 'exit_code')));
    here.machine.break(undefined);
    await rejects(rig.engine.pause(id), 'NotApplicable', /has already ended \(failed\)/);
    await rejects(rig.engine.resume(id), 'NotApplicable', /has already ended/);
    assert.equal(here.machine.count('pause'), 1);
  });

  it('applies neither to what is being killed nor to what is not known to run', async () => {
    const { id } = await submit();
    here.machine.break('lost-before', 'kill');
    await assert.rejects(rig.engine.kill(id));
    await rejects(rig.engine.pause(id), 'NotApplicable', /being killed/);
    here.machine.break('lost-before', 'launch');
    const { id: doubtful } = await rig.engine.submit({
      hostId: 'here',
      type: 'job',
      name: 'doubt',
      command: 'true',
    });
    await rejects(rig.engine.pause(doubtful), 'NotApplicable', /not known to run \(unconfirmed\)/);
    assert.equal(here.machine.count('pause'), 0);
    here.machine.break(undefined);
  });

  it('does not keep it from being killed, nor from being seen dead', async () => {
    const { id, pid } = await submit();
    await rig.engine.pause(id);
    assert.equal((await rig.engine.kill(id)).status, 'cancelled');
    assert.deepEqual(groupOf(pid), []);
    const { id: shot, pid: victim } = await submit();
    await rig.engine.pause(shot);
    signal(-victim, 'SIGKILL');
    await eventually('its end', () => groupOf(victim).length === 0);
    await rejects(rig.engine.resume(shot), 'NoAnswer', /was not seen running/);
    await rig.clock.advance(10_000);
    await syncUntil(rig, shot, 'stopped');
  });

  it('does not count towards its time limit, which ends it no sooner than when it goes on', async () => {
    const { id } = await submit('exec sleep 600', { timeoutSeconds: 2 });
    await rig.engine.pause(id);
    await eventually('a look that saw it suspended', async () => {
      await rig.engine.list();
      return rig.store.get(id)?.pausedAtSeconds !== undefined;
    });
    const operation = rig.store.get(id);
    assert.ok(operation);
    await here.host.lookFor(operation, 'alive', ({ uptimeSeconds }) => uptimeSeconds > 3);
    await rig.engine.list();
    assert.equal(status(id), 'paused');
    await rig.engine.resume(id);
    assert.equal((await rig.engine.list())[0]?.status, 'running');
    assert.ok((rig.store.get(id)?.pausedSeconds ?? 0) > 1);
    await syncUntil(rig, id, 'failed');
  });
});

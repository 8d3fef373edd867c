import assert from 'node:assert/strict';
import { isHeld } from '../../src/operations/scheduler';
import { eventually } from '../testbed/eventually';
import { type Slurm, startSlurm } from '../testbed/slurm';
import { findProgram } from '../testbed/systemPackages.mjs';
import { SlurmHost } from './slurmSupport';

const scontrol = findProgram('scontrol') ?? '';
/** Somebody who may not suspend jobs: only root can become one, for others it answers what Slurm does. */
const withoutRights =
  process.getuid?.() === 0
    ? `exec setpriv --reuid=65534 --regid=65534 --clear-groups "${scontrol}" "$@"`
    : 'echo "Access/permission denied for job $2" >&2; exit 1';

describe('Slurm, paused', () => {
  let slurm: Slurm;
  let host: SlurmHost;

  before(async function () {
    this.timeout(60_000);
    slurm = await startSlurm();
  });
  after(() => slurm.stop());
  beforeEach(async () => {
    host = new SlurmHost(slurm);
    await host.open();
  });
  afterEach(() => host.dispose());

  const statesOf = async (jobId: string | undefined) =>
    (await slurm.run('squeue', '-h', '-j', jobId ?? '', '-o', '%T')).split('\n').sort();
  const fill = async () => host.untilItRuns((await host.submit('exec sleep 600', { gpus: 2 })).id);

  it('holds a job that waits, says that it is held by the user, and releases it', async () => {
    const first = await fill();
    const { id } = await host.submit('exec sleep 600', { gpus: 1 });
    assert.deepEqual(await host.setPaused(id, true), { kind: 'done', seen: 'held, as its queue shows' });
    await host.look();
    const { status, scheduler } = host.view(id);
    assert.deepEqual([status, scheduler?.reason], ['pending', 'JobHeldUser']);
    assert.ok(isHeld(host.view(id)));
    // Once more changes nothing, and asks Slurm for nothing.
    host.forgetCalls();
    assert.equal((await host.setPaused(id, true)).kind, 'done');
    assert.equal(host.calls('scontrol'), 0);
    // Room alone does not start it.
    await host.rig.engine.kill(first.id);
    await host.look();
    assert.equal(host.view(id).status, 'pending');
    assert.equal((await host.setPaused(id, false)).kind, 'done');
    await host.untilItRuns(id);
  });

  it('suspends a job that runs: paused, and lets it go on', async () => {
    const { id } = await host.submit('while :; do echo x >>"$HOME/ticks"; sleep 0.1; done');
    await host.untilItRuns(id);
    assert.deepEqual(await host.setPaused(id, true), { kind: 'done', seen: 'suspended, as its queue shows' });
    assert.equal((await host.untilStatus(id, 'paused')).scheduler?.state, 'SUSPENDED');
    assert.equal((await host.setPaused(id, false)).kind, 'done');
    assert.equal((await host.untilStatus(id, 'running')).scheduler?.state, 'RUNNING');
    assert.equal(await host.statuses(id), 'submitting, pending, running, paused, running');
    assert.equal(host.executions(id), 1);
  });

  it('by the user: a job that runs is paused, one that waits is held, and both go on', async () => {
    const { engine } = host.rig;
    const first = await fill();
    const { id } = await host.submit('exec sleep 600', { gpus: 1 });
    assert.equal((await engine.pause(first.id)).status, 'paused');
    await engine.pause(id);
    await host.look();
    assert.ok(isHeld(host.view(id)));
    assert.equal((await engine.resume(first.id)).status, 'running');
    await engine.resume(id);
    await host.until(id, 'released', (view) => view.status === 'pending' && !isHeld(view));
  });

  it('kills what is suspended', async () => {
    const { id } = await host.submit();
    await host.untilItRuns(id);
    await host.setPaused(id, true);
    await host.untilStatus(id, 'paused');
    assert.equal((await host.rig.engine.kill(id)).status, 'cancelled');
  });

  it('is refused to those who may not suspend: it goes on, and it is said what to do', async () => {
    const { id, handle } = await host.submit();
    await host.untilItRuns(id);
    host.wrap('scontrol', withoutRights);
    const outcome = await host.setPaused(id, true);
    assert.equal(outcome.kind, 'refused');
    assert.match(outcome.reason, /^Slurm on host here refused it: .*ermission denied.*only operators/);
    assert.deepEqual(await statesOf(handle), ['RUNNING']);
  });

  it('array: what waits is held and what runs is suspended, and both go on', async () => {
    const { id, handle } = await host.submit('exec sleep 600', { slurm: { array: '0-5%2' } });
    await host.until(id, 'running two', ({ scheduler }) => scheduler?.tasks?.running === 2);
    await eventually('both to run', () => host.executions(id) === 2);
    const outcome = await host.setPaused(id, true);
    assert.equal(outcome.kind, 'done');
    assert.deepEqual(await statesOf(handle), ['PENDING', 'SUSPENDED', 'SUSPENDED']);
    await host.untilStatus(id, 'paused');
    assert.equal((await host.setPaused(id, false)).kind, 'done');
    await host.untilStatus(id, 'running');
    assert.deepEqual(await statesOf(handle), ['PENDING', 'RUNNING', 'RUNNING']);
    assert.equal(host.executions(id), 2);
  });

  it('array of those who may not suspend: refused, and what waits is held', async () => {
    const { id, handle } = await host.submit('exec sleep 600', { slurm: { array: '0-5%2' } });
    await host.until(id, 'running two', ({ scheduler }) => scheduler?.tasks?.running === 2);
    await eventually('both to run', () => host.executions(id) === 2);
    host.wrap('scontrol', `[ "$1" = uhold ] && exec "${scontrol}" "$@"\n${withoutRights}`);
    const outcome = await host.setPaused(id, true);
    assert.equal(outcome.kind, 'refused');
    assert.match(outcome.reason, /only operators.*Its other tasks are held/);
    assert.deepEqual(await statesOf(handle), ['PENDING', 'RUNNING', 'RUNNING']);
    host.wrap('scontrol');
    assert.equal((await host.setPaused(id, false)).kind, 'done');
  });

  it('held by an administrator: the user is told whom to ask', async () => {
    await fill();
    const { id, handle = '' } = await host.submit('exec sleep 600', { gpus: 1 });
    await slurm.run('scontrol', 'hold', handle);
    host.wrap('scontrol', withoutRights);
    const outcome = await host.setPaused(id, false);
    assert.equal(outcome.kind, 'refused');
    assert.match(outcome.reason, /administrator/);
  });

  it('leaves jobs of other tokens alone, whatever their number', async () => {
    const [one, other] = await Promise.all([host.submit(), host.submit()]);
    await Promise.all([one, other].map(({ id }) => host.untilItRuns(id)));
    await host.setPaused(one.id, true);
    assert.deepEqual(await statesOf(other.handle), ['RUNNING']);
  });

  it('leaves alone the job of somebody else that was given its number', async () => {
    const { id, handle } = await host.submit();
    await host.untilItRuns(id);
    host.wrap('squeue', `"${findProgram('squeue')}" "$@" | sed 's/|remote-ops-[^|]*|/|stranger|/'`);
    assert.deepEqual(await host.setPaused(id, true), { kind: 'look' });
    assert.equal(host.calls('scontrol'), 0);
    assert.deepEqual(await statesOf(handle), ['RUNNING']);
  });

  it('that has ended, or cannot be seen, is looked at; no order is given', async () => {
    const { id } = await host.submit('exit 0');
    await host.untilStatus(id, 'completed');
    assert.deepEqual(await host.setPaused(id, true), { kind: 'look' });
    host.wrap('squeue', 'echo "slurm_load_jobs error: Unable to contact slurm controller" >&2; exit 1');
    await assert.rejects(host.setPaused(id, true), /does not answer: .*Nothing was paused/);
    assert.equal(host.calls('scontrol'), 0);
  });
});

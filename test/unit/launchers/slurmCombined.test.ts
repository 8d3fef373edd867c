import assert from 'node:assert/strict';
import { combined } from '../../../src/launchers/slurm/combined';
import type { Evidence } from '../../../src/operations/evidence';

const scheduler = { jobId: '7', state: 'RUNNING' };
const preempted = { jobId: '7', state: 'PREEMPTED' };
const alive: Evidence = { kind: 'alive', activity: 'running', uptimeSeconds: 9, by: 'squeue', scheduler };
const pending: Evidence = { kind: 'pending', by: 'squeue', scheduler };
const settled: Evidence = {
  kind: 'settled',
  state: 'failed',
  reason: 'PREEMPTED',
  by: 'squeue',
  scheduler: preempted,
};
const absent = (fromScheduler: 'forgotten' | 'lost'): Evidence => ({
  kind: 'absent',
  reason: 'gone',
  killDelivered: false,
  fromScheduler,
});
const exited = (exitCode: number, killDelivered = false): Evidence => ({
  kind: 'exited',
  exitCode,
  killDelivered,
});
const running = { status: 'running' } as const;

describe('what Slurm and a run directory say of a job', () => {
  it('an exit code beats whatever Slurm says', () => {
    const all: (Evidence | undefined)[] = [undefined, alive, pending, settled];
    for (const job of [...all, absent('lost'), absent('forgotten')]) {
      assert.deepEqual(combined(running, job, exited(3)), exited(3));
    }
  });

  it('one of TERM or KILL says nothing while Slurm may start the job again', () => {
    for (const code of [143, 137]) {
      assert.equal(combined(running, undefined, exited(code)), undefined);
      const untold: Evidence[] = [alive, pending, absent('lost')];
      for (const job of untold) {
        assert.deepEqual(combined(running, job, exited(code)), job);
      }
    }
  });

  it('it counts once Slurm has told of an end, or knows nothing of the job any more', () => {
    const cancelled: Evidence = { ...settled, state: 'cancelled', reason: 'CANCELLED' };
    const failed: Evidence = { ...settled, reason: 'FAILED', scheduler: { jobId: '7', state: 'FAILED' } };
    for (const job of [cancelled, failed, absent('forgotten')]) {
      assert.deepEqual(combined(running, job, exited(143)), exited(143));
    }
  });

  it('it comes with the name that Slurm has for the failure', () => {
    const told = { endedSecondsAgo: 7, progress: { progress: 0.9 } };
    const run = { kind: 'exited', exitCode: 143, killDelivered: false, ...told } as const;
    const whole = { ...settled, exitCode: 143, ...told };
    assert.deepEqual(combined(running, settled, run), whole);
    assert.deepEqual(combined(running, { ...settled, endedSecondsAgo: 5 }, run), {
      ...whole,
      endedSecondsAgo: 5,
    });
    assert.deepEqual(combined(running, settled, exited(143)), { ...settled, exitCode: 143 });
    assert.deepEqual(combined({ status: 'stopping' }, settled, exited(143)), exited(143));
    assert.deepEqual(combined(running, settled, exited(143, true)), exited(143, true));
  });

  it('it counts at once where we have killed it', () => {
    assert.deepEqual(combined({ status: 'stopping' }, alive, exited(143)), exited(143));
    assert.deepEqual(combined(running, alive, exited(143, true)), exited(143, true));
  });

  it('a process that lives here beats an absence', () => {
    const process: Evidence = { kind: 'alive', activity: 'running', uptimeSeconds: 9, by: 'pid' };
    assert.deepEqual(combined(running, absent('forgotten'), process), process);
  });
});

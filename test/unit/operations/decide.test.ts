import assert from 'node:assert/strict';
import { decide } from '../../../src/operations/decide';
import {
  absenceConfirmMs,
  claimGraceMs,
  lateAcceptanceMs,
  schedulerMemoryMs,
  sharedAbsenceConfirmMs,
  type Watch,
} from '../../../src/operations/decision';
import type { Evidence } from '../../../src/operations/evidence';
import type { Operation } from '../../../src/operations/operation';
import { isActive, isTerminal, statuses } from '../../../src/operations/status';
import {
  absent,
  alive,
  ambiguous,
  applied,
  context,
  exited,
  fresh,
  identity,
  operationAt,
  pending,
  server,
  settled,
  unreachable,
} from './samples';

const statusAfter = (operation: Operation, evidence: Evidence, watch: Watch = fresh) =>
  applied(operation, decide(operation, watch, evidence, context()).change).status;

/** The status after the same evidence is seen twice, `apartMs` apart. */
function statusAfterTwo(operation: Operation, evidence: Evidence, apartMs: number) {
  const first = decide(operation, fresh, evidence, context(0));
  const between = applied(operation, first.change);
  const second = decide(between, first.watch, evidence, context(apartMs));
  return applied(between, second.change).status;
}

const activeStatuses = statuses.filter(isActive);

describe('decide: the status table', () => {
  it('submitting -> running: found alive by its token', () => {
    assert.equal(statusAfter(operationAt('submitting'), alive()), 'running');
  });

  it('submitting -> starting: a server is found whose port is not open yet', () => {
    assert.equal(statusAfter(server('submitting'), alive({ portOpen: false })), 'starting');
  });

  it('starting -> running: the port opens', () => {
    assert.equal(statusAfter(server('starting'), alive({ portOpen: false })), 'starting');
    assert.equal(statusAfter(server('starting'), alive({ portOpen: true })), 'running');
  });

  it('a server that has listened is running, even while its port is closed for a moment', () => {
    assert.equal(statusAfter(server('running'), alive({ portOpen: false })), 'running');
  });

  it('unconfirmed -> running: found alive by its token', () => {
    const decision = decide(operationAt('unconfirmed'), fresh, alive(), context());
    assert.equal(decision.change?.status, 'running');
    assert.deepEqual(decision.change.identity, identity);
  });

  it('unconfirmed -> completed: found ended by its token', () => {
    assert.equal(statusAfter(operationAt('unconfirmed'), exited(0)), 'completed');
  });

  it('unconfirmed, proven absent: launched again with the same token, status unchanged', () => {
    const decision = decide(operationAt('unconfirmed'), fresh, { kind: 'not-launched' }, context());
    assert.equal(decision.next, 'launch');
    assert.equal(decision.change, undefined);
  });

  it('only what never was confirmed is launched again', () => {
    for (const status of statuses.filter((each) => each !== 'submitting' && each !== 'unconfirmed')) {
      const decision = decide(operationAt(status), fresh, { kind: 'not-launched' }, context());
      assert.notEqual(decision.next, 'launch', status);
      assert.equal(decision.change, undefined, status);
    }
  });

  it('a claim without a process: looked at again, and stopped after the grace time, never run again', () => {
    const operation = operationAt('unconfirmed');
    const first = decide(operation, fresh, { kind: 'claimed', killDelivered: false }, context(0));
    assert.equal(first.change, undefined);
    assert.equal(first.lookAgainAfterMs, absenceConfirmMs);
    const early = decide(
      operation,
      first.watch,
      { kind: 'claimed', killDelivered: false },
      context(claimGraceMs - 1),
    );
    assert.equal(early.change, undefined);
    const late = decide(
      operation,
      early.watch,
      { kind: 'claimed', killDelivered: false },
      context(claimGraceMs),
    );
    assert.equal(late.change?.status, 'stopped');
    assert.equal(late.lookAgainAfterMs, undefined);
  });

  it('a claim without a process is not cancelled before the mark of our kill is there to stop it', () => {
    const operation = operationAt('stopping');
    const unmarked: Evidence = { kind: 'claimed', killDelivered: false };
    const first = decide(operation, fresh, unmarked, context(0));
    assert.deepEqual([first.change, first.next], [undefined, 'kill']);
    const later = decide(operation, first.watch, unmarked, context(10 * claimGraceMs));
    assert.deepEqual([later.change, later.next], [undefined, 'kill']);
    const marked: Evidence = { kind: 'claimed', killDelivered: true };
    const settled = decide(operation, later.watch, marked, context(11 * claimGraceMs));
    assert.equal(settled.change?.status, 'cancelled');
  });

  it('an end that a host dates before the big bang is no error', () => {
    const absurd = { ...exited(0), endedSecondsAgo: 1e300 } as Evidence;
    assert.equal(decide(operationAt('running'), fresh, absurd, context()).change?.status, 'completed');
  });

  it('active -> completed: exit code 0 of this attempt', () => {
    for (const status of activeStatuses.filter((each) => each !== 'stopping')) {
      assert.equal(statusAfter(operationAt(status), exited(0)), 'completed', status);
    }
  });

  it('active -> failed: any other exit code, named in the error', () => {
    const { change } = decide(operationAt('running'), fresh, exited(3), context());
    assert.deepEqual([change?.status, change?.exitCode, change?.error], ['failed', 3, 'exit 3']);
  });

  it('names the signal behind an exit code above 128', () => {
    const errorFor = (code: number) =>
      decide(operationAt('running'), fresh, exited(code), context()).change?.error;
    assert.equal(errorFor(139), 'exit 139, ended by SIGSEGV');
    assert.equal(errorFor(255), 'exit 255');
  });

  it('running -> stopped: absence seen twice, ten seconds apart', () => {
    for (const status of activeStatuses.filter((each) => each !== 'stopping')) {
      assert.equal(statusAfterTwo(operationAt(status), absent(), absenceConfirmMs), 'stopped', status);
      assert.equal(statusAfterTwo(operationAt(status), absent(), absenceConfirmMs - 1), status);
    }
  });

  it('running -> stopped on shared files: absence seen twice, a minute apart', () => {
    const shared = absent({ onSharedFiles: true });
    for (const status of activeStatuses.filter((each) => each !== 'stopping')) {
      assert.equal(statusAfterTwo(operationAt(status), shared, sharedAbsenceConfirmMs), 'stopped', status);
      assert.equal(statusAfterTwo(operationAt(status), shared, sharedAbsenceConfirmMs - 1), status);
    }
    assert.equal(
      decide(operationAt('running'), fresh, shared, context()).lookAgainAfterMs,
      sharedAbsenceConfirmMs,
    );
  });

  it('submitting, unconfirmed -> pending -> running: found in the queue of the scheduler by its token', () => {
    assert.equal(statusAfter(operationAt('submitting'), pending()), 'pending');
    assert.equal(statusAfter(operationAt('unconfirmed'), pending()), 'pending');
    assert.equal(statusAfter(operationAt('pending'), alive()), 'running');
  });

  it('running -> pending: the scheduler took it back and queued it again', () => {
    const decision = decide(operationAt('running'), fresh, pending('BeginTime'), context());
    assert.equal(decision.change?.status, 'pending');
    assert.equal(decision.evidence, 'waits to be started (BeginTime): squeue on gpu-box');
    assert.equal(decide(operationAt('stopping'), fresh, pending(), context()).next, 'kill');
  });

  it('active -> completed, failed: the final state of the scheduler', () => {
    for (const status of activeStatuses) {
      assert.equal(statusAfter(operationAt(status), settled('completed', { exitCode: 0 })), 'completed');
      const { change } = decide(
        operationAt(status),
        fresh,
        settled('failed', { reason: 'OUT_OF_MEMORY' }),
        context(),
      );
      assert.deepEqual([change?.status, change?.error], ['failed', 'OUT_OF_MEMORY']);
    }
  });

  it('cancelled in the scheduler: cancelled on our word, else stopped', () => {
    assert.equal(statusAfter(operationAt('stopping'), settled('cancelled')), 'cancelled');
    assert.equal(statusAfter(operationAt('running'), settled('cancelled')), 'stopped');
  });

  it('running -> stopped (scheduler): gone from its queue and its memory, seen twice', () => {
    const operation = operationAt('running', { launcher: 'slurm' });
    assert.equal(statusAfterTwo(operation, absent(), absenceConfirmMs), 'stopped');
    assert.equal(statusAfter(operation, absent()), 'running');
  });

  it('what a scheduler has forgotten is gone once it has forgotten all that ended since it was seen there', () => {
    const forgotten = absent({ fromScheduler: 'forgotten', onSharedFiles: true });
    const justNow = operationAt('running', { launcher: 'slurm', verifiedAt: '2026-01-01T11:59:30.000Z' });
    assert.equal(statusAfterTwo(justNow, forgotten, schedulerMemoryMs - 1), 'running');
    assert.equal(statusAfterTwo(justNow, forgotten, schedulerMemoryMs), 'stopped');
    const longAgo = operationAt('running', { launcher: 'slurm', verifiedAt: '2026-01-01T10:00:00.000Z' });
    assert.equal(statusAfterTwo(longAgo, forgotten, sharedAbsenceConfirmMs - 1), 'running');
    assert.equal(statusAfterTwo(longAgo, forgotten, sharedAbsenceConfirmMs), 'stopped');
    // The queue is looked at again at its own pace.
    assert.equal(decide(longAgo, fresh, forgotten, context()).lookAgainAfterMs, undefined);
  });

  it('a submission that a scheduler may still take up is repeated only after a minute', () => {
    const operation = operationAt('unconfirmed', { launcher: 'slurm' });
    const evidence: Evidence = { kind: 'not-launched', mayFollow: true };
    const first = decide(operation, fresh, evidence, context(0));
    const second = decide(operation, first.watch, evidence, context(lateAcceptanceMs - 1));
    assert.deepEqual([first.next, second.next], [undefined, undefined]);
    assert.equal(second.watch.observation, 'ambiguous');
    assert.equal(decide(operation, second.watch, evidence, context(lateAcceptanceMs)).next, 'launch');
  });

  it('running -> pending: requeued by its scheduler, it starts anew', () => {
    const operation = operationAt('running', { startedAt: '2026-01-01T11:00:00.000Z' });
    const after = applied(operation, decide(operation, fresh, pending('BeginTime'), context()).change);
    assert.deepEqual([after.status, after.startedAt], ['pending', undefined]);
  });

  it('keeps what the scheduler says of it', () => {
    const scheduler = { jobId: '7', state: 'RUNNING', node: 'node1' };
    const { change } = decide(operationAt('pending'), fresh, alive({ scheduler }), context());
    assert.deepEqual([change?.status, change?.scheduler], ['running', scheduler]);
  });

  it('progress alone says nothing about life', () => {
    const progress = { progress: 0.5 };
    for (const watch of [fresh, { observation: 'ambiguous', reason: 'left out' } as const]) {
      const decision = decide(operationAt('running'), watch, { kind: 'progress', progress }, context());
      assert.deepEqual(decision, { watch, change: { progress } });
    }
  });

  it('asks for a second look at an absence and says so meanwhile', () => {
    const decision = decide(operationAt('running'), fresh, absent(), context());
    assert.equal(decision.lookAgainAfterMs, absenceConfirmMs);
    assert.equal(decision.watch.observation, 'ambiguous');
    assert.match(decision.watch.reason ?? '', /looking again/);
  });

  it('an operation seen alive in between makes an absence begin anew', () => {
    const operation = operationAt('running', { identity });
    const first = decide(operation, fresh, absent(), context(0));
    const seen = decide(operation, first.watch, alive(), context(5_000));
    const second = decide(operation, seen.watch, absent(), context(60_000));
    assert.equal(second.change, undefined);
  });

  it('a paused process is paused, and running again once continued', () => {
    assert.equal(statusAfter(operationAt('running'), alive({ activity: 'paused' })), 'paused');
    assert.equal(statusAfter(operationAt('paused'), alive()), 'running');
  });

  it('stopping stays stopping while it lives, and the kill is delivered again', () => {
    const decision = decide(operationAt('stopping'), fresh, alive(), context());
    assert.equal(decision.change?.status, undefined);
    assert.equal(decision.next, 'kill');
  });

  it('stopping -> cancelled: ended after our kill was delivered, whatever its exit code', () => {
    for (const code of [0, 1, 143]) {
      assert.equal(statusAfter(operationAt('stopping'), exited(code, { killDelivered: true })), 'cancelled');
    }
  });

  it('stopping -> cancelled: absence seen twice', () => {
    assert.equal(statusAfterTwo(operationAt('stopping'), absent(), absenceConfirmMs), 'cancelled');
    assert.equal(statusAfterTwo(operationAt('stopping'), absent(), absenceConfirmMs - 1), 'stopping');
  });

  it('stopping -> completed or failed: it ended by itself before the kill arrived', () => {
    assert.equal(statusAfter(operationAt('stopping'), exited(0)), 'completed');
    assert.equal(statusAfter(operationAt('stopping'), exited(2)), 'failed');
  });

  it('a signal from outside to something nobody asked us to kill is not "cancelled"', () => {
    assert.equal(statusAfter(operationAt('running'), exited(143, { killDelivered: true })), 'failed');
  });

  it('stopped -> completed, failed or running: stronger evidence turns up later', () => {
    const stopped = operationAt('stopped', { endedAt: '2026-01-01T11:00:00.000Z', error: 'gone' });
    assert.equal(statusAfter(stopped, exited(0)), 'completed');
    assert.equal(statusAfter(stopped, exited(9)), 'failed');
    const risen = applied(stopped, decide(stopped, fresh, alive(), context()).change);
    assert.equal(risen.status, 'running');
    assert.equal(risen.endedAt, undefined);
    assert.equal(risen.error, undefined);
  });

  it('what showed how it ended is kept with the end, and goes when that proves to be none, or another', () => {
    const shown = { killDelivered: false, by: 'vanished' as const };
    const watch = { ...fresh, absentSinceMs: 0 };
    const stopped = applied(
      operationAt('running'),
      decide(operationAt('running'), watch, absent(shown), context()).change,
    );
    assert.deepEqual([stopped.status, stopped.endedBy], ['stopped', 'vanished']);
    const explained = { ...stopped, finding: { lines: ['bye'] } };
    for (const evidence of [alive(), exited(9), settled('failed')]) {
      const after = applied(explained, decide(explained, fresh, evidence, context()).change);
      assert.deepEqual([after.finding, after.endedBy], [undefined, undefined], evidence.kind);
    }
  });

  it('the mark of a kill that was not asked for here says whose doing it was', () => {
    const endedBy = (operation: Operation, evidence: Evidence) =>
      decide(operation, { ...fresh, absentSinceMs: 0 }, evidence, context()).change?.endedBy;
    const killed = { killDelivered: true };
    assert.equal(endedBy(operationAt('running'), exited(143, killed)), 'kill');
    assert.equal(endedBy(operationAt('running'), absent(killed)), 'kill');
    assert.equal(endedBy(operationAt('stopping'), exited(143, killed)), undefined);
    assert.equal(endedBy(operationAt('stopping'), absent(killed)), undefined);
  });
});

describe('decide: the rules', () => {
  it('rule 1: what was not seen, or does not tell, changes no status', () => {
    for (const status of statuses) {
      for (const evidence of [unreachable, ambiguous]) {
        const decision = decide(operationAt(status), fresh, evidence, context());
        assert.equal(decision.change, undefined, status);
        assert.equal(decision.next, undefined, status);
      }
    }
  });

  it('rule 1: an unseen operation is unverified since the first miss, with the reason of the last', () => {
    const operation = operationAt('running');
    const first = decide(operation, fresh, unreachable, context(0, '2026-01-01T12:00:00.000Z'));
    const login: Evidence = { kind: 'unseen', observation: 'needs-login', reason: 'key refused' };
    const second = decide(operation, first.watch, login, context(9_000, '2026-01-01T12:00:09.000Z'));
    assert.deepEqual(second.watch, {
      observation: 'needs-login',
      reason: 'key refused',
      unverifiedSince: '2026-01-01T12:00:00.000Z',
    });
    assert.deepEqual(decide(operation, second.watch, alive(), context(10_000)).watch, fresh);
  });

  const limited = (status: Operation['status'], more: Partial<Operation> = {}) =>
    operationAt(status, {
      spec: { hostId: 'here', type: 'job', name: 'train', command: 'train', timeoutSeconds: 60 },
      ...more,
    });

  it('rule 5: a time limit is judged by a look that sees it alive, and by nothing else', () => {
    const late = alive({ uptimeSeconds: 61 });
    assert.equal(decide(limited('running'), fresh, late, context()).next, 'time-out');
    const decades = '2066-01-01T12:00:00.000Z';
    for (const evidence of [unreachable, ambiguous, absent(), alive({ uptimeSeconds: 60 })]) {
      assert.equal(decide(limited('running'), fresh, evidence, context(1e12, decades)).next, undefined);
    }
    assert.equal(decide(operationAt('running'), fresh, late, context()).next, undefined);
  });

  it('rule 5: what ended before its time limit could be applied ended by itself', () => {
    assert.equal(statusAfter(limited('running'), exited(0)), 'completed');
  });

  it('rule 5: what we ended at its time limit has failed, and says so', () => {
    const stopping = limited('stopping', { timedOut: true });
    const { change } = decide(stopping, fresh, exited(143, { killDelivered: true }), context());
    assert.equal(change?.status, 'failed');
    assert.match(change.error ?? '', /time limit of 60 s/);
    assert.equal(statusAfterTwo(stopping, absent(), absenceConfirmMs), 'failed');
    assert.equal(statusAfter(stopping, exited(0)), 'completed');
  });

  it('rule 6: a jump of the wall clock neither hastens nor hinders a confirmation', () => {
    const operation = operationAt('running', { identity });
    const first = decide(operation, fresh, absent(), context(0, '2026-01-01T12:00:00.000Z'));
    const jumped = decide(operation, first.watch, absent(), context(1_000, '2036-01-01T12:00:00.000Z'));
    assert.equal(jumped.change, undefined);
    const back = decide(operation, jumped.watch, absent(), context(10_000, '2016-01-01T12:00:00.000Z'));
    assert.equal(back.change?.status, 'stopped');
  });

  it("rule 6: start and end are spans of the host's own clock, counted back from here", () => {
    const started = decide(operationAt('submitting'), fresh, alive({ uptimeSeconds: 90 }), context()).change;
    assert.equal(started?.startedAt, '2026-01-01T11:58:30.000Z');
    const ended = decide(operationAt('running'), fresh, exited(0, { endedSecondsAgo: 30 }), context()).change;
    assert.equal(ended?.endedAt, '2026-01-01T11:59:30.000Z');
  });

  it('rule 6: an end that the host cannot date is dated now; a negative span is none', () => {
    const at = (more: { endedSecondsAgo?: number }) =>
      decide(operationAt('running'), fresh, exited(0, more), context()).change?.endedAt;
    assert.equal(at({}), '2026-01-01T12:00:00.000Z');
    assert.equal(at({ endedSecondsAgo: -5 }), '2026-01-01T12:00:00.000Z');
  });

  it('rule 7: another machine behind the alias is ambiguous however often it is seen', () => {
    const other: Evidence = { kind: 'ambiguous', reason: 'another machine answers behind this host' };
    assert.equal(statusAfterTwo(operationAt('running'), other, 10 * absenceConfirmMs), 'running');
  });

  it('rule 10: a proven end is never overwritten', () => {
    const everything = [
      alive(),
      exited(7),
      absent(),
      unreachable,
      ambiguous,
      { kind: 'claimed', killDelivered: false },
      { kind: 'not-launched' },
    ] satisfies Evidence[];
    for (const status of statuses.filter((each) => isTerminal(each) && each !== 'stopped')) {
      for (const evidence of everything) {
        const decision = decide(operationAt(status), fresh, evidence, context());
        assert.deepEqual(decision, { watch: fresh }, `${status}, ${evidence.kind}`);
      }
    }
  });

  it('says what every status change rests on, and where it was seen', () => {
    const { evidence } = decide(operationAt('running'), fresh, exited(3), context());
    assert.equal(evidence, 'exit code 3 on gpu-box');
    assert.equal(decide(operationAt('running'), fresh, alive(), context()).evidence, undefined);
  });

  it('keeps the progress that came with the evidence', () => {
    const progress = { progress: 0.5 };
    for (const evidence of [alive({ progress }), exited(0, { progress })]) {
      assert.deepEqual(decide(operationAt('running'), fresh, evidence, context()).change?.progress, progress);
    }
  });
});

describe('decide: stalled', () => {
  const running = operationAt('running');
  const quiet = (quietSeconds: number) => alive({ quietSeconds });
  const sinceAfter = (evidence: Evidence, watch: Watch = fresh, now?: string) =>
    decide(running, watch, evidence, context(undefined, now)).watch.stalledSince;

  it('is what lives and has written nothing, since then by the clock of the host', () => {
    assert.equal(sinceAfter(quiet(1200)), '2026-01-01T11:40:00.000Z');
    assert.equal(statusAfter(running, quiet(1200)), 'running');
  });

  it('began at one moment, which no delay of an answer moves', () => {
    const watch: Watch = { ...fresh, stalledSince: '2026-01-01T11:40:00.000Z' };
    assert.equal(sinceAfter(quiet(1202), watch, '2026-01-01T12:00:05.000Z'), watch.stalledSince);
    assert.equal(sinceAfter(quiet(660), watch), '2026-01-01T11:49:00.000Z');
  });

  it('is over with the first sign of it, and nothing that is paused', () => {
    const watch: Watch = { ...fresh, stalledSince: '2026-01-01T11:40:00.000Z' };
    assert.equal(sinceAfter(alive(), watch), undefined);
    assert.equal(sinceAfter(alive({ activity: 'paused', quietSeconds: 1200 }), watch), undefined);
  });
});

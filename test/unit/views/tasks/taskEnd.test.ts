import assert from 'node:assert/strict';
import type { OperationView } from '../../../../src/operations/operationView';
import {
  detachedCode,
  exitCodeOf,
  neverRan,
  toldState,
  wasRefused,
} from '../../../../src/views/tasks/taskEnd';
import { view } from '../../windows/scriptedService';

const ended = (status: OperationView['status'], changes: Partial<OperationView> = {}): OperationView =>
  view('one', { status, shownStatus: status, startedAt: '2026-01-01T00:00:01.000Z', ...changes });

describe('the end of a task', () => {
  it('has the exit code of its operation', () => {
    assert.equal(exitCodeOf(ended('completed', { exitCode: 0 })), 0);
    assert.equal(exitCodeOf(ended('failed', { exitCode: 3 })), 3);
    assert.equal(exitCodeOf(ended('cancelled', { exitCode: 143 })), 143);
  });

  it('is 1 where that ended badly without a code, or with one that would pass for success', () => {
    for (const status of ['failed', 'stopped', 'cancelled'] as const) {
      assert.equal(exitCodeOf(ended(status)), 1);
      assert.equal(exitCodeOf(ended(status, { exitCode: 0 })), 1);
    }
  });

  it('passes for success where the user leaves it only if its server runs: else what depends on it would start', () => {
    assert.equal(detachedCode(view('one', { type: 'server' })), 0);
    assert.equal(detachedCode(view('one', { type: 'server', shownStatus: 'starting' })), 130);
    assert.equal(detachedCode(view('one', { type: 'server', shownStatus: 'unknown' })), 130);
    for (const type of ['job', 'program', 'transfer'] as const) {
      assert.equal(detachedCode(view('one', { type })), 130);
    }
  });

  it('waits for no log of what was called off or refused before it began, and for that of all else', () => {
    const { startedAt: _, ...unstarted } = ended('cancelled');
    assert.ok(neverRan(unstarted));
    assert.ok(!neverRan(ended('cancelled')));
    assert.ok(!neverRan({ ...unstarted, status: 'stopped' }));
    assert.ok(wasRefused({ ...unstarted, status: 'failed' }));
    assert.ok(!wasRefused({ ...unstarted, status: 'failed', exitCode: 3 }));
    assert.ok(!wasRefused(unstarted));
  });
});

describe('what is told of an operation that goes on', () => {
  const queued = (waitsFor: string) => view('one', { status: 'queued', shownStatus: 'queued', waitsFor });
  const told = (one: OperationView, other: OperationView, isFollowed = false) =>
    toldState(one, isFollowed) !== toldState(other, isFollowed);

  it('is each status, and another reason to wait', () => {
    assert.ok(told(view('one'), view('one', { status: 'paused', shownStatus: 'paused' })));
    assert.ok(told(view('one'), view('one', { shownStatus: 'unknown' })));
    assert.ok(told(queued('waits for a slot: 2 of 2 in use'), queued('waits for 1 GPU: 0 of 2 free')));
  });

  it('is not each number in it, nor each look', () => {
    assert.ok(!told(queued('waits for 2 GPUs: 0 of 4 free'), queued('waits for 2 GPUs: 1 of 4 free')));
    assert.ok(!told(view('one'), view('one', { uptimeSeconds: 5, verifiedAt: '2026-01-01T00:00:05.000Z' })));
  });

  it('is a host that is away, unless its log tells that', () => {
    const away = view('one', { observation: 'unreachable', unverifiedSince: '2026-01-01T00:00:09.000Z' });
    assert.ok(told(view('one'), away));
    assert.ok(!told(view('one'), away, true));
  });
});

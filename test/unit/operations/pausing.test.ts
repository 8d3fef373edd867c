import assert from 'node:assert/strict';
import { decide } from '../../../src/operations/decide';
import { describe as describeOperation } from '../../../src/operations/describe';
import type { Operation } from '../../../src/operations/operation';
import { canPause, canResume } from '../../../src/operations/pausing';
import { statuses } from '../../../src/operations/status';
import { alive, applied, context, fresh, operationAt, pending } from './samples';

const look = (operation: Operation, activity: 'running' | 'paused', uptimeSeconds: number) => {
  const decision = decide(operation, fresh, alive({ activity, uptimeSeconds }), context());
  return { ...decision, after: applied(operation, decision.change) };
};
const limited = (seconds: number) =>
  operationAt('running', { spec: { ...operationAt('running').spec, timeoutSeconds: seconds } });

describe('pausing', () => {
  it('is whose doing it was by the wish, which is over with what it wished for', () => {
    const asked = look(operationAt('running', { wish: 'pause' }), 'paused', 60);
    assert.match(asked.evidence ?? '', /^suspended as asked for: pid/);
    assert.equal(asked.after.wish, undefined);
    assert.match(look(operationAt('running'), 'paused', 60).evidence ?? '', /^suspended: pid/);
    assert.equal(look(operationAt('running', { wish: 'pause' }), 'running', 60).after.wish, 'pause');
    const resumed = look(operationAt('paused', { wish: 'resume' }), 'running', 60);
    assert.match(resumed.evidence ?? '', /^goes on as asked for/);
    assert.match(look(operationAt('paused'), 'running', 60).evidence ?? '', /^goes on: /);
  });

  it('never changes the status by a wish: only by what is seen', () => {
    for (const wish of ['pause', 'resume'] as const) {
      assert.equal(look(operationAt('running', { wish }), 'running', 60).after.status, 'running');
      assert.equal(look(operationAt('paused', { wish }), 'paused', 60).after.status, 'paused');
    }
  });

  it('does not count towards a time limit, however often', () => {
    let { after, next } = look(limited(100), 'paused', 90);
    assert.deepEqual([after.pausedAtSeconds, next], [90, undefined]);
    ({ after, next } = look(after, 'paused', 500));
    assert.deepEqual([after.pausedAtSeconds, next], [90, undefined]);
    ({ after, next } = look(after, 'running', 600));
    assert.deepEqual([after.pausedAtSeconds, after.pausedSeconds, next], [undefined, 510, undefined]);
    ({ after, next } = look(after, 'paused', 605));
    ({ after, next } = look(after, 'running', 705));
    assert.deepEqual([after.pausedSeconds, next], [610, undefined]);
    assert.equal(look(after, 'running', 710).next, undefined);
    assert.equal(look(after, 'running', 711).next, 'time-out');
  });

  it('of what was over its limit before ends it only once it goes on', () => {
    const { after, next } = look(limited(10), 'paused', 60);
    assert.equal(next, undefined);
    assert.equal(look(after, 'running', 61).next, 'time-out');
  });

  it('is offered only where it applies', () => {
    const at = { nowMs: 0, unknownAfterMinutes: 60, pausable: true };
    for (const status of statuses) {
      const view = describeOperation(operationAt(status), fresh, at);
      assert.equal(canPause(view) && canResume(view), false, status);
      const unable = describeOperation(operationAt(status), fresh, { ...at, pausable: false });
      assert.equal(canPause(unable) || canResume(unable), false, status);
    }
    const shown = (operation: Operation) => {
      const view = describeOperation(operation, fresh, at);
      return canPause(view) ? 'pause' : canResume(view) ? 'resume' : undefined;
    };
    assert.equal(shown(operationAt('running')), 'pause');
    assert.equal(shown(operationAt('paused')), 'resume');
    const waiting = (reason: string) =>
      operationAt('pending', { scheduler: { jobId: '7', state: 'PENDING', reason } });
    assert.equal(shown(waiting('Resources')), 'pause');
    assert.equal(shown(waiting('JobHeldUser')), 'resume');
  });

  it('of what waits for a scheduler is over with its next word', () => {
    const held = operationAt('pending', { wish: 'pause' });
    assert.equal(applied(held, decide(held, fresh, pending(), context()).change).wish, undefined);
  });
});

import assert from 'node:assert/strict';
import type { Watch } from '../../../src/operations/decision';
import { describe as describeOperation } from '../../../src/operations/describe';
import { isAgeing, verificationText } from '../../../src/operations/knowledge';
import type { Operation } from '../../../src/operations/operation';
import { fresh, operationAt } from './samples';

const time = (iso: string): string => iso.slice(11, 16);
const verified: Partial<Operation> = {
  verifiedAt: '2026-01-01T12:00:00.000Z',
  verifiedBy: 'pid and start time',
};
const lost: Watch = {
  observation: 'unreachable',
  reason: 'connection refused',
  unverifiedSince: '2026-01-01T12:00:05.000Z',
};

describe('what a status rests on, in words', () => {
  const words = (operation: Operation, watch: Watch, at: string) => {
    const nowMs = Date.parse(`2026-01-01T${at}Z`);
    const view = describeOperation(operation, watch, { nowMs, unknownAfterMinutes: 60 });
    return `${view.shownStatus}, ${verificationText(view, 'dgx-1', nowMs, time)}`;
  };

  it('is how long ago it was verified, by what and where', () => {
    const running = operationAt('running', verified);
    for (const [at, ago] of [
      ['12:00:04', '4 s'],
      ['12:03:59', '3 min'],
      ['14:30:00', '2 h'],
      // The clock was set back.
      ['11:00:00', '1 s'],
    ] as const) {
      assert.equal(words(running, fresh, at), `running, verified ${ago} ago by pid and start time on dgx-1`);
    }
  });

  it('leaves out where, beside a line that says it', () => {
    const view = describeOperation(operationAt('running', verified), fresh, {
      nowMs: 0,
      unknownAfterMinutes: 60,
    });
    const text = (hostName?: string) =>
      verificationText(view, hostName, Date.parse('2026-01-01T12:00:04Z'), time);
    assert.equal(text(), 'verified 4 s ago by pid and start time');
    assert.equal(text('dgx-1'), `${text()} on dgx-1`);
  });

  it('is since when and why it could not be verified; unknown after an hour, and back with the next contact', () => {
    const running = operationAt('running', verified);
    const unverified = 'unverified since 12:00: connection refused';
    assert.equal(words(running, lost, '12:59:00'), `running, ${unverified}`);
    assert.equal(words(running, lost, '13:00:01'), `unknown, ${unverified}`);
    const back = operationAt('running', { ...verified, verifiedAt: '2026-01-01T13:00:02.000Z' });
    assert.equal(words(back, fresh, '13:00:03'), 'running, verified 1 s ago by pid and start time on dgx-1');
  });

  it('is the time of the proof for what has ended: that does not age', () => {
    const failed = operationAt('failed', { ...verified, verifiedBy: 'exit code' });
    assert.equal(words(failed, lost, '17:00:00'), 'failed, verified 12:00 by exit code on dgx-1');
  });

  it('is nothing where nothing was to be verified yet', () => {
    assert.equal(words(operationAt('submitting'), fresh, '12:00:00'), 'submitting, undefined');
  });

  it('ages only while it runs and is verified', () => {
    const ages = (operation: Operation, watch: Watch) =>
      isAgeing(describeOperation(operation, watch, { nowMs: 0, unknownAfterMinutes: 60 }));
    assert.equal(ages(operationAt('running', verified), fresh), true);
    assert.equal(ages(operationAt('running', verified), lost), false);
    assert.equal(ages(operationAt('running'), fresh), false);
    assert.equal(ages(operationAt('failed', verified), fresh), false);
  });
});

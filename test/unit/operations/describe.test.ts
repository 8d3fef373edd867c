import assert from 'node:assert/strict';
import type { Watch } from '../../../src/operations/decision';
import { describe as describeOperation, type ViewContext } from '../../../src/operations/describe';
import { isActive, statuses } from '../../../src/operations/status';
import { fresh, identity, operationAt } from './samples';

const at = (time: string, more: Partial<ViewContext> = {}): ViewContext => ({
  nowMs: Date.parse(time),
  unknownAfterMinutes: 60,
  ...more,
});

const lost: Watch = {
  observation: 'unreachable',
  reason: 'timed out',
  unverifiedSince: '2026-01-01T12:00:05.000Z',
};

describe('describe', () => {
  it('is unknown after an hour without contact, and back with the next contact', () => {
    const running = operationAt('running', { verifiedAt: '2026-01-01T12:00:00.000Z' });
    const shown = (watch: Watch, time: string) => describeOperation(running, watch, at(time)).shownStatus;
    assert.equal(shown(lost, '2026-01-01T13:00:00.000Z'), 'running');
    assert.equal(shown(lost, '2026-01-01T13:00:01.000Z'), 'unknown');
    assert.equal(shown(fresh, '2026-01-01T13:00:01.000Z'), 'running');
  });

  it('never stores "unknown": the status stays what was last proven', () => {
    const running = operationAt('running', { verifiedAt: '2026-01-01T12:00:00.000Z' });
    const view = describeOperation(running, lost, at('2026-01-02T12:00:00.000Z'));
    assert.deepEqual([view.status, view.shownStatus], ['running', 'unknown']);
  });

  it('counts from the submission where the host has never answered', () => {
    const submitting = operationAt('unconfirmed', { submittedAt: '2026-01-01T10:00:00.000Z' });
    const shown = (time: string) => describeOperation(submitting, lost, at(time)).shownStatus;
    assert.equal(shown('2026-01-01T11:00:00.000Z'), 'unconfirmed');
    assert.equal(shown('2026-01-01T11:00:01.000Z'), 'unknown');
  });

  it('only what is active on a host can be unknown: neither queued nor ended', () => {
    for (const status of statuses) {
      const view = describeOperation(operationAt(status), lost, at('2027-01-01T00:00:00.000Z'));
      assert.equal(view.shownStatus, isActive(status) ? 'unknown' : status);
    }
  });

  it('says how well an active operation is known, and nothing of the kind about an ended one', () => {
    const active = describeOperation(operationAt('running'), lost, at('2026-01-01T12:01:00.000Z'));
    assert.equal(active.observation, 'unreachable');
    assert.equal(active.observationReason, 'timed out');
    assert.equal(active.unverifiedSince, '2026-01-01T12:00:05.000Z');
    const ended = describeOperation(operationAt('completed'), lost, at('2026-01-01T12:01:00.000Z'));
    assert.equal(ended.observation, 'fresh');
    assert.ok(!('observationReason' in ended) && !('unverifiedSince' in ended));
  });

  it('has an uptime until now while it runs, and until its end after that', () => {
    const started = { startedAt: '2026-01-01T12:00:00.000Z' };
    const uptime = (operation: ReturnType<typeof operationAt>) =>
      describeOperation(operation, fresh, at('2026-01-01T12:01:30.400Z')).uptimeSeconds;
    assert.equal(uptime(operationAt('running', started)), 90);
    assert.equal(uptime(operationAt('completed', { ...started, endedAt: '2026-01-01T12:00:10.000Z' })), 10);
    assert.equal(uptime(operationAt('running')), undefined);
  });

  it('has no negative uptime when this clock went back', () => {
    const view = describeOperation(
      operationAt('running', { startedAt: '2026-01-01T12:00:00.000Z' }),
      fresh,
      at('2026-01-01T11:00:00.000Z'),
    );
    assert.equal(view.uptimeSeconds, 0);
  });

  it('shows ETA and speed of an active operation only', () => {
    const context = at('2026-01-01T12:00:00.000Z', { etaSeconds: 80, speedBytesPerSecond: 1000 });
    const running = describeOperation(operationAt('running'), fresh, context);
    assert.deepEqual([running.etaSeconds, running.speedBytesPerSecond], [80, 1000]);
    const ended = describeOperation(operationAt('failed'), fresh, context);
    assert.deepEqual([ended.etaSeconds, ended.speedBytesPerSecond], [undefined, undefined]);
  });

  it('shows the pid as the handle, the progress, and no field without a value', () => {
    const progress = { progress: 0.5, epoch: 5, totalEpochs: 10, metrics: { loss: 0.1 } };
    const view = describeOperation(
      operationAt('running', { identity, progress }),
      fresh,
      at('2026-01-01T12:00:00.000Z'),
    );
    assert.deepEqual([view.pid, view.handle], [4242, '4242']);
    assert.deepEqual(
      [view.progress, view.epoch, view.totalEpochs, view.metrics],
      [0.5, 5, 10, { loss: 0.1 }],
    );
    assert.ok(Object.values(view).every((value) => value !== undefined));
  });

  it('can be started on the user’s word only while it waits until its host is free', () => {
    const { spec } = operationAt('queued');
    const patient = { spec: { ...spec, startWhenFree: true } };
    const untilFree = (...[status, more]: Parameters<typeof operationAt>) =>
      describeOperation(operationAt(status, more), fresh, at('2026-01-01T12:00:00.000Z')).untilFree;
    assert.equal(untilFree('queued', patient), true);
    assert.equal(untilFree('queued', { ...patient, startsAnyway: true }), undefined);
    assert.equal(untilFree('running', patient), undefined);
    assert.equal(untilFree('queued'), undefined);
  });

  it('says that it is stalled only as long as it runs and was seen just now', () => {
    const stalledSince = '2026-01-01T11:40:00.000Z';
    const shown = (status: (typeof statuses)[number], watch: Watch) =>
      describeOperation(operationAt(status), { ...watch, stalledSince }, at('2026-01-01T12:00:00.000Z'))
        .stalledSince;
    assert.equal(shown('running', fresh), stalledSince);
    assert.equal(shown('running', lost), undefined);
    for (const status of statuses.filter((each) => each !== 'running')) {
      assert.equal(shown(status, fresh), undefined, status);
    }
  });
});

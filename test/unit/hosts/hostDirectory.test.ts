import assert from 'node:assert/strict';
import type { HostStateChange } from '../../../src/hosts/connection';
import { HostDirectory } from '../../../src/hosts/hostDirectory';
import type { Machine } from '../../../src/hosts/machine';
import { RemoteOperationsError } from '../../../src/operations/errors';

describe('the configured hosts', () => {
  let minute: number;
  let directory: HostDirectory;
  let told: number;
  let note: (change: HostStateChange) => void;

  const view = () => directory.all()[0];
  const lost = (why: string): HostStateChange => ({
    state: 'unreachable',
    error: new RemoteOperationsError('Unreachable', why),
  });

  beforeEach(() => {
    minute = 0;
    told = 0;
    directory = new HostDirectory({
      now: () => `2026-01-01T12:0${minute}:00.000Z`,
      onRemoved: () => undefined,
      create: (_, onState) => {
        note = onState;
        return { hostId: 'lab', dispose: () => undefined } as Machine;
      },
    });
    directory.configure([{ id: 'lab', name: 'Lab', host: 'lab.example' }]);
    directory.machine('lab');
    directory.onDidChange(() => (told += 1));
  });

  it('are away since the first failure, with the error of the last, while they are tried again', () => {
    note(lost('refused'));
    minute = 1;
    note({ state: 'connecting' });
    assert.deepEqual([view()?.state, view()?.error], ['unreachable', 'refused']);
    assert.equal(told, 1);
    note(lost('no route'));
    const { state, error, errorCode, unreachableSince } = view() ?? {};
    assert.deepEqual([state, error, errorCode], ['unreachable', 'no route', 'Unreachable']);
    assert.equal(unreachableSince, '2026-01-01T12:00:00.000Z');
  });

  it('are not away any more once connected, and since anew when lost again', () => {
    note(lost('refused'));
    minute = 1;
    note({ state: 'connected', roundTripMs: 12.4 });
    assert.deepEqual(view(), {
      id: 'lab',
      name: 'Lab',
      address: 'lab.example',
      state: 'connected',
      lastContactAt: '2026-01-01T12:01:00.000Z',
      roundTripMs: 12,
    });
    minute = 2;
    note(lost('gone'));
    assert.equal(view()?.unreachableSince, '2026-01-01T12:02:00.000Z');
    assert.equal(view()?.lastContactAt, '2026-01-01T12:01:00.000Z');
  });

  it('tell that they are being connected for the first time', () => {
    note({ state: 'connecting' });
    assert.equal(view()?.state, 'connecting');
  });
});

import assert from 'node:assert/strict';
import type { HostStateChange } from '../../../src/hosts/connection';
import { HostDirectory } from '../../../src/hosts/hostDirectory';
import { loginUnasked } from '../../../src/hosts/hostErrors';
import type { HostQuestions } from '../../../src/hosts/hostQuestions';
import type { HostConfig, Machine } from '../../../src/hosts/machine';

describe('the configured hosts and the user', () => {
  let directory: HostDirectory;
  let questions: HostQuestions | undefined;
  let tell: (change: HostStateChange) => void;
  let removed: HostConfig[];
  const lab: HostConfig = { id: 'lab', host: 'lab' };

  beforeEach(() => {
    removed = [];
    directory = new HostDirectory({
      now: () => '2026-01-01T00:00:00.000Z',
      onRemoved: (host) => void removed.push(host),
      create: ({ id }, onState, hostQuestions): Machine => {
        tell = onState;
        questions = hostQuestions;
        return {
          hostId: id,
          connect: () => Promise.resolve(),
          run: () => Promise.reject(new Error('not here')),
          dispose: () => undefined,
        };
      },
    });
    directory.configure([lab]);
  });

  it('says of a host that it waits for the user until it was reached, also while it is tried', () => {
    directory.machine('lab');
    const waits = (change: HostStateChange) => {
      tell(change);
      return directory.all()[0]?.waitsForUser === true;
    };
    const error = loginUnasked({ name: 'lab', address: 'lab' }, 'a password');
    assert.equal(waits({ state: 'needs-login', error }), true);
    assert.equal(waits({ state: 'connecting' }), true);
    assert.equal(waits({ state: 'connected' }), false);
  });

  it('stays disconnected, whatever the connection that is let go still tells, until a user wants something', () => {
    directory.machine('lab');
    tell({ state: 'connecting' });
    const late = tell;
    directory.disconnect('lab');
    late({ state: 'idle' });
    assert.equal(directory.all()[0]?.state, 'disconnected');
    const refuses = directory.machine('lab');
    directory.permitQuestions('lab', { ask: () => Promise.resolve(undefined) }).dispose();
    assert.notEqual(directory.machine('lab'), refuses);
    tell({ state: 'connected' });
    late({ state: 'unreachable' });
    assert.equal(directory.all()[0]?.state, 'connected');
  });

  it('keeps in mind what was declined when the connection is made anew', () => {
    directory.machine('lab');
    questions?.decline();
    directory.renew('lab');
    directory.machine('lab');
    assert.equal(questions?.isDeclined, true);
  });

  it('tells which hosts are gone from the settings, be it that they lead elsewhere now', () => {
    directory.configure([lab, { id: 'box', host: 'box' }]);
    assert.deepEqual(removed, []);
    directory.configure([{ id: 'box', host: 'box', user: 'ada' }]);
    assert.deepEqual(removed, [lab, { id: 'box', host: 'box' }]);
    directory.configure([{ id: 'box', name: 'Box', host: 'box', user: 'ada' }]);
    assert.equal(removed.length, 2);
  });
});

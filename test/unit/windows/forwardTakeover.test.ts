import assert from 'node:assert/strict';
import { RemoteOperationsError } from '../../../src/operations/errors';
import { ServiceSwitch } from '../../../src/windows/serviceSwitch';
import { takeOverForwards, type LostForward } from '../../../src/windows/forwardTakeover';
import { ScriptedService, view } from './scriptedService';

describe('ports that the last owner forwarded', () => {
  const server = view('api', { type: 'server', port: 80, forwardedPort: 8080 });
  const ended = view('gone', { status: 'completed', forwardedPort: 8081 });
  const other = view('job');

  /** Takes the place of an owner that forwarded, and tells what was asked of the new engine. */
  const takeOver = (next: ScriptedService, isOwn: boolean): void => {
    const service = new ServiceSwitch();
    const last = new ScriptedService();
    last.put(server, ended, other);
    service.provide(last);
    service.withdraw();
    const { forwardedPort, ...now } = server;
    next.put(now, ended, other);
    service.provide(next, { isOwn });
  };

  it('are listened on again by the window that takes over, under the same numbers', () => {
    const next = new ScriptedService();
    takeOver(next, true);
    assert.deepEqual(next.calls, [['openPort', 'api', { localPort: 8080 }]]);
  });

  it('are left to that window by the others', () => {
    const next = new ScriptedService();
    takeOver(next, false);
    assert.deepEqual(next.calls, []);
  });

  it('are told to be lost where that cannot be', async () => {
    const next = new ScriptedService();
    next.answer = () => Promise.reject(new RemoteOperationsError('NotApplicable', 'It is taken.'));
    next.put(server);
    const lost: LostForward[] = [];
    await takeOverForwards(next, [server, ended, other], (forward) => lost.push(forward), 1);
    assert.deepEqual(lost, [{ name: 'api', localPort: 8080, problem: 'It is taken.' }]);
  });
});

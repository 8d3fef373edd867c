import assert from 'node:assert/strict';
import { isActive, isRunning, isTerminal, statuses } from '../../../src/operations/status';

describe('statuses', () => {
  it('are queued, active or ended, and exactly one of these', () => {
    for (const status of statuses) {
      const groups = [status === 'queued', isActive(status), isTerminal(status)].filter(Boolean);
      assert.equal(groups.length, 1, status);
    }
  });

  it('that count as running are those confirmed to execute', () => {
    assert.deepEqual(statuses.filter(isRunning), ['starting', 'running', 'paused', 'stopping']);
    assert.ok(!isRunning('unknown'));
  });
});

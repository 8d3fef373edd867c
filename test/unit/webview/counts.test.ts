import assert from 'node:assert/strict';
import { statuses, type ShownStatus, type Status } from '../../../src/operations/status';
import type { OperationView } from '../../../src/operations/operationView';
import { isOursAndRunning } from '../../../src/views/counted';
import { countNames, countText, countedAs, groupCounts } from '../../../webview/dashboard/counts';

const seen = (status: Status, shownStatus: ShownStatus = status, origin?: 'found') => ({
  status,
  shownStatus,
  ...(origin && { origin }),
});
/** Each status, also of what others started, and of what was not seen for long. */
const every = statuses.flatMap((status) => [
  seen(status),
  seen(status, status, 'found'),
  seen(status, ['completed', 'failed', 'cancelled', 'stopped'].includes(status) ? status : 'unknown'),
]);

describe('counts above the cards', () => {
  it('add up to the cards: each operation is in exactly one', () => {
    const groups = groupCounts(every);
    const total = [...groups.values()].reduce((sum, { length }) => sum + length, 0);
    assert.equal(total, every.length);
    assert.deepEqual([...groups.keys()].sort(), [...countNames].sort());
  });

  it('count as running exactly what the status bar does', () => {
    for (const operation of every) {
      assert.equal(
        countedAs(operation) === 'running',
        isOursAndRunning(operation as OperationView),
        operation.status,
      );
    }
  });

  it('keep apart what failed, was stopped, was cancelled and was completed', () => {
    for (const status of ['failed', 'stopped', 'cancelled', 'completed'] as const) {
      assert.equal(countedAs(seen(status)), status);
      assert.equal(countText(status, '3'), `3 ${status}`);
    }
  });
});

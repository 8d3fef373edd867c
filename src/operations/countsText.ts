import * as l10n from '@vscode/l10n';
import { formatCount } from './amountText';
import type { ShownStatus } from './status';
import { statusText } from './statusText';
import type { OperationCounts } from './summary';

/** What goes on first, then what waits, then what has ended. */
const order: readonly ShownStatus[] = [
  'running',
  'paused',
  'stopping',
  'starting',
  'unknown',
  'pending',
  'queued',
  'submitting',
  'unconfirmed',
  'failed',
  'stopped',
  'cancelled',
  'completed',
];

/** `2 running, 1 failed`: each status that occurs. */
export function countsText({ total, byStatus }: OperationCounts): string {
  if (total === 0) {
    return l10n.t('no operations');
  }
  return order
    .flatMap((status) => {
      const count = byStatus[status] ?? 0;
      return count > 0 ? [l10n.t('{0} {1}', formatCount(count), statusText(status))] : [];
    })
    .join(', ');
}

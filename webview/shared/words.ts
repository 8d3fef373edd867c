/** How a status is called by itself, the same on every page. */
import * as l10n from '@vscode/l10n';
import type { ShownStatus } from '../../src/operations/status';

const statusWords: Record<ShownStatus, () => string> = {
  queued: () => l10n.t('Queued'),
  submitting: () => l10n.t('Submitting'),
  unconfirmed: () => l10n.t('Unconfirmed'),
  pending: () => l10n.t('Pending'),
  starting: () => l10n.t('Starting'),
  running: () => l10n.t('Running'),
  paused: () => l10n.t('Paused'),
  stopping: () => l10n.t('Stopping'),
  completed: () => l10n.t('Completed'),
  failed: () => l10n.t('Failed'),
  cancelled: () => l10n.t('Cancelled'),
  stopped: () => l10n.t('Stopped'),
  unknown: () => l10n.t('Unknown'),
};

export const statusWord = (status: ShownStatus): string => statusWords[status]();

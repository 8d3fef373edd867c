import * as l10n from '@vscode/l10n';
import type { ShownStatus } from './status';

/** Words for statuses within a sentence, the same in tree, tooltips and messages. */
export function statusText(status: ShownStatus): string {
  const words: Record<ShownStatus, string> = {
    queued: l10n.t('queued'),
    submitting: l10n.t('submitting'),
    unconfirmed: l10n.t('unconfirmed'),
    pending: l10n.t('pending'),
    starting: l10n.t('starting'),
    running: l10n.t('running'),
    paused: l10n.t('paused'),
    stopping: l10n.t('stopping'),
    completed: l10n.t('completed'),
    failed: l10n.t('failed'),
    cancelled: l10n.t('cancelled'),
    stopped: l10n.t('stopped'),
    unknown: l10n.t('unknown'),
  };
  return words[status];
}

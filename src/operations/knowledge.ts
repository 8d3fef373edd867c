import * as l10n from '@vscode/l10n';
import { ageText } from './ageText';
import type { OperationView } from './operationView';
import { isActive } from './status';

/**
 * What the shown status rests on: "verified 4 s ago by pid and start time on dgx-1", or "unverified since
 * 14:02: connection refused". `undefined`: there was nothing to verify yet. Read as "running, ...".
 *
 * @param hostName left out where it stands beside already
 * @param time words a time of day, with the date where that is not today
 */
export function verificationText(
  view: OperationView,
  hostName: string | undefined,
  nowMs: number,
  time: (iso: string) => string,
): string | undefined {
  const { verifiedAt, verifiedBy, unverifiedSince, observationReason } = view;
  if (isUnverified(view)) {
    const since =
      unverifiedSince === undefined
        ? l10n.t('unverified')
        : l10n.t('unverified since {0}', time(unverifiedSince));
    return observationReason ? `${since}: ${observationReason}` : since;
  }
  if (verifiedAt === undefined) {
    return undefined;
  }
  const when = isActive(view.status) ? l10n.t('{0} ago', ageText(verifiedAt, nowMs)) : time(verifiedAt);
  if (hostName === undefined) {
    return verifiedBy === undefined
      ? l10n.t('verified {0}', when)
      : l10n.t('verified {0} by {1}', when, verifiedBy);
  }
  return verifiedBy === undefined
    ? l10n.t('verified {0} on {1}', when, hostName)
    : l10n.t('verified {0} by {1} on {2}', when, verifiedBy, hostName);
}

/** An ended operation needs no further contact, and one in our own queue none yet. */
export const isUnverified = ({ observation, status }: OperationView): boolean =>
  observation !== 'fresh' && isActive(status);

/** Whether the words of `verificationText` change by themselves as time goes on. */
export const isAgeing = (view: OperationView): boolean =>
  isActive(view.status) && view.verifiedAt !== undefined && !isUnverified(view);

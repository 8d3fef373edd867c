import * as l10n from '@vscode/l10n';
import type { Evidence } from './evidence';
import type { Operation, OperationChange } from './operation';
import type { OperationView } from './operationView';
import { isHeld } from './scheduler';
import type { Status } from './status';

type Alive = Extract<Evidence, { kind: 'alive' }>;

/** Executing, as far as is known: there is something to suspend. */
export const isLiving = (status: Status): boolean =>
  status === 'starting' || status === 'running' || status === 'paused';

export const canPause = (view: OperationView): boolean =>
  view.pausable === true && view.status !== 'paused' && !isHeld(view);

export const canResume = (view: OperationView): boolean =>
  view.pausable === true && (view.status === 'paused' || isHeld(view));

/** How long it was suspended, as of a look. Both ages are of the host's clock. */
export function pauseNoted(operation: Operation, { activity, uptimeSeconds }: Alive): OperationChange {
  const { pausedAtSeconds, pausedSeconds = 0, wish } = operation;
  const isFulfilled = (wish === 'pause') === (activity === 'paused');
  const fulfilled: OperationChange = wish && isFulfilled ? { wish: undefined } : {};
  if (activity === 'paused') {
    return pausedAtSeconds === undefined ? { ...fulfilled, pausedAtSeconds: uptimeSeconds } : fulfilled;
  }
  return pausedAtSeconds === undefined
    ? fulfilled
    : {
        ...fulfilled,
        pausedAtSeconds: undefined,
        pausedSeconds: pausedSeconds + Math.max(0, uptimeSeconds - pausedAtSeconds),
      };
}

/** How long it has run, or could have, by the host's clock: what its time limit counts. */
export function unpausedSeconds(operation: Operation, { uptimeSeconds }: Alive): number {
  const { pausedAtSeconds, pausedSeconds = 0 } = operation;
  return Math.min(uptimeSeconds, pausedAtSeconds ?? uptimeSeconds) - pausedSeconds;
}

/** For the audit trail: what a look that saw it alive makes of its status, and whose doing that was. */
export function aliveText({ status, wish }: Operation, { activity }: Alive): string {
  if (activity === 'paused') {
    return wish === 'pause' ? l10n.t('suspended as asked for') : l10n.t('suspended');
  }
  if (status !== 'paused') {
    return l10n.t('alive');
  }
  return wish === 'resume' ? l10n.t('goes on as asked for') : l10n.t('goes on');
}

import * as l10n from '@vscode/l10n';
import { ageText } from './ageText';
import type { Operation } from './operation';
import type { OperationView } from './operationView';

/**
 * Whether it listens on its port, or will: also while it waits in the queue, and while nobody has seen it yet. What ends
 * does not, unless it is started again then; a Slurm job does on another machine, and what another extension runs by its
 * own rules.
 */
export const isToListen = ({
  launcher,
  status,
  restartAs,
  archived,
}: Pick<Operation, 'launcher' | 'status' | 'restartAs' | 'archived'>): boolean =>
  (launcher === 'process' || launcher === 'pueue') &&
  (status !== 'stopping' || restartAs !== undefined) &&
  archived !== true;

/** Who is to listen on a port, as part of a sentence. `undefined`: it is not known here any more. */
export function plannedText(
  operation: Pick<OperationView, 'name' | 'status' | 'startedAt'> | undefined,
  nowMs: number,
): string {
  if (!operation) {
    return l10n.t('an operation that is to listen on it');
  }
  const { name, status, startedAt } = operation;
  if (status === 'queued' || status === 'pending') {
    return l10n.t('operation "{0}", which is queued and is to listen on it', name);
  }
  if (status === 'unconfirmed') {
    return l10n.t('operation "{0}", which may have been started and is to listen on it', name);
  }
  if (startedAt === undefined) {
    return l10n.t('operation "{0}", which is being started and is to listen on it', name);
  }
  return status === 'starting'
    ? l10n.t(
        'operation "{0}", which was started {1} ago and is to listen on it',
        name,
        ageText(startedAt, nowMs),
      )
    : l10n.t('operation "{0}", whose port it is', name);
}

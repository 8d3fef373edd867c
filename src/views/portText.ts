import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import { plannedText } from '../operations/portPlan';
import { isTaken, type PortUse } from '../operations/portUse';
import { oneLine } from './historyTable';

/** Who uses a port, as part of a sentence: `python3 (pid 4711)`. */
export function userText(use: PortUse, service: Pick<OperationsService, 'get'>): string {
  const { t } = vscode.l10n;
  const { operationId, isOrphan, isOwn, user } = use;
  const operation = operationId === undefined ? undefined : service.get(operationId);
  if (use.isPlanned) {
    return plannedText(operation && { ...operation, name: oneLine(operation.name) }, Date.now());
  }
  const program = programText(use);
  if (operation && !isOrphan) {
    return t('operation "{0}" ({1})', oneLine(operation.name), program);
  }
  if (operation) {
    return t('what is left of "{0}", which has ended ({1})', oneLine(operation.name), program);
  }
  if (isOrphan) {
    return t('an operation that is not in the list ({0})', program);
  }
  if (use.pid === undefined) {
    return isOwn
      ? t('a process of yours that cannot be seen, as in a container')
      : user === undefined
        ? t('a process that cannot be seen')
        : t('a process of {0}', user);
  }
  return isOwn || user === undefined ? program : t('{0} of {1}', program, user);
}

function programText({ process = '', pid }: PortUse): string {
  return process === ''
    ? vscode.l10n.t('pid {0}', String(pid))
    : vscode.l10n.t('{0}, pid {1}', oneLine(process), String(pid));
}

/** All who use it. */
export const usersText = (uses: readonly PortUse[], service: Pick<OperationsService, 'get'>): string =>
  uses.map((use) => userText(use, service)).join('; ');

/** What a port is like, in a sentence. */
export function portText(
  port: number,
  hostName: string,
  uses: readonly PortUse[],
  service: Pick<OperationsService, 'get'>,
): string {
  const { t } = vscode.l10n;
  const taken = uses.filter(isTaken);
  if (taken.length === 0) {
    return t('Port {0} on {1} is free now.', String(port), hostName);
  }
  const users = usersText(taken, service);
  return taken.some(({ listening }) => listening)
    ? t('Port {0} on {1} is used by {2}.', String(port), hostName, users)
    : t('Port {0} on {1} is meant for {2}.', String(port), hostName, users);
}

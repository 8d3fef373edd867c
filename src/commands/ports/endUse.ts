import * as vscode from 'vscode';
import type { OperationsService } from '../../engine/operationsService';
import type { HostView } from '../../operations/operationView';
import type { PortUse } from '../../operations/portUse';
import { confirmsKill } from '../../settings';
import { confirm } from '../../views/messages';
import { userText } from '../../views/portText';
import { withProgress } from '../withProgress';

/** Whether it can be ended from here: it is the user's own, and is seen. */
export const canEnd = ({ isOwn, identity, operationId, isOrphan }: PortUse): boolean =>
  (operationId !== undefined && !isOrphan) || (isOwn === true && identity !== undefined);

/**
 * Ends those who use a port, after the user's word, and looks at it again. Resolves with who uses it then; `undefined`:
 * the user left, and nothing was done.
 */
export async function endUses(
  service: OperationsService,
  host: HostView,
  port: number,
  uses: readonly PortUse[],
): Promise<PortUse[] | undefined> {
  const { t } = vscode.l10n;
  if (confirmsKill()) {
    const question = t('Free port {0} on {1}?', String(port), host.name);
    const detail = t(
      'What uses it is asked to end (TERM), and killed (KILL) if it has not after 10 seconds:',
    );
    const lines = uses.map((use) => [userText(use, service), use.command].filter(Boolean).join('\n'));
    if (!(await confirm(question, [detail, ...lines].join('\n\n'), t('Kill')))) {
      return undefined;
    }
  }
  const title = t('Freeing port {0} on {1}...', String(port), host.name);
  return withProgress({ title }, async () => {
    for (const use of uses) {
      await endUse(service, host.id, use);
    }
    return service.checkPorts(host.id, [port], { mayAsk: true });
  });
}

async function endUse(service: OperationsService, hostId: string, use: PortUse): Promise<void> {
  const { operationId, isOrphan, identity, sharedBy = [] } = use;
  if (operationId !== undefined && !isOrphan) {
    await service.kill(operationId);
    return;
  }
  // The first one made the socket: those that have it from there mostly end with it.
  for (const process of identity ? [identity, ...sharedBy] : []) {
    await service.endProcess(hostId, process);
  }
}

import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import type { OperationsService } from '../engine/operationsService';
import { canKill } from '../operations/applicable';
import { RemoteOperationsError } from '../operations/errors';
import type { HostView, OperationView } from '../operations/operationView';
import { statusText } from '../operations/statusText';
import { confirmationOf } from './confirmation';
import { operationRow, type RowService } from './operationRow';
import { checkedInput, knownOperation, operationId } from './toolInput';
import { dataNote, type Tool, toolNames } from './tool';

const mostGraceSeconds = 600;
/** Of a command that is to end: enough to know it by. */
const longestCommand = 2_000;

const schema = v.strictObject({
  id: operationId,
  graceSeconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(mostGraceSeconds))),
});

/** Kills an operation, once the user has confirmed which, and tells what was seen of its end. */
export const killTool = (service: RowService & Pick<OperationsService, 'get' | 'kill'>): Tool => {
  const wishOf = (input: unknown) => {
    const { id, graceSeconds } = checkedInput(schema, input);
    const view = knownOperation(service, id);
    if (!canKill(view)) {
      throw new RemoteOperationsError(
        'NotApplicable',
        l10n.t(
          '"{0}" cannot be killed: it is {1}, or it was not started from this list. There is nothing to do.',
          view.name,
          statusText(view.shownStatus),
        ),
      );
    }
    return { view, ...(graceSeconds !== undefined && { graceSeconds }) };
  };
  return {
    name: toolNames.kill,
    progressText: () => l10n.t('Killing a remote operation'),
    confirmation: (input) => confirmation(wishOf(input).view, service.hosts()),
    async run(input) {
      const { view, ...options } = wishOf(input);
      const killed = await service.kill(view.id, options);
      const operation = await operationRow(service, killed);
      return () => ({ note: dataNote, operation });
    },
  };
};

function confirmation(view: OperationView, hosts: readonly HostView[]) {
  const { name, command, pid, hostId, id, shownStatus } = view;
  const isLong = command.length > longestCommand;
  return confirmationOf(
    l10n.t('Kill a remote operation?'),
    [
      [l10n.t('Name'), name],
      [l10n.t('Host'), hosts.find((host) => host.id === hostId)?.name ?? hostId],
      [l10n.t('Command'), isLong ? `${command.slice(0, longestCommand)}...` : command],
      [l10n.t('Status'), statusText(shownStatus)],
      [l10n.t('Process'), pid],
      [l10n.t('Id'), id],
    ],
    l10n.t('All its processes are asked to end (TERM). Those that have not are killed (KILL).'),
  );
}

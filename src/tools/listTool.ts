import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import type { OperationsService } from '../engine/operationsService';
import type { OperationView } from '../operations/operationView';
import { isTerminal, operationTypes, statuses } from '../operations/status';
import { operationRow, type RowService } from './operationRow';
import { checkedInput, hostText, namedHost } from './toolInput';
import { dataNote, type Tool, toolNames } from './tool';

const usualRows = 20;
const mostRows = 100;
const mostHosts = 50;

const schema = v.strictObject({
  host: v.optional(hostText),
  type: v.optional(v.picklist(operationTypes)),
  status: v.optional(v.picklist([...statuses, 'unknown', 'active', 'ended'])),
  text: v.optional(v.pipe(v.string(), v.maxLength(200))),
  limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(mostRows)), usualRows),
});

/** Operations as they are now: their hosts are looked at first, and nobody is asked to log in. */
export const listTool = (service: RowService & Pick<OperationsService, 'list'>): Tool => ({
  name: toolNames.list,
  progressText: () => l10n.t('Looking at remote operations'),
  async run(input) {
    const { host, type, status, text, limit } = checkedInput(schema, input);
    const hosts = service.hosts();
    const found = await service.list({
      ...(host !== undefined && { hostId: namedHost(hosts, host).id }),
      ...(type !== undefined && { type }),
      ...(text !== undefined && { text }),
    });
    const fitting = status === undefined ? found : found.filter((view) => isOf(view, status));
    const told = await Promise.all(fitting.slice(0, limit).map((view) => operationRow(service, view)));
    return (share) => {
      const rows = told.slice(0, Math.ceil(told.length * share));
      const more = fitting.length - rows.length;
      return {
        note: dataNote,
        hosts: service
          .hosts()
          .slice(0, mostHosts)
          .map(({ id, name, state }) => ({ id, ...(name !== id && { name }), state })),
        operations: rows,
        ...(more > 0 && { more: `${more} more: narrow it by host, type, status or text` }),
      };
    };
  },
});

function isOf({ status, shownStatus }: OperationView, wanted: string): boolean {
  switch (wanted) {
    case 'active':
      return !isTerminal(status);
    case 'ended':
      return isTerminal(status);
    default:
      return shownStatus === wanted;
  }
}

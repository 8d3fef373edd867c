import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import type { OperationsService } from '../engine/operationsService';
import { checkedInput, hostText, namedHost } from './toolInput';
import { dataNote, type Tool, toolNames } from './tool';

const mostHosts = 100;

const schema = v.strictObject({ host: v.optional(hostText) });

/** What "Sync Operations" does, without asking anybody to log in. */
export const syncTool = (service: Pick<OperationsService, 'hosts' | 'sync'>): Tool => ({
  name: toolNames.sync,
  progressText: () => l10n.t('Checking all remote operations'),
  async run(input, signal) {
    const { host } = checkedInput(schema, input);
    const hostId = host === undefined ? undefined : namedHost(service.hosts(), host).id;
    const { hosts, ...counts } = await service.sync(hostId === undefined ? {} : { hostId }, signal);
    const waitsForLogin = hosts.some(({ outcome }) => outcome === 'needs-login');
    return (share) => ({
      note: dataNote,
      ...counts,
      hosts: hosts.slice(0, Math.ceil(Math.min(mostHosts, hosts.length) * share)).map((each) => ({
        id: each.hostId,
        outcome: each.outcome,
      })),
      ...(waitsForLogin && {
        next: 'A host needs a login: ask the user to run "Remote Operations: Connect" and to sync again.',
      }),
    });
  },
});

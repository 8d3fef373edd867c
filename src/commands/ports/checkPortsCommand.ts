import * as vscode from 'vscode';
import type { OperationsService } from '../../engine/operationsService';
import type { HostView } from '../../operations/operationView';
import { readPorts } from '../../operations/portList';
import { isTaken, type PortUse } from '../../operations/portUse';
import { showInformation } from '../../views/messages';
import { withoutIcons } from '../../views/plainText';
import { portText, userText } from '../../views/portText';
import { hostFor } from '../pickHost';
import type { Handlers } from '../registerAll';
import { withProgress } from '../withProgress';
import { portActions } from './portActions';

/** Shows who listens on the ports of a host, and what can be done about it. */
export function checkPortsCommand(service: OperationsService): Handlers {
  return {
    checkPorts: async (argument) => {
      const host = await hostFor(service, argument, vscode.l10n.t('On which host?'));
      const ports = host && (await askPorts(host));
      if (host && ports) {
        const title = vscode.l10n.t('Looking who listens on {0}...', host.name);
        const uses = await withProgress({ title, cancellable: true }, (signal) =>
          service.checkPorts(host.id, ports, { mayAsk: true }, signal),
        );
        await show(service, host, ports, uses);
      }
    },
  };
}

async function askPorts(host: HostView): Promise<number[] | undefined> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Check Ports on {0}', host.name),
    prompt: vscode.l10n.t('Ports like "8080, 8188" or "8000-8010"; leave it empty for all that are in use'),
    placeHolder: '8080',
    ignoreFocusOut: true,
    validateInput: (typed) => {
      const read = readPorts(typed);
      return typeof read === 'string' ? read : undefined;
    },
  });
  const read = text === undefined ? undefined : readPorts(text);
  return typeof read === 'string' ? undefined : read;
}

async function show(
  service: OperationsService,
  host: HostView,
  ports: readonly number[],
  uses: readonly PortUse[],
): Promise<void> {
  const { t } = vscode.l10n;
  const taken = uses.filter(isTaken);
  const [only] = ports;
  if (taken.length === 0) {
    const none =
      ports.length === 0
        ? t('Nothing listens on {0}.', host.name)
        : t('All these ports on {0} are free.', host.name);
    void showInformation(
      ports.length === 1 && only !== undefined ? portText(only, host.name, uses, service) : none,
    );
    return;
  }
  const free = uses.length - taken.length;
  const picked = await vscode.window.showQuickPick(
    taken.map((use) => itemOf(service, use)),
    {
      title: t('Ports on {0}', host.name),
      placeHolder: [
        t('Which one is it about?'),
        ...(free > 0 ? [t('{0} of those asked about are free', String(free))] : []),
      ].join(' - '),
      matchOnDescription: true,
      matchOnDetail: true,
      // A glance at a terminal must not cost the look.
      ignoreFocusOut: true,
    },
  );
  if (picked) {
    const { use } = picked;
    const action = await vscode.window.showQuickPick(portActions(service, host, use), {
      title: t('Port {0} on {1}', String(use.port), host.name),
      placeHolder: withoutIcons(whyNot(use) ?? userText(use, service)),
      ignoreFocusOut: true,
    });
    await action?.act();
  }
}

/** What could be missed among the actions. */
function whyNot({ isOwn, operationId, user, pid }: PortUse): string | undefined {
  const { t } = vscode.l10n;
  if (operationId !== undefined || (isOwn && pid !== undefined)) {
    return undefined;
  }
  return isOwn || user === undefined
    ? t('Its process cannot be seen, so it cannot be ended from here')
    : t('It belongs to {0}, so it cannot be ended from here', user);
}

function itemOf(service: OperationsService, use: PortUse): vscode.QuickPickItem & { use: PortUse } {
  const { port, addresses = [], command } = use;
  return {
    label: String(port),
    description: withoutIcons(userText(use, service)),
    detail: withoutIcons([addresses.join(', '), command].filter(Boolean).join(' \u00b7 ')),
    use,
  };
}

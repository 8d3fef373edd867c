import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import { parseDestination } from '../hosts/destination';
import { localHost, type HostConfig } from '../hosts/machine';
import { errorMessage, isRemoteOperationsError } from '../operations/errors';
import type { HostView } from '../operations/operationView';
import { isReported } from '../operations/report';
import { isTerminal } from '../operations/status';
import { hasHostEntry, removeHost, saveHost } from '../settings';
import { confirm, showError } from '../views/messages';
import { withoutIcons } from '../views/plainText';
import { throwTogether } from './forEach';
import { hostFor, hostsFor } from './pickHost';
import type { Handlers } from './registerAll';
import { offerRuns } from './runCommands';
import { askPick, type PickItem } from './steps';
import { withProgress } from './withProgress';

const settingsDeadlineMs = 10_000;

export interface HostCommandsOptions {
  service: OperationsService;
  /** Names that the SSH config has a section for. */
  aliases: () => Promise<string[]>;
}

export function hostCommands({ service, aliases }: HostCommandsOptions): Handlers {
  const connectAll = async (...args: unknown[]) => {
    const hosts = await hostsFor(service, args, vscode.l10n.t('Which host should be connected?'));
    throwTogether(await Promise.allSettled(hosts.map(({ id, name }) => connect(service, id, name))));
  };
  return {
    addHost: () => addHost(service, aliases),
    removeHost: async (argument) => {
      const host = await hostFor(service, argument, vscode.l10n.t('Which host should be removed?'));
      if (host && (await confirmRemove(service, host))) {
        await removeHost(host.id);
      }
    },
    connect: connectAll,
    retryHost: connectAll,
    logIn: connectAll,
    disconnect: async (...args) => {
      const hosts = await hostsFor(service, args, vscode.l10n.t('Which host should be disconnected?'));
      hosts.forEach(({ id }) => service.disconnect(id));
    },
  };
}

async function addHost(service: OperationsService, aliases: () => Promise<string[]>): Promise<void> {
  const hosts = service.hosts();
  const isThere = (id: string) => hosts.some((host) => host.id === id) || hasHostEntry(id);
  let configProblem: string | undefined;
  const names = await aliases().catch((error: unknown): string[] => {
    configProblem = errorMessage(error);
    return [];
  });
  const items: PickItem<HostConfig>[] = names
    .filter((alias) => !isThere(alias) && alias !== localHost)
    .map((alias) => ({
      label: withoutIcons(alias),
      description: vscode.l10n.t('SSH config'),
      iconPath: new vscode.ThemeIcon('vm'),
      value: { id: alias, host: alias },
    }));
  // There is no POSIX shell on Windows.
  if (process.platform !== 'win32' && !isThere(localHost)) {
    items.push(thisComputer());
  }
  const answer = await askPick({
    title: vscode.l10n.t('Add Host'),
    placeholder:
      configProblem ??
      (items.some(({ value }) => value?.host !== localHost)
        ? vscode.l10n.t('Pick a host of your SSH config, or type user@host:port')
        : vscode.l10n.t('Type user@host:port')),
    items,
    fromText: (text) =>
      items.some(({ value }) => value?.id === text)
        ? undefined
        : isThere(text)
          ? hostThere(text)
          : typedHost(text),
  });
  if (answer === undefined || answer === 'back') {
    return;
  }
  const { id } = answer.value;
  await saveHost(answer.value);
  await untilKnown(service, id);
  await connectNew(service, id);
}

/** Connects a host just added. One that cannot be connected may be a typing error: it can go again at once. */
async function connectNew(service: OperationsService, id: string): Promise<void> {
  const retry = vscode.l10n.t('Retry');
  const remove = vscode.l10n.t('Remove Host');
  for (;;) {
    try {
      await connect(service, id, id);
      await offerRuns(service, [id]);
      return;
    } catch (error) {
      if (isRemoteOperationsError(error, 'Cancelled')) {
        return;
      }
      const answer = await showError(errorMessage(error), retry, remove);
      if (answer === remove) {
        await removeHost(id);
      }
      if (answer !== retry) {
        return;
      }
    }
  }
}

/** The settings tell of the new host by an event, before or after the write is acknowledged. */
function untilKnown(service: OperationsService, id: string): Promise<void> {
  const isKnown = () => service.hosts().some((host) => host.id === id);
  return new Promise((resolve, reject) => {
    const settle = (done: () => void) => {
      subscription.dispose();
      clearTimeout(timer);
      done();
    };
    const subscription = service.onDidChangeHosts(() => isKnown() && settle(resolve));
    const problem = vscode.l10n.t(
      'The host "{0}" was written to the settings, but is not there. Look at remoteOps.hosts.',
      id,
    );
    const timer = setTimeout(() => settle(() => reject(new Error(problem))), settingsDeadlineMs);
    if (isKnown()) {
      settle(resolve);
    }
  });
}

const thisComputer = (): PickItem<HostConfig> => ({
  label: vscode.l10n.t('This computer (local)'),
  description: vscode.l10n.t('Without SSH'),
  iconPath: new vscode.ThemeIcon('device-desktop'),
  value: { id: localHost, name: vscode.l10n.t('This computer'), host: localHost },
});

/** Adding it anew would change what the user wrote of it. */
const hostThere = (id: string): PickItem<HostConfig> => ({
  label: withoutIcons(id),
  description: vscode.l10n.t('Is in the settings already'),
  iconPath: new vscode.ThemeIcon('check'),
  alwaysShow: true,
});

/** What was typed, as an entry that says how it is understood. */
function typedHost(text: string): PickItem<HostConfig> {
  try {
    const destination = parseDestination(text);
    if (destination.host === localHost && text !== localHost) {
      throw new Error(vscode.l10n.t('"local" is this computer: it takes no user and no port.'));
    }
    return {
      label: withoutIcons(text),
      description: vscode.l10n.t('Connect to this host'),
      iconPath: new vscode.ThemeIcon('add'),
      alwaysShow: true,
      value: { id: text, ...destination },
    };
  } catch (error) {
    return {
      label: vscode.l10n.t('Not a Host'),
      // A label that is too long is cut in its middle.
      detail: errorMessage(error),
      iconPath: new vscode.ThemeIcon('error'),
      alwaysShow: true,
    };
  }
}

async function connect(service: OperationsService, hostId: string, name: string): Promise<void> {
  const title = vscode.l10n.t('Connecting to {0}...', name);
  await withProgress({ title, cancellable: true }, (signal) => service.connect(hostId, signal));
  void vscode.window.setStatusBarMessage(vscode.l10n.t('Connected to {0}', name), 5_000);
}

async function confirmRemove(service: OperationsService, host: HostView): Promise<boolean> {
  const active = service
    .operations()
    .filter((view) => view.hostId === host.id && !isTerminal(view.status) && !isReported(view)).length;
  const detail =
    active > 0
      ? vscode.l10n.t(
          '{0} operations still run there. They go on, but are no longer verified until the host is added again.',
          active,
        )
      : vscode.l10n.t('Its operations stay listed.');
  const yes = vscode.l10n.t('Remove');
  const question = vscode.l10n.t('Remove the host {0}?', host.name);
  return confirm(question, detail, yes);
}

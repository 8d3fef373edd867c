import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import { errorMessage } from '../operations/errors';
import type { FoundRun } from '../operations/foundRun';
import { oneLine } from '../views/historyTable';
import { showInformation, showWarning } from '../views/messages';
import { withoutIcons } from '../views/plainText';
import { hostFor } from './pickHost';
import type { Handlers } from './registerAll';
import { withProgress } from './withProgress';

interface RunOnHost extends FoundRun {
  hostId: string;
}

interface Found {
  runs: RunOnHost[];
  unreadable: number;
  more: number;
  /** The hosts that did not answer. */
  silent: string[];
}

/** Takes operations into the list that were started from another computer, or whose list was lost. */
export function runCommands(service: OperationsService): Handlers {
  return {
    findRuns: async (argument) => {
      const host = await hostFor(service, argument, vscode.l10n.t('On which host?'));
      if (host) {
        const title = vscode.l10n.t('Looking for earlier operations on {0}...', host.name);
        await choose(service, await withProgress({ title }, () => find(service, [host.id], true)));
      }
    },
  };
}

/** Says so where these hosts have operations that the list lacks. Asks for no login, and never rejects. */
export async function offerRuns(
  service: OperationsService,
  hostIds: readonly string[],
  onSilent?: (hostId: string) => void,
): Promise<void> {
  const { t } = vscode.l10n;
  const found = await find(service, hostIds, false);
  found.silent.forEach((hostId) => onSilent?.(hostId));
  const [first] = found.runs;
  if (!first) {
    return;
  }
  const hosts = new Set(found.runs.map(({ hostId }) => nameOf(service, hostId)));
  const show = t('Show...');
  const text = t(
    'On {0} there are operations that were started earlier and are not in the list: "{1}" is one of {2}.',
    [...hosts].join(', '),
    oneLine(first.name),
    String(found.runs.length + found.more),
  );
  if ((await showInformation(text, show)) === show) {
    await choose(service, found).catch((error: unknown) => void showWarning(errorMessage(error)));
  }
}

async function find(service: OperationsService, hostIds: readonly string[], mayAsk: boolean): Promise<Found> {
  const all = await Promise.allSettled(
    hostIds.map(async (hostId) => ({ hostId, ...(await service.findRuns({ hostId, mayAsk })) })),
  );
  const found: Found = { runs: [], unreadable: 0, more: 0, silent: [] };
  for (const [index, one] of all.entries()) {
    if (one.status === 'fulfilled') {
      const { hostId, runs, unreadable, more } = one.value;
      found.runs.push(...runs.map((run) => ({ ...run, hostId })));
      found.unreadable += unreadable;
      found.more += more;
    } else if (mayAsk) {
      throw one.reason;
    } else {
      found.silent.push(hostIds[index] as string);
    }
  }
  return found;
}

async function choose(service: OperationsService, found: Found): Promise<void> {
  const { t } = vscode.l10n;
  const left = [
    ...(found.unreadable > 0 ? [t('{0} more cannot be read', String(found.unreadable))] : []),
    ...(found.more > 0 ? [t('{0} older ones are not shown', String(found.more))] : []),
  ];
  if (found.runs.length === 0) {
    const none = t('All operations there are in the list already.');
    void showInformation([none, ...left.map((text) => `${text}.`)].join(' '));
    return;
  }
  const picked = await vscode.window.showQuickPick(
    found.runs.map((run) => itemOf(run, nameOf(service, run.hostId))),
    {
      canPickMany: true,
      // What was ticked must not be lost to a glance elsewhere.
      ignoreFocusOut: true,
      matchOnDescription: true,
      matchOnDetail: true,
      title: t('Earlier Operations'),
      placeHolder: [t('Which are to be taken into the list?'), ...left].join(' - '),
    },
  );
  if (!picked || picked.length === 0) {
    return;
  }
  const title = t('Taking operations into the list...');
  const runs = picked.map(({ run }) => run);
  const hostIds = [...new Set(runs.map(({ hostId }) => hostId))];
  const idsOn = (host: string) => runs.filter(({ hostId }) => hostId === host).map(({ id }) => id);
  await withProgress({ title }, () =>
    Promise.all(hostIds.map((hostId) => service.importRuns(hostId, idsOn(hostId)))),
  );
}

function itemOf(run: RunOnHost, hostName: string): vscode.QuickPickItem & { run: RunOnHost } {
  const { t } = vscode.l10n;
  const end = run.exitCode === undefined ? t('no exit code') : t('exit {0}', String(run.exitCode));
  const when = new Date(run.submittedAt).toLocaleString();
  return {
    label: withoutIcons(oneLine(run.name)),
    description: withoutIcons([hostName, when, end].join(' \u00b7 ')),
    detail: withoutIcons(oneLine(run.command)),
    // What may still run is what one misses.
    picked: run.exitCode === undefined,
    run,
  };
}

const nameOf = (service: OperationsService, hostId: string): string =>
  service.hosts().find(({ id }) => id === hostId)?.name ?? hostId;

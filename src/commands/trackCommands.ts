import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import type { HostView } from '../operations/operationView';
import { shellWord } from '../operations/shellWord';
import { isTerminal } from '../operations/status';
import { canTrack, type Untracked } from '../operations/untracked';
import { viewId } from '../ids';
import { confirmsKill } from '../settings';
import { oneLine } from '../views/historyTable';
import { confirm, showInformation, showWarning } from '../views/messages';
import { withoutIcons } from '../views/plainText';
import type { TreeNode } from '../views/treeNodes';
import type { UntrackedLists } from '../views/untrackedLists';
import type { UntrackedRowNode } from '../views/untrackedRows';
import { untrackedCopy, untrackedDescription, untrackedIcon, whyNotTracked } from '../views/untrackedText';
import { hostFor } from './pickHost';
import type { Handlers } from './registerAll';
import { withProgress } from './withProgress';

/** Of a command in a question: enough to know it by. */
const longestCommand = 500;

export interface Tracking {
  service: OperationsService;
  lists: UntrackedLists;
  /** What a row stands for; `undefined`: it is gone. */
  foundAt: (node: UntrackedRowNode) => Untracked | undefined;
  reveal: (id: string) => Promise<boolean>;
}

interface FoundOnHost {
  host: HostView;
  found: Untracked;
}

/** Takes what was started elsewhere into the list, or acts on it as it is. */
export function trackCommands({ service, lists, foundAt, reveal }: Tracking): Handlers {
  const { t } = vscode.l10n;
  const ofRow = (argument: unknown): FoundOnHost | undefined => {
    const node = argument as TreeNode | undefined;
    const found = node?.kind === 'untrackedRow' ? foundAt(node) : undefined;
    const host =
      node?.kind === 'untrackedRow' ? service.hosts().find(({ id }) => id === node.hostId) : undefined;
    return found && host && { host, found };
  };
  const refresh = (hostId: string, mayAsk: boolean) =>
    vscode.window.withProgress({ location: { viewId } }, () => lists.refresh(hostId, mayAsk));
  return {
    track: async (argument) => {
      const chosen = ofRow(argument) ?? (await choose(service, argument));
      const tracked = chosen && (await trackFound(service, chosen.host, chosen.found, reveal));
      if (tracked) {
        void lists.refresh(chosen.host.id);
      }
    },
    refreshUntracked: async (argument) => {
      const node = argument as TreeNode | undefined;
      const ids =
        node && 'hostId' in node && typeof node.hostId === 'string'
          ? [node.hostId]
          : service.hosts().map(({ id }) => id);
      // Of several, only those that need nobody: one question after another is not what a refresh is about.
      await Promise.all(ids.map((id) => refresh(id, ids.length === 1)));
    },
    copyUntracked: async (argument) => {
      const row = ofRow(argument);
      if (row) {
        await vscode.env.clipboard.writeText(untrackedCopy(row.found, shellWord));
      }
    },
    endUntracked: async (argument) => {
      const row = ofRow(argument);
      const { identity } = row?.found ?? {};
      if (row && identity && (await confirmEnd(row))) {
        const { host, found } = row;
        const title = t('Ending "{0}" on {1}...', oneLine(found.name), host.name);
        const { text } = await withProgress({ title }, () => service.endProcess(host.id, identity));
        void showInformation(text);
        await lists.refresh(host.id);
      }
    },
  };
}

/** Asks for its name, tracks it and says so. Tells whether something became of it. */
export async function trackFound(
  service: OperationsService,
  host: HostView,
  found: Untracked,
  reveal: (id: string) => Promise<boolean> = () => Promise.resolve(false),
): Promise<boolean> {
  const { t } = vscode.l10n;
  const name = await askName(found);
  if (name === undefined) {
    return false;
  }
  const title = t('Tracking "{0}" on {1}...', oneLine(name), host.name);
  const view = await withProgress({ title }, () => service.track(host.id, { ...found, name }));
  if (isTerminal(view.status)) {
    void showWarning(t('"{0}" is not tracked. {1}', oneLine(view.name), view.error ?? ''));
  } else if (!(await reveal(view.id))) {
    void showInformation(t('"{0}" is tracked now.', oneLine(view.name)));
  }
  return true;
}

async function choose(service: OperationsService, argument: unknown): Promise<FoundOnHost | undefined> {
  const { t } = vscode.l10n;
  const host = await hostFor(service, argument, t('On which host?'));
  if (!host) {
    return undefined;
  }
  const title = t('Looking what runs on {0}...', host.name);
  const all = await withProgress({ title }, () => service.untracked(host.id, { mayAsk: true }));
  const trackable = all.filter(canTrack);
  if (trackable.length === 0) {
    void showInformation(
      t('Nothing of yours runs on {0} that could be tracked and is not in the list.', host.name),
    );
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(
    trackable.map((found) => ({
      label: withoutIcons(oneLine(found.name)),
      description: withoutIcons(untrackedDescription(found)),
      detail: withoutIcons(oneLine(found.command ?? '')),
      iconPath: untrackedIcon(found),
      found,
    })),
    {
      title: t('Untracked on {0}', host.name),
      placeHolder: t('Which is to be tracked?'),
      matchOnDescription: true,
      matchOnDetail: true,
    },
  );
  return picked && { host, found: picked.found };
}

async function askName(found: Untracked): Promise<string | undefined> {
  const { t } = vscode.l10n;
  const why = whyNotTracked(found);
  if (why !== undefined) {
    void showInformation(why);
    return undefined;
  }
  const name = await vscode.window.showInputBox({
    title: t('Track'),
    prompt: t('Its name in the list. It runs on as it is; its exit code cannot be known at its end.'),
    value: oneLine(found.name),
    validateInput: (typed) => (typed.trim() === '' ? t('A name is needed.') : undefined),
  });
  return name?.trim();
}

function confirmEnd({ host, found }: FoundOnHost): Promise<boolean> {
  const { t } = vscode.l10n;
  if (!confirmsKill()) {
    return Promise.resolve(true);
  }
  const { name, pid, command } = found;
  // Many rows may have one name.
  const detail = [
    t('Process {0}: {1}', String(pid), oneLine(command ?? name).slice(0, longestCommand)),
    untrackedDescription(found),
    t('Its process is asked to end (TERM), and killed (KILL) if it has not after 10 seconds.'),
  ];
  return confirm(
    t('End "{0}" on {1}?', oneLine(name), host.name),
    detail.filter(Boolean).join('\n\n'),
    t('End Process'),
  );
}

import path from 'node:path';
import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import { commands } from '../ids';
import { fieldProblem } from '../operations/spec';
import { operationTypes, type OperationType } from '../operations/status';
import { typeText } from '../operations/typeText';
import type { WatchFolderView } from '../operations/watchFolder';
import { removeWatchFolder, saveWatchFolder } from '../settings';
import { watchFolderDescription } from '../views/caseText';
import { confirm, showInformation } from '../views/messages';
import { typeIcon } from '../views/operationIcon';
import { withoutIcons } from '../views/plainText';
import type { TreeNode } from '../views/treeNodes';
import type { Handlers } from './registerAll';
import { askPick, askText, keep, type Question, type StepPlace } from './steps';

interface Draft {
  hostId?: string;
  remoteDir?: string;
  type?: OperationType;
  command?: string;
}

export function watchFolderCommands(service: OperationsService): Handlers {
  return {
    addWatchFolder: () => addWatchFolder(service),
    removeWatchFolder: async (argument) => {
      const folder = await folderFor(service, argument);
      if (folder && (await confirmRemove(folder))) {
        await removeWatchFolder(folder);
      }
    },
  };
}

async function addWatchFolder(service: OperationsService): Promise<void> {
  // Right after the start the hosts are not known yet: this waits until they are.
  await service.list({ sync: false });
  if (service.hosts().length === 0) {
    await vscode.commands.executeCommand(commands.addHost);
    if (service.hosts().length === 0) {
      return;
    }
  }
  const picked = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    title: vscode.l10n.t('Watch Which Folder?'),
    openLabel: vscode.l10n.t('Watch'),
  });
  const folder = picked?.[0];
  if (!folder) {
    return;
  }
  const draft: Draft = {};
  if (await askAll(questions(service, draft))) {
    const { hostId, remoteDir, type, command } = draft;
    await saveWatchFolder({
      path: folder.fsPath,
      hostId,
      remoteDir,
      template: { type, name: '${caseName}', command },
    });
    void vscode.window.setStatusBarMessage(
      vscode.l10n.t('Folders that come into {0} are uploaded and submitted', path.basename(folder.fsPath)),
      10_000,
    );
  }
}

async function askAll(all: readonly Question[]): Promise<boolean> {
  for (let at = 0; at < all.length;) {
    const place: StepPlace = {
      title: vscode.l10n.t('Add Watch Folder'),
      step: at + 1,
      totalSteps: all.length,
    };
    const answer = await all[at]?.(place);
    if (answer === undefined) {
      return false;
    }
    at += answer === 'back' ? -1 : 1;
  }
  return true;
}

function questions(service: OperationsService, draft: Draft): Question[] {
  const { t } = vscode.l10n;
  const text =
    (field: 'remoteDir' | 'command', prompt: string, value: string): Question =>
    async (place) =>
      keep(
        await askText({
          ...place,
          prompt,
          value: draft[field] ?? value,
          problem: (typed) => (field === 'command' ? fieldProblem('command', typed) : folderProblem(typed)),
          onBack: (typed) => (draft[field] = typed),
        }),
        (typed) => (draft[field] = typed.trim()),
      );
  return [
    async (place) =>
      keep(
        await askPick({
          ...place,
          placeholder: t('To which host?'),
          items: service.hosts().map(({ id, name, address }) => ({
            label: withoutIcons(name),
            description: withoutIcons(address),
            value: id,
          })),
        }),
        (hostId) => (draft.hostId = hostId),
      ),
    text('remoteDir', t('The folder on the host that each case is put into'), '~/cases'),
    async (place) =>
      keep(
        await askPick({
          ...place,
          placeholder: t('What is started for each case?'),
          items: operationTypes.map((type) => ({
            label: typeText(type),
            iconPath: typeIcon(type),
            value: type,
          })),
        }),
        (type) => (draft.type = type),
      ),
    text(
      'command',
      t(
        'The command for each case, run in its folder; {0} and {1} can be used',
        '${caseName}',
        '${remoteDir}',
      ),
      'bash run.sh',
    ),
  ];
}

function folderProblem(text: string): string | undefined {
  if (text.trim() === '') {
    return vscode.l10n.t('The folder is missing.');
  }
  return text.split('/').includes('..') ? vscode.l10n.t('".." cannot be used in it.') : undefined;
}

async function folderFor(
  service: OperationsService,
  argument: unknown,
): Promise<WatchFolderView | undefined> {
  await service.list({ sync: false });
  const folders = service.cases();
  const node = argument as TreeNode | undefined;
  if (node?.kind === 'watchFolder') {
    return folders.find(({ id }) => id === node.id);
  }
  if (folders.length === 0) {
    void showInformation(vscode.l10n.t('No folder is watched. "Add Watch Folder" sets one up.'));
    return undefined;
  }
  const items = folders.map((folder) => ({
    label: withoutIcons(folder.path),
    description: withoutIcons(watchFolderDescription(folder, service.hosts())),
    folder,
  }));
  const placeHolder = vscode.l10n.t('Which folder should not be watched any more?');
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.folder;
}

const confirmRemove = (folder: WatchFolderView): Promise<boolean> =>
  confirm(
    vscode.l10n.t('Watch {0} no longer?', folder.path),
    vscode.l10n.t('Its files stay, here and on the host, and so do its operations.'),
    vscode.l10n.t('Remove'),
  );

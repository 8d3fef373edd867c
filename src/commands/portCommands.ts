import * as vscode from 'vscode';
import type { OpenedPort, OperationsService } from '../engine/operationsService';
import { hasOpenPort, onHost } from '../operations/applicable';
import type { OperationView } from '../operations/operationView';
import { oneLine } from '../views/historyTable';
import { showInformation } from '../views/messages';
import { pickOperations } from './pickOperation';
import type { Handlers } from './registerAll';
import { withProgress } from './withProgress';

const simpleBrowser = 'simpleBrowser.show';

interface Choice extends vscode.QuickPickItem {
  act: () => unknown;
}

const isForwarded = ({ forwardedPort }: OperationView): boolean => forwardedPort !== undefined;

/** Makes the ports of servers reachable on this computer, and opens them. */
export function portCommands(service: OperationsService): Handlers {
  const { t } = vscode.l10n;
  return {
    openPort: async (...args) => {
      const question = t('Whose port should be opened?');
      const [view] = await pickOperations(service, args, onHost(hasOpenPort), question);
      if (view) {
        const title = t('Opening port {0} of "{1}"...', String(view.port), view.name);
        const opened = await withProgress({ title }, () => service.openPort(view.id));
        await choose(service, view, opened);
      }
    },
    closePort: async (...args) => {
      const question = t('Which port should no longer be forwarded?');
      const views = await pickOperations(service, args, isForwarded, question);
      await Promise.all(views.map(({ id }) => service.closePort(id)));
    },
  };
}

async function choose(service: OperationsService, view: OperationView, opened: OpenedPort): Promise<void> {
  const { t } = vscode.l10n;
  const { localPort, isLocal, takenBy } = opened;
  const here = `127.0.0.1:${localPort}`;
  const url = vscode.Uri.parse(`http://${here}/`);
  const choices: Choice[] = [
    { label: t('$(link-external) Open in Browser'), act: () => vscode.env.openExternal(url) },
    ...((await hasSimpleBrowser())
      ? [{ label: t('$(browser) Open in Simple Browser'), act: () => openHere(url) }]
      : []),
    { label: t('$(copy) Copy URL'), description: url.toString(), act: () => copy(url) },
    ...(isLocal
      ? []
      : [{ label: t('$(debug-disconnect) Stop Forwarding'), act: () => service.closePort(view.id) }]),
  ];
  const name = oneLine(view.name);
  const title = isLocal ? t('"{0}" is at {1}', name, here) : t('"{0}" is forwarded to {1}', name, here);
  const placeHolder =
    takenBy === undefined
      ? undefined
      : t(
          'Port {0} is used on this computer by {1}, hence {2}.',
          String(view.port),
          takenBy,
          String(localPort),
        );
  const choice = await vscode.window.showQuickPick(choices, { title, ...(placeHolder && { placeHolder }) });
  await choice?.act();
}

/** It comes with VS Code, and its command is there once it is used; a successor may have that command, too. */
const hasSimpleBrowser = async (): Promise<boolean> =>
  vscode.extensions.getExtension('vscode.simple-browser') !== undefined ||
  (await vscode.commands.getCommands(true)).includes(simpleBrowser);

/** Where this window runs in a browser or is connected to another computer, that leads to it another way. */
async function openHere(url: vscode.Uri): Promise<void> {
  const external = await vscode.env.asExternalUri(url);
  await vscode.commands.executeCommand(simpleBrowser, external.toString(true));
}

async function copy(url: vscode.Uri): Promise<void> {
  const external = await vscode.env.asExternalUri(url);
  await vscode.env.clipboard.writeText(external.toString(true));
  void showInformation(vscode.l10n.t('Copied {0}', external.toString(true)));
}

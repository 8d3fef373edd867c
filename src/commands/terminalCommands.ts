import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import { localHost, type HostConfig } from '../hosts/machine';
import { findSsh } from '../hosts/sshProgram';
import { sshTerminalArguments, type SshFiles } from '../hosts/sshTerminal';
import { hasFolder } from '../operations/applicable';
import { hostConfigs, sshFiles } from '../settings';
import { showInformation } from '../views/messages';
import { shortName } from '../views/shortName';
import { operationIdsOf } from './calledOn';
import { hostFor } from './pickHost';
import type { Handlers } from './registerAll';

/** A terminal where an operation works, or in the home folder of a host. */
export function terminalCommands(service: OperationsService, ownKnownHostsFile: string): Handlers {
  const open = (config: HostConfig, folder: string, name: string) =>
    openTerminal(config, { ...sshFiles(), ownKnownHostsFile }, folder, name);
  return {
    openTerminal: async (argument) => {
      const [id] = operationIdsOf([argument]);
      const view = id === undefined ? undefined : service.get(id);
      if (view && hasFolder(view)) {
        const { cwd = '~' } = await service.spec(view.id);
        await open(configOf(view.hostId), cwd, view.name);
        return;
      }
      // The id may be that of a host.
      if (id !== undefined && !view && !service.hosts().some((host) => host.id === id)) {
        void showInformation(vscode.l10n.t('The operation is not in the list any more.'));
        return;
      }
      const host = await hostFor(service, view?.hostId ?? argument, vscode.l10n.t('On which host?'));
      if (host) {
        await open(configOf(host.id), '~', host.name);
      }
    },
  };
}

function configOf(hostId: string): HostConfig {
  const config = hostConfigs().hosts.find(({ id }) => id === hostId);
  if (!config) {
    throw new Error(
      vscode.l10n.t(
        'The host {0} is not in the settings any more. Add it again to open a terminal there.',
        hostId,
      ),
    );
  }
  return config;
}

async function openTerminal(
  config: HostConfig,
  files: SshFiles,
  folder: string,
  name: string,
): Promise<void> {
  const isLocal = config.host === localHost;
  const terminal = vscode.window.createTerminal({
    name: shortName(name),
    iconPath: new vscode.ThemeIcon(isLocal ? 'device-desktop' : 'vm'),
    ...(isLocal ? { cwd: vscode.Uri.file(localFolder(folder)) } : await overSsh(config, files, folder)),
  });
  terminal.show();
}

/** The folder keeps the terminal on this computer where the window itself is connected to another one. */
async function overSsh(config: HostConfig, files: SshFiles, folder: string): Promise<vscode.TerminalOptions> {
  const shellPath = await findSsh();
  if (shellPath === undefined) {
    throw new Error(
      vscode.l10n.t(
        'A terminal needs the program ssh, which is not on the PATH of this computer. Install the OpenSSH client (on Windows: Settings, Optional features), then reload the window.',
      ),
    );
  }
  return {
    shellPath,
    shellArgs: sshTerminalArguments(config, files, folder),
    cwd: vscode.Uri.file(homedir()),
  };
}

/** As operations take it: `~` is the home directory, and relative folders lie there. */
const localFolder = (folder: string): string =>
  isAbsolute(folder) ? folder : join(homedir(), folder.replace(/^~(\/|$)/, ''));

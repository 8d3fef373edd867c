import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import * as vscode from 'vscode';
import type { RemoteOperationsApi } from './api';
import { hostCommands } from './commands/hostCommands';
import { operationCommands } from './commands/operationCommands';
import { registerAll } from './commands/registerAll';
import { submitCommands } from './commands/submitCommand';
import { viewCommands } from './commands/viewCommands';
import { systemClock } from './engine/clock';
import { Engine } from './engine/engine';
import { exportedApi } from './exportedApi';
import { SshMachine } from './hosts/connection';
import { HostDirectory } from './hosts/hostDirectory';
import { localFiles } from './hosts/localFiles';
import { listAliases, resolveHost, type ResolveOptions } from './hosts/sshConfig';
import { ProcessLauncher } from './launchers/process/processLauncher';
import { errorMessage } from './operations/errors';
import { engineSettings, hostConfigs, onDidChangeSettings, sshFiles } from './settings';
import { OperationStore } from './store/operationStore';
import { Dashboard } from './views/dashboard/dashboardPanel';
import { LogDocuments } from './views/logDocuments';
import { OperationsViewHost } from './views/operationsView';
import { HostKeyDialog } from './views/prompts';
import { StatusBar } from './views/statusBar';
import { ViewFilter } from './views/viewFilter';
import { ServiceSwitch } from './windows/serviceSwitch';

let closeEngine: (() => Promise<void>) | undefined;

/** Builds the parts, wires them, and returns at once: what needs the disk or the network comes up later. */
export function activate(context: vscode.ExtensionContext): RemoteOperationsApi {
  const { subscriptions } = context;
  const log = vscode.window.createOutputChannel('Remote Operations', { log: true });
  const service = new ServiceSwitch();
  const filter = new ViewFilter(context.workspaceState);
  const dashboard = new Dashboard(context.extensionUri, service, filter);
  const logs = new LogDocuments(service);
  subscriptions.push(
    log,
    service,
    dashboard,
    logs,
    new OperationsViewHost(service, filter),
    new StatusBar(service),
  );
  subscriptions.push(
    registerAll(
      {
        ...operationCommands(service, logs),
        ...submitCommands(service),
        ...hostCommands({ service, aliases: () => listAliases(sshSource()) }),
        ...viewCommands(dashboard, filter, log),
      },
      log,
    ),
  );
  startEngine(context, log).then(
    (engine) => service.provide(engine),
    (error: unknown) => {
      service.fail(error);
      log.error(error instanceof Error ? error : String(error));
      void vscode.window.showErrorMessage(
        vscode.l10n.t('Remote Operations cannot open its database: {0}', errorMessage(error)),
      );
    },
  );
  return exportedApi(service, subscriptions);
}

export async function deactivate(): Promise<void> {
  await closeEngine?.();
}

async function startEngine(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): Promise<Engine> {
  const storage = context.globalStorageUri;
  const now = () => new Date().toISOString();
  const store = await OperationStore.open({
    path: vscode.Uri.joinPath(storage, 'operations.sqlite').fsPath,
    wasm: () => readFile(vscode.Uri.joinPath(context.extensionUri, 'dist', 'sql-wasm.wasm').fsPath),
    now,
    log: (message) => log.warn(message),
  });
  const hosts = hostDirectory(context, log, now);
  const engine = new Engine({
    store,
    hosts,
    launcher: new ProcessLauncher(() => randomBytes(16).toString('hex')),
    clock: systemClock,
    random: Math.random,
    newId: randomUUID,
    settings: engineSettings,
    log: (message) => log.debug(message),
  });
  closeEngine = async () => {
    closeEngine = undefined;
    hosts.dispose();
    await engine.dispose();
  };
  await engine.start();
  return engine;
}

function hostDirectory(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  now: () => string,
): HostDirectory {
  const prompts = new HostKeyDialog();
  const ownKnownHostsFile = vscode.Uri.joinPath(context.globalStorageUri, 'known_hosts').fsPath;
  const directory = new HostDirectory({
    now,
    create: (host, onState) =>
      new SshMachine({
        host,
        prompts,
        ownKnownHostsFile,
        onState,
        resolve: async () => {
          const resolved = await resolveHost(host, sshSource());
          const { knownHostsFile } = sshFiles();
          return knownHostsFile ? { ...resolved, userKnownHostsFiles: [knownHostsFile] } : resolved;
        },
        log: ({ hostId, what, durationMs, detail }) =>
          log.debug(
            `${hostId}: ${what}${durationMs === undefined ? '' : ` after ${durationMs} ms`}: ${detail ?? ''}`,
          ),
      }),
  });
  const configure = () => {
    const { hosts, problems } = hostConfigs();
    for (const problem of problems) {
      log.warn(problem);
    }
    directory.configure(hosts);
  };
  configure();
  context.subscriptions.push(onDidChangeSettings(configure));
  return directory;
}

/** The SSH config of this computer, or the file that the settings name. */
function sshSource(): ResolveOptions {
  const { configFile } = sshFiles();
  return {
    home: homedir(),
    user: userInfo().username,
    env: process.env,
    ...(configFile && { configFile }),
    ...localFiles,
  };
}

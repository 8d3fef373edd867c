import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { offerLostRuns } from './commands/lostRuns';
import { offerRuns } from './commands/runCommands';
import type { Disposable } from './emitter';
import { systemClock } from './engine/clock';
import { Engine } from './engine/engine';
import { Housekeeping } from './engine/housekeeping';
import { Launchers } from './engine/launchers';
import type { NoticeBook } from './engine/noticeBook';
import { Ledger } from './engine/watchFolders/ledger';
import type { WatchFolderParts } from './engine/watchFolders/watchFolders';
import { SshMachine } from './hosts/connection';
import { HostDirectory } from './hosts/hostDirectory';
import { Keyring } from './hosts/keyring';
import { LocalMachine } from './hosts/localMachine';
import { localHost, type HostConfig } from './hosts/machine';
import type { Asker } from './hosts/questions';
import { passwordKey, Vault } from './hosts/secrets';
import { resolveHost } from './hosts/sshConfig';
import { ProcessLauncher } from './launchers/process/processLauncher';
import { PueueLauncher } from './launchers/pueue/pueueLauncher';
import { SlurmLauncher } from './launchers/slurm/slurmLauncher';
import { errorMessage } from './operations/errors';
import {
  engineSettings,
  historyDays,
  hostConfigs,
  onDidChangeSettings,
  watchFolderConfigs,
} from './settings';
import { sshSource } from './sshSource';
import { Superseded, type WriteFence } from './store/durableFile';
import { OperationStore } from './store/operationStore';
import { showError } from './views/messages';
import { WindowPrompts } from './views/prompts';
import { tellRecovery } from './views/recoveryMessage';
import { Membership, type RunningEngine } from './windows/membership';
import type { ServiceSwitch } from './windows/serviceSwitch';

const now = () => new Date().toISOString();
const nonce = () => randomBytes(16).toString('hex');

/** Shares one engine with the other windows of this computer: this window's own, or that of another. */
export function joinWindows(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  service: ServiceSwitch,
): Membership {
  const { version } = context.extension.packageJSON as { version: string };
  const asker = new WindowPrompts();
  const membership = new Membership({
    asker,
    storage: context.globalStorageUri.fsPath,
    version,
    service,
    openEngine: (fence) => openEngine(context, log, asker, fence, service.notices),
    log: (message) => log.info(message),
    onProblem: (error) => {
      log.error(error instanceof Error ? error : String(error));
      void showError(errorMessage(error));
    },
  });
  membership.join();
  return membership;
}

async function openEngine(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  asker: Asker,
  fence: WriteFence,
  notices: NoticeBook,
): Promise<RunningEngine> {
  const store = await openStore(context, log, fence);
  const watchFolders = await openWatchFolders(context, log, fence);
  const { directory, configuring } = hostDirectory(context, log);
  const engine = new Engine({
    store,
    hosts: directory,
    asker,
    launchers: launchers(log),
    clock: systemClock,
    notices,
    random: Math.random,
    newId: randomUUID,
    settings: engineSettings,
    log: (message) => log.debug(message),
    ...(watchFolders && { watchFolders }),
  });
  const housekeeping = new Housekeeping({
    store,
    clock: systemClock,
    historyDays,
    log: (message) => log.info(message),
  });
  let finding: Disposable | undefined;
  const close = async () => {
    finding?.dispose();
    housekeeping.dispose();
    configuring.dispose();
    directory.dispose();
    await engine.dispose();
  };
  try {
    await engine.start();
    void housekeeping.start();
    if (store.mayMiss) {
      finding = offerLostRuns(engine, (hostIds, onSilent) => offerRuns(engine, hostIds, onSilent));
    }
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
  return { service: engine, close };
}

function launchers(log: vscode.LogOutputChannel): Launchers {
  const process = new ProcessLauncher(nonce);
  const slurm = new SlurmLauncher({ nonce, process, now: Date.now, log: (message) => log.warn(message) });
  const pueue = new PueueLauncher({ nonce, process, log: (message) => log.warn(message) });
  return new Launchers({ process, slurm, pueue });
}

async function openStore(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  fence: WriteFence,
): Promise<OperationStore> {
  try {
    return await OperationStore.open({
      path: vscode.Uri.joinPath(context.globalStorageUri, 'operations.sqlite').fsPath,
      wasm: () => readFile(vscode.Uri.joinPath(context.extensionUri, 'dist', 'sql-wasm.wasm').fsPath),
      now,
      log: (message) => log.warn(message),
      fence,
      onRecovered: (recovery) => void tellRecovery(recovery),
    });
  } catch (error) {
    if (error instanceof Superseded) {
      throw error;
    }
    throw new Error(vscode.l10n.t('Remote Operations cannot open its database: {0}', errorMessage(error)), {
      cause: error,
    });
  }
}

/** Without its records, nothing is known of any case: then no folder is watched. */
async function openWatchFolders(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  fence: WriteFence,
): Promise<WatchFolderParts | undefined> {
  try {
    const ledger = await Ledger.open({
      path: vscode.Uri.joinPath(context.globalStorageUri, 'watch-folders.json').fsPath,
      fence,
      now,
      log: (message) => log.warn(message),
    });
    const configs = () => {
      const { folders, problems } = watchFolderConfigs();
      problems.forEach((problem) => log.warn(problem));
      return folders;
    };
    return {
      ledger,
      configs,
      onDidChangeConfigs: (listener) => onDidChangeSettings(() => void listener()),
    };
  } catch (error) {
    void showError(
      vscode.l10n.t(
        'No folders are watched, as their records cannot be read: {0}. Reload the window to try again.',
        errorMessage(error),
      ),
    );
    return undefined;
  }
}

function hostDirectory(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
): { directory: HostDirectory; configuring: vscode.Disposable } {
  const vault = new Vault({
    get: (key) => context.secrets.get(key),
    set: (key, value) => context.secrets.store(key, value),
    delete: (key) => context.secrets.delete(key),
  });
  const keyring = new Keyring();
  const ownKnownHostsFile = vscode.Uri.joinPath(context.globalStorageUri, 'known_hosts').fsPath;
  const directory = new HostDirectory({
    now,
    onRemoved: (host) => void forgetPassword(host, vault),
    create: (host, onState, questions) =>
      host.host === localHost
        ? new LocalMachine({ host, onState })
        : new SshMachine({
            host,
            questions,
            vault,
            keyring,
            ownKnownHostsFile,
            onState,
            resolve: () => resolveHost(host, sshSource()),
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
  return { directory, configuring: onDidChangeSettings(configure) };
}

/** What is kept for a host goes with it; a key's passphrase may open other hosts too. */
async function forgetPassword(host: HostConfig, vault: Vault): Promise<void> {
  if (host.host === localHost) {
    return;
  }
  try {
    await vault.forget(passwordKey(await resolveHost(host, sshSource())));
  } catch {
    // Where it leads cannot be told: it was never connected.
  }
}

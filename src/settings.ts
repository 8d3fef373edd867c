import * as vscode from 'vscode';
import type { EngineSettings } from './engine/context';
import { readWatchFolders, type WatchFolderConfigs } from './engine/watchFolders/config';
import { readHostConfigs, type HostConfigs } from './hosts/hostConfigs';
import type { HostConfig } from './hosts/machine';
import { settingsSection } from './ids';
import type { WatchFolderView } from './operations/watchFolder';
import type { NotificationLevel } from './views/ends';

const read = () => vscode.workspace.getConfiguration(settingsSection);

const atLeast = (least: number, value: number | undefined, byDefault: number): number =>
  typeof value === 'number' && value >= least ? value : byDefault;

export function engineSettings(): EngineSettings {
  const settings = read();
  return {
    visibleSeconds: atLeast(1, settings.get('polling.visibleSeconds'), 2),
    backgroundSeconds: atLeast(5, settings.get('polling.backgroundSeconds'), 30),
    schedulerSeconds: atLeast(10, settings.get('polling.schedulerSeconds'), 30),
    unknownAfterMinutes: atLeast(1, settings.get('unknownAfterMinutes'), 60),
    stalledAfterMinutes: atLeast(0, settings.get('stalledAfterMinutes'), 10),
    maxConcurrent: atLeast(0, settings.get('maxConcurrent'), 0),
    overload: {
      cpuPercent: atLeast(1, settings.get('overload.cpuPercent'), 80),
      memoryMb: atLeast(0, settings.get('overload.memoryMb'), 4_000),
    },
  };
}

export const hostConfigs = (): HostConfigs => readHostConfigs(read().get('hosts'));

export const watchFolderConfigs = (): WatchFolderConfigs => readWatchFolders(read().get('watchFolders'));

export function sshFiles(): { configFile?: string; knownHostsFile?: string } {
  const configFile = read().get<string>('ssh.configFile');
  const knownHostsFile = read().get<string>('ssh.knownHostsFile');
  return { ...(configFile && { configFile }), ...(knownHostsFile && { knownHostsFile }) };
}

/** Operations that ended longer ago are forgotten; 0 keeps them for good. */
export const historyDays = (): number => atLeast(0, read().get('historyDays'), 90);

export function notificationLevel(): NotificationLevel {
  const level = read().get('notifications');
  return level === 'all' || level === 'none' ? level : 'failures';
}

export const stalledAfterMs = (): number => engineSettings().stalledAfterMinutes * 60_000;

export const confirmsKill = (): boolean => read().get<boolean>('confirmKill') !== false;

/** Adds a host to the user's settings. An entry with its id stays as the user wrote it. */
export async function saveHost(host: HostConfig): Promise<void> {
  if (!hasHostEntry(host.id)) {
    await read().update('hosts', [...stored('hosts'), host], vscode.ConfigurationTarget.Global);
  }
}

export async function removeHost(id: string): Promise<void> {
  const others = stored('hosts').filter((entry) => idOf(entry) !== id);
  await read().update('hosts', others, vscode.ConfigurationTarget.Global);
}

/** As written: also an entry that is not valid is the user's to mend. */
export const hasHostEntry = (id: string): boolean => stored('hosts').some((entry) => idOf(entry) === id);

const idOf = (entry: unknown): unknown => (entry as { id?: unknown } | null)?.id;

function stored(setting: string): unknown[] {
  const entries: unknown = read().get(setting);
  return Array.isArray(entries) ? entries : [];
}

/** Adds a folder to those that are watched, in the user's settings. */
export async function saveWatchFolder(folder: object): Promise<void> {
  await read().update('watchFolders', [...stored('watchFolders'), folder], vscode.ConfigurationTarget.Global);
}

export async function removeWatchFolder(folder: Pick<WatchFolderView, 'id'>): Promise<void> {
  const others = stored('watchFolders').filter(
    (entry) => readWatchFolders([entry]).folders[0]?.id !== folder.id,
  );
  await read().update('watchFolders', others, vscode.ConfigurationTarget.Global);
}

export function onDidChangeSettings(listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(settingsSection)) {
      listener();
    }
  });
}

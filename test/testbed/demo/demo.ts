// npm run demo: a host on this machine, operations that really run, and VS Code to watch them.
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startOtherServer } from './otherServer';
import { freePort } from '../freePort';
import { installExtension } from '../installExtension';
import { repositoryRoot } from '../repositoryRoot';
import { startVsCode, type VsCodeWeb } from '../vscodeWeb';
import { startDemoHost, type DemoHost } from './demoHost';
import { findDesktop, openDesktop } from './desktop';

export interface Demo {
  /** Where to look, when it is not a window of its own. */
  readonly url: string | undefined;
  /** Machine settings of that VS Code. */
  readonly settings?: Record<string, unknown>;
  /** The VS Code behind the URL. */
  readonly vscode?: VsCodeWeb;
  stop(): Promise<void>;
}

export interface DemoOptions {
  /** The web workbench, even where VS Code is installed. */
  web?: boolean;
  port?: number;
  /** What a server that is none of the operations listens on. Default: what the form proposes. */
  otherPort?: number;
  /** Beside those that the demo needs. */
  settings?: Record<string, unknown>;
}

export async function startDemo(options: DemoOptions = {}): Promise<Demo> {
  const folder = await mkdtemp(path.join(tmpdir(), 'remote-operations-demo-'));
  const cleanups = [() => rm(folder, { recursive: true, force: true, maxRetries: 10 })];
  const stop = async () => {
    for (const cleanup of cleanups.splice(0).reverse()) {
      await cleanup();
    }
  };
  try {
    const host = await startDemoHost(path.join(folder, 'host'));
    cleanups.push(() => host.stop());
    cleanups.push(await startOtherServer(host.home, options.otherPort));
    startStranger(host.home, await freePort());
    const companion = await layOutCompanion(path.join(folder, 'demo-extension'));
    const env = {
      DEMO_NODE: process.execPath,
      DEMO_PROGRAMS: path.join(repositoryRoot, 'test', 'testbed', 'demo-programs'),
      DEMO_PORT: String(await freePort()),
    };
    const desktop = options.web ? undefined : findDesktop();
    if (desktop !== undefined) {
      const extensions = [repositoryRoot, companion];
      cleanups.push(await openDesktop(desktop, { folder, settings: settingsFor(host), extensions, env }));
      return { url: undefined, stop };
    }
    const extensionsDir = path.join(folder, 'extensions');
    await installExtension(extensionsDir);
    await installExtension(extensionsDir, companion);
    const settings = { ...options.settings, ...settingsFor(host) };
    const vscode = await startVsCode({
      serverDataDir: path.join(folder, 'server'),
      extensionsDir,
      machineSettings: settings,
      env,
      ...(options.port !== undefined && { port: options.port }),
    });
    cleanups.push(() => vscode.stop());
    return { url: vscode.pageUrl(), vscode, settings, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What somebody started there without us: a server that says by its name what it is, with its output in a file. */
function startStranger(home: string, port: number): void {
  const log = openSync(path.join(home, 'tensorboard.log'), 'a');
  const program = path.join(repositoryRoot, 'test', 'testbed', 'demo-programs', 'server.mjs');
  spawn(process.execPath, [program, String(port), '--logdir=runs'], {
    argv0: 'tensorboard',
    cwd: home,
    env: { HOME: home, PATH: process.env['PATH'] },
    detached: true,
    stdio: ['ignore', log, log],
  }).unref();
  closeSync(log);
}

function settingsFor(host: DemoHost): Record<string, unknown> {
  return {
    'remoteOps.hosts': [{ id: 'demo', name: 'Demo host', host: 'demo' }],
    'remoteOps.ssh.configFile': host.sshConfigFile,
    'remoteOps.ssh.knownHostsFile': host.knownHostsFile,
  };
}

/** The built companion extension as a folder that VS Code can load. */
async function layOutCompanion(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const source = path.join('testbed', 'demo-extension');
  await copyFile(
    path.join(repositoryRoot, 'test', source, 'package.json'),
    path.join(folder, 'package.json'),
  );
  await copyFile(path.join(repositoryRoot, 'out', source, 'extension.js'), path.join(folder, 'extension.js'));
  return folder;
}

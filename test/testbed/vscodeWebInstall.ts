// Installs VS Code's server with its web workbench, and the Node that it asks for, into a cache folder.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { repositoryRoot } from './repositoryRoot';

/** code-server 4.139.1 carries VS Code 1.139.1, which wants Node 24. */
const codeServerVersion = '4.139.1';
const nodeMajor = '24';
/** Raised when the steps of the installation change. */
const recipe = 1;

export interface VsCodeWebInstall {
  node: string;
  serverMain: string;
}

export const cacheFolder = (): string =>
  path.join(process.env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache'), 'remote-operations-testbed');

/** Where it is installed, after installing it if need be. Safe against interruption and against a twin. */
export async function installVsCodeWeb(): Promise<VsCodeWebInstall> {
  const platform = `${process.platform}-${process.arch}`;
  const name = `code-server-${codeServerVersion}-node-${nodeMajor}-${platform}-v${recipe}`;
  const folder = path.join(cacheFolder(), name);
  if (!existsSync(folder)) {
    console.log(`Installing VS Code for the web (code-server ${codeServerVersion}) into ${folder}`);
    await install(folder, [`code-server@${codeServerVersion}`, `node-${platform}@${nodeMajor}`]);
  }
  return {
    node: path.join(folder, 'node_modules', `node-${platform}`, 'bin', 'node'),
    serverMain: path.join(vscodeFolder(folder), 'out', 'server-main.js'),
  };
}

const vscodeFolder = (folder: string) => path.join(folder, 'node_modules', 'code-server', 'lib', 'vscode');

/** Into a folder of its own first: a folder under the final name is always whole. */
async function install(folder: string, packages: string[]): Promise<void> {
  await mkdir(path.dirname(folder), { recursive: true });
  const partial = await mkdtemp(`${folder}.partial-`);
  try {
    await writeFile(path.join(partial, 'package.json'), '{ "private": true }');
    await npm(partial, ['install', ...packages, '--ignore-scripts']);
    const vscode = vscodeFolder(partial);
    await npm(vscode, ['install', '--omit=dev', '--ignore-scripts']);
    // Terminal and file watcher come with prebuilt native parts; these two do not, and we have no compiler.
    await replaceModule(vscode, '@vscode/spdlog', 'spdlogStandIn');
    await replaceModule(vscode, '@vscode/native-watchdog', 'watchdogStandIn');
    await rename(partial, folder);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (!existsSync(folder)) {
      throw error;
    }
  }
}

const replaceModule = (vscode: string, name: string, standIn: string) =>
  copyFile(
    path.join(repositoryRoot, 'out', 'testbed', `${standIn}.js`),
    path.join(vscode, 'node_modules', name, 'index.js'),
  );

async function npm(cwd: string, args: string[]): Promise<void> {
  const script = process.env['npm_execpath'];
  const [command, ...first] = script?.endsWith('.js') ? [process.execPath, script] : ['npm'];
  const child = spawn(command, [...first, ...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr
    .setEncoding('utf8')
    .on('data', (text: string) => (complaint = (complaint + text).slice(-4096)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  if (code !== 0) {
    throw new Error(`npm ${args.join(' ')} failed. Is the package registry in reach?\n${complaint}`);
  }
}

// A stand-in for VS Code's desktop executable where that cannot be downloaded: takes the command line
// that @vscode/test-electron gives, and runs the tests in the web workbench of a real VS Code.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { format, parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { startBrowser } from './browser';
import { startVsCode, type VsCodeWeb } from './vscodeWeb';

interface CommandLine {
  folder: string | undefined;
  extensionDevelopmentPaths: string[];
  extensionTestsPath: string;
  userDataDir: string | undefined;
  extensionsDir: string | undefined;
}

function readCommandLine(): CommandLine {
  // Not strict: flags that only mean something to Electron are let pass.
  const { values, positionals } = parseArgs({
    strict: false,
    allowPositionals: true,
    options: {
      extensionDevelopmentPath: { type: 'string', multiple: true },
      extensionTestsPath: { type: 'string' },
      'user-data-dir': { type: 'string' },
      'extensions-dir': { type: 'string' },
    },
  });
  const text = (value: unknown) => (typeof value === 'string' ? path.resolve(value) : undefined);
  const extensionTestsPath = text(values.extensionTestsPath);
  if (extensionTestsPath === undefined) {
    throw new Error('--extensionTestsPath is missing.');
  }
  return {
    folder: text(positionals[0]),
    extensionDevelopmentPaths: (values.extensionDevelopmentPath ?? []).flatMap((value) => text(value) ?? []),
    extensionTestsPath,
    userDataDir: text(values['user-data-dir']),
    extensionsDir: text(values['extensions-dir']),
  };
}

/** The desktop's user settings become the machine settings: the web workbench keeps its own in the browser. */
function readSettings(userDataDir: string | undefined): Record<string, unknown> {
  const file = path.join(userDataDir ?? '', 'User', 'settings.json');
  return userDataDir !== undefined && existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>)
    : {};
}

/** Opens the page and resolves with the exit code of the tests that run in it. */
async function runTests(vscode: VsCodeWeb, page: Page, options: CommandLine): Promise<number> {
  const finished = new Promise<number>((resolve, reject) => {
    void page.exposeFunction('codeAutomationLog', printConsole);
    void page.exposeFunction('codeAutomationExit', resolve);
    page.once('crash', () => reject(new Error('The page crashed.')));
    page.once('close', () => reject(new Error('The page was closed.')));
    void vscode.ended.then(() => reject(new Error(`VS Code ended early:\n${vscode.output()}`)));
  });
  await page.goto(vscode.pageUrl(options));
  return finished;
}

/** What the workbench says about itself at every start. */
const noise =
  /^(?:Resolv(?:ing|ed) connection token|Creating a socket|(?:Updating|Ignoring fetching) additional builtin|\[(?:reconnection-grace-time|AgentHost:remote|AccountPolicyGate|Service Worker)\])/u;

function printConsole(type: string, args: unknown[]): void {
  const text = format(...args);
  if (!noise.test(text)) {
    console.log(type === 'info' || type === 'log' ? text : `[${type}] ${text}`);
  }
}

async function main(): Promise<number> {
  const options = readCommandLine();
  const vscode = await startVsCode({
    smokeTestDriver: true,
    machineSettings: readSettings(options.userDataDir),
    ...(options.userDataDir !== undefined && { serverDataDir: path.join(options.userDataDir, 'server') }),
    ...(options.extensionsDir !== undefined && { extensionsDir: options.extensionsDir }),
  });
  try {
    const browser = await startBrowser();
    try {
      return await runTests(vscode, await browser.newPage(), options);
    } finally {
      await browser.close();
    }
  } finally {
    await vscode.stop();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);

// A real VS Code with its extension host, reached by a browser.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startGuarded } from './guardedProcess';
import { installEmptyLanguagePack } from './languagePack';
import { installVsCodeWeb } from './vscodeWebInstall';

export interface VsCodeOptions {
  /** State of the server: pass the same folder again to find it again. Default: a new one, removed at the end. */
  serverDataDir?: string;
  /** Overrides those below; `machine` and `window` scope only, as in a remote's settings file. */
  machineSettings?: Record<string, unknown>;
  extensionsDir?: string;
  /** Added to the environment of the server and its extension host. */
  env?: NodeJS.ProcessEnv;
  /** Lets the page load development extensions and run extension tests. */
  smokeTestDriver?: boolean;
  /** Of the words of extensions; VS Code's own stay English. Default: English. */
  displayLanguage?: string | undefined;
  /** A folder has to be trusted first. Default: all are. */
  workspaceTrust?: boolean | undefined;
  port?: number;
  onOutput?: (text: string) => void;
}

export interface PageOptions {
  folder?: string | undefined;
  /** Absolute paths. */
  extensionDevelopmentPaths?: readonly string[];
  extensionTestsPath?: string | undefined;
}

export interface VsCodeWeb {
  readonly origin: string;
  readonly pid: number;
  readonly serverDataDir: string;
  /** Resolves when the server ended, by `stop` or by itself. */
  readonly ended: Promise<unknown>;
  /** The server's last output, for error messages. */
  output(): string;
  pageUrl(options?: PageOptions): string;
  /** Replaces the machine settings; the running VS Code takes them up. */
  setMachineSettings(settings: Record<string, unknown>): Promise<void>;
  stop(): Promise<void>;
}

/** Nothing on the screen but what a test or a user came to see. */
const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'telemetry.feedback.enabled': false,
};

export async function startVsCode(options: VsCodeOptions = {}): Promise<VsCodeWeb> {
  const { node, serverMain } = await installVsCodeWeb();
  const temporary = options.serverDataDir === undefined;
  const serverDataDir =
    options.serverDataDir ?? (await mkdtemp(path.join(tmpdir(), 'remote-operations-vscode-')));
  const extensionsDir = options.extensionsDir ?? path.join(serverDataDir, 'extensions');
  await mkdir(extensionsDir, { recursive: true });

  const setMachineSettings = async (settings: Record<string, unknown>) => {
    const folder = path.join(serverDataDir, 'data', 'Machine');
    await mkdir(folder, { recursive: true });
    await writeFile(
      path.join(folder, 'settings.json'),
      JSON.stringify({ ...quietSettings, ...settings }, null, 2),
    );
  };
  await setMachineSettings(options.machineSettings ?? {});
  const { displayLanguage } = options;
  if (displayLanguage !== undefined) {
    await installEmptyLanguagePack(path.join(serverDataDir, 'data'), displayLanguage);
  }

  const server = startGuarded(
    node,
    [
      serverMain,
      ...['--host', '127.0.0.1', '--port', String(options.port ?? 0), '--without-connection-token'],
      ...['--accept-server-license-terms', '--telemetry-level', 'off'],
      ...(options.workspaceTrust ? [] : ['--disable-workspace-trust']),
      ...['--server-data-dir', serverDataDir, '--extensions-dir', extensionsDir],
      ...(displayLanguage === undefined ? [] : ['--locale', displayLanguage]),
      ...(options.smokeTestDriver ? ['--enable-smoke-test-driver'] : []),
    ],
    {
      // Windows meet in a folder of this server's own.
      env: { ...cleanEnvironment(options.env), XDG_RUNTIME_DIR: serverDataDir },
      ...(options.onOutput && { onOutput: options.onOutput }),
    },
  );
  const stop = async () => {
    await server.stop();
    if (temporary) {
      await rm(serverDataDir, { recursive: true, force: true, maxRetries: 5 });
    }
  };
  try {
    const [, port] = await server.waitForOutput(
      /Extension host agent listening on (\d+)|EADDRINUSE/u,
      60_000,
    );
    if (port === undefined) {
      throw new Error(`Port ${options.port ?? 0} is taken. Choose another, or none: a free one is found.`);
    }
    const origin = `http://127.0.0.1:${port}`;
    return {
      origin,
      pid: server.pid,
      serverDataDir,
      ended: server.ended,
      output: () => server.output(),
      pageUrl: (page = {}) => pageUrlOf(origin, page),
      setMachineSettings,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Started from a terminal of VS Code or by Electron, ours would take itself for a part of the other. */
function cleanEnvironment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(?:VSCODE_|ELECTRON_)/u.test(name));
  // Without an extension gallery it calls nobody outside.
  return { ...Object.fromEntries(inherited), EXTENSIONS_GALLERY: '{}', ...extra };
}

function pageUrlOf(origin: string, page: PageOptions): string {
  const remote = (file: string) => `vscode-remote://${new URL(origin).host}${file}`;
  const payload = [
    ...(page.extensionDevelopmentPaths ?? []).map((file) => ['extensionDevelopmentPath', remote(file)]),
    ...(page.extensionTestsPath === undefined
      ? []
      : [['extensionTestsPath', remote(page.extensionTestsPath)]]),
    ['skipWelcome', 'true'],
  ];
  const url = new URL(origin);
  if (page.folder === undefined) {
    url.searchParams.set('ew', 'true');
  } else {
    url.searchParams.set('folder', page.folder);
  }
  url.searchParams.set('payload', JSON.stringify(payload));
  return url.href;
}

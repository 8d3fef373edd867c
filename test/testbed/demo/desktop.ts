// The user's own VS Code, with folders of its own so that nothing of the user's is touched.
import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { findProgram } from '../systemPackages.mjs';

/** The `code` command, where it opens a window on this machine. */
export function findDesktop(): string | undefined {
  // Inside a terminal of a remote VS Code, `code` opens the window elsewhere.
  const remote = process.env['VSCODE_IPC_HOOK_CLI'] !== undefined;
  const screen = process.platform !== 'linux' || process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'];
  return remote || !screen ? undefined : findProgram('code');
}

export interface DesktopOptions {
  /** Takes the user data and extension folders. */
  folder: string;
  settings: Record<string, unknown>;
  extensions: string[];
  env: NodeJS.ProcessEnv;
}

/** Opens the window. Returns what closes it. */
export async function openDesktop(code: string, options: DesktopOptions): Promise<() => Promise<void>> {
  const userDataDir = path.join(options.folder, 'user-data');
  await mkdir(path.join(userDataDir, 'User'), { recursive: true });
  await writeFile(path.join(userDataDir, 'User', 'settings.json'), JSON.stringify(options.settings, null, 2));
  const child = spawn(
    code,
    [
      '--new-window',
      `--user-data-dir=${userDataDir}`,
      `--extensions-dir=${path.join(options.folder, 'extensions')}`,
      ...options.extensions.map((extension) => `--extensionDevelopmentPath=${extension}`),
      ...['--skip-welcome', '--disable-workspace-trust', '--disable-updates'],
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
    { env: { ...process.env, ...options.env }, stdio: 'ignore' },
  );
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject).once('spawn', resolve);
  });
  // The command hands over to the window's process, which leaves its id in this file.
  return async () => {
    const pid = Number(await readFile(path.join(userDataDir, 'code.lock'), 'utf8').catch(() => ''));
    try {
      process.kill(pid > 0 ? pid : (child.pid ?? 0));
    } catch {
      // The user closed it.
    }
  };
}

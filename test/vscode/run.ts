// Runs the suite inside a real VS Code: the web workbench, or the desktop build with VSCODE_TEST=desktop.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { anyLoad } from '../testbed/anyLoad';
import { repositoryRoot } from '../testbed/repositoryRoot';
import { prepareEnvironment } from './environment';

async function main(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'remote-operations-vscode-'));
  const userDataDir = path.join(folder, 'user-data');
  const environment = await prepareEnvironment();
  try {
    const workspace = path.join(folder, 'workspace');
    await mkdir(workspace);
    await mkdir(path.join(userDataDir, 'User'), { recursive: true });
    await writeFile(
      path.join(userDataDir, 'User', 'settings.json'),
      JSON.stringify({ ...anyLoad, ...environment.settings }),
    );
    await runTests({
      ...(process.env['VSCODE_TEST'] !== 'desktop' && {
        vscodeExecutablePath: path.join(repositoryRoot, 'test', 'testbed', 'code-web'),
      }),
      extensionDevelopmentPath: repositoryRoot,
      extensionTestsPath: path.join(__dirname, 'index.js'),
      extensionTestsEnv: environment.env,
      launchArgs: [
        workspace,
        '--disable-workspace-trust',
        `--user-data-dir=${userDataDir}`,
        `--extensions-dir=${path.join(folder, 'extensions')}`,
        '--disable-telemetry',
      ],
    });
  } finally {
    await environment.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

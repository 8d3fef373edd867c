import { cp, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { listFiles, PackageManager } from '@vscode/vsce';
import { repositoryRoot } from './repositoryRoot';

interface Manifest {
  publisher: string;
  name: string;
  version: string;
}

/** Lays an extension into VS Code's folder of installed ones: exactly the files that its package would hold. */
export async function installExtension(extensionsDir: string, source = repositoryRoot): Promise<void> {
  const text = await readFile(path.join(source, 'package.json'), 'utf8');
  const { publisher, name, version } = JSON.parse(text) as Manifest;
  const target = path.join(extensionsDir, `${publisher}.${name}-${version}`);
  for (const file of await listFiles({ cwd: source, packageManager: PackageManager.None })) {
    await mkdir(path.dirname(path.join(target, file)), { recursive: true });
    await cp(path.join(source, file), path.join(target, file));
  }
}

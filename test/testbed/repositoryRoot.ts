import { existsSync } from 'node:fs';
import path from 'node:path';

/** The checkout this code was built in: bundles lie at several depths under out/. */
export const repositoryRoot = findUp(__dirname);

function findUp(folder: string): string {
  if (existsSync(path.join(folder, 'esbuild.mjs'))) {
    return folder;
  }
  const parent = path.dirname(folder);
  if (parent === folder) {
    throw new Error(`No repository above ${__dirname}.`);
  }
  return findUp(parent);
}

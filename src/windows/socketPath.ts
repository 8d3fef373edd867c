import { createHash, randomBytes } from 'node:crypto';
import { lstat, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';

/** `sun_path` holds 104 bytes on macOS, 108 on Linux. */
const mostBytes = 100;

export interface SocketPlace {
  platform: NodeJS.Platform;
  uid: number | undefined;
  /** Folders that may hold ours, the best one first. */
  bases: readonly (string | undefined)[];
}

const here = (): SocketPlace => ({
  platform: process.platform,
  uid: process.getuid?.(),
  bases: [process.env['XDG_RUNTIME_DIR'], tmpdir(), '/tmp'],
});

/**
 * A path that no socket ever had, in a folder that only this user can enter; on Windows the name of a
 * pipe that cannot be guessed.
 * @throws Error when the folder exists and is not this user's alone
 */
export async function freshSocketPath(storage: string, place: SocketPlace = here()): Promise<string> {
  const name = randomBytes(8).toString('hex');
  const group = createHash('sha256').update(storage).digest('hex').slice(0, 12);
  if (place.platform === 'win32') {
    return `\\\\.\\pipe\\remote-operations-${group}-${name}${randomBytes(8).toString('hex')}`;
  }
  const folderName = `remote-operations-${place.uid ?? 'user'}-${group}`;
  const bases = place.bases.filter((base) => base?.startsWith('/')) as string[];
  const fitting = bases.filter(
    (base) => Buffer.byteLength(join(base, folderName, `${name}.sock`)) < mostBytes,
  );
  const problems: Error[] = [];
  for (const base of fitting) {
    const folder = join(base, folderName);
    try {
      await makePrivate(folder, place.uid);
      return join(folder, `${name}.sock`);
    } catch (error) {
      problems.push(error as Error);
    }
  }
  throw (
    problems[0] ??
    new Error(l10n.t('No folder for a socket: {0} have names that are too long.', bases.join(', ')))
  );
}

async function makePrivate(folder: string, uid: number | undefined): Promise<void> {
  await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') {
      throw error;
    }
  });
  // lstat: a link that somebody else put there must not lead us elsewhere.
  const found = await lstat(folder);
  if (!found.isDirectory() || (uid !== undefined && found.uid !== uid) || (found.mode & 0o077) !== 0) {
    throw new Error(
      l10n.t(
        '{0} is not a folder of this user alone, so windows cannot meet there. Remove it, then reload the window.',
        folder,
      ),
    );
  }
}

/** Removes the socket that an owner left which was killed. */
export async function removeSocket(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isSocket()) {
    await rm(path, { force: true }).catch(() => undefined);
  }
}

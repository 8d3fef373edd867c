import * as l10n from '@vscode/l10n';
import { createHash } from 'node:crypto';
import { lstat, readdir, readlink } from 'node:fs/promises';
import path from 'node:path';
import { printable } from '../../hosts/destination';
import { LocalProblem } from './problems';

/** What lies in a local folder. Paths are relative to it, with `/`; sizes in bytes. */
export interface StockFile {
  path: string;
  size: number;
  executable: boolean;
}

export interface Stock {
  files: StockFile[];
  /** Each before those within. */
  folders: string[];
  links: { path: string; target: string }[];
  bytes: number;
  /** Differs once anything in it has another name, size, time or kind. */
  fingerprint: string;
  /** What keeps it from being uploaded: the first thing found. */
  problem?: string;
}

const mostEntries = 100_000;
const mostBytes = 4 * 1024 ** 4;
const mostPathBytes = 4_000;

/**
 * Lists a folder without following symbolic links.
 * @throws LocalProblem when the folder itself is not there or cannot be read
 */
export async function takeStock(root: string, signal?: AbortSignal): Promise<Stock> {
  const stock: Stock = { files: [], folders: [], links: [], bytes: 0, fingerprint: '' };
  const seen: string[] = [];
  const note = (problem: string) => (stock.problem ??= problem);
  const enter = async (folder: string): Promise<void> => {
    for (const name of (await names(root, folder, note)).sort((a, b) => Buffer.compare(a, b))) {
      signal?.throwIfAborted();
      const relative = folder === '' ? name.toString() : `${folder}/${name.toString()}`;
      if (!Buffer.from(name.toString()).equals(name)) {
        note(l10n.t('The name of {0} is not UTF-8. Rename it, then retry.', printable(relative)));
      } else if (Buffer.byteLength(relative) > mostPathBytes) {
        note(l10n.t('The path of {0} is too long for a host. Shorten it, then retry.', printable(relative)));
      } else if (seen.length >= mostEntries) {
        note(
          l10n.t(
            'It holds more than {0} files and folders. Pack them into an archive, then retry.',
            mostEntries,
          ),
        );
        return;
      } else {
        await look(relative);
      }
    }
  };
  const look = async (relative: string): Promise<void> => {
    const full = path.join(root, relative);
    const stat = await lstat(full).catch(() => undefined);
    // Gone since it was listed: the next look has another fingerprint.
    seen.push(
      JSON.stringify(stat ? [relative, stat.mode, stat.size, stat.mtimeMs, stat.ctimeMs] : [relative]),
    );
    if (stat?.isDirectory()) {
      stock.folders.push(relative);
      await enter(relative);
    } else if (stat?.isFile()) {
      const executable = process.platform !== 'win32' && (stat.mode & 0o100) !== 0;
      stock.files.push({ path: relative, size: stat.size, executable });
      stock.bytes += stat.size;
    } else if (stat?.isSymbolicLink()) {
      const target = await readlink(full);
      stock.links.push({ path: relative, target });
      if (leadsOut(relative, target)) {
        note(
          l10n.t(
            '{0} is a symbolic link that leads out of the folder. Put a copy in its place, then retry.',
            printable(relative),
          ),
        );
      }
    } else if (stat) {
      note(l10n.t('{0} is neither a file nor a folder. Remove it, then retry.', printable(relative)));
    }
  };
  await enter('');
  if (stock.bytes > mostBytes) {
    note(l10n.t('It holds more than 4 TiB. Bring it to the host in another way.'));
  }
  stock.fingerprint = createHash('sha256').update(seen.join('\n')).digest('hex');
  return stock;
}

/** The same for a single file; its folder is the root then. @throws LocalProblem when it cannot be uploaded */
export async function takeStockOfFile(file: string): Promise<Stock> {
  const stat = await lstat(file).catch((error: unknown) => {
    throw new LocalProblem(l10n.t('It cannot be read: {0}', printable((error as Error).message)), {
      cause: error,
    });
  });
  if (!stat.isFile()) {
    throw new LocalProblem(l10n.t('It is neither a file nor a folder.'));
  }
  const name = path.basename(file);
  const executable = process.platform !== 'win32' && (stat.mode & 0o100) !== 0;
  const seen = JSON.stringify([name, stat.mode, stat.size, stat.mtimeMs, stat.ctimeMs]);
  return {
    files: [{ path: name, size: stat.size, executable }],
    folders: [],
    links: [],
    bytes: stat.size,
    fingerprint: createHash('sha256').update(seen).digest('hex'),
  };
}

async function names(root: string, folder: string, note: (problem: string) => void): Promise<Buffer[]> {
  try {
    return await readdir(path.join(root, folder), { encoding: 'buffer' });
  } catch (error) {
    if (folder === '') {
      throw new LocalProblem(l10n.t('It cannot be read: {0}', printable((error as Error).message)), {
        cause: error,
      });
    }
    note(l10n.t('The folder {0} cannot be read. Correct its permissions, then retry.', printable(folder)));
    return [];
  }
}

/** Whether a link within an uploaded folder would lead to what was not uploaded with it. */
export function leadsOut(link: string, target: string): boolean {
  if (target.startsWith('/') || path.isAbsolute(target)) {
    return true;
  }
  const place = path.posix.normalize(path.posix.join(path.posix.dirname(link), target));
  return place === '..' || place.startsWith('../');
}

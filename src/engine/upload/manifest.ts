import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { printable } from '../../hosts/destination';
import { LocalChange, LocalProblem } from './problems';
import type { Stock, StockFile } from './stock';

export interface ManifestFile extends StockFile {
  /** SHA-256 in hex. */
  hash: string;
}

/** What is uploaded, to the last byte. */
export interface Manifest extends Omit<Stock, 'files' | 'problem'> {
  files: ManifestFile[];
  /** Of everything but times: the same when the same is uploaded. */
  contentHash: string;
}

const readBytes = 256 * 1024;

/**
 * Reads all files once.
 * @throws LocalProblem when one cannot be read, LocalChange when one is not as it was listed
 */
export async function makeManifest(root: string, stock: Stock, signal: AbortSignal): Promise<Manifest> {
  const { problem, ...rest } = stock;
  if (problem !== undefined) {
    throw new LocalProblem(problem);
  }
  const files: ManifestFile[] = [];
  for (const file of stock.files) {
    files.push({ ...file, hash: await hashStart(root, file.path, file.size, signal) });
  }
  const content = JSON.stringify([
    files.map((file) => [file.path, file.size, file.executable, file.hash]),
    stock.folders,
    stock.links.map(({ path: link, target }) => [link, target]),
  ]);
  return { ...rest, files, contentHash: createHash('sha256').update(content).digest('hex') };
}

/** SHA-256 of a file's first bytes. */
export async function hashStart(
  root: string,
  file: string,
  bytes: number,
  signal: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256');
  for await (const { data } of readPieces(
    root,
    file,
    { from: 0, to: bytes, pieceBytes: readBytes },
    signal,
  )) {
    hash.update(data);
  }
  return hash.digest('hex');
}

export interface Piece {
  position: number;
  data: Buffer;
}

/** A part of a file, piece by piece. @throws LocalProblem, LocalChange when it is shorter */
export async function* readPieces(
  root: string,
  file: string,
  { from, to, pieceBytes }: { from: number; to: number; pieceBytes: number },
  signal: AbortSignal,
): AsyncGenerator<Piece> {
  const source = await openToRead(root, file);
  try {
    for (let position = from; position < to;) {
      signal.throwIfAborted();
      const data = Buffer.allocUnsafe(Math.min(pieceBytes, to - position));
      const { bytesRead } = await source.read(data, 0, data.length, position).catch((error: unknown) => {
        throw cannotRead(file, error);
      });
      if (bytesRead === 0) {
        throw new LocalChange(`${file} has become shorter`);
      }
      yield { position, data: data.subarray(0, bytesRead) };
      position += bytesRead;
    }
  } finally {
    await source.close();
  }
}

async function openToRead(root: string, file: string) {
  try {
    // Not through a link, or into a pipe, that was put in its place since it was listed.
    const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
    return await open(path.join(root, file), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    throw cannotRead(file, error);
  }
}

function cannotRead(file: string, error: unknown): Error {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  // Gone, replaced, or held by the program that writes it (Windows).
  return ['ENOENT', 'ENOTDIR', 'ELOOP', 'EBUSY'].includes(code)
    ? new LocalChange(`${file} has changed`, { cause: error })
    : new LocalProblem(
        l10n.t(
          '{0} cannot be read ({1}). Correct its permissions, then retry.',
          printable(file),
          code || printable(String(error)),
        ),
        { cause: error },
      );
}

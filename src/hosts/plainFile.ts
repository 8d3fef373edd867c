import { readFile, stat } from 'node:fs/promises';

const absent = new Set(['ENOENT', 'ENOTDIR', 'EISDIR']);

export const isAbsent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && absent.has(String(error.code));

/**
 * Reads a regular file; `undefined` for anything else. To read a pipe would wait for its writer, for good
 * perhaps, and a few of those hold up all other reading of this process.
 */
export async function readPlainFile(path: string): Promise<Buffer | undefined> {
  return (await stat(path)).isFile() ? readFile(path) : undefined;
}

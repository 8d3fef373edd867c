import { readFile, rename, stat } from 'node:fs/promises';
import { type WriteFence, writeDurably } from './durableFile';

const kept = 3;
const dayMs = 24 * 3_600_000;

export const backupPath = (database: string, number: number): string => `${database}.bak-${number}`;

/** Newest first. */
export const backupPaths = (database: string): string[] =>
  Array.from({ length: kept }, (_, index) => backupPath(database, index + 1));

/**
 * Copies the database file to the newest backup. The older ones move up, except while the second is not a
 * day old: then the newest alone is replaced, so that a day of many restarts does not use them all up.
 */
export async function backUp(database: string, now: string, fence?: WriteFence): Promise<void> {
  const content = await readFile(database).catch(ifMissing);
  if (!content) {
    return;
  }
  await fence?.check();
  if (await isTimeToMove(database, Date.parse(now))) {
    for (let number = kept - 1; number >= 1; number--) {
      await rename(backupPath(database, number), backupPath(database, number + 1)).catch(ifMissing);
    }
  }
  await writeDurably(backupPath(database, 1), content, fence, database);
}

export const savedAt = async (backup: string): Promise<string> => (await stat(backup)).mtime.toISOString();

async function isTimeToMove(database: string, nowMs: number): Promise<boolean> {
  const second = await stat(backupPath(database, 2)).catch(ifMissing);
  const last = await stat(backupPath(database, kept)).catch(ifMissing);
  // The distance, not the order: the clock may have been set back.
  return !second || !last || Math.abs(nowMs - second.mtimeMs) > dayMs;
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') {
    throw error;
  }
}

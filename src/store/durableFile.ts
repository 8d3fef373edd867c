import { open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Another writer has taken over; this one writes no more. */
export class Superseded extends Error {
  override readonly name = 'Superseded';
}

/**
 * Keeps a writer that has been succeeded by another, perhaps while it was stopped in the middle of a
 * write, from overwriting what its successor wrote.
 */
export interface WriteFence {
  /** Higher than that of every earlier writer. */
  readonly generation: number;
  /** @throws Superseded once a successor has been appointed */
  check(): Promise<void>;
}

/**
 * Replaces a file so that after a crash at any point it is either the old one or the new one, whole.
 * Resolves once the new one is on the disk.
 *
 * With a fence: a successor is appointed, then calls `discardUnfinished`, then reads. A write begins a
 * temporary file of its own, then checks the fence, then renames. If the file was begun before the discard,
 * either it is gone and the rename fails, or it was renamed earlier and the successor reads it. If it was
 * begun later, the check fails.
 */
export async function writeDurably(
  path: string,
  content: Uint8Array,
  fence?: WriteFence,
  /** Whose temporary file is used, and discarded, where several files belong together. */
  family = path,
): Promise<void> {
  const temporary = `${family}.${fence ? `${fence.generation}.` : ''}new`;
  try {
    const file = await open(temporary, 'w', 0o600);
    try {
      await fence?.check();
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    // Tells a rename that failed because of a successor from one that the disk refused.
    await fence?.check();
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Removes what writers before this one have begun and not brought to its end. */
export async function discardUnfinished(path: string, { generation }: WriteFence): Promise<void> {
  const start = `${basename(path)}.`;
  const unfinished = (await readdir(dirname(path))).filter(
    (name) =>
      name.startsWith(start) &&
      name.endsWith('.new') &&
      Number(name.slice(start.length, -'.new'.length)) < generation,
  );
  await Promise.all(unfinished.map((name) => rm(join(dirname(path), name), { force: true })));
}

/** Makes the rename itself durable. Windows neither needs this nor lets a folder be opened. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') {
    return;
  }
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

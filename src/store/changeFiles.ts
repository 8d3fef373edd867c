import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as v from 'valibot';
import type { Rows } from './tables';

/** What was written after the whole database was: a file for each write, in the order of their numbers. */
export interface ChangeFile {
  path: string;
  /** Of the whole database that it builds on. */
  sequence: number;
  number: number;
}

export const changeFilePath = (database: string, sequence: number, number: number): string =>
  `${database}.${sequence}-${number}.changes`;

/** In the order in which they were written. */
export async function listChangeFiles(database: string): Promise<ChangeFile[]> {
  const start = `${basename(database)}.`;
  const files = (await readdir(dirname(database))).flatMap((name) => {
    const found = name.startsWith(start) && /^(\d+)-(\d+)\.changes$/.exec(name.slice(start.length));
    return found
      ? [{ path: join(dirname(database), name), sequence: Number(found[1]), number: Number(found[2]) }]
      : [];
  });
  return files.sort((a, b) => a.sequence - b.sequence || a.number - b.number);
}

export const changeFileContent = (rows: Rows): Buffer => Buffer.from(JSON.stringify(rows));

const rowsSchema = v.object({
  operations: v.array(
    v.object({
      operation: v.looseObject({ id: v.string(), spec: v.looseObject({}) }),
      changedAt: v.string(),
    }),
  ),
  events: v.array(v.looseObject({ id: v.number(), operationId: v.string(), at: v.string() })),
  removed: v.array(v.string()),
});

/** @throws Error when the file is damaged */
export async function readChangeFile({ path }: ChangeFile): Promise<Rows> {
  const parsed: unknown = JSON.parse(await readFile(path, 'utf8'));
  if (!v.is(rowsSchema, parsed)) {
    throw new Error('its content is that of something else');
  }
  return parsed as unknown as Rows;
}

/** Those that the whole database holds by now. What cannot be removed does no harm: it is not read again. */
export async function removeChangeFiles(database: string, beforeSequence: number): Promise<void> {
  const old = (await listChangeFiles(database)).filter(({ sequence }) => sequence < beforeSequence);
  await Promise.all(old.map(({ path }) => rm(path, { force: true }).catch(() => undefined)));
}

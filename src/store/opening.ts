import { mkdir, readFile, rename } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { Database, SqlJsStatic } from 'sql.js';
import { errorMessage } from '../operations/errors';
import { backupPaths, savedAt } from './backups';
import { type ChangeFile, listChangeFiles, readChangeFile } from './changeFiles';
import { discardUnfinished, type WriteFence } from './durableFile';
import { migrate, schemaVersion } from './migrations';
import { applyRows, readSequence } from './tables';

export interface OpeningOptions {
  path: string;
  /** The content of `sql-wasm.wasm`. */
  wasm: () => Promise<Uint8Array>;
  /** Now, as ISO 8601. */
  now: () => string;
  log: (message: string) => void;
  /** Given where another window may take over from this one. */
  fence?: WriteFence;
}

/** What was found damaged or missing, and what was made of it. */
export interface Recovery {
  problem: string;
  /** Where the damaged files lie now. */
  movedTo: string[];
  /** The backup that was opened instead. Missing: there was none, or only newer changes were damaged. */
  restored?: { from: string; savedAt: string };
}

export interface Opened {
  database: Database;
  /** Whether the file on the disk, together with the files of changes, is what was opened. */
  isOnDisk: boolean;
  /** The highest that was found, and the files that count on from it. */
  sequence: number;
  changeFiles: ChangeFile[];
  /** Whether it is a new one, because nothing of an earlier one was found. */
  isNew: boolean;
  recovery?: Recovery;
}

/**
 * Opens the database with what was written since; if it is damaged or missing, the newest good backup with
 * the changes that are newer than that; if there is none, a new one. Damaged files are moved aside.
 */
export async function openDatabase(options: OpeningOptions): Promise<Opened> {
  const { default: initSqlJs } = await import('sql.js');
  const wasmBinary = await options.wasm();
  const sql = await initSqlJs({ wasmBinary: wasmBinary.slice().buffer });
  await mkdir(dirname(options.path), { recursive: true, mode: 0o700 });
  if (options.fence) {
    await discardUnfinished(options.path, options.fence);
  }
  const opening = new Opening(sql, options);
  return opening.run();
}

class Opening {
  readonly #problems: string[] = [];
  readonly #movedTo: string[] = [];

  constructor(
    private readonly sql: SqlJsStatic,
    private readonly options: OpeningOptions,
  ) {}

  async run(): Promise<Opened> {
    const { path } = this.options;
    const files = await listChangeFiles(path);
    const own = await this.#openOwn(path);
    const backup = own ? undefined : await this.#openBackup(files.length > 0);
    const database = own ?? backup?.database ?? new this.sql.Database();
    migrate(database);
    const base = readSequence(database);
    const changeFiles = files.filter(({ sequence }) => sequence >= base);
    for (const file of changeFiles) {
      await this.#apply(database, file);
    }
    const recovery: Recovery | undefined =
      this.#problems.length > 0
        ? {
            problem: this.#problems.join('; '),
            movedTo: this.#movedTo,
            ...(backup && { restored: backup.restored }),
          }
        : undefined;
    return {
      database,
      isNew: !own && !backup && files.length === 0,
      isOnDisk: own !== undefined && recovery === undefined,
      sequence: Math.max(base, ...files.map(({ sequence }) => sequence)),
      changeFiles,
      ...(recovery && { recovery }),
    };
  }

  async #openOwn(path: string): Promise<Database | undefined> {
    const content = await readFile(path).catch(ifMissing);
    if (!content) {
      return undefined;
    }
    try {
      return this.#whole(content);
    } catch (error) {
      await this.#setAside(path, error);
      return undefined;
    }
  }

  /** Files of changes without the file that they build on mean that there was one. */
  async #openBackup(
    hadDatabase: boolean,
  ): Promise<{ database: Database; restored: NonNullable<Recovery['restored']> } | undefined> {
    const { path, log } = this.options;
    for (const from of backupPaths(path)) {
      try {
        const content = await readFile(from).catch(ifMissing);
        if (content) {
          const database = this.#whole(content);
          this.#noteMissing();
          log(`The backup ${from} was opened instead.`);
          return { database, restored: { from, savedAt: await savedAt(from) } };
        }
      } catch (error) {
        log(`The backup ${from} is of no use: ${errorMessage(error)}`);
      }
    }
    if (hadDatabase) {
      this.#noteMissing();
    }
    return undefined;
  }

  #noteMissing(): void {
    const { path, log } = this.options;
    if (this.#problems.length === 0) {
      this.#problems.push(l10n.t('{0} is missing', basename(path)));
      log(`${path} is missing.`);
    }
  }

  /** @throws Error when it is no database of ours, or not whole */
  #whole(content: Uint8Array): Database {
    if (content.length === 0) {
      // SQLite takes an empty file for an empty database; we never write one.
      throw new Error(l10n.t('it is empty'));
    }
    const database = new this.sql.Database(content);
    try {
      if (database.exec('PRAGMA quick_check')[0]?.values[0]?.[0] !== 'ok') {
        throw new Error(l10n.t('PRAGMA quick_check found damage'));
      }
      if (schemaVersion(database) === 0) {
        throw new Error(l10n.t('it holds no operations'));
      }
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  }

  async #apply(database: Database, file: ChangeFile): Promise<void> {
    try {
      applyRows(database, await readChangeFile(file));
    } catch (error) {
      await this.#setAside(file.path, error);
    }
  }

  async #setAside(path: string, error: unknown): Promise<void> {
    const { now, log, fence } = this.options;
    const aside = `${path}.damaged-${now().replaceAll(':', '-')}`;
    await fence?.check();
    await rename(path, aside);
    this.#problems.push(l10n.t('{0} is damaged: {1}', basename(path), errorMessage(error)));
    this.#movedTo.push(aside);
    log(`${path} is damaged and was moved to ${aside}: ${errorMessage(error)}`);
  }
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') {
    throw error;
  }
}

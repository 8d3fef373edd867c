import type { Database } from 'sql.js';
import { errorMessage } from '../operations/errors';
import { backUp } from './backups';
import { changeFileContent, changeFilePath, removeChangeFiles } from './changeFiles';
import { Superseded, writeDurably } from './durableFile';
import type { Opened, OpeningOptions } from './opening';
import { applyRows, exported, type Rows, setSequence } from './tables';

/** A write with more rows is one of the whole database. */
const mostRows = 200;
/** With more of them, or larger, files of changes are brought together in the whole database. */
const mostChangeFiles = 64;
const mostChangeBytes = 1024 * 1024;

/**
 * The database on the disk: the whole of it in one file, and what was written since in small files beside
 * it, so that a write costs what it changes and not what there is. Never asked to write twice at a time.
 */
export class DatabaseFile {
  readonly #database: Database;
  #sequence: number;
  #lastNumber: number;
  /** Since the whole was last written, or tried to be. */
  #changeFiles: number;
  #changeBytes = 0;
  #isOnDisk: boolean;
  /** Before the first write of an owner, what its predecessor left is kept. */
  #isBackupDue = true;

  constructor(
    { database, isOnDisk, sequence, changeFiles }: Opened,
    private readonly options: Pick<OpeningOptions, 'path' | 'now' | 'log' | 'fence'>,
  ) {
    this.#database = database;
    this.#sequence = sequence;
    this.#lastNumber = Math.max(0, ...changeFiles.map(({ number }) => number));
    this.#changeFiles = changeFiles.length;
    this.#isOnDisk = isOnDisk;
  }

  /** Resolves once the rows are on the disk. When it rejects, they are to be written again. */
  async write(rows: Rows): Promise<void> {
    applyRows(this.#database, rows);
    if (this.#isBackupDue) {
      this.#isBackupDue = false;
      await this.#quietly('A backup', () => this.#backUp());
    }
    if (!this.#isOnDisk || rows.operations.length + rows.removed.length > mostRows) {
      await this.#writeWhole();
      return;
    }
    const { path, fence } = this.options;
    const content = changeFileContent(rows);
    // A number is not used again: a write that was refused late may have left its file.
    this.#lastNumber += 1;
    this.#changeFiles += 1;
    this.#changeBytes += content.length;
    await writeDurably(changeFilePath(path, this.#sequence, this.#lastNumber), content, fence, path);
  }

  /** For when nobody waits: brings the files of changes together where they have become many. */
  async tidy(): Promise<void> {
    if (this.#changeFiles >= mostChangeFiles || this.#changeBytes >= mostChangeBytes) {
      await this.bringTogether();
    }
  }

  async bringTogether(): Promise<void> {
    if (this.#changeFiles > 0) {
      // If this fails, nothing is lost: what is in the small files stays there until the next attempt.
      await this.#quietly('Bringing changes together', () => this.#writeWhole());
    }
  }

  async backUp(): Promise<void> {
    this.#isBackupDue = false;
    await this.bringTogether();
    await this.#quietly('A backup', () => this.#backUp());
  }

  async #writeWhole(): Promise<void> {
    const { path, fence } = this.options;
    this.#changeFiles = 0;
    this.#changeBytes = 0;
    // Also where this fails, even after the rename: what is written next counts with the old file and the new.
    this.#sequence += 1;
    setSequence(this.#database, this.#sequence);
    await writeDurably(path, exported(this.#database), fence);
    this.#isOnDisk = true;
    await removeChangeFiles(path, this.#sequence);
  }

  #backUp(): Promise<void> {
    const { path, now, fence } = this.options;
    return backUp(path, now(), fence);
  }

  /** For what may fail without harm. */
  async #quietly(what: string, task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      if (!(error instanceof Superseded)) {
        this.options.log(`${what} of ${this.options.path} failed: ${errorMessage(error)}`);
      }
    }
  }
}

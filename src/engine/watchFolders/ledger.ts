import { readFile, rename } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { errorMessage, RemoteOperationsError } from '../../operations/errors';
import { discardUnfinished, Superseded, writeDurably, type WriteFence } from '../../store/durableFile';
import { recordSchema, type CaseRecord } from './caseRecord';

export interface LedgerOptions {
  path: string;
  fence?: WriteFence;
  log: (message: string) => void;
  /** Now, as ISO 8601. */
  now: () => string;
}

/** A folder as it was when its cases were last listed. */
interface FolderRecord {
  id: string;
  /** File number of the folder: another one is another folder, as when its disk is not mounted. */
  inode: string;
}

const schema = v.object({
  version: v.literal(1),
  folders: v.array(v.object({ id: v.string(), inode: v.string() })),
  cases: v.array(recordSchema),
});

/**
 * What became of each case, in a file beside the database. A change is acknowledged once it is on the disk.
 * Without the file, all cases that are there count as seen: a loss submits nothing twice.
 */
export class Ledger {
  readonly #folders = new Map<string, FolderRecord>();
  readonly #cases = new Map<string, Map<string, CaseRecord>>();
  #nextWrite: Promise<void> | undefined;
  #diskIdle: Promise<void> = Promise.resolve();

  private constructor(private readonly options: LedgerOptions) {}

  static async open(options: LedgerOptions): Promise<Ledger> {
    const { path, fence, log, now } = options;
    const ledger = new Ledger(options);
    if (fence) {
      await discardUnfinished(path, fence);
    }
    const content = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') {
        return undefined;
      }
      throw error;
    });
    if (content === undefined) {
      return ledger;
    }
    try {
      const { folders, cases } = v.parse(schema, JSON.parse(content));
      folders.forEach((folder) => ledger.#folders.set(folder.id, folder));
      cases.forEach((record) => ledger.#keep(record));
    } catch (error) {
      const aside = `${path}.damaged-${now().replaceAll(':', '-')}`;
      await rename(path, aside);
      log(
        `The records of watch folders were damaged (${errorMessage(error)}) and were moved to ${aside}. Cases that are there now are not submitted by themselves.`,
      );
    }
    return ledger;
  }

  inode(folderId: string): string | undefined {
    return this.#folders.get(folderId)?.inode;
  }

  folderIds(): string[] {
    return [...this.#folders.keys()];
  }

  get(folderId: string, name: string): CaseRecord | undefined {
    return this.#cases.get(folderId)?.get(name);
  }

  /** In the order in which they came. */
  of(folderId: string): CaseRecord[] {
    return [...(this.#cases.get(folderId)?.values() ?? [])];
  }

  /** @throws RemoteOperationsError `NotSaved`; the record is what it was before */
  async put(record: CaseRecord): Promise<void> {
    const { folderId, name } = record;
    const before = this.get(folderId, name);
    this.#keep(record);
    try {
      await this.#save();
    } catch (error) {
      if (this.get(folderId, name) === record) {
        if (before) {
          this.#keep(before);
        } else {
          this.#cases.get(folderId)?.delete(name);
        }
      }
      throw notSaved(error);
    }
  }

  /** Begins to watch a folder: what is there now was there before. @throws RemoteOperationsError `NotSaved` */
  async begin(folder: FolderRecord, there: readonly CaseRecord[]): Promise<void> {
    const before = this.#folders.get(folder.id);
    const added = there.filter(({ folderId, name }) => !this.get(folderId, name));
    this.#folders.set(folder.id, folder);
    added.forEach((record) => this.#keep(record));
    try {
      await this.#save();
    } catch (error) {
      added.forEach(({ folderId, name }) => this.#cases.get(folderId)?.delete(name));
      if (before) {
        this.#folders.set(folder.id, before);
      } else {
        this.#folders.delete(folder.id);
      }
      throw notSaved(error);
    }
  }

  /** No longer watched: what comes until it is watched again is not submitted. What was submitted stays known. */
  async end(folderId: string): Promise<void> {
    this.#folders.delete(folderId);
    await this.#save().catch(() => undefined);
  }

  /** Cases that are gone, of which nothing was submitted. What the disk refuses is made good by the next write. */
  async forget(records: readonly CaseRecord[]): Promise<void> {
    records.forEach(({ folderId, name }) => this.#cases.get(folderId)?.delete(name));
    await this.#save().catch(() => undefined);
  }

  /** Resolves when nothing is being written. */
  async close(): Promise<void> {
    await this.#diskIdle;
  }

  #keep(record: CaseRecord): void {
    const { folderId, name } = record;
    const ofFolder = this.#cases.get(folderId) ?? new Map<string, CaseRecord>();
    this.#cases.set(folderId, ofFolder.set(name, record));
  }

  /** Joins the write that has not begun yet: it will hold everything kept so far. */
  #save(): Promise<void> {
    if (!this.#nextWrite) {
      const written = this.#diskIdle.then(() => {
        this.#nextWrite = undefined;
        return this.#write();
      });
      this.#nextWrite = written;
      this.#diskIdle = written.catch(() => undefined);
    }
    return this.#nextWrite;
  }

  async #write(): Promise<void> {
    const { path, fence, log } = this.options;
    const cases = [...this.#cases.values()].flatMap((records) => [...records.values()]);
    const content = JSON.stringify({ version: 1, folders: [...this.#folders.values()], cases });
    try {
      await writeDurably(path, Buffer.from(content), fence);
    } catch (error) {
      if (!(error instanceof Superseded)) {
        log(`Writing ${path} failed: ${errorMessage(error)}`);
      }
      throw error;
    }
  }
}

const notSaved = (error: unknown): RemoteOperationsError =>
  new RemoteOperationsError(
    'NotSaved',
    l10n.t('It cannot be saved on this computer: {0}. Make room; it is tried again.', errorMessage(error)),
    { cause: error },
  );

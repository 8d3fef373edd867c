import { mkdir, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Database, SqlValue } from 'sql.js';
import { Emitter } from '../emitter';
import { RemoteOperationsError, errorMessage } from '../operations/errors';
import type { AuditEvent, Operation, OperationChange } from '../operations/operation';
import type { Status } from '../operations/status';
import { discardUnfinished, Superseded, type WriteFence, writeDurably } from './durableFile';
import { migrate } from './migrations';

export interface StoreOptions {
  path: string;
  /** The content of `sql-wasm.wasm`. */
  wasm: () => Promise<Uint8Array>;
  /** Now, as ISO 8601. */
  now: () => string;
  log: (message: string) => void;
  /** Given where another window may take over from this one. */
  fence?: WriteFence;
}

/**
 * All operations and their audit trail, in a sql.js database. Reads come from memory. A write is
 * acknowledged once it is on the disk; writes that come while the disk is busy go out together.
 */
export class OperationStore {
  readonly #operations = new Map<string, Operation>();
  readonly #changed = new Emitter<Operation[]>();
  #writing: Promise<void> | undefined;
  #nextWrite: Promise<void> | undefined;
  #dirty = false;
  #closed = false;

  /** Fires with the operations that changed. */
  readonly onDidChange = this.#changed.event;

  private constructor(
    private readonly database: Database,
    private readonly options: StoreOptions,
  ) {
    for (const operation of readOperations(database, options.log)) {
      this.#operations.set(operation.id, operation);
    }
  }

  /** Opens the database, or begins a new one. A file that is no database is moved aside, not lost. */
  static async open(options: StoreOptions): Promise<OperationStore> {
    const { default: initSqlJs } = await import('sql.js');
    const wasmBinary = await options.wasm();
    const sql = await initSqlJs({ wasmBinary: wasmBinary.slice().buffer });
    await mkdir(dirname(options.path), { recursive: true, mode: 0o700 });
    if (options.fence) {
      await discardUnfinished(options.path, options.fence);
    }
    const stored = await readFile(options.path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') {
        return undefined;
      }
      throw error;
    });
    let database = new sql.Database(stored);
    try {
      if (stored && database.exec('PRAGMA quick_check')[0]?.values[0]?.[0] !== 'ok') {
        throw new Error('PRAGMA quick_check found damage');
      }
    } catch (error) {
      const aside = `${options.path}.damaged-${options.now().replaceAll(':', '-')}`;
      options.log(`${options.path} is damaged and was moved to ${aside}: ${errorMessage(error)}`);
      await options.fence?.check();
      await rename(options.path, aside);
      database = new sql.Database();
    }
    migrate(database);
    return new OperationStore(database, options);
  }

  all(): Operation[] {
    return [...this.#operations.values()];
  }

  get(id: string): Operation | undefined {
    return this.#operations.get(id);
  }

  /** Oldest first. */
  history(id: string): AuditEvent[] {
    const rows = query(
      this.database,
      'SELECT at, from_status, to_status, evidence FROM events WHERE operation_id = ? ORDER BY id',
      [id],
    );
    return rows.map(([at, from, to, evidence]) => ({
      at: String(at),
      from: from === null ? undefined : (String(from) as Status),
      to: String(to) as Status,
      evidence: String(evidence),
    }));
  }

  /**
   * Stores a new operation. Resolves once it is on the disk; until then nothing may happen on a host.
   * @throws RemoteOperationsError `NotSaved`; the operation does not exist then
   */
  async insert(operation: Operation, evidence: string): Promise<void> {
    this.#put(operation, { at: this.options.now(), from: undefined, to: operation.status, evidence });
    this.#changed.fire([operation]);
    try {
      await this.#save();
    } catch (error) {
      this.database.run('DELETE FROM operations WHERE id = ?', [operation.id]);
      this.#operations.delete(operation.id);
      this.#changed.fire([operation]);
      throw new RemoteOperationsError(
        'NotSaved',
        `"${operation.spec.name}" was not started, because it could not be saved on this computer: ${errorMessage(error)}. ${remedy(error, 'submit again')}`,
        { cause: error },
      );
    }
  }

  /**
   * Applies a change if the operation still is at `version`, and tells whether it was. Views see it at
   * once; the promise resolves once it is on the disk. If the disk refuses, the change stays in memory
   * and goes out with the next write.
   */
  async update(id: string, version: number, change: OperationChange, evidence?: string): Promise<boolean> {
    const before = this.#operations.get(id);
    if (!before || before.version !== version) {
      return false;
    }
    const after = applied(before, change, version + 1);
    const event =
      after.status === before.status
        ? undefined
        : { at: this.options.now(), from: before.status, to: after.status, evidence: evidence ?? '' };
    this.#put(after, event);
    this.#changed.fire([after]);
    await this.#save();
    return true;
  }

  /**
   * As `update`, for something that may be acted upon only once it is on the disk.
   * @throws RemoteOperationsError `NotSaved`; the change is taken back then
   */
  async intend(id: string, version: number, change: OperationChange, evidence: string): Promise<void> {
    const before = this.#operations.get(id);
    try {
      await this.update(id, version, change, evidence);
    } catch (error) {
      if (before) {
        const back = {
          at: this.options.now(),
          from: change.status,
          to: before.status,
          evidence: 'not saved',
        };
        this.#put({ ...before, version: version + 2 }, back);
        this.#changed.fire([before]);
      }
      throw new RemoteOperationsError(
        'NotSaved',
        `Nothing was done, because it could not be saved on this computer: ${errorMessage(error)}. ${remedy(error, 'try again')}`,
        { cause: error },
      );
    }
  }

  /**
   * Notes how operations are observed and progress, as they change every few seconds. Not a change of what
   * is known: versions stay, and the disk gets it with the next write or `flush`.
   */
  refresh(changes: ReadonlyMap<string, OperationChange>): void {
    if (this.#closed) {
      return;
    }
    const changed: Operation[] = [];
    for (const [id, change] of changes) {
      const before = this.#operations.get(id);
      if (before) {
        const after = applied(before, change, before.version);
        this.#put(after, undefined);
        changed.push(after);
      }
    }
    if (changed.length > 0) {
      this.#dirty = true;
      this.#changed.fire(changed);
    }
  }

  /** Writes what `refresh` left in memory. */
  async flush(): Promise<void> {
    if (this.#dirty) {
      await this.#save();
    }
  }

  /** What is still under way then comes to nothing. */
  async close(): Promise<void> {
    if (this.#closed) {
      return;
    }
    await this.flush();
    // Nothing was left to flush, but the disk may still be busy with what was put before.
    await this.#writing?.catch(() => undefined);
    this.#closed = true;
    this.database.close();
  }

  #put(operation: Operation, event: AuditEvent | undefined): void {
    if (this.#closed) {
      throw new Error('The operations are no longer kept by this window.');
    }
    const { id, spec, status, submittedAt, version } = operation;
    this.#operations.set(id, operation);
    this.database.run(
      `INSERT INTO operations (id, host_id, type, status, submitted_at, version, body)
       VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET status = excluded.status, version = excluded.version, body = excluded.body`,
      [id, spec.hostId, spec.type, status, submittedAt, version, JSON.stringify(operation)],
    );
    if (event) {
      this.database.run(
        'INSERT INTO events (operation_id, at, from_status, to_status, evidence) VALUES (?, ?, ?, ?, ?)',
        [id, event.at, event.from ?? null, event.to, event.evidence],
      );
    }
    this.#dirty = true;
  }

  /** Joins the write that has not begun yet: it will hold everything put so far. */
  #save(): Promise<void> {
    this.#nextWrite ??= (this.#writing ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => {
        this.#writing = this.#nextWrite;
        this.#nextWrite = undefined;
        return this.#write();
      });
    return this.#nextWrite;
  }

  async #write(): Promise<void> {
    this.#dirty = false;
    try {
      // export() closes and reopens the database, which forgets the pragma.
      const content = this.database.export();
      this.database.exec('PRAGMA foreign_keys = ON');
      await writeDurably(this.options.path, content, this.options.fence);
    } catch (error) {
      this.#dirty = true;
      this.options.log(`Writing ${this.options.path} failed: ${errorMessage(error)}`);
      throw error;
    }
  }
}

function applied(operation: Operation, change: OperationChange, version: number): Operation {
  const entries = Object.entries({ ...operation, ...change, version }).filter(
    ([, value]) => value !== undefined,
  );
  return Object.fromEntries(entries) as unknown as Operation;
}

const remedy = (error: unknown, again: string): string =>
  error instanceof Superseded ? `Please ${again}.` : `Make room, then ${again}.`;

function query(database: Database, sql: string, parameters: SqlValue[] = []): SqlValue[][] {
  return database.exec(sql, parameters)[0]?.values ?? [];
}

function readOperations(database: Database, log: (message: string) => void): Operation[] {
  return query(database, 'SELECT id, body FROM operations').flatMap(([id, body]) => {
    try {
      const operation = JSON.parse(String(body)) as Operation | null;
      if (operation === null || operation.id !== id) {
        throw new Error('its text is that of something else');
      }
      return [operation];
    } catch (error) {
      log(`Operation ${String(id)} in the database is unreadable: ${errorMessage(error)}`);
      return [];
    }
  });
}

import * as l10n from '@vscode/l10n';
import type { Database } from 'sql.js';
import { Emitter } from '../emitter';
import { RemoteOperationsError, errorMessage } from '../operations/errors';
import type { AuditEvent, Operation, OperationChange } from '../operations/operation';
import type { SaveProblem } from '../operations/saveProblem';
import { isTerminal } from '../operations/status';
import { DatabaseFile } from './databaseFile';
import { Superseded } from './durableFile';
import { openDatabase, type Opened, type OpeningOptions, type Recovery } from './opening';
import { applyRows, idsUnchangedSince, lastEventId, readEvents, readOperations } from './tables';
import { Unsaved } from './unsaved';

export interface StoreOptions extends OpeningOptions {
  /** Told once, when the database had to be recovered. */
  onRecovered?: (recovery: Recovery) => void;
}

/**
 * All operations and their audit trail, in a sql.js database. Reads come from memory. A write is
 * acknowledged once it is on the disk; writes that come while the disk is busy go out together.
 */
export class OperationStore {
  readonly #operations = new Map<string, Operation>();
  readonly #changed = new Emitter<Operation[]>();
  readonly #saveProblemChanged = new Emitter<void>();
  readonly #database: Database;
  readonly #file: DatabaseFile;
  readonly #unsaved: Unsaved;
  /** It is new, or was recovered: operations may be missing that were started before. */
  readonly mayMiss: boolean;
  #saveProblem: SaveProblem | undefined;
  #nextWrite: Promise<void> | undefined;
  /** Never rejects. */
  #diskIdle: Promise<void> = Promise.resolve();
  #closed = false;

  /** Fires with the operations that changed, or were removed. */
  readonly onDidChange = this.#changed.event;
  readonly onDidChangeSaveProblem = this.#saveProblemChanged.event;

  private constructor(
    opened: Opened,
    private readonly options: StoreOptions,
  ) {
    this.#database = opened.database;
    this.mayMiss = opened.isNew || opened.recovery !== undefined;
    this.#file = new DatabaseFile(opened, options);
    this.#unsaved = new Unsaved(this.#operations, lastEventId(opened.database));
    for (const operation of readOperations(opened.database, options.log)) {
      this.#operations.set(operation.id, operation);
    }
  }

  /** Opens the database, recovers it from a backup, or begins a new one. */
  static async open(options: StoreOptions): Promise<OperationStore> {
    const opened = await openDatabase(options);
    const store = new OperationStore(opened, options);
    if (opened.recovery) {
      // What the disk refuses is made good by the next write; a window that took over repairs it itself.
      await store.#save().catch((error: unknown) => {
        if (error instanceof Superseded) {
          throw error;
        }
      });
      options.onRecovered?.(opened.recovery);
    }
    return store;
  }

  /** Set while the disk refuses to be written. */
  get saveProblem(): SaveProblem | undefined {
    return this.#saveProblem;
  }

  all(): Operation[] {
    return [...this.#operations.values()];
  }

  get(id: string): Operation | undefined {
    return this.#operations.get(id);
  }

  /** Oldest first. */
  history(id: string): AuditEvent[] {
    applyRows(this.#database, this.#unsaved.of(id));
    return readEvents(this.#database, id);
  }

  /**
   * Stores a new operation. Resolves once it is on the disk; until then nothing may happen on a host.
   * @throws RemoteOperationsError `NotSaved`; the operation does not exist then
   */
  async insert(operation: Operation, evidence: string): Promise<void> {
    const now = this.options.now();
    this.#put(operation, now, { at: now, from: undefined, to: operation.status, evidence });
    this.#changed.fire([operation]);
    try {
      await this.#save();
    } catch (error) {
      this.#remove([operation]);
      throw new RemoteOperationsError(
        'NotSaved',
        l10n.t(
          '"{0}" was not started, because it could not be saved on this computer: {1}. {2}',
          operation.spec.name,
          errorMessage(error),
          error instanceof Superseded
            ? l10n.t('Please submit again.')
            : l10n.t('Make room, then submit again.'),
        ),
        { cause: error },
      );
    }
  }

  /**
   * Applies a change if the operation still is at `version`, and tells whether it was. Views see it at
   * once; the promise resolves once it is on the disk.
   * @throws RemoteOperationsError `NotSaved` if the disk refuses; the change stays, and goes out with the next write
   */
  async update(id: string, version: number, change: OperationChange, evidence?: string): Promise<boolean> {
    const before = this.#operations.get(id);
    if (!before || before.version !== version) {
      return false;
    }
    try {
      await this.#change(before, change, evidence);
    } catch (error) {
      if (error instanceof Superseded) {
        throw error;
      }
      throw new RemoteOperationsError(
        'NotSaved',
        l10n.t(
          'What became of "{0}" could not be saved on this computer yet: {1}. It is tried again until it is.',
          before.spec.name,
          errorMessage(error),
        ),
        { cause: error },
      );
    }
    return true;
  }

  /**
   * As `update`, for something that may be acted upon only once it is on the disk.
   * @throws RemoteOperationsError `NotSaved`; the change is taken back then
   */
  async intend(id: string, version: number, change: OperationChange, evidence: string): Promise<void> {
    const before = this.#operations.get(id);
    if (!before || before.version !== version) {
      return;
    }
    try {
      await this.#change(before, change, evidence);
    } catch (error) {
      const now = this.options.now();
      const back = { at: now, from: change.status, to: before.status, evidence: l10n.t('not saved') };
      this.#put({ ...before, version: version + 2 }, now, back);
      this.#changed.fire([before]);
      throw new RemoteOperationsError(
        'NotSaved',
        l10n.t(
          'Nothing was done, because it could not be saved on this computer: {0}. {1}',
          errorMessage(error),
          error instanceof Superseded ? l10n.t('Please try again.') : l10n.t('Make room, then try again.'),
        ),
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
    const now = this.options.now();
    const changed: Operation[] = [];
    for (const [id, change] of changes) {
      const before = this.#operations.get(id);
      if (before) {
        const after = applied(before, change, before.version);
        this.#put(after, now);
        changed.push(after);
      }
    }
    if (changed.length > 0) {
      this.#changed.fire(changed);
    }
  }

  /** Forgets operations that ended before a time and were not changed since, and how they came to it. */
  async removeEndedBefore(time: string): Promise<number> {
    const old = idsUnchangedSince(this.#database, time)
      .filter((id) => !this.#unsaved.has(id))
      .flatMap((id) => this.#operations.get(id) ?? [])
      .filter(({ status, endedAt, submittedAt }) => isTerminal(status) && (endedAt ?? submittedAt) < time);
    if (old.length > 0) {
      this.#remove(old);
      await this.#save();
    }
    return old.length;
  }

  /** Writes what `refresh`, or a disk that refused, left in memory. */
  async flush(): Promise<void> {
    if (!this.#unsaved.isEmpty) {
      await this.#save();
    }
  }

  /** Copies the database, so that it can be recovered if its file is damaged. Never rejects. */
  backUp(): Promise<void> {
    return this.#whenIdle(() => this.#file.backUp());
  }

  /** What is still under way then comes to nothing. */
  async close(): Promise<void> {
    if (this.#closed) {
      return;
    }
    try {
      await this.flush();
      await this.#whenIdle(() => this.#file.bringTogether());
    } finally {
      await this.#diskIdle;
      this.#closed = true;
      this.#database.close();
    }
  }

  #change(before: Operation, change: OperationChange, evidence = ''): Promise<void> {
    const after = applied(before, change, before.version + 1);
    const now = this.options.now();
    const event = { at: now, from: before.status, to: after.status, evidence };
    this.#put(after, now, after.status === before.status ? undefined : event);
    this.#changed.fire([after]);
    return this.#save();
  }

  #put(operation: Operation, now: string, event?: AuditEvent): void {
    if (this.#closed) {
      throw new Error(l10n.t('The operations are no longer kept by this window.'));
    }
    this.#operations.set(operation.id, operation);
    this.#unsaved.add(operation.id, now, event);
  }

  #remove(operations: Operation[]): void {
    const removed = new Set(operations.map(({ id }) => id));
    for (const id of removed) {
      this.#operations.delete(id);
    }
    this.#unsaved.addRemoval(removed, this.options.now());
    applyRows(this.#database, { operations: [], events: [], removed: [...removed] });
    this.#changed.fire(operations);
  }

  /** Joins the write that has not begun yet: it will hold everything put so far. */
  #save(): Promise<void> {
    this.#nextWrite ??= this.#whenIdle(() => {
      this.#nextWrite = undefined;
      return this.#write();
    });
    return this.#nextWrite;
  }

  #whenIdle(task: () => Promise<void>): Promise<void> {
    const done = this.#diskIdle.then(task);
    // Whoever waits for the task does not wait for the tidying after it.
    this.#diskIdle = done.then(
      () => this.#file.tidy(),
      () => undefined,
    );
    return done;
  }

  async #write(): Promise<void> {
    const { rows, giveBack } = this.#unsaved.take();
    try {
      await this.#file.write(rows);
    } catch (error) {
      giveBack();
      this.options.log(`Writing ${this.options.path} failed: ${errorMessage(error)}`);
      if (!(error instanceof Superseded)) {
        this.#note(errorMessage(error));
      }
      throw error;
    }
    this.#note(undefined);
  }

  #note(reason: string | undefined): void {
    if (reason !== this.#saveProblem?.reason) {
      const since = this.#saveProblem?.since ?? this.options.now();
      this.#saveProblem = reason === undefined ? undefined : { reason, since };
      this.#saveProblemChanged.fire();
    }
  }
}

function applied(operation: Operation, change: OperationChange, version: number): Operation {
  const after: Record<string, unknown> = { ...operation, ...change, version };
  for (const key in change) {
    if (after[key] === undefined) {
      delete after[key];
    }
  }
  return after as unknown as Operation;
}

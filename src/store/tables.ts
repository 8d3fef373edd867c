import type { Database, SqlValue } from 'sql.js';
import { errorMessage } from '../operations/errors';
import type { AuditEvent, Operation } from '../operations/operation';
import type { Status } from '../operations/status';

export interface StoredEvent extends AuditEvent {
  /** Given out in order by the store, so that an event that is written twice is there once. */
  id: number;
  operationId: string;
}

/** What a write brings to the database. */
export interface Rows {
  operations: { operation: Operation; changedAt: string }[];
  events: StoredEvent[];
  removed: string[];
}

/** All or nothing. Applied a second time, it changes nothing. */
export function applyRows(database: Database, { operations, events, removed }: Rows): void {
  database.exec('BEGIN');
  try {
    runEach(database, 'DELETE FROM operations WHERE id = ?', removed, (id) => [id]);
    runEach(
      database,
      `INSERT INTO operations (id, host_id, type, status, submitted_at, version, body, changed_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET status = excluded.status, version = excluded.version,
         body = excluded.body, changed_at = excluded.changed_at`,
      operations,
      ({ operation, changedAt }) => {
        const { id, spec, status, submittedAt, version } = operation;
        const body = JSON.stringify(operation);
        return [id, spec.hostId, spec.type, status, submittedAt, version, body, changedAt];
      },
    );
    runEach(
      database,
      `INSERT OR REPLACE INTO events (id, operation_id, at, from_status, to_status, evidence)
       VALUES (?, ?, ?, ?, ?, ?)`,
      events,
      ({ id, operationId, at, from, to, evidence }) => [id, operationId, at, from ?? null, to, evidence],
    );
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

export function readOperations(database: Database, log: (message: string) => void): Operation[] {
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

/** Oldest first. */
export function readEvents(database: Database, operationId: string): AuditEvent[] {
  const rows = query(
    database,
    'SELECT at, from_status, to_status, evidence FROM events WHERE operation_id = ? ORDER BY id',
    [operationId],
  );
  return rows.map(([at, from, to, evidence]) => ({
    at: String(at),
    from: from === null ? undefined : (String(from) as Status),
    to: String(to) as Status,
    evidence: String(evidence),
  }));
}

export const lastEventId = (database: Database): number =>
  Number(query(database, 'SELECT max(id) FROM events')[0]?.[0] ?? 0);

export const idsUnchangedSince = (database: Database, time: string): string[] =>
  query(database, 'SELECT id FROM operations WHERE changed_at < ?', [time]).map(([id]) => String(id));

/** Counts how often the database was written as a whole. */
export const readSequence = (database: Database): number =>
  Number(query(database, 'SELECT sequence FROM whole')[0]?.[0] ?? 0);

export function setSequence(database: Database, sequence: number): void {
  database.run('UPDATE whole SET sequence = ?', [sequence]);
}

/** The content of the database file, without the room that removed rows have left where that is much. */
export function exported(database: Database): Uint8Array {
  const count = (pragma: string) => Number(query(database, `PRAGMA ${pragma}`)[0]?.[0] ?? 0);
  if (count('freelist_count') > count('page_count') / 4) {
    database.exec('VACUUM');
  }
  const content = database.export();
  // export() closes and reopens the database, which forgets the pragma.
  database.exec('PRAGMA foreign_keys = ON');
  return content;
}

function query(database: Database, sql: string, parameters: SqlValue[] = []): SqlValue[][] {
  return database.exec(sql, parameters)[0]?.values ?? [];
}

function runEach<T>(database: Database, sql: string, rows: T[], values: (row: T) => SqlValue[]): void {
  if (rows.length === 0) {
    return;
  }
  const statement = database.prepare(sql);
  try {
    for (const row of rows) {
      statement.run(values(row));
    }
  } finally {
    statement.free();
  }
}

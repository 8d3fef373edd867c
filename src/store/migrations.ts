import * as l10n from '@vscode/l10n';
import type { Database } from 'sql.js';

/**
 * Numbered by position, never changed once released: a database of any earlier version is brought
 * forward by those after it. `user_version` is how many have been applied.
 */
const migrations: readonly string[] = [
  `CREATE TABLE operations (
     id TEXT PRIMARY KEY,
     host_id TEXT NOT NULL,
     type TEXT NOT NULL,
     status TEXT NOT NULL,
     submitted_at TEXT NOT NULL,
     version INTEGER NOT NULL,
     body TEXT NOT NULL
   );
   CREATE TABLE events (
     id INTEGER PRIMARY KEY,
     operation_id TEXT NOT NULL REFERENCES operations (id) ON DELETE CASCADE,
     at TEXT NOT NULL,
     from_status TEXT,
     to_status TEXT NOT NULL,
     evidence TEXT NOT NULL
   );
   CREATE INDEX events_by_operation ON events (operation_id);`,
  `ALTER TABLE operations ADD COLUMN changed_at TEXT NOT NULL DEFAULT '';
   UPDATE operations SET changed_at =
     coalesce((SELECT max(at) FROM events WHERE operation_id = operations.id), submitted_at);
   CREATE TABLE whole (sequence INTEGER NOT NULL);
   INSERT INTO whole VALUES (0);`,
];

/** How many migrations a database has seen; 0 for one that is new, or not ours. */
export const schemaVersion = (database: Database): number =>
  Number(database.exec('PRAGMA user_version')[0]?.values[0]?.[0] ?? 0);

/** @throws Error when the database was written by a newer version of the extension */
export function migrate(database: Database): void {
  const version = schemaVersion(database);
  if (version > migrations.length) {
    throw new Error(
      l10n.t(
        'The database has version {0}; this version of the extension reads up to {1}.',
        version,
        migrations.length,
      ),
    );
  }
  for (let next = version; next < migrations.length; next++) {
    database.exec(`BEGIN; ${migrations[next]} PRAGMA user_version = ${next + 1}; COMMIT;`);
  }
  // Not kept in the file: each connection turns it on.
  database.exec('PRAGMA foreign_keys = ON');
}

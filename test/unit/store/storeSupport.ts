import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import initSqlJs from 'sql.js';
import { OperationStore, type StoreOptions } from '../../../src/store/operationStore';
import { repositoryRoot } from '../../testbed/repositoryRoot';

const wasmFile = path.join(repositoryRoot, 'node_modules', 'sql.js', 'dist', 'sql-wasm.wasm');

/** A store's folder, whose disk can refuse to be written, and whose writes are counted. */
export class StoreFolder {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'remote-operations-store-'));
  readonly path = path.join(this.folder, 'operations.db');
  readonly logged: string[] = [];
  writes = 0;

  open(more: Partial<StoreOptions> = {}): Promise<OperationStore> {
    return openStore(this.path, { log: (message) => this.logged.push(message), ...more });
  }

  /** Opens a store that counts its writes: the fence is asked once before each. */
  openCounting(): Promise<OperationStore> {
    const check = () => {
      this.writes += 1;
      return Promise.resolve();
    };
    return this.open({ fence: { generation: 1, check } });
  }

  /** A folder in the way of the temporary file: nothing can be written, whoever we are. */
  refuseWrites(): void {
    mkdirSync(`${this.path}.new`);
  }

  allowWrites(): void {
    rmSync(`${this.path}.new`, { recursive: true });
  }

  /** Turns the database into one of the first version of its schema. */
  async downgrade(): Promise<void> {
    const sql = await initSqlJs();
    const database = new sql.Database(readFileSync(this.path));
    database.exec('ALTER TABLE operations DROP COLUMN changed_at; DROP TABLE whole; PRAGMA user_version = 1');
    writeFileSync(this.path, database.export());
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function openStore(file: string, more: Partial<StoreOptions> = {}): Promise<OperationStore> {
  let second = 0;
  return OperationStore.open({
    path: file,
    wasm: () => readFile(wasmFile),
    now: () => new Date(Date.UTC(2026, 0, 1, 12, 0, second++)).toISOString(),
    log: () => undefined,
    ...more,
  });
}

import type { AuditEvent, Operation } from '../operations/operation';
import type { Rows, StoredEvent } from './tables';

/** What the disk has not got yet. */
export class Unsaved {
  /** When each operation was changed; one that is no longer there was removed. */
  #changedAt = new Map<string, string>();
  #events: StoredEvent[] = [];

  constructor(
    private readonly operations: ReadonlyMap<string, Operation>,
    private lastEventId: number,
  ) {}

  get isEmpty(): boolean {
    return this.#changedAt.size === 0;
  }

  has(id: string): boolean {
    return this.#changedAt.has(id);
  }

  add(operationId: string, now: string, event?: AuditEvent): void {
    this.#changedAt.set(operationId, now);
    if (event) {
      this.lastEventId += 1;
      this.#events.push({ ...event, id: this.lastEventId, operationId });
    }
  }

  addRemoval(ids: ReadonlySet<string>, now: string): void {
    for (const id of ids) {
      this.#changedAt.set(id, now);
    }
    this.#events = this.#events.filter(({ operationId }) => !ids.has(operationId));
  }

  of(id: string): Rows {
    const changedAt = this.#changedAt.get(id);
    const operation = this.operations.get(id);
    return {
      operations: operation && changedAt !== undefined ? [{ operation, changedAt }] : [],
      events: this.#events.filter(({ operationId }) => operationId === id),
      removed: [],
    };
  }

  /** Hands all of it over to a write; `giveBack` when that failed. */
  take(): { rows: Rows; giveBack: () => void } {
    const [taken, events] = [this.#changedAt, this.#events];
    this.#changedAt = new Map();
    this.#events = [];
    const rows: Rows = { operations: [], events, removed: [] };
    for (const [id, changedAt] of taken) {
      const operation = this.operations.get(id);
      if (operation) {
        rows.operations.push({ operation, changedAt });
      } else {
        rows.removed.push(id);
      }
    }
    const giveBack = () => {
      this.#changedAt = new Map([...taken, ...this.#changedAt]);
      const known = events.filter(({ operationId }) => this.operations.has(operationId));
      this.#events = [...known, ...this.#events];
    };
    return { rows, giveBack };
  }
}

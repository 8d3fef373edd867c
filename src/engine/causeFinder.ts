import type { Disposable } from '../emitter';
import { findInLog } from '../operations/causes/findInLog';
import { errorMessage } from '../operations/errors';
import type { Operation } from '../operations/operation';
import type { EngineContext } from './context';

/** What a program says of its end, with the innermost frames of a traceback, fits in this. */
const tailBytes = 8 * 1024;
/** Many that end at once must not storm their host: the others have their turn after the next look. */
const mostAtOnce = 50;
const mostTries = 2;
/** What ended longer ago is no news to anybody. */
const newsMs = 24 * 3_600_000;

/**
 * Reads the end of the log of what failed or stopped, once for each end, and stores what it tells of why: it can then
 * be shown without the host. It changes no status, and a read that fails changes nothing.
 */
export class CauseFinder implements Disposable {
  /** Tries, by operation and end. */
  readonly #tries = new Map<string, number>();
  readonly #hosts = new Set<string>();
  #disposed = false;

  constructor(private readonly context: EngineContext) {}

  /** Of a host that has just answered. One after another; nobody waits for it. */
  readOn(hostId: string): void {
    if (!this.#hosts.has(hostId)) {
      this.#hosts.add(hostId);
      void this.#readAll(hostId).finally(() => this.#hosts.delete(hostId));
    }
  }

  dispose(): void {
    this.#disposed = true;
  }

  async #readAll(hostId: string): Promise<void> {
    for (let count = 0; count < mostAtOnce && !this.#disposed; count++) {
      // Of now: more may have ended while the last one was read.
      const next = this.#due(hostId);
      if (!next) {
        return;
      }
      try {
        await this.#read(next);
      } catch (error) {
        this.context.log(`The log of ${next.id}, which ended, cannot be read: ${errorMessage(error)}`);
        return;
      }
    }
  }

  #due(hostId: string): Operation | undefined {
    const { store, clock, launchers } = this.context;
    return store
      .all()
      .filter(
        (operation) =>
          operation.spec.hostId === hostId &&
          (operation.status === 'failed' || operation.status === 'stopped') &&
          !operation.finding &&
          !operation.archived &&
          hasRun(operation) &&
          launchers.has(operation) &&
          clock.now() - Date.parse(operation.endedAt ?? '') < newsMs &&
          (this.#tries.get(endOf(operation)) ?? 0) < mostTries,
      )
      .reduce<Operation | undefined>(
        (latest, each) => (latest && (latest.endedAt ?? '') >= (each.endedAt ?? '') ? latest : each),
        undefined,
      );
  }

  async #read(operation: Operation): Promise<void> {
    const { hosts, launchers, store } = this.context;
    const { id, exitCode, spec } = operation;
    const end = endOf(operation);
    this.#tries.set(end, (this.#tries.get(end) ?? 0) + 1);
    const log = await launchers
      .of(operation)
      .log(hosts.machine(spec.hostId), hosts.nameOf(spec.hostId), operation, {
        offset: -tailBytes,
        maxBytes: tailBytes,
      });
    if (log === undefined) {
      this.#tries.set(end, mostTries);
      return;
    }
    const now = store.get(id);
    if (now && endOf(now) === end) {
      this.#tries.delete(end);
      store.refresh(new Map([[id, { finding: findInLog(log.text, exitCode) }]]));
    }
  }
}

/** Something may have written to its log. */
const hasRun = ({ identity, scheduler, exitCode }: Operation): boolean =>
  identity !== undefined || scheduler !== undefined || exitCode !== undefined;

const endOf = ({ id, status, endedAt = '' }: Operation): string => `${id} ${status} ${endedAt}`;

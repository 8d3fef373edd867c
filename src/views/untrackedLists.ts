import type { OperationsService } from '../engine/operationsService';
import { Emitter } from '../emitter';
import { errorMessage } from '../operations/errors';
import type { Untracked } from '../operations/untracked';

/** While it can be seen, what is untracked on a host is looked up this often, at most. */
const everyMs = 30_000;

export interface UntrackedList {
  state: 'unread' | 'reading' | 'read' | 'failed';
  /** As it was found last. */
  found: readonly Untracked[];
  problem?: string;
}

const unread: UntrackedList = { state: 'unread', found: [] };

/** What is untracked on each host, looked up only while somebody looks at it. No host is asked for a login by that. */
export class UntrackedLists {
  readonly #lists = new Map<string, UntrackedList>();
  readonly #readAtMs = new Map<string, number>();
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #changed = new Emitter<void>();
  #shown: ReadonlySet<string> = new Set();
  #timer: NodeJS.Timeout | undefined;

  readonly onDidChange = this.#changed.event;

  constructor(
    private readonly service: Pick<OperationsService, 'untracked'>,
    private readonly nowMs: () => number,
  ) {}

  of(hostId: string): UntrackedList {
    return this.#lists.get(hostId) ?? unread;
  }

  /** The hosts whose lists can be seen now. */
  show(hostIds: Iterable<string>): void {
    this.#shown = new Set(hostIds);
    this.#readDue();
  }

  /** @param mayAsk whether the host may ask for a login: on the user's word */
  refresh(hostId: string, mayAsk = false): Promise<void> {
    const known = this.#underWay.get(hostId);
    const reading = known ?? this.#read(hostId, mayAsk).finally(() => this.#underWay.delete(hostId));
    this.#underWay.set(hostId, reading);
    return reading;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#shown = new Set();
  }

  async #read(hostId: string, mayAsk: boolean): Promise<void> {
    const before = this.of(hostId);
    this.#put(hostId, { ...before, state: 'reading' });
    try {
      this.#put(hostId, { state: 'read', found: await this.service.untracked(hostId, { mayAsk }) });
    } catch (error) {
      this.#put(hostId, { state: 'failed', found: [], problem: errorMessage(error) });
    }
    this.#readAtMs.set(hostId, this.nowMs());
    this.#readDue();
  }

  #put(hostId: string, list: UntrackedList): void {
    this.#lists.set(hostId, list);
    this.#changed.fire();
  }

  #readDue(): void {
    clearTimeout(this.#timer);
    const waits = [...this.#shown].map((hostId) => {
      const readAtMs = this.#readAtMs.get(hostId);
      return { hostId, ms: readAtMs === undefined ? 0 : Math.max(0, readAtMs + everyMs - this.nowMs()) };
    });
    for (const { hostId, ms } of waits) {
      if (ms === 0) {
        void this.refresh(hostId);
      }
    }
    const next = Math.min(...waits.flatMap(({ ms }) => (ms > 0 ? [ms] : [])));
    if (Number.isFinite(next)) {
      this.#timer = setTimeout(() => this.#readDue(), next);
    }
  }
}

import * as l10n from '@vscode/l10n';
import type { Disposable } from '../emitter';
import { fresh, type Watch } from '../operations/decision';
import type { Operation } from '../operations/operation';
import { isReported } from '../operations/report';
import { isTerminal } from '../operations/status';
import type { EngineContext } from './context';
import type { Watches } from './watches';

/** A timer this late means that the machine slept, and the extensions with it. */
const sleptMs = 30_000;
const longestWaitMs = 3_600_000;

interface Known {
  /** Whose extension tells of it; `undefined`: that one has gone, or was never heard of by this engine. */
  window: string | undefined;
  /** Monotonic time of the last report. */
  heardMs: number;
  look: Look;
}

/** How a silence looks by now: nobody can tell any more (`stale`), and that for long (`unknown`). */
type Look = 'fresh' | 'stalled' | 'stale' | 'unknown';

/**
 * What it means that an extension tells nothing. While its window is there, its operation has stalled after a while.
 * When the window has gone, nobody knows: that changes how the operation is observed, and never its status.
 */
export class ReportSilence implements Disposable {
  readonly #known = new Map<string, Known>();
  #timer: Disposable | undefined;
  #dueMs = 0;
  #disposed = false;

  constructor(
    private readonly context: EngineContext,
    private readonly watches: Watches,
  ) {}

  begin(): void {
    const { store, clock } = this.context;
    for (const operation of store.all().filter((one) => isReported(one) && !isTerminal(one.status))) {
      const silentMs = Math.max(0, clock.now() - Date.parse(lastReport(operation)));
      const heardMs = clock.monotonicMs() - silentMs;
      this.#known.set(operation.id, { window: undefined, heardMs, look: 'stale' });
      this.watches.set(operation.id, unheard(operation));
    }
    this.#look();
  }

  heard(id: string, window: string): void {
    this.#known.set(id, { window, heardMs: this.context.clock.monotonicMs(), look: 'fresh' });
    this.#arm(this.context.settings().stalledAfterMinutes * 60_000 || Infinity);
  }

  forget(id: string): void {
    this.#known.delete(id);
  }

  /** `ids`: all that the window hears of. */
  hear(ids: readonly string[], window: string): void {
    const heard = new Set(ids);
    for (const [id, known] of this.#known) {
      if (heard.has(id)) {
        known.window = window;
      } else if (known.window === window) {
        known.window = undefined;
      }
    }
    this.#look();
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
  }

  #look(): void {
    const { store } = this.context;
    const changed = new Map<string, object>();
    for (const [id, known] of this.#known) {
      const operation = store.get(id);
      if (!operation || isTerminal(operation.status)) {
        this.#known.delete(id);
        continue;
      }
      const look = this.#lookOf(operation, known);
      if (look !== known.look) {
        known.look = look;
        this.watches.set(id, watchOf(operation, look));
        changed.set(id, {});
      }
    }
    store.refresh(changed);
    this.#arm(Math.min(...[...this.#known].map(([id, known]) => this.#nextMs(id, known))));
  }

  #lookOf(operation: Operation, known: Known): Look {
    const isOver = this.#leftMs(operation, known) === 0;
    return known.window === undefined ? (isOver ? 'unknown' : 'stale') : isOver ? 'stalled' : 'fresh';
  }

  /** Until its silence means something; 0: it does. */
  #leftMs(operation: Operation, { window, heardMs }: Known): number {
    const { clock, settings } = this.context;
    const { stalledAfterMinutes, unknownAfterMinutes } = settings();
    if (window === undefined) {
      const silentMs = clock.now() - Date.parse(lastReport(operation));
      // A view counts in whole seconds, and says so after the last of them.
      return Math.max(0, unknownAfterMinutes * 60_000 + 1_000 - silentMs);
    }
    // A server may have nothing to say for days.
    const isPatient = stalledAfterMinutes === 0 || operation.spec.type === 'server';
    const silentMs = clock.monotonicMs() - heardMs;
    return isPatient ? Infinity : Math.max(0, stalledAfterMinutes * 60_000 - silentMs);
  }

  /** Until it looks different; never, where it will not. */
  #nextMs(id: string, known: Known): number {
    const operation = this.context.store.get(id);
    return (operation && this.#leftMs(operation, known)) || Infinity;
  }

  /** One timer for all: brings the next look forward. */
  #arm(leftMs: number): void {
    const { clock } = this.context;
    const waitMs = Math.min(longestWaitMs, leftMs);
    const dueMs = clock.monotonicMs() + waitMs;
    if (this.#disposed || leftMs === Infinity || (this.#timer && this.#dueMs <= dueMs)) {
      return;
    }
    this.#timer?.dispose();
    this.#dueMs = dueMs;
    const wallDueMs = clock.now() + waitMs;
    this.#timer = clock.after(waitMs, () => {
      this.#timer = undefined;
      if (Math.max(clock.now() - wallDueMs, clock.monotonicMs() - dueMs) > sleptMs) {
        this.#forgive();
      }
      this.#look();
    });
  }

  /** What slept could not tell anything. */
  #forgive(): void {
    for (const known of this.#known.values()) {
      known.heardMs = this.context.clock.monotonicMs();
    }
  }
}

const lastReport = ({ verifiedAt, submittedAt }: Operation): string => verifiedAt ?? submittedAt;

const unheard = (operation: Operation): Watch => ({
  observation: 'stale',
  reason: l10n.t('its extension has not reported it since'),
  unverifiedSince: lastReport(operation),
});

function watchOf(operation: Operation, look: Look): Watch {
  switch (look) {
    case 'fresh':
      return fresh;
    case 'stalled':
      return { ...fresh, stalledSince: lastReport(operation) };
    case 'stale':
    case 'unknown':
      return unheard(operation);
  }
}

import type { OperationView } from '../operations/operationView';
import type { News, Presence } from './ends';

/** The same moment, worked out anew by another window's engine, differs by less. */
const sameStallMs = 60_000;

/** Finds among changes the operations that have stalled: once for each stall. */
export class Stalls {
  readonly #known = new Map<string, number>();

  constructor(
    private readonly presence: Presence,
    /** How long an operation must be quiet, as set. */
    private readonly afterMs: () => number,
  ) {}

  take(changed: readonly OperationView[]): News[] {
    return changed.flatMap((view) => {
      const sinceMs = view.stalledSince === undefined ? undefined : Date.parse(view.stalledSince);
      if (sinceMs === undefined || view.origin !== undefined || this.#isKnown(view.id, sinceMs)) {
        return [];
      }
      this.#known.set(view.id, sinceMs);
      const { startedMs, lastSeenMs } = this.presence;
      const stalledMs = sinceMs + this.afterMs();
      return stalledMs <= lastSeenMs
        ? []
        : [{ kind: 'stall' as const, view, isOfAbsence: stalledMs < startedMs }];
    });
  }

  #isKnown(id: string, sinceMs: number): boolean {
    const known = this.#known.get(id);
    return known !== undefined && Math.abs(known - sinceMs) < sameStallMs;
  }
}

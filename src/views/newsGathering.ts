import { isUnverified } from '../operations/knowledge';
import type { HostView, OperationView } from '../operations/operationView';
import { isReported } from '../operations/report';
import type { News } from './ends';

/** How long one waits for hosts that have yet to tell what happened meanwhile. */
export const mostAwaitedMs = 15_000;

/** What is to be told: at once, or, where it is of an absence, with all else that the hosts have to tell of it. */
export class NewsGathering {
  #found: News[] = [];
  #sinceMs = 0;

  get isEmpty(): boolean {
    return this.#found.length === 0;
  }

  add(news: readonly News[], nowMs: number): void {
    if (this.isEmpty) {
      this.#sinceMs = nowMs;
    }
    this.#found.push(...news);
  }

  /** Takes out what can be told. @param isMoreToCome as of now */
  take(nowMs: number, isMoreToCome: boolean): News[] {
    const waits = isMoreToCome && nowMs - this.#sinceMs < mostAwaitedMs;
    const ready = this.#found.filter(({ isOfAbsence }) => !isOfAbsence || !waits);
    this.#found = this.#found.filter(({ isOfAbsence }) => isOfAbsence && waits);
    return ready;
  }
}

/** Whether hosts that answer, or are about to, have not said yet what became of everything there. */
export function isMoreToCome(hosts: readonly HostView[], operations: readonly OperationView[]): boolean {
  const answering = new Set(
    hosts.filter(({ state }) => state === 'connecting' || state === 'connected').map(({ id }) => id),
  );
  // A host tells nothing of what an extension runs.
  return operations.some((view) => answering.has(view.hostId) && isUnverified(view) && !isReported(view));
}

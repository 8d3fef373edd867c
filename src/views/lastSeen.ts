import type * as vscode from 'vscode';
import type { Presence } from './ends';

const storageKey = 'lastSeenMs';
/** Writing it down more often would say little more. */
const noteEveryMs = 60_000;

/** Until when some window was there to tell the user, over windows and restarts. */
export class LastSeen {
  readonly presence: Presence;
  #notedMs: number;

  constructor(
    private readonly memento: vscode.Memento,
    nowMs: number,
  ) {
    const stored: unknown = memento.get(storageKey);
    // Of what was before the first window, nothing is news; nor does a clock that was set back make any.
    const lastSeenMs = typeof stored === 'number' ? Math.min(stored, nowMs) : nowMs;
    this.presence = { startedMs: nowMs, lastSeenMs };
    this.#notedMs = lastSeenMs;
  }

  /** @param isNews what is told now must not be told again after a crash */
  note(nowMs: number, isNews: boolean): void {
    if (isNews || nowMs - this.#notedMs >= noteEveryMs) {
      this.#notedMs = nowMs;
      void this.memento.update(storageKey, nowMs);
    }
  }
}

import { changesBetween } from './changes';
import type { DashboardSnapshot, ToWebview } from './protocol';

const gatherMs = 100;

/** Runs something a moment later, unless the returned function is called before. */
export type Later = (run: () => void) => () => void;

const afterAMoment: Later = (run) => {
  const timer = setTimeout(run, gatherMs);
  return () => clearTimeout(timer);
};

/**
 * What the webview is sent: a snapshot when it says that it can draw, then what changed since, gathered for a moment;
 * nothing while it is hidden.
 */
export class DashboardFeed {
  #sent: DashboardSnapshot | undefined;
  #sequence = 0;
  #cancel: (() => void) | undefined;

  constructor(
    private readonly take: () => DashboardSnapshot,
    private readonly send: (message: ToWebview) => void,
    private readonly later = afterAMoment,
  ) {}

  /** The webview can draw, and knows nothing or missed something. */
  start(): void {
    this.stop();
    const snapshot = this.take();
    this.#sent = snapshot;
    this.send({ type: 'snapshot', sequence: ++this.#sequence, snapshot });
  }

  /** The webview is hidden, which tears it down: it says so again when it can draw. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#sent = undefined;
  }

  /** Something may have changed. */
  changed(): void {
    if (this.#sent) {
      this.#cancel ??= this.later(() => {
        this.#cancel = undefined;
        this.#sendChanges();
      });
    }
  }

  #sendChanges(): void {
    if (this.#sent === undefined) {
      return;
    }
    const before = this.#sent;
    this.#sent = this.take();
    const changes = changesBetween(before, this.#sent);
    this.send({ type: 'changes', sequence: ++this.#sequence, changes });
  }
}

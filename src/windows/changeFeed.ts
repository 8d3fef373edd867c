import type { Disposable } from '../emitter';
import { mostRemembered } from '../engine/noticeBook';
import type { MetricSeries, NoticeClaim, OperationsService } from '../engine/operationsService';
import type { Changes, Snapshot } from './protocol';

const gatherMs = 50;

export interface ChangeSink {
  /** Resolves once the other side has taken it in. */
  snapshot(snapshot: Snapshot): Promise<void>;
  changes(changes: Changes): Promise<void>;
}

/**
 * Tells one client everything at first, then what changes. While the client does not read, because it is
 * stopped or busy, changes are only noted by id: what is kept for it does not grow.
 */
export class ChangeFeed {
  readonly #pending = new Set<string>();
  readonly #series = new Map<string, MetricSeries>();
  readonly #subscriptions: Disposable[];
  #claims: NoticeClaim[] = [];
  #hostsChanged = false;
  #casesChanged = false;
  #saveProblemChanged = false;
  #timer: NodeJS.Timeout | undefined;
  #sending = 0;

  constructor(
    private readonly service: OperationsService,
    private readonly sink: ChangeSink,
  ) {
    this.#subscriptions = [
      service.onDidChange((views) => {
        for (const { id } of views) {
          this.#pending.add(id);
        }
        this.#gather();
      }),
      service.onDidChangeHosts(() => {
        this.#hostsChanged = true;
        this.#gather();
      }),
      service.onDidChangeCases(() => {
        this.#casesChanged = true;
        this.#gather();
      }),
      service.onDidClaimNotice((claim) => {
        this.#claims.push(claim);
        if (this.#claims.length > mostRemembered) {
          this.#claims.shift();
        }
        // At once: this window may be gone before the others have heard that its user was told.
        if (this.#sending === 0) {
          this.flush();
        }
      }),
      service.onDidChangeSaveProblem(() => {
        this.#saveProblemChanged = true;
        this.#gather();
      }),
    ];
    const operations = service.operations();
    const series = this.#newSeries(operations.map(({ id }) => id));
    const { saveProblem } = service;
    this.#send(
      sink.snapshot({
        operations,
        hosts: service.hosts(),
        series,
        cases: service.cases(),
        ...(saveProblem && { saveProblem }),
      }),
    );
  }

  /** Sends what has been gathered: the answer to a request must not come before what it brought about. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#hasNews) {
      this.#send(this.sink.changes(this.#take()));
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) {
      subscription.dispose();
    }
  }

  get #hasNews(): boolean {
    return (
      this.#pending.size > 0 ||
      this.#claims.length > 0 ||
      this.#hostsChanged ||
      this.#casesChanged ||
      this.#saveProblemChanged
    );
  }

  #gather(): void {
    if (this.#sending === 0) {
      this.#timer ??= setTimeout(() => this.flush(), gatherMs);
    }
  }

  #send(sent: Promise<void>): void {
    this.#sending += 1;
    void sent
      .catch(() => undefined)
      .finally(() => {
        this.#sending -= 1;
        if (this.#hasNews) {
          this.#gather();
        }
      });
  }

  #take(): Changes {
    const ids = [...this.#pending];
    const hosts = this.#hostsChanged && { hosts: this.service.hosts() };
    const cases = this.#casesChanged && { cases: this.service.cases() };
    this.#pending.clear();
    this.#hostsChanged = false;
    this.#casesChanged = false;
    const claims = this.#claims.length > 0 && { claims: this.#claims };
    this.#claims = [];
    const saveProblem = this.#saveProblemChanged && { saveProblem: this.service.saveProblem ?? null };
    this.#saveProblemChanged = false;
    const found = ids.flatMap((id) => this.service.get(id) ?? []);
    const operations = found.map((view) => ({ view, listed: view.archived !== true }));
    const present = new Set(found.map(({ id }) => id));
    const removed = ids.filter((id) => !present.has(id));
    return {
      operations,
      removed,
      ...hosts,
      ...cases,
      series: this.#newSeries(ids),
      ...claims,
      ...saveProblem,
    };
  }

  #newSeries(ids: string[]): [string, MetricSeries][] {
    return ids.flatMap((id): [string, MetricSeries][] => {
      const series = this.service.series(id);
      if (!series || series === this.#series.get(id)) {
        return [];
      }
      this.#series.set(id, series);
      return [[id, series]];
    });
  }
}

import type { MetricSeries } from '../engine/operationsService';
import type { HostView, OperationView } from '../operations/operationView';
import type { SaveProblem } from '../operations/saveProblem';
import type { WatchFolderView } from '../operations/watchFolder';
import type { Changes, Snapshot } from './protocol';

/** What the owner last told of its state: views read from it without waiting. */
export class Mirror {
  readonly #listed = new Map<string, OperationView>();
  readonly #archived = new Map<string, OperationView>();
  readonly #series: Map<string, MetricSeries>;
  #hosts: HostView[];
  #cases: WatchFolderView[];
  #saveProblem: SaveProblem | undefined;
  #sorted: OperationView[] | undefined;

  constructor(snapshot: Snapshot) {
    for (const view of snapshot.operations) {
      this.#listed.set(view.id, view);
    }
    this.#hosts = snapshot.hosts;
    this.#cases = snapshot.cases;
    this.#series = new Map(snapshot.series);
    this.#saveProblem = snapshot.saveProblem;
  }

  /** @returns the operations that changed, those that are gone as they were last seen */
  apply({ operations, removed, hosts, series, cases, saveProblem }: Changes): OperationView[] {
    const gone = removed.flatMap((id) => this.get(id) ?? []);
    for (const { id } of gone) {
      this.#listed.delete(id);
      this.#archived.delete(id);
      this.#series.delete(id);
    }
    for (const { view, listed } of operations) {
      (listed ? this.#archived : this.#listed).delete(view.id);
      (listed ? this.#listed : this.#archived).set(view.id, view);
    }
    for (const [id, values] of series) {
      this.#series.set(id, values);
    }
    this.#hosts = hosts ?? this.#hosts;
    this.#cases = cases ?? this.#cases;
    this.#saveProblem = saveProblem === undefined ? this.#saveProblem : (saveProblem ?? undefined);
    this.#sorted = undefined;
    return [...operations.map(({ view }) => view), ...gone];
  }

  get saveProblem(): SaveProblem | undefined {
    return this.#saveProblem;
  }

  hosts(): HostView[] {
    return this.#hosts;
  }

  cases(): WatchFolderView[] {
    return this.#cases;
  }

  /** Newest first, as the engine sorts them. */
  operations(): OperationView[] {
    this.#sorted ??= [...this.#listed.values()].sort((a, b) => b.submittedAt.localeCompare(a.submittedAt));
    return [...this.#sorted];
  }

  get(id: string): OperationView | undefined {
    return this.#listed.get(id) ?? this.#archived.get(id);
  }

  series(id: string): MetricSeries | undefined {
    return this.#series.get(id);
  }
}

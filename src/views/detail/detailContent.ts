import type { Course, OperationsService } from '../../engine/operationsService';
import { errorMessage } from '../../operations/errors';
import type { AuditEvent, SubmitSpec } from '../../operations/operation';
import type { OperationView } from '../../operations/operationView';
import { looksSecret } from '../../operations/secretName';
import type { Attempt, DetailSnapshot, Variable } from './protocol';

export type DetailService = OperationsService & {
  /** Whether what it knows is real state. */
  readonly isReady: boolean;
};

/** Gathers what the page of one operation shows. What cannot change is asked for once. */
export class DetailContent {
  /** Variables that look secret and were asked for. */
  readonly #revealed = new Set<string>();
  #spec: SubmitSpec | undefined;
  #history: AuditEvent[] = [];
  #historyOf: string | undefined;
  #courses: Course[] = [];
  #coursesOf: string | undefined;

  constructor(
    private readonly service: DetailService,
    readonly id: string,
  ) {}

  get view(): OperationView | undefined {
    return this.service.get(this.id);
  }

  get spec(): SubmitSpec | undefined {
    return this.#spec;
  }

  reveal(name: string, shown: boolean): void {
    this.#revealed[shown ? 'add' : 'delete'](name);
  }

  /** Nobody looks any more. */
  hideSecrets(): void {
    this.#revealed.clear();
  }

  /** What is there at once; `update` asks for the rest. */
  snapshot(problem?: string): DetailSnapshot {
    const { view } = this;
    const base = { takenAtMs: Date.now(), id: this.id, history: this.#history, charts: this.#courses };
    if (!view) {
      return { ...base, ...(!this.service.isReady && { isLoading: true as const }), environment: [] };
    }
    const host = this.service.hosts().find(({ id }) => id === view.hostId);
    const isOurs = view.origin === undefined;
    return {
      ...base,
      operation: { ...view, hostName: host?.name ?? view.hostId },
      ...(host && { hostState: host.state }),
      ...(isOurs && { folder: this.#spec?.cwd ?? '~', runDirectory: `~/.remote-ops/runs/${view.id}` }),
      environment: this.#environment(),
      ...this.#attempts(view),
      ...(problem !== undefined && { problem }),
    };
  }

  /** Asks for what has become old, and resolves with what could not be had. */
  async update(): Promise<string | undefined> {
    const { view } = this;
    if (!view) {
      return undefined;
    }
    const results = await Promise.allSettled([
      this.#updateSpec(view),
      this.#updateHistory(view),
      this.#updateCourses(view),
    ]);
    const failed = results.find((result) => result.status === 'rejected');
    return failed && errorMessage(failed.reason);
  }

  async #updateSpec({ origin }: OperationView): Promise<void> {
    if (!this.#spec && origin === undefined) {
      this.#spec = await this.service.spec(this.id);
    }
  }

  async #updateHistory({ status, endedAt = '' }: OperationView): Promise<void> {
    const state = `${status} ${endedAt}`;
    if (this.#historyOf !== state) {
      this.#history = await this.service.history(this.id);
      this.#historyOf = state;
    }
  }

  async #updateCourses({ progress, metrics }: OperationView): Promise<void> {
    const state = JSON.stringify([progress, metrics]);
    if (this.#coursesOf !== state) {
      const courses = await this.service.courses(this.id);
      // What it uses is told by figures.
      this.#courses = courses.filter(({ resource }) => resource === undefined);
      this.#coursesOf = state;
    }
  }

  #environment(): Variable[] {
    return Object.entries(this.#spec?.env ?? {}).map(([name, value]) => {
      const isSecret = looksSecret(name);
      return {
        name,
        ...((!isSecret || this.#revealed.has(name)) && { value }),
        ...(isSecret && { isSecret }),
      };
    });
  }

  #attempts({ id, retryOf }: OperationView): Pick<DetailSnapshot, 'previous' | 'next'> {
    const before = retryOf === undefined ? undefined : this.service.get(retryOf);
    const after = this.service.operations().find((each) => each.retryOf === id);
    return { ...(before && { previous: asAttempt(before) }), ...(after && { next: asAttempt(after) }) };
  }
}

const asAttempt = ({ id, attempt = 1, shownStatus }: OperationView): Attempt => ({
  id,
  attempt,
  shownStatus,
});

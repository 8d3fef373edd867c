import type { Course, OperationsService } from '../../engine/operationsService';
import { canAct } from '../../operations/applicable';
import { errorMessage } from '../../operations/errors';
import type { AuditEvent, SubmitSpec } from '../../operations/operation';
import type { HostView, OperationView } from '../../operations/operationView';
import type { OverloadLimits } from '../../operations/overload';
import { looksSecret } from '../../operations/secretName';
import { hostSummary, type HostSummary } from '../../operations/summary';
import type { Attempt, DetailSnapshot, Variable } from './protocol';

export type DetailService = OperationsService & {
  /** Whether what it knows is real state. */
  readonly isReady: boolean;
};

/** What is used is new at each look, and told in points further apart. */
const paceMs = 15_000;
const pace = (): number => Math.floor(Date.now() / paceMs);

/** Gathers what the page of one operation shows. What cannot change is asked for once. */
export class DetailContent {
  /** Variables that look secret and were asked for. */
  readonly #revealed = new Set<string>();
  #spec: SubmitSpec | undefined;
  #history: AuditEvent[] = [];
  #historyOf: string | undefined;
  #courses: Course[] = [];
  #coursesOf: string | undefined;
  #hostCourses: Course[] = [];
  #hostCoursesOf: string | undefined;

  constructor(
    private readonly service: DetailService,
    readonly id: string,
    private readonly overload: () => OverloadLimits,
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
    const base = {
      takenAtMs: Date.now(),
      id: this.id,
      history: this.#history,
      charts: this.#courses,
      hostCharts: this.#hostCourses,
      overload: this.overload(),
    };
    if (!view) {
      return { ...base, ...(!this.service.isReady && { isLoading: true as const }), environment: [] };
    }
    const host = this.service.hosts().find(({ id }) => id === view.hostId);
    const isOurs = canAct(view);
    return {
      ...base,
      operation: { ...view, hostName: host?.name ?? view.hostId },
      ...(host && { host: this.#summaryOf(host) }),
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
      this.#updateHostCourses(view),
    ]);
    const failed = results.find((result) => result.status === 'rejected');
    return failed && errorMessage(failed.reason);
  }

  async #updateSpec(view: OperationView): Promise<void> {
    if (!this.#spec && canAct(view)) {
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

  #summaryOf(host: HostView): HostSummary {
    return hostSummary(
      host,
      this.service.operations().filter(({ hostId }) => hostId === host.id),
    );
  }

  async #updateCourses({ progress, metrics, resources }: OperationView): Promise<void> {
    const state = JSON.stringify([progress, metrics, resources && pace()]);
    if (this.#coursesOf !== state) {
      this.#courses = await this.service.courses(this.id);
      this.#coursesOf = state;
    }
  }

  async #updateHostCourses({ hostId }: OperationView): Promise<void> {
    const health = this.service.hosts().find(({ id }) => id === hostId)?.health;
    const state = health && String(pace());
    if (this.#hostCoursesOf !== state) {
      this.#hostCourses = await this.service.hostCourses(hostId);
      this.#hostCoursesOf = state;
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

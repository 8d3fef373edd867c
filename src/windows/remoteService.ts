import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { Emitter } from '../emitter';
import type { ListQuery, NoticeClaim, OperationsService } from '../engine/operationsService';
import type { Asker } from '../hosts/questions';
import { sharedAbsenceConfirmMs } from '../operations/decision';
import type { OperationView } from '../operations/operationView';
import type { SaveProblem } from '../operations/saveProblem';
import { parseSpec } from '../operations/spec';
import type { Link } from './link';
import { Mirror } from './mirror';
import { OwnersQuestions } from './ownersQuestions';
import { type Method, type Params, type Result, toClient } from './protocol';
import { request } from './request';

const seconds = 1000;
/** Two looks, and the time between them where one alone proves nothing. */
const twoLooksMs = sharedAbsenceConfirmMs + 90 * seconds;
const casesLost = () =>
  l10n.t('The window that watches the folders was closed before it answered. Look at the case.');
const lostTracking = () =>
  l10n.t(
    'The window that was to track it was closed before it answered. If it is not in the list, track it again: it is there once.',
  );
const looking = () => l10n.t('The window that looks at the hosts was closed before it answered. Try again.');

/**
 * The engine of another window. What views read comes from the last that the owner told; the rest is asked
 * of it. What may have had an effect when the owner goes is not repeated: the list tells what became of it.
 */
export class RemoteService implements OperationsService {
  readonly #changed = new Emitter<OperationView[]>();
  readonly #hostsChanged = new Emitter<void>();
  readonly #casesChanged = new Emitter<void>();
  readonly #saveProblemChanged = new Emitter<void>();
  readonly #questions: OwnersQuestions;
  readonly #noticeClaimed = new Emitter<NoticeClaim>();
  #mirror = new Mirror({ operations: [], hosts: [], series: [], cases: [] });

  readonly onDidChange = this.#changed.event;
  readonly onDidChangeHosts = this.#hostsChanged.event;
  readonly onDidChangeCases = this.#casesChanged.event;
  readonly onDidChangeSaveProblem = this.#saveProblemChanged.event;
  readonly onDidClaimNotice = this.#noticeClaimed.event;
  /** Resolves once the owner's state is here; never when the connection ends before. */
  readonly ready: Promise<void>;

  /** @param asker this window */
  constructor(
    private readonly link: Link,
    asker: Asker,
  ) {
    const { rpc } = link;
    this.#questions = new OwnersQuestions(link, asker);
    this.ready = new Promise((resolve, reject) => {
      rpc.onNotification('snapshot', (input: unknown) => {
        const parsed = v.safeParse(toClient.snapshot, input);
        if (parsed.success) {
          this.#mirror = new Mirror(parsed.output);
          resolve();
        } else {
          reject(
            new Error(
              l10n.t('The window that owns the engine is not understood: {0}', parsed.issues[0].message),
            ),
          );
          link.end();
        }
      });
    });
    this.ready.catch(() => undefined);
    rpc.onNotification('changes', (input: unknown) => this.#apply(input));
  }

  get saveProblem(): SaveProblem | undefined {
    return this.#mirror.saveProblem;
  }

  hosts: OperationsService['hosts'] = () => this.#mirror.hosts();
  operations: OperationsService['operations'] = () => this.#mirror.operations();
  get: OperationsService['get'] = (id) => this.#mirror.get(id);
  series: OperationsService['series'] = (id) => this.#mirror.series(id);
  cases: OperationsService['cases'] = () => this.#mirror.cases();

  list(query: ListQuery = {}): Promise<OperationView[]> {
    return this.#ask('list', query, 60 * seconds, looking());
  }

  sync: OperationsService['sync'] = (query = {}, signal) =>
    this.#ask('sync', query, twoLooksMs, looking(), signal);

  summary: OperationsService['summary'] = (hostId) =>
    this.#ask('summary', hostId === undefined ? {} : { hostId }, 90 * seconds, looking());

  launchChoices: OperationsService['launchChoices'] = (hostId) =>
    this.#ask('launchChoices', { hostId }, 60 * seconds, looking());

  batchDirectives: OperationsService['batchDirectives'] = (hostId, script) =>
    this.#ask('batchDirectives', { hostId, script }, 60 * seconds, looking());

  async submit(input: unknown): Promise<OperationView> {
    const spec = parseSpec(input);
    const lost = l10n.t(
      'The window that was to start "{0}" was closed before it answered. If it is in the list, it was taken up and is looked after; if not, nothing was started: submit it again.',
      spec.name,
    );
    return this.#ask('submit', { spec }, 120 * seconds, lost);
  }

  kill: OperationsService['kill'] = (id, options = {}) => {
    const name = this.get(id)?.name ?? id;
    const lost = l10n.t(
      'The window that was to kill "{0}" was closed before it answered. Its row tells whether it ends; if it still shows it as running, kill it again.',
      name,
    );
    const deadlineMs = (options.graceSeconds ?? 10) * seconds + twoLooksMs;
    return this.#ask('kill', { id, ...options }, deadlineMs, lost);
  };

  findRuns: OperationsService['findRuns'] = (query) => this.#ask('findRuns', query, 120 * seconds, looking());

  importRuns: OperationsService['importRuns'] = (hostId, ids) =>
    this.#ask('importRuns', { hostId, ids: [...ids] }, 180 * seconds, looking());

  untracked: OperationsService['untracked'] = (hostId, query = {}) =>
    this.#ask('untracked', { hostId, ...query }, 120 * seconds, looking());

  track: OperationsService['track'] = (hostId, found) =>
    this.#ask('track', { hostId, found }, 120 * seconds, lostTracking());

  restart: OperationsService['restart'] = (id, options = {}) => {
    const name = this.get(id)?.name ?? id;
    const lost = l10n.t(
      'The window that was to restart "{0}" was closed before it answered. The list tells what became of it: if neither its end nor a new attempt shows, restart it again.',
      name,
    );
    return this.#ask('restart', { id, ...options }, 130 * seconds + twoLooksMs, lost);
  };

  startNow: OperationsService['startNow'] = (id) => {
    const lost = l10n.t(
      'The window that was to start "{0}" was closed before it answered. Its row tells whether it still waits.',
      this.get(id)?.name ?? id,
    );
    return this.#ask('startNow', { id }, 120 * seconds, lost);
  };

  checkOverload: OperationsService['checkOverload'] = (hostId, { gpus } = {}) =>
    this.#ask('checkOverload', { hostId, ...(gpus !== undefined && { gpus }) }, 15 * seconds, looking());

  spec: OperationsService['spec'] = (id) => this.#ask('spec', { id }, 30 * seconds, looking());

  pause: OperationsService['pause'] = (id) => this.#ask('pause', { id }, 120 * seconds, this.#lostPause(id));
  resume: OperationsService['resume'] = (id) =>
    this.#ask('resume', { id }, 120 * seconds, this.#lostPause(id));

  #lostPause(id: string): string {
    return l10n.t(
      'The window that was to signal "{0}" was closed before it answered. Its row tells whether it is paused.',
      this.get(id)?.name ?? id,
    );
  }

  async archive(id: string): Promise<void> {
    const lost = l10n.t('The window that was to archive it was closed before it answered. Look at the list.');
    await this.#ask('archive', { id }, 30 * seconds, lost);
  }

  log: OperationsService['log'] = (id, range = {}) =>
    this.#ask('log', { id, ...range }, 60 * seconds, looking());

  searchLog: OperationsService['searchLog'] = (id, query) =>
    this.#ask('searchLog', { id, ...query }, 90 * seconds, looking());

  openPort: OperationsService['openPort'] = (id, options = {}) =>
    this.#ask('openPort', { id, ...options }, 60 * seconds, looking());

  async closePort(id: string): Promise<void> {
    await this.#ask('closePort', { id }, 30 * seconds, looking());
  }

  startReport: OperationsService['startReport'] = (report, id) =>
    this.#ask('startReport', { id, report }, 30 * seconds, looking());

  updateReport: OperationsService['updateReport'] = (id, progress) =>
    this.#ask('updateReport', { id, progress }, 30 * seconds, looking());

  completeReport: OperationsService['completeReport'] = (id, result) =>
    this.#ask('completeReport', { id, result }, 30 * seconds, looking());

  hearReports(ids: readonly string[]): void {
    this.#tell('reporting', { ids });
  }

  checkPorts: OperationsService['checkPorts'] = (hostId, ports, options = {}, signal) =>
    this.#ask('checkPorts', { hostId, ports: [...ports], ...options }, 60 * seconds, looking(), signal);

  endProcess: OperationsService['endProcess'] = (hostId, process, options = {}) => {
    const lost = l10n.t(
      'The window that was to end process {0} was closed before it answered. Check the ports again.',
      process.pid,
    );
    const deadlineMs = ((options.graceSeconds ?? 10) + 60) * seconds;
    return this.#ask('endProcess', { hostId, process, ...options }, deadlineMs, lost);
  };

  async history(id: string): ReturnType<OperationsService['history']> {
    const events = await this.#ask('history', { id }, 30 * seconds, looking());
    return events.map((event) => ({ ...event, from: event.from }));
  }

  courses: OperationsService['courses'] = (id) => this.#ask('courses', { id }, 30 * seconds, looking());
  hostCourses: OperationsService['hostCourses'] = (hostId) =>
    this.#ask('hostCourses', { hostId }, 30 * seconds, looking());
  sampleHost: OperationsService['sampleHost'] = (hostId) =>
    this.#ask('sampleHost', { hostId }, 90 * seconds, looking());

  async connect(hostId: string, signal?: AbortSignal): Promise<void> {
    await this.#ask('connect', { hostId }, 120 * seconds, looking(), signal);
  }

  async retryCase(caseId: string): Promise<void> {
    await this.#ask('retryCase', { caseId }, 30 * seconds, casesLost());
  }

  async cancelCase(caseId: string): Promise<void> {
    await this.#ask('cancelCase', { caseId }, 30 * seconds, casesLost());
  }

  claimNotice(claim: NoticeClaim): Promise<boolean> {
    return this.#ask('claimNotice', claim, 30 * seconds, looking());
  }

  disconnect(hostId: string): void {
    this.#tell('disconnect', { hostId });
  }

  setVisible(view: string, visible: boolean): void {
    this.#tell('visible', { view, visible });
  }

  #apply(input: unknown): void {
    const parsed = v.safeParse(toClient.changes, input);
    if (!parsed.success) {
      // What is shown would be wrong from here on; a new connection begins with everything.
      this.link.end();
      return;
    }
    for (const claim of parsed.output.claims ?? []) {
      this.#noticeClaimed.fire(claim);
    }
    const changed = this.#mirror.apply(parsed.output);
    if (parsed.output.hosts) {
      this.#hostsChanged.fire();
    }
    if (parsed.output.cases) {
      this.#casesChanged.fire();
    }
    if (parsed.output.saveProblem !== undefined) {
      this.#saveProblemChanged.fire();
    }
    if (changed.length > 0) {
      this.#changed.fire(changed);
    }
  }

  #ask<M extends Method>(
    method: M,
    params: Params<M>,
    deadlineMs: number,
    lost: string,
    signal?: AbortSignal,
  ): Promise<Result<M>> {
    const quietMs = () => this.#questions.quietMs;
    return request(this.link, method, params, { deadlineMs, quietMs, lost, ...(signal && { signal }) });
  }

  #tell(method: string, params: object): void {
    if (!this.link.ended.aborted) {
      this.link.rpc.sendNotification(method, params).catch(() => undefined);
    }
  }
}

import * as l10n from '@vscode/l10n';
import { Emitter, type Disposable } from '../emitter';
import { NoticeBook } from '../engine/noticeBook';
import type { ListQuery, OperationsService } from '../engine/operationsService';
import { RemoteOperationsError } from '../operations/errors';
import type { HostView, OperationView } from '../operations/operationView';
import type { SaveProblem } from '../operations/saveProblem';
import type { WatchFolderView } from '../operations/watchFolder';
import { takeOverForwards, type LostForward } from './forwardTakeover';
import { OwnerLost } from './remoteErrors';

/** How long a call waits for a service: long enough for another window to take over. */
const waitMs = 30_000;

interface Awaited {
  service: Promise<OperationsService>;
  resolve(service: OperationsService): void;
  reject(error: unknown): void;
  failed: boolean;
}

function awaited(): Awaited {
  const { promise, ...settle } = withResolvers<OperationsService>();
  // Whoever calls gets the rejection; nobody calling is no error.
  promise.catch(() => undefined);
  return { service: promise, ...settle, failed: false };
}

/**
 * The service that views and commands hold. It is there from the first moment of activation; behind it is
 * the engine of this window or of another, and a new one when that goes. In between, calls wait and views
 * keep what they last saw.
 */
export class ServiceSwitch implements OperationsService {
  readonly #changed = new Emitter<OperationView[]>();
  readonly #hostsChanged = new Emitter<void>();
  readonly #casesChanged = new Emitter<void>();
  readonly #saveProblemChanged = new Emitter<void>();
  readonly #forwardLost = new Emitter<LostForward>();
  readonly #visible = new Set<string>();
  /** What extensions of this window tell of. */
  readonly #reported = new Set<string>();
  /** For the engine of this window, when it has one: what it learnt before still counts. */
  readonly notices = new NoticeBook();
  #subscriptions: Disposable[] = [];
  #ownsEngine = false;
  #current: OperationsService | undefined;
  #lastSeen: { hosts: HostView[]; operations: OperationView[]; cases: WatchFolderView[] } | undefined;
  #next = awaited();

  readonly onDidChange = this.#changed.event;
  readonly onDidChangeHosts = this.#hostsChanged.event;
  readonly onDidChangeCases = this.#casesChanged.event;
  readonly onDidChangeSaveProblem = this.#saveProblemChanged.event;
  readonly onDidClaimNotice = this.notices.onDidNote;
  /** The window that forwarded a port has gone, and this one cannot do it in its place. */
  readonly onDidLoseForward = this.#forwardLost.event;

  constructor(private readonly options: { waitMs: number } = { waitMs }) {}

  /** Whether what the views show is real state, be it the last before a service went away. */
  get isReady(): boolean {
    return this.#current !== undefined || this.#lastSeen !== undefined;
  }

  /** Whether it is this window that looks at the hosts. */
  get ownsEngine(): boolean {
    return this.#ownsEngine;
  }

  provide(service: OperationsService, { isOwn = false } = {}): void {
    this.#unsubscribe();
    const before = isOwn ? this.#lastSeen?.operations : undefined;
    this.#current = service;
    this.#ownsEngine = isOwn;
    this.#subscriptions = [
      service.onDidChange((views) => this.#changed.fire(views)),
      service.onDidChangeHosts(() => this.#hostsChanged.fire()),
      service.onDidChangeCases(() => this.#casesChanged.fire()),
      service.onDidChangeSaveProblem(() => this.#saveProblemChanged.fire()),
      service.onDidClaimNotice((claim) => this.notices.note(claim)),
    ];
    for (const view of this.#visible) {
      service.setVisible(view, true);
    }
    if (this.#reported.size > 0) {
      service.hearReports([...this.#reported]);
    }
    if (this.#next.failed) {
      this.#next = awaited();
    }
    this.#next.resolve(service);
    this.#hostsChanged.fire();
    this.#casesChanged.fire();
    this.#saveProblemChanged.fire();
    this.#changed.fire(service.operations());
    void takeOverForwards(service, before ?? [], (lost) => this.#forwardLost.fire(lost));
  }

  /** The service is going away; another will be provided. Nothing is asked of this one any more. */
  withdraw(): void {
    if (this.#current) {
      const service = this.#current;
      this.#lastSeen = {
        hosts: service.hosts(),
        operations: service.operations(),
        cases: service.cases(),
      };
      this.#unsubscribe();
      this.#current = undefined;
      this.#ownsEngine = false;
      this.#next = awaited();
    }
  }

  /** No service can be had: calls are rejected with this, until one is provided after all. */
  fail(error: unknown): void {
    if (this.#next.failed) {
      this.#next = awaited();
    }
    this.#next.failed = true;
    this.#next.reject(error);
  }

  get saveProblem(): SaveProblem | undefined {
    return this.#current?.saveProblem;
  }

  hosts: OperationsService['hosts'] = () => this.#current?.hosts() ?? this.#lastSeen?.hosts ?? [];
  operations: OperationsService['operations'] = () =>
    this.#current?.operations() ?? [...(this.#lastSeen?.operations ?? [])];
  get: OperationsService['get'] = (id) =>
    this.#current ? this.#current.get(id) : this.#lastSeen?.operations.find((view) => view.id === id);
  series: OperationsService['series'] = (id) => this.#current?.series(id);
  cases: OperationsService['cases'] = () => this.#current?.cases() ?? this.#lastSeen?.cases ?? [];

  list = (query?: ListQuery) => this.#repeatable((service) => service.list(query));
  sync: OperationsService['sync'] = (query, signal) =>
    this.#repeatable((service) => service.sync(query, signal), signal);
  summary: OperationsService['summary'] = (hostId) => this.#repeatable((service) => service.summary(hostId));
  log: OperationsService['log'] = (...call) => this.#repeatable((service) => service.log(...call));
  searchLog: OperationsService['searchLog'] = (...call) =>
    this.#repeatable((service) => service.searchLog(...call));
  openPort: OperationsService['openPort'] = (...call) =>
    this.#repeatable((service) => service.openPort(...call));
  closePort: OperationsService['closePort'] = (id) => this.#repeatable((service) => service.closePort(id));
  startReport: OperationsService['startReport'] = async (report, id) => {
    const started = await this.#repeatable((service) => service.startReport(report, id));
    this.#reported.add(id);
    return started;
  };
  updateReport: OperationsService['updateReport'] = async (id, progress) => {
    const updated = await this.#repeatable((service) => service.updateReport(id, progress));
    this.#reported.add(id);
    return updated;
  };
  completeReport: OperationsService['completeReport'] = async (id, result) => {
    const ended = await this.#repeatable((service) => service.completeReport(id, result));
    this.#reported.delete(id);
    return ended;
  };
  hearReports: OperationsService['hearReports'] = (ids) => this.#current?.hearReports(ids);
  checkPorts: OperationsService['checkPorts'] = (hostId, ports, options, signal) =>
    this.#repeatable((service) => service.checkPorts(hostId, ports, options, signal), signal);
  history: OperationsService['history'] = (id) => this.#repeatable((service) => service.history(id));
  courses: OperationsService['courses'] = (id) => this.#repeatable((service) => service.courses(id));
  hostCourses: OperationsService['hostCourses'] = (hostId) =>
    this.#repeatable((service) => service.hostCourses(hostId));
  sampleHost: OperationsService['sampleHost'] = (hostId) =>
    this.#repeatable((service) => service.sampleHost(hostId));
  launchChoices: OperationsService['launchChoices'] = (hostId) =>
    this.#repeatable((service) => service.launchChoices(hostId));
  findRuns: OperationsService['findRuns'] = (query) => this.#repeatable((service) => service.findRuns(query));
  /** What the last owner took in is not found again. */
  importRuns: OperationsService['importRuns'] = (...call) =>
    this.#repeatable((service) => service.importRuns(...call));
  untracked: OperationsService['untracked'] = (hostId, query) =>
    this.#repeatable((service) => service.untracked(hostId, query));
  /** The same process becomes the same operation. */
  track: OperationsService['track'] = (hostId, found) =>
    this.#repeatable((service) => service.track(hostId, found));
  batchDirectives: OperationsService['batchDirectives'] = (hostId, script) =>
    this.#repeatable((service) => service.batchDirectives(hostId, script));
  connect: OperationsService['connect'] = (hostId, signal) =>
    this.#repeatable((service) => service.connect(hostId, signal), signal);
  /** Asked again of the next owner, the answer is the same. */
  claimNotice: OperationsService['claimNotice'] = (claim) =>
    this.#repeatable((service) => service.claimNotice(claim));
  submit: OperationsService['submit'] = async (spec) => (await this.ready()).submit(spec);
  kill: OperationsService['kill'] = async (...call) => (await this.ready()).kill(...call);
  restart: OperationsService['restart'] = async (...call) => (await this.ready()).restart(...call);
  startNow: OperationsService['startNow'] = async (id) => (await this.ready()).startNow(id);
  checkOverload: OperationsService['checkOverload'] = (...call) =>
    this.#repeatable((service) => service.checkOverload(...call));
  spec: OperationsService['spec'] = (id) => this.#repeatable((service) => service.spec(id));
  pause: OperationsService['pause'] = async (id) => (await this.ready()).pause(id);
  resume: OperationsService['resume'] = async (id) => (await this.ready()).resume(id);
  endProcess: OperationsService['endProcess'] = async (...call) => (await this.ready()).endProcess(...call);
  archive: OperationsService['archive'] = async (id) => (await this.ready()).archive(id);
  retryCase: OperationsService['retryCase'] = async (id) => (await this.ready()).retryCase(id);
  cancelCase: OperationsService['cancelCase'] = async (id) => (await this.ready()).cancelCase(id);
  disconnect: OperationsService['disconnect'] = (hostId) => this.#current?.disconnect(hostId);

  setVisible(view: string, visible: boolean): void {
    if (visible) {
      this.#visible.add(view);
    } else {
      this.#visible.delete(view);
    }
    this.#current?.setVisible(view, visible);
  }

  /**
   * For callers that need the service to be up, as the exported API does.
   * @throws RemoteOperationsError `NoAnswer` when none came up in time, `Cancelled`
   */
  ready(signal?: AbortSignal): Promise<OperationsService> {
    if (this.#current) {
      return Promise.resolve(this.#current);
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(notUp()), this.options.waitMs);
      const cancel = () =>
        reject(new RemoteOperationsError('Cancelled', l10n.t('Cancelled before it began.')));
      signal?.addEventListener('abort', cancel, { once: true });
      if (signal?.aborted) {
        cancel();
      }
      this.#next.service.then(resolve, reject).finally(() => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', cancel);
      });
    });
  }

  dispose(): void {
    this.#unsubscribe();
  }

  /** Only for what has no effect, or the same when done twice. */
  async #repeatable<T>(call: (service: OperationsService) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const service = await this.ready(signal);
    try {
      return await call(service);
    } catch (error) {
      if (!(error instanceof OwnerLost)) {
        throw error;
      }
      if (this.#current === service) {
        this.withdraw();
      }
      return call(await this.ready(signal));
    }
  }

  #unsubscribe(): void {
    for (const subscription of this.#subscriptions) {
      subscription.dispose();
    }
    this.#subscriptions = [];
  }
}

function withResolvers<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: unknown) => void;
} {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((...settle) => ([resolve, reject] = settle));
  return { promise, resolve, reject };
}

const notUp = (): RemoteOperationsError =>
  new RemoteOperationsError(
    'NoAnswer',
    l10n.t(
      'No window has taken up the operations in time. Try again; if that does not help, reload the window.',
    ),
  );

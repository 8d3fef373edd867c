import * as l10n from '@vscode/l10n';
import { Emitter, type Disposable, type Subscribe } from '../emitter';
import type { Decision } from '../operations/decision';
import { canArchive } from '../operations/applicable';
import { errorMessage, RemoteOperationsError } from '../operations/errors';
import type { Asker } from '../hosts/questions';
import type { AuditEvent, Operation, SubmitSpec } from '../operations/operation';
import type { HostHealth } from '../operations/hostHealth';
import type { HostView, LaunchChoices, OperationView } from '../operations/operationView';
import type { FoundRuns } from '../operations/foundRun';
import type { SaveProblem } from '../operations/saveProblem';
import type { LoadNeeds, Overload } from '../operations/overload';
import { parseSpec } from '../operations/spec';
import type { Summary } from '../operations/summary';
import type { Untracked } from '../operations/untracked';
import { awaitsUpload } from '../operations/uploaded';
import type { WatchFolderView } from '../operations/watchFolder';
import { Attended } from './attended';
import { CauseFinder } from './causeFinder';
import type { EngineContext } from './context';
import { Controller } from './controller';
import { Adoption } from './discovery/adoption';
import { EarlierRuns } from './earlierRuns';
import { Exclusive } from './exclusive';
import { Flusher } from './flusher';
import { PortForwards } from './forwarding/portForwards';
import { FoundOperations } from './foundOperations';
import { Healths } from './health/healths';
import { IdleHosts } from './health/idleHosts';
import { sampleHost } from './health/sampleHost';
import { FreeWaits } from './health/freeWaits';
import { OverloadCheck } from './health/overloadCheck';
import { select } from './listQuery';
import { Logs } from './logs';
import type {
  Course,
  ListQuery,
  LogMatches,
  LogReading,
  LogSearch,
  LogText,
  MetricSeries,
  NoticeClaim,
  OpenedPort,
  OperationsService,
  RestartOptions,
  RunsQuery,
  SyncQuery,
  SyncReport,
  UntrackedQuery,
} from './operationsService';
import { Pauser } from './pauser';
import { Poller } from './poller';
import { Reports } from './reports';
import { Ports } from './ports/ports';
import { Reconciler, type CycleOutcome, type CycleReason } from './reconciler';
import { Restarter } from './restarter';
import { SaveRetry } from './saveRetry';
import { Shown } from './shown';
import { StartQueue } from './startQueue';
import { summarize } from './summarize';
import { syncHosts } from './syncHosts';
import { Submitter } from './submitter';
import { Telemetry } from './telemetry';
import { Uploads } from './upload/uploads';
import { hostsToWatch, hostsWithWork, isLively } from './work';
import { Watches } from './watches';
import { WatchFolders } from './watchFolders/watchFolders';

/** Owns the operations: keeps what is known of them true, and acts on them. */
export class Engine implements OperationsService {
  readonly #watches = new Watches();
  readonly #telemetry = new Telemetry();
  readonly #healths: Healths;
  readonly #idleHosts: IdleHosts;
  readonly #busy = new Exclusive();
  readonly #attended: Attended;
  readonly #found: FoundOperations;
  readonly #reconciler: Reconciler;
  readonly #submitter: Submitter;
  readonly #queue: StartQueue;
  readonly #uploads: Uploads;
  readonly #controller: Controller;
  readonly #earlierRuns: EarlierRuns;
  readonly #adoption: Adoption;
  readonly #restarter: Restarter;
  readonly #pauser: Pauser;
  readonly #reports: Reports;
  readonly #poller: Poller;
  readonly #forwards: PortForwards;
  readonly #ports: Ports;
  readonly #shown: Shown;
  readonly #logs: Logs;
  readonly #causes: CauseFinder;
  readonly #overload: OverloadCheck;
  readonly #watchFolders: WatchFolders | undefined;
  readonly #changed = new Emitter<OperationView[]>();
  readonly #hostsChanged = new Emitter<void>();
  readonly #subscriptions: Disposable[];
  readonly #flusher: Flusher;

  readonly onDidChange = this.#changed.event;
  readonly onDidChangeHosts = this.#hostsChanged.event;
  readonly onDidChangeCases: Subscribe<void>;
  readonly onDidChangeSaveProblem;
  readonly onDidClaimNotice;

  constructor(private readonly context: EngineContext) {
    const { store, hosts } = context;
    this.#healths = new Healths(context.clock, context.settings);
    this.#found = new FoundOperations(context, this.#watches);
    this.#reconciler = new Reconciler(context, this.#watches, this.#found, {
      isBusy: (id) => this.#busy.isBusy(id),
      act: (operation, next) => this.#act(operation, next),
      isWatched: () => this.#poller.isWatched,
      onReading: (hostId, reading) => this.#healths.take(hostId, reading),
      onUses: (hostId, uses) => this.#healths.takeJobs(hostId, uses),
    });
    this.#flusher = new Flusher(store, context.clock);
    this.#submitter = new Submitter(context, this.#watches);
    this.#earlierRuns = new EarlierRuns(context, this.#watches);
    this.#overload = new OverloadCheck(context, {
      sample: (hostId) => sampleHost(context, this.#healths, hostId),
      operations: () => this.operations(),
    });
    const freeWaits = new FreeWaits(context, (hostId) => this.#overload.of(hostId));
    this.#queue = new StartQueue(context, this.#watches, this.#submitter, this.#busy, freeWaits);
    this.#adoption = new Adoption(context, this.#submitter, this.#busy);
    this.#uploads = new Uploads(context, this.#watches, this.#submitter);
    const look = (hostId: string, reason: CycleReason) => this.#look(hostId, reason);
    this.#attended = new Attended(context, (hostId) => void look(hostId, 'reconnect'));
    this.#controller = new Controller(context, this.#watches, this.#busy, look);
    this.#restarter = new Restarter(context, this.#busy, this.#submitter, {
      kill: (id, asker) => this.#kill(id, {}, asker),
      launch: (id, asker) => this.#launch(id, asker),
    });
    this.#pauser = new Pauser(context, this.#watches, this.#busy, look);
    this.#reports = new Reports(context, this.#watches);
    this.#poller = new Poller(
      context,
      () => hostsToWatch(store.all(), hosts.all(), this.#poller.isWatched ? this.#found.hosts() : []),
      () => isLively(store.all(), context.clock.now()),
      look,
      () => hosts.all().forEach(({ id }) => hosts.renew(id)),
    );
    this.#idleHosts = new IdleHosts(
      context,
      this.#healths,
      () => this.#poller.isWatched,
      (hostId) => this.#reconciler.due(hostId),
    );
    this.#forwards = new PortForwards(hosts, context.log);
    this.#shown = new Shown(context, {
      ...{ watches: this.#watches, found: this.#found, telemetry: this.#telemetry },
      ...{ healths: this.#healths, forwards: this.#forwards, poller: this.#poller },
    });
    this.#logs = new Logs(context, this.#attended);
    this.#ports = new Ports(context);
    this.#causes = new CauseFinder(context);
    const submit = (id: string, spec: SubmitSpec) => this.#submitOnce(id, spec);
    this.#watchFolders = context.watchFolders && new WatchFolders(context.watchFolders, context, submit);
    this.onDidChangeCases = this.#watchFolders?.onDidChange ?? new Emitter<void>().event;
    this.onDidClaimNotice = context.notices.onDidNote;
    this.onDidChangeSaveProblem = store.onDidChangeSaveProblem;
    this.#subscriptions = [
      store.onDidChange((changed) => this.#onStoreChange(changed)),
      this.#found.onDidChange((changed) =>
        this.#changed.fire(changed.map((each) => this.#shown.describe(each))),
      ),
      hosts.onDidChange(() => {
        this.#found.keepOnly(new Set(hosts.all().map(({ id }) => id)));
        this.#queue.schedule();
        this.#idleHosts.wake();
        this.#forwards.keepHosts(new Set(hosts.all().map(({ id }) => id)));
        this.#hostsChanged.fire();
      }),
      this.#forwards,
      this.#forwards.onDidChange((id) => {
        const view = this.get(id);
        this.#changed.fire(view ? [view] : []);
      }),
      store.onDidChangeSaveProblem(() => this.#queue.schedule()),
      this.#queue,
      this.#causes,
      this.#reports,
      this.#healths,
      this.#idleHosts,
      this.#healths.onDidChange(({ ids }) => {
        this.#changed.fire(ids.flatMap((id) => this.get(id) ?? []));
        this.#hostsChanged.fire();
      }),
      this.#poller.onDidChangeFailing(() => this.#hostsChanged.fire()),
      new SaveRetry(store, context.clock),
    ];
  }

  /** Takes up what an earlier window left: launches without an answer, and everything that runs. */
  async start(): Promise<void> {
    const { store } = this.context;
    const interrupted = store.all().filter(({ status }) => status === 'submitting');
    const evidence = l10n.t('VS Code ended before the answer to the launch came');
    // What the disk refuses stays in memory and goes out with the next write: the look must not wait for it.
    await Promise.allSettled(
      interrupted.map(({ id, version }) => store.update(id, version, { status: 'unconfirmed' }, evidence)),
    );
    this.#reports.begin();
    store.all().forEach((operation) => this.#restarter.takeUp(operation));
    this.#uploads.note(store.all());
    this.#poller.lookNow('start');
    this.#watchFolders?.start();
  }

  hosts(): HostView[] {
    return this.#shown.hosts();
  }

  get saveProblem(): SaveProblem | undefined {
    return this.context.store.saveProblem;
  }

  operations(): OperationView[] {
    return this.#shown.operations();
  }

  get(id: string): OperationView | undefined {
    return this.#shown.get(id);
  }

  series(id: string): MetricSeries | undefined {
    return this.#telemetry.series(id);
  }

  async list(query: ListQuery = {}): Promise<OperationView[]> {
    if (query.sync !== false) {
      const hostIds =
        query.hostId === undefined
          ? new Set([...hostsWithWork(this.context.store.all()), ...this.#found.hosts()])
          : [query.hostId];
      await Promise.all([...hostIds].map((hostId) => this.#look(hostId, 'command')));
    }
    const { hosts } = this.context;
    return select(
      this.#shown.all(),
      query,
      (hostId) => hosts.nameOf(hostId),
      (operation) => this.#shown.describe(operation),
    );
  }

  async sync(query: SyncQuery = {}, signal?: AbortSignal, asker?: Asker): Promise<SyncReport> {
    const { hosts } = this.context;
    const { hostId, mayAsk = false } = query;
    if (hostId !== undefined) {
      hosts.machine(hostId);
    }
    const hostIds = new Set(
      hostId === undefined
        ? [...hosts.all().map(({ id }) => id), ...hostsWithWork(this.context.store.all())]
        : [hostId],
    );
    const look = (id: string) => this.#look(id, 'command', signal);
    const sync = () => syncHosts(hostIds, look, this.context, signal);
    return mayAsk ? this.#attended.run([...hostIds], asker, sync) : sync();
  }

  async summary(hostId?: string): Promise<Summary> {
    if (hostId !== undefined) {
      this.context.hosts.machine(hostId);
    }
    return summarize(this, (id) => sampleHost(this.context, this.#healths, id), hostId);
  }

  async launchChoices(hostId: string): Promise<LaunchChoices> {
    const { hosts, launchers } = this.context;
    const host = hosts.all().find(({ id }) => id === hostId);
    const choices = await launchers.choices(hosts.machine(hostId), hosts.nameOf(hostId), host?.launchers);
    this.#found.noteOffer(hostId, choices.launchers);
    return choices;
  }

  batchDirectives(hostId: string, script: string): Promise<string[]> {
    const { hosts, launchers } = this.context;
    return launchers.directives(hosts.machine(hostId), hosts.nameOf(hostId), script);
  }

  async submit(input: unknown, asker?: Asker): Promise<OperationView> {
    const spec = parseSpec(input);
    this.context.hosts.machine(spec.hostId);
    const { id } = await this.#submitter.intend(spec);
    await this.#launch(id, asker);
    return this.#shown.view(id);
  }

  async #launch(id: string, asker?: Asker): Promise<void> {
    const { hostId } = this.#shown.stored(id).spec;
    await this.#attended.run([hostId], asker, () => this.#admit(this.#shown.stored(id)));
    if (this.#shown.stored(id).status !== 'queued') {
      void this.#look(hostId, 'after-action');
    }
  }

  /** Submits under an id that was decided before, unless that was done. It waits for its host. */
  async #submitOnce(id: string, spec: SubmitSpec): Promise<void> {
    if (!this.context.store.get(id)) {
      const operation = await this.#submitter.intend(spec, { id });
      void this.#admit(operation, true)
        .then(() => this.#look(spec.hostId, 'after-action'))
        .catch((error: unknown) => this.context.log(`launch of ${id} has to wait: ${errorMessage(error)}`));
    }
  }

  #admit(operation: Operation, patient?: boolean): Promise<void> {
    return awaitsUpload(operation) ? this.#uploads.admit(operation) : this.#queue.admit(operation, patient);
  }

  async restart(id: string, options: RestartOptions = {}, asker?: Asker): Promise<OperationView> {
    this.#shown.ours(id);
    const next = await this.#restarter.restart(id, options, asker);
    return this.#shown.view(next);
  }

  async startNow(id: string, asker?: Asker): Promise<OperationView> {
    await this.#queue.release(this.#shown.stored(id));
    await this.#launch(id, asker);
    return this.#shown.view(id);
  }

  async checkOverload(hostId: string, needs?: LoadNeeds): Promise<Overload> {
    this.context.hosts.machine(hostId);
    return this.#overload.of(hostId, needs);
  }

  spec(id: string): Promise<SubmitSpec> {
    return Promise.resolve(structuredClone(this.#shown.stored(id).spec));
  }

  async kill(id: string, options: { graceSeconds?: number } = {}, asker?: Asker): Promise<OperationView> {
    this.#shown.ours(id);
    await this.#restarter.forget(id);
    return this.#kill(id, options, asker);
  }

  async #kill(id: string, options: { graceSeconds?: number }, asker?: Asker): Promise<OperationView> {
    const { spec } = this.#shown.stored(id);
    await this.#controller.kill(id, options, (act) => this.#attended.run([spec.hostId], asker, act));
    return this.#shown.view(id);
  }

  pause: OperationsService['pause'] = (id, asker) => this.#setPaused(id, true, asker);
  resume: OperationsService['resume'] = (id, asker) => this.#setPaused(id, false, asker);

  async #setPaused(id: string, paused: boolean, asker?: Asker): Promise<OperationView> {
    const operation = this.#shown.ours(id);
    await this.#attended.run([operation.spec.hostId], asker, () => this.#pauser.set(operation, paused));
    return this.#shown.view(id);
  }

  findRuns({ hostId, mayAsk = false }: RunsQuery, asker?: Asker): Promise<FoundRuns> {
    const find = () => this.#earlierRuns.find(hostId);
    return mayAsk ? this.#attended.run([hostId], asker, find) : find();
  }

  async importRuns(hostId: string, ids: readonly string[], asker?: Asker): Promise<number> {
    const count = await this.#attended.run([hostId], asker, () => this.#earlierRuns.import(hostId, ids));
    await this.#look(hostId, 'command');
    return count;
  }

  untracked(hostId: string, { mayAsk = false }: UntrackedQuery = {}, asker?: Asker): Promise<Untracked[]> {
    const find = () => this.#adoption.find(hostId);
    return mayAsk ? this.#attended.run([hostId], asker, find) : find();
  }

  async track(hostId: string, found: Untracked, asker?: Asker): Promise<OperationView> {
    const id = await this.#attended.run([hostId], asker, () => this.#adoption.track(hostId, found));
    await this.#look(hostId, 'after-action');
    return this.#shown.view(id);
  }

  async archive(id: string): Promise<void> {
    const { spec, version } = this.#shown.stored(id);
    // Of a host that was removed nothing more is heard: its rows can be put away, as what they are.
    const isWatched = this.context.hosts.all().some((host) => host.id === spec.hostId);
    if (!canArchive(this.#shown.view(id), isWatched)) {
      throw new RemoteOperationsError(
        'NotApplicable',
        l10n.t('"{0}" has not ended; kill it before it is archived.', spec.name),
      );
    }
    await this.context.store.update(id, version, { archived: true });
  }

  async log(id: string, range: LogReading = {}, asker?: Asker): Promise<LogText> {
    return this.#logs.read(this.#shown.ours(id), range, asker);
  }

  async searchLog(id: string, query: LogSearch, asker?: Asker): Promise<LogMatches> {
    return this.#logs.search(this.#shown.ours(id), query, asker);
  }

  openPort(id: string, options: { localPort?: number } = {}, asker?: Asker): Promise<OpenedPort> {
    const operation = this.#shown.ours(id);
    const open = () => this.#forwards.open(operation, options);
    // Opened again after another window: nobody waits for it.
    return options.localPort === undefined
      ? this.#attended.run([operation.spec.hostId], asker, open)
      : open();
  }

  closePort(id: string): Promise<void> {
    this.#forwards.close(id);
    return Promise.resolve();
  }

  async startReport(report: unknown, id: string, window?: string): Promise<OperationView> {
    await this.#reports.start(report, id, window);
    return this.#shown.view(id);
  }

  async updateReport(id: string, progress: unknown, window?: string): Promise<OperationView> {
    await this.#reports.update(id, progress, window);
    return this.#shown.view(id);
  }

  async completeReport(id: string, result: unknown): Promise<OperationView> {
    await this.#reports.complete(id, result);
    return this.#shown.view(id);
  }

  hearReports(ids: readonly string[], window?: string): void {
    this.#reports.hear(ids, window);
  }

  async checkPorts(...[hostId, ports, options, signal, asker]: Parameters<OperationsService['checkPorts']>) {
    const check = () => this.#ports.check(hostId, ports, signal);
    return options?.mayAsk ? this.#attended.run([hostId], asker, check) : check();
  }

  async endProcess(...[hostId, process, options, asker]: Parameters<OperationsService['endProcess']>) {
    const end = async () => this.#ports.endProcess(hostId, process, options?.graceSeconds);
    return this.#attended.run([hostId], asker, end).finally(() => void this.#look(hostId, 'after-action'));
  }

  history(id: string): Promise<AuditEvent[]> {
    if (!this.#found.get(id)) {
      this.#shown.stored(id);
    }
    return Promise.resolve(this.context.store.history(id));
  }

  courses(id: string): Promise<Course[]> {
    const { clock } = this.context;
    const told = this.#telemetry.courses(id, clock.now(), clock.monotonicMs() / 1000);
    return Promise.resolve([...told, ...this.#healths.courses(id)]);
  }

  hostCourses = (hostId: string) => Promise.resolve(this.#healths.hostCourses(hostId));
  sampleHost = (hostId: string, asker?: Asker): Promise<HostHealth> =>
    this.#attended.run([hostId], asker, () => sampleHost(this.context, this.#healths, hostId));

  async connect(hostId: string, signal?: AbortSignal, asker?: Asker): Promise<void> {
    await this.#attended.run([hostId], asker, () => this.context.hosts.machine(hostId).connect(signal));
    void this.#look(hostId, 'reconnect');
  }

  disconnect(hostId: string): void {
    this.context.hosts.disconnect(hostId);
    // Says of what runs there that it is no longer seen.
    void this.#look(hostId, 'after-action');
  }

  setVisible(view: string, visible: boolean): void {
    this.#poller.setVisible(view, visible);
    this.#idleHosts.wake();
  }

  cases = (): WatchFolderView[] => this.#watchFolders?.views() ?? [];
  retryCase = async (caseId: string) => this.#watchFolders?.retry(caseId);
  cancelCase = async (caseId: string) => this.#watchFolders?.cancel(caseId);

  claimNotice(claim: NoticeClaim): Promise<boolean> {
    return Promise.resolve(this.context.notices.claim(claim));
  }

  async dispose(): Promise<void> {
    await Promise.all([this.#watchFolders?.dispose(), this.#uploads.dispose()]);
    this.#poller.dispose();
    this.#flusher.dispose();
    for (const subscription of this.#subscriptions) {
      subscription.dispose();
    }
    await this.context.store.close();
  }

  async #look(hostId: string, reason: CycleReason, signal?: AbortSignal): Promise<CycleOutcome> {
    const outcome = await this.#queue.afterLook(await this.#reconciler.cycle(hostId, reason, signal));
    this.#poller.note(outcome);
    if (reason === 'command' || reason === 'reconnect') {
      this.#uploads.wake(hostId);
    }
    if (outcome.outcome === 'ok') {
      this.#causes.readOn(hostId);
    }
    return outcome;
  }

  #act({ id }: Operation, next: NonNullable<Decision['next']>): void {
    const tasks = {
      launch: () => this.#submitter.relaunch(this.#shown.stored(id)),
      kill: () => this.#controller.deliverKill(this.#shown.stored(id)),
      'time-out': async () => {
        const stopping = await this.#controller.intendTimeOut(this.#shown.stored(id));
        await this.#controller.deliverKill(stopping);
        this.#causes.readOn(stopping.spec.hostId);
      },
    };
    void this.#busy.run(id, tasks[next]).catch((error: unknown) => {
      this.context.log(`${next} of ${id} has to wait: ${errorMessage(error)}`);
    });
  }

  #onStoreChange(changed: Operation[]): void {
    const atSeconds = this.context.clock.monotonicMs() / 1000;
    for (const operation of changed) {
      this.#telemetry.add(operation, atSeconds);
      this.#restarter.takeUp(operation);
      this.#forwards.note(operation);
    }
    this.#poller.schedule();
    this.#flusher.schedule();
    this.#queue.schedule();
    this.#uploads.note(changed);
    this.#changed.fire(changed.map((operation) => this.#shown.describe(operation)));
  }
}

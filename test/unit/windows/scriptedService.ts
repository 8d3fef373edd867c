import { Emitter } from '../../../src/emitter';
import { NoticeBook } from '../../../src/engine/noticeBook';
import type {
  MetricSeries,
  NoticeClaim,
  OpenedPort,
  OperationsService,
  SyncReport,
} from '../../../src/engine/operationsService';
import type { Asker } from '../../../src/hosts/questions';
import type { SubmitSpec } from '../../../src/operations/operation';
import type { HostHealth } from '../../../src/operations/hostHealth';
import type { HostView, LaunchChoices, OperationView } from '../../../src/operations/operationView';
import type { FoundRuns } from '../../../src/operations/foundRun';
import type { EndedProcess, PortUse } from '../../../src/operations/portUse';
import type { Overload } from '../../../src/operations/overload';
import type { SaveProblem } from '../../../src/operations/saveProblem';
import type { Summary } from '../../../src/operations/summary';
import type { Untracked } from '../../../src/operations/untracked';
import type { WatchFolderView } from '../../../src/operations/watchFolder';

/** What an engine would do, told by the test: these tests are about what carries it. */
export class ScriptedService implements OperationsService {
  readonly #changed = new Emitter<OperationView[]>();
  readonly #hostsChanged = new Emitter<void>();
  readonly #saveProblemChanged = new Emitter<void>();
  readonly views = new Map<string, OperationView>();
  readonly archived = new Set<string>();
  readonly seriesOf = new Map<string, MetricSeries>();
  readonly visible = new Set<string>();
  readonly calls: unknown[][] = [];
  readonly #casesChanged = new Emitter<void>();
  hostViews: HostView[] = [];
  caseViews: WatchFolderView[] = [];
  saveProblem: SaveProblem | undefined;
  /** Who asked last. */
  asker: Asker | undefined;
  /** What every request resolves to, or how it fails. */
  answer: (signal?: AbortSignal) => Promise<unknown> = () => Promise.resolve();

  readonly onDidChange = this.#changed.event;
  readonly onDidChangeHosts = this.#hostsChanged.event;
  readonly onDidChangeCases = this.#casesChanged.event;
  readonly onDidChangeSaveProblem = this.#saveProblemChanged.event;
  readonly notices = new NoticeBook();
  readonly onDidClaimNotice = this.notices.onDidNote;

  put(...views: OperationView[]): void {
    for (const view of views) {
      this.views.set(view.id, view);
    }
    this.#changed.fire(views);
  }

  remove(view: OperationView): void {
    this.views.delete(view.id);
    this.#changed.fire([view]);
  }

  putHosts(...hosts: HostView[]): void {
    this.hostViews = hosts;
    this.#hostsChanged.fire();
  }

  putCases(...folders: WatchFolderView[]): void {
    this.caseViews = folders;
    this.#casesChanged.fire();
  }

  noteSaveProblem(problem: SaveProblem | undefined): void {
    this.saveProblem = problem;
    this.#saveProblemChanged.fire();
  }

  hosts = () => this.hostViews;
  operations = () =>
    [...this.views.values()]
      .filter(({ id }) => !this.archived.has(id))
      .sort((a, b) => b.submittedAt.localeCompare(a.submittedAt));
  get = (id: string): OperationView | undefined => {
    const found = this.views.get(id);
    return found && this.archived.has(id) ? { ...found, archived: true } : found;
  };
  cases = () => this.caseViews;
  retryCase = (...args: unknown[]) => this.#call<void>('retryCase', args);
  cancelCase = (...args: unknown[]) => this.#call<void>('cancelCase', args);
  series = (id: string) => this.seriesOf.get(id);
  list = (...args: unknown[]) => this.#call<OperationView[]>('list', args);
  sync = (query?: object, signal?: AbortSignal) => this.#call<SyncReport>('sync', [query], signal);
  summary = (...args: unknown[]) => this.#call<Summary>('summary', args);
  launchChoices = (...args: unknown[]) => this.#call<LaunchChoices>('launchChoices', args);
  batchDirectives = (...args: unknown[]) => this.#call<string[]>('batchDirectives', args);
  submit = (spec: unknown) => this.#call<OperationView>('submit', [spec]);
  kill = (id: string, options?: object) => this.#call<OperationView>('kill', [id, options]);
  untracked = (...args: unknown[]) => this.#call<Untracked[]>('untracked', args);
  track = (...args: unknown[]) => this.#call<OperationView>('track', args);
  findRuns = (query: object) => this.#call<FoundRuns>('findRuns', [query]);
  importRuns = (...args: unknown[]) => this.#call<number>('importRuns', args);
  restart = (id: string, options?: object) => this.#call<OperationView>('restart', [id, options]);
  startNow = (id: string) => this.#call<OperationView>('startNow', [id]);
  checkOverload = (...args: unknown[]) => this.#call<Overload>('checkOverload', args);
  spec = (id: string) => this.#call<SubmitSpec>('spec', [id]);
  pause = (id: string) => this.#call<OperationView>('pause', [id]);
  resume = (id: string) => this.#call<OperationView>('resume', [id]);
  archive = (...args: unknown[]) => this.#call<void>('archive', args);
  log = (id: string, range?: object) => this.#call<never>('log', [id, range]);
  searchLog = (...args: unknown[]) => this.#call<never>('searchLog', args);
  openPort = (...args: unknown[]) => this.#call<OpenedPort>('openPort', args);
  closePort = (...args: unknown[]) => this.#call<void>('closePort', args);
  checkPorts = (hostId: string, ports: readonly number[], options?: object, signal?: AbortSignal) =>
    this.#call<PortUse[]>('checkPorts', [hostId, ports, options], signal);
  endProcess = (hostId: string, process: object, options?: object) =>
    this.#call<EndedProcess>('endProcess', [hostId, process, options]);
  history = (...args: unknown[]) => this.#call<never[]>('history', args);
  startReport = (...args: unknown[]) => this.#call<OperationView>('startReport', args);
  updateReport = (...args: unknown[]) => this.#call<OperationView>('updateReport', args);
  completeReport = (...args: unknown[]) => this.#call<OperationView>('completeReport', args);
  hearReports = (...args: unknown[]) => void this.calls.push(['hearReports', ...args]);
  courses = (...args: unknown[]) => this.#call<never[]>('courses', args);
  hostCourses = (...args: unknown[]) => this.#call<never[]>('hostCourses', args);
  sampleHost = (hostId: string) => this.#call<HostHealth>('sampleHost', [hostId]);
  connect = (hostId: string, signal?: AbortSignal, asker?: Asker) => {
    this.asker = asker;
    return this.#call<void>('connect', [hostId], signal);
  };
  claimNotice = (claim: NoticeClaim) => Promise.resolve(this.notices.claim(claim));
  disconnect = (hostId: string) => void this.calls.push(['disconnect', hostId]);

  setVisible(view: string, visible: boolean): void {
    if (visible) {
      this.visible.add(view);
    } else {
      this.visible.delete(view);
    }
  }

  #call<T>(name: string, args: unknown[], signal?: AbortSignal): Promise<T> {
    this.calls.push([name, ...args]);
    return this.answer(signal) as Promise<T>;
  }
}

export const view = (id: string, changes: Partial<OperationView> = {}): OperationView => ({
  id,
  hostId: 'lab',
  type: 'job',
  name: id,
  command: 'sleep 1',
  status: 'running',
  shownStatus: 'running',
  observation: 'fresh',
  launcher: 'process',
  submittedAt: '2026-01-01T00:00:00.000Z',
  ...changes,
});

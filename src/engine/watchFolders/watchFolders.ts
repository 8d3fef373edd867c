import * as l10n from '@vscode/l10n';
import { type Disposable, Emitter, type Subscribe } from '../../emitter';
import { errorMessage, RemoteOperationsError } from '../../operations/errors';
import type { SubmitSpec } from '../../operations/operation';
import type { WatchFolderView } from '../../operations/watchFolder';
import { type EngineContext, isoNow } from '../context';
import { next, type CaseRecord } from './caseRecord';
import { CalledOff, calledOff, runCase } from './caseRun';
import { caseViews, type Progress } from './caseViews';
import { idOf, type WatchFolderConfig } from './config';
import { FolderWatch } from './folderWatch';
import { HostQueue, HostQueues } from '../upload/hostQueue';
import { onDidReturn } from '../upload/returningHosts';
import type { Ledger } from './ledger';

/** What the engine needs to watch folders. */
export interface WatchFolderParts {
  ledger: Ledger;
  configs: () => readonly WatchFolderConfig[];
  onDidChangeConfigs: Subscribe<void>;
}

const shortestLookMs = 1_000;
const longestLookMs = 10_000;
/** Looking takes at most this share of the time, however many files there are. */
const lookShare = 1 / 20;
/** Progress is told at most so often. */
const tellEveryMs = 250;

interface Running {
  abort: AbortController;
  progress?: Progress;
}

/** Watches local folders: a case that is quiet is uploaded and submitted, once for what it holds. */
export class WatchFolders {
  readonly #changed = new Emitter<void>();
  readonly #watches = new Map<string, FolderWatch>();
  readonly #queues: HostQueues;
  readonly #running = new Map<string, Running>();
  readonly #disposal = new AbortController();
  readonly #subscriptions: Disposable[];
  #looking: Promise<void> | undefined;
  #lookTimer: Disposable | undefined;
  #tellTimer: Disposable | undefined;
  #told = '';

  readonly onDidChange = this.#changed.event;

  constructor(
    private readonly parts: WatchFolderParts,
    private readonly context: EngineContext,
    private readonly submitOnce: (id: string, spec: SubmitSpec) => Promise<void>,
  ) {
    this.#queues = new HostQueues(
      (hostId) =>
        new HostQueue(
          context.clock,
          () => this.#nextOf(hostId),
          () => this.#tell(),
        ),
    );
    this.#subscriptions = [
      parts.onDidChangeConfigs(() => this.#configure()),
      onDidReturn(context.hosts, (hostId) => this.#queues.wake(hostId)),
    ];
  }

  start(): void {
    this.#configure();
  }

  views(): WatchFolderView[] {
    return [...this.#watches.values()].map((watch) => {
      const { id, path, hostId, remoteDir } = watch.config;
      const { ledger } = this.parts;
      return {
        id,
        path,
        hostId,
        remoteDir,
        ...(watch.problem !== undefined && { problem: watch.problem }),
        ...caseViews(id, ledger.of(id), watch.waiting, {
          progress: (caseId) => this.#running.get(caseId)?.progress,
          waitsFor: this.#queues.reason(hostId),
        }),
      };
    });
  }

  /** On the user's word: tries a failed case again, submits one that was there before, or one that changed. */
  async retry(caseId: string): Promise<void> {
    const { record, watch } = this.#find(caseId);
    const after = next(record, { kind: 'retry', newToken: this.context.newId() }, isoNow(this.context.clock));
    if (!after) {
      throw notApplicable(l10n.t('There is nothing to submit again of "{0}" now.', record.name));
    }
    await this.parts.ledger.put(after);
    this.#tell();
    this.#queues.of(watch.config.hostId).wake();
  }

  /** Calls an upload off. */
  async cancel(caseId: string): Promise<void> {
    const { record } = this.#find(caseId);
    if (record.state !== 'uploading') {
      throw notApplicable(l10n.t('"{0}" is not being uploaded.', record.name));
    }
    const running = this.#running.get(caseId);
    if (running) {
      running.abort.abort(new CalledOff('Called off.'));
      return;
    }
    await this.#callOff(caseId);
  }

  /** Resolves when nothing is under way any more; what was is taken up by the next owner. */
  async dispose(): Promise<void> {
    this.#disposal.abort();
    this.#lookTimer?.dispose();
    this.#tellTimer?.dispose();
    this.#subscriptions.forEach((subscription) => subscription.dispose());
    this.#running.forEach(({ abort }) => abort.abort(this.#disposal.signal.reason));
    await Promise.all([this.#looking, this.#queues.close()]);
    await this.parts.ledger.close();
  }

  #configure(): void {
    const { ledger, configs } = this.parts;
    const wanted = new Map(configs().map((config) => [config.id, config]));
    for (const [id, { config }] of this.#watches) {
      if (JSON.stringify(wanted.get(id)) !== JSON.stringify(config)) {
        this.#watches.delete(id);
        ledger.of(id).forEach(({ name }) => this.#running.get(idOf([id, name]))?.abort.abort());
      }
    }
    for (const id of ledger.folderIds().filter((known) => !wanted.has(known))) {
      void ledger.end(id);
    }
    for (const config of [...wanted.values()].filter(({ id }) => !this.#watches.has(id))) {
      this.#watches.set(config.id, this.#watch(config));
    }
    this.#tell();
    this.#lookAfter(0);
  }

  #watch(config: WatchFolderConfig): FolderWatch {
    const { clock, newId } = this.context;
    return new FolderWatch({
      config,
      ledger: this.parts.ledger,
      monotonicMs: () => clock.monotonicMs(),
      now: () => isoNow(clock),
      newId,
      signal: this.#disposal.signal,
    });
  }

  #lookAfter(delayMs: number): void {
    this.#lookTimer?.dispose();
    this.#lookTimer = undefined;
    // Nothing is looked at where nothing is watched.
    if (this.#disposal.signal.aborted || this.#looking || this.#watches.size === 0) {
      return;
    }
    this.#lookTimer = this.context.clock.after(delayMs, () => {
      this.#looking = this.#look().finally(() => {
        this.#looking = undefined;
      });
    });
  }

  async #look(): Promise<void> {
    const { clock, log } = this.context;
    const beganMs = clock.monotonicMs();
    const watches = [...this.#watches.values()];
    for (const watch of watches) {
      await watch.look().catch((error: unknown) => log(`Looking at a folder failed: ${errorMessage(error)}`));
      // Removed meanwhile, it has nothing more to say.
      if (this.#watches.get(watch.config.id) === watch) {
        this.#queues.of(watch.config.hostId).pump();
      }
      this.#tell();
    }
    const tookMs = clock.monotonicMs() - beganMs;
    const quietMs = Math.min(...watches.map(({ config }) => config.quietSeconds * 1000));
    const everyMs = Math.min(longestLookMs, Math.max(shortestLookMs, quietMs / 3));
    this.#looking = undefined;
    this.#lookAfter(Math.max(everyMs, tookMs / lookShare));
  }

  /** The case of this host that came first of those that are not submitted yet. */
  #nextOf(hostId: string): (() => Promise<void>) | undefined {
    const due = [...this.#watches.values()]
      .filter(({ config }) => config.hostId === hostId)
      .flatMap((watch) => this.parts.ledger.of(watch.config.id).map((record) => ({ watch, record })))
      .filter(({ record: { state } }) => state === 'uploading' || state === 'uploaded');
    const first = due.reduce<(typeof due)[number] | undefined>(
      (before, each) => (before && before.record.at <= each.record.at ? before : each),
      undefined,
    );
    return first && (() => this.#run(first.record, first.watch.config));
  }

  async #run(record: CaseRecord, config: WatchFolderConfig): Promise<void> {
    const { hosts, clock, newId } = this.context;
    const caseId = idOf([record.folderId, record.name]);
    const running: Running = { abort: new AbortController() };
    const { signal } = running.abort;
    this.#running.set(caseId, running);
    try {
      await runCase(record, {
        config,
        ledger: this.parts.ledger,
        machine: hosts.machine(config.hostId),
        hostName: hosts.nameOf(config.hostId),
        nonce: () => newId().replaceAll('-', ''),
        clock,
        submitOnce: this.submitOnce,
        signal,
        onProgress: (doneBytes, totalBytes) => {
          running.progress = { doneBytes, totalBytes };
          this.#tell();
        },
      });
    } catch (error) {
      if (signal.reason instanceof CalledOff) {
        // The connection's end may have been told first.
        await this.#callOff(caseId);
      } else if (!signal.aborted) {
        throw error;
      }
    } finally {
      this.#running.delete(caseId);
    }
  }

  async #callOff(caseId: string): Promise<void> {
    const { record } = this.#find(caseId);
    const after = next(record, calledOff(), isoNow(this.context.clock));
    if (after && record.state === 'uploading') {
      await this.parts.ledger.put(after);
      this.#tell();
    }
  }

  #find(caseId: string): { record: CaseRecord; watch: FolderWatch } {
    for (const watch of this.#watches.values()) {
      const { id } = watch.config;
      const record = this.parts.ledger.of(id).find(({ name }) => idOf([id, name]) === caseId);
      if (record) {
        return { record, watch };
      }
    }
    throw notApplicable(l10n.t('That case is not watched any more, or it is not quiet yet.'));
  }

  /** Soon, if anything differs by then. */
  #tell(): void {
    if (this.#disposal.signal.aborted) {
      return;
    }
    this.#tellTimer ??= this.context.clock.after(tellEveryMs, () => {
      this.#tellTimer = undefined;
      const now = JSON.stringify(this.views());
      if (now !== this.#told) {
        this.#told = now;
        this.#changed.fire();
      }
    });
  }
}

const notApplicable = (message: string): RemoteOperationsError =>
  new RemoteOperationsError('NotApplicable', message);

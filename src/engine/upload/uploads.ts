import * as l10n from '@vscode/l10n';
import type { Disposable } from '../../emitter';
import { printable } from '../../hosts/destination';
import { errorMessage, RemoteOperationsError } from '../../operations/errors';
import type { Operation, OperationChange } from '../../operations/operation';
import { isTerminal } from '../../operations/status';
import { awaitsUpload, isElsewhere, type Uploaded } from '../../operations/uploaded';
import { type EngineContext, isoNow } from '../context';
import { evenIfUnsaved } from '../evenIfUnsaved';
import type { Submitter } from '../submitter';
import type { Watches } from '../watches';
import { HostQueue, HostQueues } from './hostQueue';
import { discardFiles, uploadFiles } from './operationUpload';
import { LocalProblem, UploadRefused } from './problems';
import { onDidReturn } from './returningHosts';
import { uploadProgress, uploadReason, type UploadState } from './uploadWords';

/** Progress is told at most so often. */
const tellEveryMs = 500;

interface Running extends UploadState {
  hostId: string;
  abort: AbortController;
  /** Resolves once its host was reached, or was not. */
  begun: Promise<void>;
}

/**
 * Brings files to hosts before their operations are started (`SubmitSpec.uploadFrom`), one operation at a time for
 * each host. Until then an operation is `queued` and nothing of it was launched, so whoever crashes or takes over
 * just goes on; what is taken out of the queue meanwhile is not uploaded any further.
 */
export class Uploads {
  readonly #queues: HostQueues;
  readonly #running = new Map<string, Running>();
  /** Those that may have left something on their host. */
  readonly #sent = new Set<string>();
  readonly #returns: Disposable;
  #tellTimer: Disposable | undefined;
  #disposed = false;

  constructor(
    private readonly context: EngineContext,
    private readonly watches: Watches,
    private readonly submitter: Submitter,
  ) {
    this.#queues = new HostQueues(
      (hostId) =>
        new HostQueue(
          context.clock,
          () => this.#nextOf(hostId),
          () => this.#tell(),
        ),
    );
    this.#returns = onDidReturn(context.hosts, (hostId) => this.wake(hostId));
  }

  /** Begins, and resolves once the host was reached, for which the user may be asked, or was not. */
  async admit({ spec: { hostId } }: Operation): Promise<void> {
    this.#queues.of(hostId).wake();
    this.#tell();
    const here = [...this.#running.values()].filter((one) => one.hostId === hostId);
    await Promise.all(here.map(({ begun }) => begun));
  }

  /** Tries again what waits for this host. */
  wake(hostId: string): void {
    this.#queues.wake(hostId);
  }

  /** Takes up what changed: begins what is new, and leaves what is not to be started any more. */
  note(changed: readonly Operation[]): void {
    if (this.#disposed) {
      return;
    }
    for (const { id, status, archived } of changed) {
      if (status !== 'queued' || archived) {
        this.#running.get(id)?.abort.abort(new Error('It is not to be started any more.'));
      }
    }
    const isNew = (operation: Operation) =>
      awaitsUpload(operation) && !this.submitter.isArriving(operation.id);
    const hostIds = new Set(changed.filter(isNew).map(({ spec }) => spec.hostId));
    // Not while the store tells of its changes.
    queueMicrotask(() => hostIds.forEach((hostId) => this.#begin(hostId)));
    for (const operation of changed.filter(({ status }) => isTerminal(status))) {
      if (!this.#running.has(operation.id)) {
        this.#discard(operation);
      }
    }
  }

  /** Resolves when nothing is under way any more; what was is taken up by the next owner. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#returns.dispose();
    this.#tellTimer?.dispose();
    this.#running.forEach(({ abort }) => abort.abort(new Error('The engine ends.')));
    await this.#queues.close();
  }

  #begin(hostId: string): void {
    if (!this.#disposed) {
      this.#queues.of(hostId).pump();
      this.#tell();
    }
  }

  #waiting(hostId?: string): Operation[] {
    return this.context.store
      .all()
      .filter((operation) => awaitsUpload(operation) && !this.submitter.isArriving(operation.id))
      .filter(({ spec }) => hostId === undefined || spec.hostId === hostId);
  }

  #nextOf(hostId: string): (() => Promise<void>) | undefined {
    const [first] = this.#disposed ? [] : this.#waiting(hostId);
    return first && (() => this.#run(first));
  }

  async #run(operation: Operation): Promise<void> {
    const { id, spec } = operation;
    let settleBegun!: () => void;
    const begun = new Promise<void>((resolve) => (settleBegun = resolve));
    const running: Running = { hostId: spec.hostId, abort: new AbortController(), begun };
    this.#running.set(id, running);
    try {
      const uploaded = await this.#upload(operation, running, settleBegun);
      await this.#settle(id, { uploaded, progress: undefined });
    } catch (error) {
      if (error instanceof LocalProblem || error instanceof UploadRefused) {
        await this.#fail(operation, error.message);
      } else if (!running.abort.signal.aborted) {
        throw error;
      }
    } finally {
      settleBegun();
      this.#running.delete(id);
      this.#discard(this.context.store.get(id) ?? operation);
    }
  }

  /** @throws what `uploadFiles` and `Submitter.reach` do */
  async #upload(operation: Operation, running: Running, onBegun: () => void): Promise<Uploaded> {
    const { hosts, clock } = this.context;
    const { id, spec } = operation;
    const { hostId, uploadFrom = '' } = spec;
    this.submitter.forget(hostId);
    const place = await this.submitter.reach(operation);
    onBegun();
    this.#sent.add(id);
    const files = await uploadFiles({
      id,
      uploadFrom,
      machine: hosts.machine(hostId),
      hostName: hosts.nameOf(hostId),
      nonce: this.#nonce,
      clock,
      signal: running.abort.signal,
      onProgress: (doneBytes, totalBytes) => {
        running.progress = { doneBytes, totalBytes };
        this.#tellSoon();
      },
    });
    this.submitter.forget(hostId);
    if (isElsewhere(place, await this.submitter.reach(operation))) {
      const hostName = hosts.nameOf(hostId);
      throw new RemoteOperationsError(
        'NoAnswer',
        l10n.t('Another machine answers behind {0} than before the upload.', hostName),
      );
    }
    return { ...files, ...place };
  }

  async #fail({ id, spec: { uploadFrom = '' } }: Operation, reason: string): Promise<void> {
    const error = l10n.t(
      'Nothing was started, as {0} could not be uploaded: {1}',
      printable(uploadFrom),
      reason,
    );
    const endedAt = isoNow(this.context.clock);
    await this.#settle(
      id,
      { status: 'failed', error, endedAt, progress: undefined },
      `nothing was started: ${reason}`,
    );
  }

  async #settle(id: string, change: OperationChange, evidence?: string): Promise<void> {
    const operation = this.context.store.get(id);
    if (!this.#disposed && operation && awaitsUpload(operation)) {
      this.watches.set(id, { observation: 'fresh' });
      await evenIfUnsaved(this.context.store.update(id, operation.version, change, evidence));
    }
  }

  /** What never was, and will not be started needs no files. Where the host is away, they stay. */
  #discard({ id, status, machineId, spec: { hostId } }: Operation): void {
    if (this.#disposed || !isTerminal(status) || !this.#sent.delete(id) || machineId !== undefined) {
      return;
    }
    const { hosts, log } = this.context;
    const discard = async () =>
      discardFiles(id, {
        machine: hosts.machine(hostId),
        hostName: hosts.nameOf(hostId),
        nonce: this.#nonce,
      });
    discard().catch((error: unknown) => log(`What was uploaded for ${id} stays: ${errorMessage(error)}`));
  }

  #tellSoon(): void {
    if (!this.#disposed) {
      this.#tellTimer ??= this.context.clock.after(tellEveryMs, () => {
        this.#tellTimer = undefined;
        this.#tell();
      });
    }
  }

  /** Only what is news: views draw what is told. */
  #tell(): void {
    if (this.#disposed) {
      return;
    }
    const news = new Map<string, OperationChange>();
    for (const operation of this.#waiting()) {
      const { id, spec } = operation;
      const running = this.#running.get(id);
      const progress = uploadProgress(running);
      const trouble = this.#queues.reason(spec.hostId);
      const reason = uploadReason(running, trouble, this.context.hosts.nameOf(spec.hostId));
      const isOld = this.watches.of(operation).reason === reason;
      if (!isOld || (progress && progress.sizeDoneBytes !== operation.progress?.sizeDoneBytes)) {
        this.watches.set(id, { observation: 'fresh', reason });
        news.set(id, progress ? { progress } : {});
      }
    }
    if (news.size > 0) {
      this.context.store.refresh(news);
    }
  }

  readonly #nonce = (): string => this.context.newId().replaceAll('-', '');
}

import * as l10n from '@vscode/l10n';
import type { Disposable } from '../emitter';
import { errorMessage, RemoteOperationsError } from '../operations/errors';
import type { Operation } from '../operations/operation';
import { waitsUntilFree } from '../operations/untilFree';
import { awaitsUpload, isElsewhere } from '../operations/uploaded';
import { type EngineContext, isoNow } from './context';
import { evenIfUnsaved } from './evenIfUnsaved';
import type { Exclusive } from './exclusive';
import { GpuShortages } from './gpuShortages';
import type { FreeWaits } from './health/freeWaits';
import { gpusText, planQueue } from './queue';
import { limitOf } from './queueLimit';
import { type CycleOutcome, type Unseen, unseenBecause } from './reconciler';
import type { Submitter } from './submitter';
import type { Watches } from './watches';

interface Hold extends Pick<Unseen, 'outcome'> {
  reason: string;
}

/**
 * Starts what waits for its turn (`queued`): as soon as something changes that it waits for, and after each look
 * at its host. What cannot be sent stays where it is, until the host answers again.
 */
export class StartQueue implements Disposable {
  readonly #starting = new Map<string, { hostId: string; done: Promise<void> }>();
  /** Hosts to which nothing could be sent. The next look tries again. */
  readonly #held = new Map<string, Hold>();
  readonly #gpus: GpuShortages;
  #isScheduled = false;
  #disposed = false;

  constructor(
    private readonly context: EngineContext,
    private readonly watches: Watches,
    private readonly submitter: Submitter,
    private readonly busy: Exclusive,
    private readonly freeWaits: FreeWaits,
  ) {
    this.#gpus = new GpuShortages(context, () => this.schedule());
  }

  /**
   * Takes in what was submitted. Resolves once it was started, or has to wait. One that is `patient` waits for its
   * host even where there is no queue.
   */
  async admit({ id, status, spec: { hostId } }: Operation, patient?: boolean): Promise<void> {
    if (status !== 'queued') {
      const launch = () => this.submitter.launch(this.context.store.get(id) as Operation, patient);
      return this.busy.run(id, () => evenIfUnsaved(launch()));
    }
    // The user is there and may be asked to log in.
    const wasHeld = this.#held.delete(hostId);
    this.#advance(hostId);
    await (wasHeld ? this.#startsOf(hostId) : this.#starting.get(id)?.done);
  }

  /** It shall not wait any longer until its host is free. @throws `NotApplicable`, `NotSaved` */
  async release(operation: Operation): Promise<void> {
    const { id, version, status, spec } = operation;
    if (!waitsUntilFree(operation)) {
      throw new RemoteOperationsError(
        'NotApplicable',
        l10n.t('"{0}" does not wait until its host is free.', spec.name),
      );
    }
    await this.context.store.intend(id, version, { status, startsAnyway: true }, l10n.t('to be started now'));
  }

  /** Something changed that may let somebody start. Once for all that changes in one go. */
  schedule(): void {
    if (this.#isScheduled) {
      return;
    }
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      const waiting = this.context.store.all().filter(isWaiting);
      new Set(waiting.map(({ spec }) => spec.hostId)).forEach((hostId) => this.#advance(hostId));
    });
  }

  /** A host was looked at: now is the time to try again. Where nothing else was to be seen, that is the look. */
  async afterLook(look: CycleOutcome): Promise<CycleOutcome> {
    const { hostId, outcome, reason = l10n.t('it cannot be reached') } = look;
    const waiting = this.context.store.all().filter((one) => isWaiting(one) && one.spec.hostId === hostId);
    if (waiting.length === 0) {
      return look;
    }
    if (outcome === 'ok' || outcome === 'idle') {
      this.#held.delete(hostId);
    } else {
      this.#held.set(hostId, { outcome, reason });
    }
    this.#advance(hostId);
    if (outcome !== 'idle') {
      return look;
    }
    await this.#startsOf(hostId);
    const hold = this.#held.get(hostId);
    const seen = hold?.outcome === 'error' ? 'errors' : 'unreachable';
    return hold ? { ...look, ...hold, [seen]: look[seen] + waiting.length } : look;
  }

  dispose(): void {
    this.#disposed = true;
  }

  async #startsOf(hostId: string): Promise<void> {
    await Promise.all(
      [...this.#starting.values()].filter((one) => one.hostId === hostId).map(({ done }) => done),
    );
  }

  #advance(hostId: string): void {
    if (this.#disposed) {
      return;
    }
    const { store, hosts } = this.context;
    const hostName = hosts.nameOf(hostId);
    const hold = store.saveProblem ? l10n.t('this computer cannot save it') : this.#held.get(hostId)?.reason;
    const plan = planQueue(
      store
        .all()
        .filter(({ id, spec }) => spec.hostId === hostId && !this.submitter.isArriving(id))
        .filter((operation) => !awaitsUpload(operation)),
      {
        hostName,
        limit: limitOf(this.context, hostId),
        starting: new Set(this.#starting.keys()),
        held: hold && l10n.t('waits for {0}: {1}', hostName, hold),
        short: this.#gpus.of(hostId),
        notFree: this.freeWaits.of(hostId),
      },
    );
    plan.start.forEach((operation) => this.#begin(operation));
    this.#tell(plan.waits);
  }

  /** Only what is news: views draw what is told. */
  #tell(waits: ReadonlyMap<string, string>): void {
    const { store } = this.context;
    const news = [...waits].filter(([id, reason]) => {
      const operation = store.get(id);
      return operation && this.watches.of(operation).reason !== reason;
    });
    news.forEach(([id, reason]) => this.watches.set(id, { observation: 'fresh', reason }));
    store.refresh(new Map(news.map(([id]) => [id, {}])));
  }

  #begin({ id, spec: { hostId } }: Operation): void {
    const done = this.busy
      .run(id, () => this.#start(id))
      .catch((error: unknown) => {
        if (this.context.store.saveProblem) {
          // Nothing starts until that is over; then the host is tried again.
          return;
        }
        const { outcome } = unseenBecause(error);
        this.#held.set(hostId, { outcome, reason: errorMessage(error) });
        this.submitter.forget(hostId);
      })
      .finally(() => {
        this.#starting.delete(id);
        this.schedule();
      });
    this.#starting.set(id, { hostId, done });
  }

  /** @throws why the host cannot be used, or the disk; then it is, or will be, queued as before */
  async #start(id: string): Promise<void> {
    const { store } = this.context;
    const isQueued = () => store.get(id)?.status === 'queued';
    if (!isQueued()) {
      return;
    }
    // First, so that a host out of reach, or without a free GPU, leaves no trace in the history.
    const place = await this.submitter.reach(store.get(id) as Operation);
    const { uploaded, version: before } = store.get(id) as Operation;
    if (uploaded && isQueued() && isElsewhere(uploaded, place)) {
      await evenIfUnsaved(store.update(id, before, { uploaded: undefined }));
      return;
    }
    if (!(await this.freeWaits.ask(store.get(id) as Operation)) || !isQueued()) {
      return;
    }
    const lack = await this.#gpus.ask(store.get(id) as Operation);
    const { version, spec } = store.get(id) as Operation;
    if (!isQueued() || this.#disposed || lack?.kind === 'short') {
      return;
    }
    if (lack) {
      const change = { status: 'failed', error: lack.reason, endedAt: isoNow(this.context.clock) } as const;
      await evenIfUnsaved(store.update(id, version, change, l10n.t('refused: {0}', lack.reason)));
      return;
    }
    const evidence = this.freeWaits.noteStart(store.get(id) as Operation) ?? l10n.t('its turn has come');
    await store.intend(id, version, { status: 'submitting' }, evidence);
    const operation = store.get(id);
    const unsent = operation?.status === 'submitting' ? await this.submitter.launch(operation) : undefined;
    if (unsent && operation?.spec.startWhenFree) {
      this.freeWaits.forget(spec.hostId);
    }
    if (unsent?.lacks === 'gpus') {
      this.#gpus.note(spec.hostId, id, l10n.t('waits for {0}: {1}', gpusText(spec.gpus), unsent.reason));
    } else if (unsent) {
      throw new Error(unsent.reason);
    }
  }
}

const isWaiting = (operation: Operation): boolean =>
  operation.status === 'queued' && !operation.archived && !awaitsUpload(operation);

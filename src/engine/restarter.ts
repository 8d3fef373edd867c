import * as l10n from '@vscode/l10n';
import type { Asker } from '../hosts/questions';
import { errorMessage, isRemoteOperationsError, RemoteOperationsError } from '../operations/errors';
import type { Operation } from '../operations/operation';
import { isTerminal } from '../operations/status';
import type { EngineContext } from './context';
import type { RestartOptions } from './operationsService';
import { evenIfUnsaved } from './evenIfUnsaved';
import type { Exclusive } from './exclusive';
import type { Submitter } from './submitter';

/** Who asks for a restart again so soon has clicked twice. */
const sameClickMs = 2_000;

export interface RestartActs {
  kill(id: string, asker?: Asker): Promise<unknown>;
  launch(id: string, asker?: Asker): Promise<void>;
}

/**
 * Starts operations again: a new attempt, in a run directory of its own, once the end of the one before was seen. The
 * id of the new one is stored with the wish to kill the old one. Whatever crashes in between, the new one begins when
 * the end is seen, and once: where its row is there, it has begun.
 */
export class Restarter {
  readonly #underWay = new Map<string, Promise<string>>();
  readonly #beginnings = new Map<string, Promise<void>>();
  readonly #begun = new Map<string, { next: string; atMs: number }>();

  constructor(
    private readonly context: EngineContext,
    private readonly busy: Exclusive,
    private readonly submitter: Submitter,
    private readonly acts: RestartActs,
  ) {}

  /**
   * Resolves with the id of the attempt after this one: of the one that runs already, if there is one.
   * @throws RemoteOperationsError as a kill and a submission
   */
  restart(id: string, options: RestartOptions, asker?: Asker): Promise<string> {
    const known = this.#underWay.get(id);
    const restart = known ?? this.#restart(id, options, asker).finally(() => this.#underWay.delete(id));
    this.#underWay.set(id, restart);
    return restart;
  }

  /** Begins what was waiting for this end. */
  takeUp(operation: Operation): void {
    const { id, status, restartAs } = operation;
    if (restartAs !== undefined && isTerminal(status)) {
      this.#begin(id, restartAs, {}).catch((error: unknown) => {
        this.context.log(`The restart of ${id} has to wait: ${errorMessage(error)}`);
      });
    }
  }

  /** It is to end for good. @throws `NotSaved` */
  async forget(id: string): Promise<void> {
    const { store } = this.context;
    const operation = store.get(id);
    if (operation?.restartAs !== undefined && !isTerminal(operation.status)) {
      const { version, status } = operation;
      await store.intend(id, version, { status, restartAs: undefined }, l10n.t('not to be restarted'));
    }
  }

  async #restart(id: string, options: RestartOptions, asker?: Asker): Promise<string> {
    const { store, hosts, launchers } = this.context;
    // Before anything is stored or killed: where the host was removed, nothing can be started.
    hosts.machine(this.#stored(id).spec.hostId);
    launchers.of(this.#stored(id));
    refuseAdopted(this.#stored(id));
    const known = this.#attemptAfter(id);
    if (known !== undefined) {
      return known;
    }
    const next = await this.busy.run(id, () => this.#intend(id));
    if (!isTerminal(this.#stored(id).status)) {
      try {
        await this.acts.kill(id, asker);
      } catch (error) {
        if (!isTerminal(this.#stored(id).status)) {
          throw stillToCome(error);
        }
      }
    }
    if (store.get(next) === undefined || this.#beginnings.has(next)) {
      await this.#begin(id, next, options, asker);
    }
    return next;
  }

  /** Makes the wish durable, together with the one to kill it. What has ended needs none. */
  async #intend(id: string): Promise<string> {
    const { store, newId } = this.context;
    const { version, status, restartAs = newId() } = this.#stored(id);
    if (!isTerminal(status)) {
      await store.intend(id, version, { status: 'stopping', restartAs }, l10n.t('restart asked for'));
    }
    return restartAs;
  }

  #begin(id: string, next: string, options: RestartOptions, asker?: Asker): Promise<void> {
    const known = this.#beginnings.get(next);
    const beginning =
      known ?? this.#start(id, next, options, asker).finally(() => this.#beginnings.delete(next));
    this.#beginnings.set(next, beginning);
    return beginning;
  }

  async #start(id: string, next: string, { whenFree }: RestartOptions, asker?: Asker): Promise<void> {
    const { store, clock } = this.context;
    const isNew = store.get(next) === undefined;
    if (isNew) {
      const operation = this.#stored(id);
      const link = { id: next, retryOf: id, attempt: this.#lastAttempt(operation) + 1 };
      const { startWhenFree = false, ...spec } = operation.spec;
      const waits = whenFree ?? startWhenFree;
      await this.submitter.intend({ ...spec, ...(waits && { startWhenFree: true }) }, link);
    }
    const { version, restartAs } = this.#stored(id);
    if (restartAs !== undefined) {
      await evenIfUnsaved(store.update(id, version, { restartAs: undefined }));
    }
    if (isNew) {
      this.#begun.set(id, { next, atMs: clock.monotonicMs() });
      await this.acts.launch(next, asker);
    }
  }

  #attemptAfter(id: string): string | undefined {
    const { store, clock } = this.context;
    const begun = this.#begun.get(id);
    if (begun && clock.monotonicMs() - begun.atMs < sameClickMs) {
      return begun.next;
    }
    return store.all().find(({ retryOf, status }) => retryOf === id && !isTerminal(status))?.id;
  }

  /** The highest number among all attempts at the same. */
  #lastAttempt(operation: Operation): number {
    const first = this.#firstOf(operation);
    const attempts = this.context.store.all().filter((each) => this.#firstOf(each) === first);
    return Math.max(1, ...attempts.map(({ attempt }) => attempt ?? 1));
  }

  #firstOf({ id, retryOf }: Operation): string {
    const before = retryOf === undefined ? undefined : this.context.store.get(retryOf);
    return before ? this.#firstOf(before) : (retryOf ?? id);
  }

  #stored(id: string): Operation {
    return this.context.store.get(id) as Operation;
  }
}

function stillToCome(error: unknown): unknown {
  const isAway = isRemoteOperationsError(error, 'Unreachable') || isRemoteOperationsError(error, 'NoAnswer');
  return isAway
    ? new RemoteOperationsError(error.code, l10n.t('{0} Then it is started again.', error.message), {
        cause: error,
      })
    : error;
}

/** How it was started, and with what environment, is not known well enough to kill it for that. */
function refuseAdopted({ adopted, spec: { name } }: Operation): void {
  if (adopted) {
    throw new RemoteOperationsError(
      'NotApplicable',
      l10n.t(
        '"{0}" was started elsewhere, so it is not known how to start it again. Choose Edit and Resubmit to say how.',
        name,
      ),
    );
  }
}

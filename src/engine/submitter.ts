import * as l10n from '@vscode/l10n';
import { type ErrorCode, errorMessage, isRemoteOperationsError } from '../operations/errors';
import type { Operation, SubmitSpec } from '../operations/operation';
import type { LaunchOutcome, LaunchPlace } from '../launchers/launcher';
import { type EngineContext, isoNow } from './context';
import { gpusText } from './queue';
import { hasQueue } from './queueLimit';
import type { Watches } from './watches';

/** Errors of a machine that mean that the script was not sent. */
const neverSent: ReadonlySet<string> = new Set<ErrorCode>([
  'Unreachable',
  'NeedsLogin',
  'HostKeyRejected',
  'HostKeyChanged',
  'UnknownHost',
]);

/** The host did not answer, which it may do later. */
const isAbsence = (error: unknown): boolean =>
  isRemoteOperationsError(error) &&
  ['Unreachable', 'NoAnswer', 'NeedsLogin', 'BadAnswer', 'NotSaved'].includes(error.code);

/** Why what came from the queue is back there: nothing was started. */
export interface Unsent {
  /** What it waits for now. */
  lacks: 'host' | 'gpus';
  reason: string;
}

/** Brings operations to execution, each at most once. */
export class Submitter {
  /** What was behind each host when it last told. */
  readonly #places = new Map<string, LaunchPlace>();
  /** Intents that are not on the disk yet. */
  readonly #arriving = new Set<string>();

  constructor(
    private readonly context: EngineContext,
    private readonly watches: Watches,
  ) {}

  /** Saves the intent. Nothing has happened on the host when this resolves. @throws `NotSaved` */
  async intend(
    spec: SubmitSpec,
    link: Partial<Pick<Operation, 'id' | 'retryOf' | 'attempt' | 'adopted'>> = {},
  ): Promise<Operation> {
    // What has files to bring waits until they are there.
    const isQueued =
      !link.adopted &&
      (spec.uploadFrom !== undefined || spec.startWhenFree === true || hasQueue(this.context, spec));
    const { clock, store, newId } = this.context;
    const operation: Operation = {
      id: newId(),
      ...link,
      version: 1,
      spec,
      launcher: spec.launcher ?? 'process',
      status: isQueued ? 'queued' : 'submitting',
      submittedAt: isoNow(clock),
      ...(isQueued && { fromQueue: true }),
    };
    this.watches.set(operation.id, { observation: 'fresh' });
    const { attempt } = operation;
    this.#arriving.add(operation.id);
    try {
      await store.insert(operation, link.adopted ? l10n.t('tracking asked for') : submittedText(attempt));
    } finally {
      this.#arriving.delete(operation.id);
    }
    return operation;
  }

  isArriving(id: string): boolean {
    return this.#arriving.has(id);
  }

  /** Sees to it that the host is there and runs our scripts. @throws why it cannot be used */
  async reach(operation: Operation): Promise<LaunchPlace> {
    const { hosts, launchers } = this.context;
    const { hostId } = operation.spec;
    const place =
      this.#places.get(hostId) ??
      (await launchers.of(operation).identify(hosts.machine(hostId), hosts.nameOf(hostId)));
    this.#places.set(hostId, place);
    return place;
  }

  /** What was behind a host may not be there any more. */
  forget(hostId: string): void {
    this.#places.delete(hostId);
  }

  /**
   * Launches for the first time. What fails before the launch was sent proves that nothing was started;
   * what fails after it proves nothing. What came from the queue waits there then; one that is `patient` waits as it
   * is, instead of failing. `undefined`: it is not back in the queue.
   */
  async launch(
    operation: Operation,
    patient = operation.status === 'unconfirmed',
  ): Promise<Unsent | undefined> {
    const waits = patient && !operation.fromQueue;
    let bound: Operation;
    try {
      bound = await this.#bind(operation, await this.reach(operation));
    } catch (error) {
      if (waits && isAbsence(error)) {
        await this.#doubt(operation, errorMessage(error));
        return undefined;
      }
      return this.#notSent(operation, error);
    }
    return this.#send(bound, true, waits);
  }

  /** From here on only this machine can say that nothing was launched. @throws `NotSaved` */
  async #bind({ id, version, status }: Operation, place: LaunchPlace): Promise<Operation> {
    const { store } = this.context;
    await store.intend(id, version, { status, ...place }, l10n.t('bound to a machine'));
    return store.get(id) as Operation;
  }

  /** Launches again, after no answer came, with the same token: what was launched before is found. */
  async relaunch(operation: Operation): Promise<void> {
    // Bound to no machine yet, it was never sent.
    await (operation.machineId === undefined ? this.launch(operation) : this.#send(operation, false));
  }

  async #send(operation: Operation, first: boolean, waits = false): Promise<Unsent | undefined> {
    const { hosts, launchers } = this.context;
    const { hostId } = operation.spec;
    try {
      const outcome = await launchers
        .of(operation)
        .launch(hosts.machine(hostId), hosts.nameOf(hostId), operation);
      return await this.#record(operation, outcome, first);
    } catch (error) {
      if (first && !waits && isRemoteOperationsError(error) && neverSent.has(error.code)) {
        return this.#notSent(operation, error);
      }
      await this.#doubt(operation, errorMessage(error));
      return undefined;
    }
  }

  async #notSent(operation: Operation, error: unknown): Promise<Unsent | undefined> {
    const why = errorMessage(error);
    if (operation.fromQueue) {
      this.forget(operation.spec.hostId);
      return this.#backToQueue(operation, 'host', why);
    }
    const change = {
      status: 'failed',
      error: l10n.t('Nothing was started. {0}', why),
      endedAt: isoNow(this.context.clock),
    } as const;
    await this.#settle(operation, change, l10n.t('not sent: {0}', why));
    return undefined;
  }

  async #backToQueue(operation: Operation, lacks: Unsent['lacks'], reason: string): Promise<Unsent> {
    const change = { status: 'queued', machineId: undefined, runsId: undefined } as const;
    const evidence =
      lacks === 'host' ? l10n.t('not sent: {0}', reason) : l10n.t('nothing was started: {0}', reason);
    await this.#settle(operation, change, evidence);
    return { lacks, reason };
  }

  async #record(operation: Operation, outcome: LaunchOutcome, first: boolean): Promise<Unsent | undefined> {
    const now = isoNow(this.context.clock);
    switch (outcome.kind) {
      case 'launched': {
        const { identity, gpus, adopted } = outcome;
        const status = operation.spec.port === undefined ? 'running' : 'starting';
        const by = l10n.t('pid and start time');
        await this.#settle(
          operation,
          {
            ...{ status, identity, verifiedAt: now, verifiedBy: by },
            ...(gpus && { gpus }),
            // Since when it runs, the next look tells.
            ...(adopted ? { adopted } : { startedAt: now }),
          },
          launchedText(outcome),
        );
        return undefined;
      }
      case 'other-machine':
        this.forget(operation.spec.hostId);
        if (first) {
          const { hosts } = this.context;
          const other = l10n.t(
            'Another machine, or one with another home directory, than before answered behind {0}.',
            hosts.nameOf(operation.spec.hostId),
          );
          const remedy = operation.fromQueue ? '' : l10n.t('Resubmit it to start it there.');
          return this.#notSent(operation, new Error([other, remedy].join(' ').trim()));
        } else {
          await this.#doubt(
            operation,
            l10n.t('another machine, or one with another home directory, answers behind this host'),
          );
        }
        return undefined;
      case 'no-gpus':
        if (first && operation.fromQueue) {
          return this.#backToQueue(operation, 'gpus', outcome.reason);
        }
        // Another request of ours may still be on its way.
        await this.#doubt(
          operation,
          l10n.t('waits for {0}: {1}', gpusText(operation.spec.gpus), outcome.reason),
        );
        return undefined;
      case 'queued':
        await this.#settle(
          operation,
          {
            status: 'pending',
            scheduler: outcome.job,
            verifiedAt: now,
            verifiedBy: l10n.t('the answer to its submission'),
          },
          l10n.t('taken by the scheduler as job {0}', outcome.job.jobId),
        );
        return undefined;
      case 'unsure':
        await this.#doubt(operation, outcome.reason);
        return undefined;
      case 'claimed':
        await this.#doubt(operation, l10n.t('the launch is under way, its process has not reported yet'));
        return undefined;
      case 'refused':
        // Another request of ours may still be on its way, unless the claim was taken or this is the first.
        if (first || outcome.sealed) {
          const change = { status: 'failed', error: outcome.reason, endedAt: now, verifiedAt: now } as const;
          await this.#settle(operation, change, l10n.t('refused: {0}', outcome.reason));
        } else {
          await this.#doubt(operation, outcome.reason);
        }
        return undefined;
    }
  }

  #settle(
    { id, version }: Operation,
    change: Parameters<EngineContext['store']['update']>[2],
    evidence: string,
  ): Promise<boolean> {
    this.watches.set(id, { observation: 'fresh' });
    return this.context.store.update(id, version, change, evidence);
  }

  async #doubt({ id, version, status }: Operation, reason: string): Promise<void> {
    const unverifiedSince = isoNow(this.context.clock);
    this.watches.set(id, { observation: 'ambiguous', reason, unverifiedSince });
    if (status === 'unconfirmed') {
      this.context.store.refresh(new Map([[id, {}]]));
    } else {
      await this.context.store.update(
        id,
        version,
        { status: 'unconfirmed' },
        l10n.t('no answer: {0}', reason),
      );
    }
  }
}

const submittedText = (attempt: number | undefined): string =>
  attempt === undefined ? l10n.t('submitted') : l10n.t('submitted as attempt {0}', attempt);

function launchedText({ identity, gpus, adopted }: Extract<LaunchOutcome, { kind: 'launched' }>): string {
  if (adopted) {
    return l10n.t('tracked: found running with pid {0}', identity.pid);
  }
  return gpus
    ? l10n.t('launched with pid {0}, holds GPU {1}', identity.pid, gpus.join(', '))
    : l10n.t('launched with pid {0}', identity.pid);
}

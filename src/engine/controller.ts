import * as l10n from '@vscode/l10n';
import { isRemoteOperationsError, RemoteOperationsError } from '../operations/errors';
import type { Operation } from '../operations/operation';
import { isTerminal } from '../operations/status';
import { statusText } from '../operations/statusText';
import { pause } from './clock';
import { type EngineContext, isoNow } from './context';
import { evenIfUnsaved } from './evenIfUnsaved';
import type { Exclusive } from './exclusive';
import type { CycleOutcome, CycleReason } from './reconciler';
import type { KillOutcome } from '../launchers/launcher';
import { endOfKill } from '../operations/endings';
import type { Watches } from './watches';

const defaultGraceSeconds = 10;
const mostGraceSeconds = 600;

/** Acts on what runs, and believes only what was seen afterwards. */
export class Controller {
  constructor(
    private readonly context: EngineContext,
    private readonly watches: Watches,
    private readonly busy: Exclusive,
    private readonly look: (hostId: string, reason: CycleReason) => Promise<CycleOutcome>,
  ) {}

  /**
   * Resolves once the end was seen. @throws RemoteOperationsError as `OperationsService.kill`
   * @param wanting runs what a host may ask the user a login for
   */
  async kill(
    id: string,
    { graceSeconds = defaultGraceSeconds }: { graceSeconds?: number },
    wanting: (act: () => Promise<void>) => Promise<void>,
  ): Promise<void> {
    if (!(graceSeconds >= 0 && graceSeconds <= mostGraceSeconds)) {
      throw new RemoteOperationsError(
        'InvalidInput',
        l10n.t('The grace time must be 0 to {0} seconds.', mostGraceSeconds),
      );
    }
    const { hosts, store } = this.context;
    const stored = () => store.get(id) as Operation;
    if (await this.cancelQueued(stored())) {
      return;
    }
    const { hostId, name } = stored().spec;
    // Before the wish is stored: to a host that was removed it could never be delivered.
    hosts.machine(hostId);
    try {
      await wanting(() =>
        this.busy.run(id, async () => {
          const stopping = await this.intendKill(stored());
          await evenIfUnsaved(this.deliverKill(stopping, Math.round(graceSeconds)));
        }),
      );
    } catch (error) {
      if (isRemoteOperationsError(error, 'Unreachable') || isRemoteOperationsError(error, 'NoAnswer')) {
        throw new RemoteOperationsError(
          error.code,
          l10n.t(
            '{0} "{1}" is not confirmed dead; the kill is delivered as soon as {2} answers.',
            error.message,
            name,
            hosts.nameOf(hostId),
          ),
          { cause: error },
        );
      }
      throw error;
    }
    await this.awaitEnd(id);
    if (!isTerminal(stored().status)) {
      const { reason } = this.watches.of(stored());
      throw new RemoteOperationsError(
        'NoAnswer',
        reason === undefined
          ? l10n.t('"{0}" is not confirmed dead yet. It is watched until it is.', name)
          : l10n.t('"{0}" is not confirmed dead yet ({1}). It is watched until it is.', name, reason),
      );
    }
  }

  /** Takes out of its queue what was not started: there is nothing to signal. Tells whether it was there. */
  async cancelQueued({ id, version, status }: Operation): Promise<boolean> {
    if (status !== 'queued') {
      return false;
    }
    const { store, clock } = this.context;
    const change = { status: 'cancelled', endedAt: isoNow(clock), progress: undefined } as const;
    await store.intend(id, version, change, l10n.t('taken out of the queue; nothing was started'));
    this.watches.set(id, { observation: 'fresh' });
    return true;
  }

  /** Makes the wish to kill durable. It is delivered now or, if the host is away, once it is back. */
  async intendKill(operation: Operation): Promise<Operation> {
    const { store } = this.context;
    if (isTerminal(operation.status)) {
      throw new RemoteOperationsError(
        'NotApplicable',
        l10n.t('"{0}" has already ended ({1}).', operation.spec.name, statusText(operation.status)),
      );
    }
    if (operation.status !== 'stopping') {
      await store.intend(operation.id, operation.version, { status: 'stopping' }, l10n.t('kill asked for'));
    }
    return store.get(operation.id) as Operation;
  }

  /** The same for an operation that was just seen to run beyond its time limit. */
  async intendTimeOut({ id, version, status }: Operation): Promise<Operation> {
    const { store } = this.context;
    if (!isTerminal(status) && status !== 'stopping') {
      await store.intend(
        id,
        version,
        { status: 'stopping', timedOut: true },
        l10n.t('ran longer than its time limit'),
      );
    }
    return store.get(id) as Operation;
  }

  /** Signals an operation if it is `stopping`, and resolves with it once its end was seen. */
  async deliverKill(operation: Operation, graceSeconds = defaultGraceSeconds): Promise<void> {
    const { hosts, launchers, store, clock } = this.context;
    const { id, version, spec } = operation;
    if (operation.status !== 'stopping') {
      return;
    }
    const hostName = hosts.nameOf(spec.hostId);
    // What runs already, and was to be tracked, is not ended by not tracking it.
    const wasSent = (operation.identity ?? operation.adopted?.identity ?? operation.machineId) !== undefined;
    const outcome: KillOutcome = wasSent
      ? await launchers.of(operation).kill(hosts.machine(spec.hostId), hostName, operation, graceSeconds)
      : { kind: 'sealed' };
    const now = isoNow(clock);
    if (outcome.kind === 'dead' || outcome.kind === 'sealed') {
      const seen =
        outcome.kind === 'dead'
          ? (outcome.seen ?? l10n.t('death of its process group seen'))
          : l10n.t('never launched');
      this.watches.set(id, { observation: 'fresh' });
      await store.update(
        id,
        version,
        {
          ...endOfKill(operation),
          endedAt: now,
          verifiedAt: now,
          verifiedBy: l10n.t('death seen after the kill'),
        },
        l10n.t('{0} on {1}', seen, hostName),
      );
    } else if (outcome.kind === 'not-taken') {
      await this.#giveUpTracking(operation, outcome.reason);
    } else if (outcome.kind === 'survived') {
      throw new RemoteOperationsError(
        'NoAnswer',
        outcome.processes === 1
          ? l10n.t(
              'A process of "{0}" survived SIGKILL on {1}, so it is not shown as ended. It may hang in the kernel (state D): look at it in a terminal.',
              spec.name,
              hostName,
            )
          : l10n.t(
              '{0} processes of "{1}" survived SIGKILL on {2}, so it is not shown as ended. They may hang in the kernel (state D): look at them in a terminal.',
              outcome.processes,
              spec.name,
              hostName,
            ),
      );
    }
  }

  /** It is none of ours, and may live: its end here is not the end of its process. @throws `NotApplicable` says so */
  async #giveUpTracking({ id, version, spec }: Operation, reason: string): Promise<never> {
    const { store, clock } = this.context;
    const now = isoNow(clock);
    this.watches.set(id, { observation: 'fresh' });
    await evenIfUnsaved(
      store.update(
        id,
        version,
        { status: 'failed', error: reason, endedAt: now, verifiedAt: now },
        l10n.t('refused: {0}', reason),
      ),
    );
    throw new RemoteOperationsError(
      'NotApplicable',
      l10n.t('"{0}" was not tracked, so nothing was signalled. {1}', spec.name, reason),
    );
  }

  /** After a kill that found nothing to signal: looks, twice if need be, until the end is proven. */
  async awaitEnd(id: string): Promise<void> {
    const { store, clock } = this.context;
    const hostId = store.get(id)?.spec.hostId;
    if (hostId === undefined || isTerminal(store.get(id)?.status ?? 'stopped')) {
      return;
    }
    const { confirmAfterMs } = await this.look(hostId, 'after-action');
    if (confirmAfterMs > 0) {
      await pause(clock, confirmAfterMs);
      await this.look(hostId, 'after-action');
    }
  }
}

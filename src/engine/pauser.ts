import * as l10n from '@vscode/l10n';
import type { PauseOutcome } from '../launchers/launcher';
import { errorMessage, isRemoteOperationsError, RemoteOperationsError } from '../operations/errors';
import type { Operation } from '../operations/operation';
import { isLiving } from '../operations/pausing';
import { isTerminal, type Status } from '../operations/status';
import { statusText } from '../operations/statusText';
import { type EngineContext, isoNow } from './context';
import { evenIfUnsaved } from './evenIfUnsaved';
import type { Exclusive } from './exclusive';
import type { CycleOutcome, CycleReason } from './reconciler';
import type { Watches } from './watches';

/**
 * Suspends operations and lets them go on. Unlike a kill, a wish that could not be delivered is dropped: nobody
 * wants to find something suspended hours later. What became of one without an answer, the next look tells.
 */
export class Pauser {
  constructor(
    private readonly context: EngineContext,
    private readonly watches: Watches,
    private readonly busy: Exclusive,
    private readonly look: (hostId: string, reason: CycleReason) => Promise<CycleOutcome>,
  ) {}

  /** Resolves once the operation was seen as wished. @throws RemoteOperationsError as `OperationsService.pause` */
  async set({ id, spec: { hostId } }: Operation, paused: boolean): Promise<void> {
    // Before the wish is stored: to a host that was removed it could not be delivered.
    this.context.hosts.machine(hostId);
    let isSeen = false;
    try {
      isSeen = await this.busy.run(id, async () => this.#act(await this.#intend(id, paused), paused));
    } catch (error) {
      if (!isRemoteOperationsError(error, 'NotApplicable') && !isRemoteOperationsError(error, 'NotSaved')) {
        void this.look(hostId, 'after-action');
      }
      throw error;
    }
    if (!isSeen) {
      await this.look(hostId, 'after-action');
      this.#check(id, paused);
    }
  }

  async #intend(id: string, paused: boolean): Promise<Operation> {
    const { store, launchers } = this.context;
    const operation = store.get(id) as Operation;
    const launcher = launchers.of(operation);
    if (!launchers.canPause(operation)) {
      throw notApplicable(operation, launcher.setPaused !== undefined, paused);
    }
    const { version, status } = operation;
    const wish = paused ? 'pause' : 'resume';
    await store.intend(
      id,
      version,
      { status, wish },
      paused ? l10n.t('pause asked for') : l10n.t('resume asked for'),
    );
    return store.get(id) as Operation;
  }

  /** Whether it was seen as wished; else it has to be looked at. */
  async #act(operation: Operation, paused: boolean): Promise<boolean> {
    const { hosts, store, clock } = this.context;
    const { id, version, status, spec } = operation;
    const hostName = hosts.nameOf(spec.hostId);
    const outcome = await this.#deliver(operation, paused);
    switch (outcome.kind) {
      case 'done': {
        const now = isoNow(clock);
        this.watches.set(id, { observation: 'fresh' });
        await evenIfUnsaved(
          store.update(
            id,
            version,
            {
              ...(isLiving(status) && { status: statusAfter(status, paused) }),
              wish: undefined,
              verifiedAt: now,
              verifiedBy: l10n.t('its state after the request'),
            },
            paused
              ? l10n.t('pause asked for; {0} on {1}', outcome.seen, hostName)
              : l10n.t('resume asked for; {0} on {1}', outcome.seen, hostName),
          ),
        );
        // Notes by the host's clock since when; and what a scheduler holds, its row says once that does.
        void this.look(spec.hostId, isLiving(status) ? 'after-action' : 'command');
        return true;
      }
      case 'look':
        return false;
      case 'refused':
        await this.#drop(operation);
        void this.look(spec.hostId, 'after-action');
        throw new RemoteOperationsError(
          'NotApplicable',
          paused
            ? l10n.t('"{0}" is not paused on {1}. {2}', spec.name, hostName, outcome.reason)
            : l10n.t('"{0}" is not resumed on {1}. {2}', spec.name, hostName, outcome.reason),
        );
    }
  }

  async #deliver(operation: Operation, paused: boolean): Promise<PauseOutcome> {
    const { hosts, launchers } = this.context;
    const { hostId, name } = operation.spec;
    try {
      const outcome = launchers
        .of(operation)
        .setPaused?.(hosts.machine(hostId), hosts.nameOf(hostId), operation, paused);
      return (await outcome) ?? { kind: 'look' };
    } catch (error) {
      const code = isRemoteOperationsError(error) ? error.code : undefined;
      if (code === 'NoAnswer' || code === 'BadAnswer') {
        const text = l10n.t(
          '{0} The row of "{1}" tells whether it is paused, as soon as a look at it succeeds.',
          errorMessage(error),
          name,
        );
        throw new RemoteOperationsError(code, text, { cause: error });
      }
      await this.#drop(operation);
      if (code === 'Unreachable') {
        const why = errorMessage(error);
        const text = paused
          ? l10n.t('{0} "{1}" was not paused; try again once the host answers.', why, name)
          : l10n.t('{0} "{1}" was not resumed; try again once the host answers.', why, name);
        throw new RemoteOperationsError(code, text, { cause: error });
      }
      throw error;
    }
  }

  /** Nothing was signalled, and nothing will be. */
  async #drop({ id, version }: Operation): Promise<void> {
    await evenIfUnsaved(this.context.store.update(id, version, { wish: undefined }));
  }

  #check(id: string, paused: boolean): void {
    const operation = this.context.store.get(id) as Operation;
    const { status, spec } = operation;
    if (isTerminal(status)) {
      throw notApplicable(operation, true, paused);
    }
    if (!isLiving(status) || (status === 'paused') !== paused) {
      const { reason } = this.watches.of(operation);
      throw new RemoteOperationsError('NoAnswer', notSeen(spec.name, paused, reason));
    }
  }
}

function notSeen(name: string, paused: boolean, reason: string | undefined): string {
  if (reason === undefined) {
    return paused
      ? l10n.t('"{0}" was not seen paused. Its row tells as soon as more is known.', name)
      : l10n.t('"{0}" was not seen running. Its row tells as soon as more is known.', name);
  }
  return paused
    ? l10n.t('"{0}" was not seen paused ({1}). Its row tells as soon as more is known.', name, reason)
    : l10n.t('"{0}" was not seen running ({1}). Its row tells as soon as more is known.', name, reason);
}

/** A server that is let go on is as far as it was, which the next look tells better. */
function statusAfter(status: Status, paused: boolean): Status {
  if (paused) {
    return 'paused';
  }
  return status === 'paused' ? 'running' : status;
}

function notApplicable(
  { spec: { name }, status, launcher }: Operation,
  isPossible: boolean,
  paused: boolean,
): RemoteOperationsError {
  if (isTerminal(status)) {
    return new RemoteOperationsError(
      'NotApplicable',
      l10n.t('"{0}" has already ended ({1}).', name, statusText(status)),
    );
  }
  if (!isPossible) {
    const text = paused
      ? l10n.t('"{0}" cannot be paused: this version cannot suspend what "{1}" runs.', name, launcher)
      : l10n.t('"{0}" cannot be resumed: this version cannot suspend what "{1}" runs.', name, launcher);
    return new RemoteOperationsError('NotApplicable', text);
  }
  const why =
    status === 'stopping'
      ? l10n.t('it is being killed')
      : l10n.t('it is not known to run ({0})', statusText(status));
  return new RemoteOperationsError(
    'NotApplicable',
    paused
      ? l10n.t('"{0}" cannot be paused now: {1}.', name, why)
      : l10n.t('"{0}" cannot be resumed now: {1}.', name, why),
  );
}

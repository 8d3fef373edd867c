import { decide } from '../operations/decide';
import type { Decision } from '../operations/decision';
import { errorMessage, isRemoteOperationsError } from '../operations/errors';
import type { Evidence } from '../operations/evidence';
import type { Operation, OperationChange } from '../operations/operation';
import { isActive } from '../operations/status';
import { type EngineContext, isoNow } from './context';
import type { HostSync } from './operationsService';
import type { Watches } from './watches';

/** Why a host is looked at. */
export type CycleReason = 'interval' | 'start' | 'reconnect' | 'visible' | 'command' | 'after-action';

export interface CycleOutcome extends HostSync {
  checked: number;
  synced: number;
  unreachable: number;
  errors: number;
  /** In how many milliseconds another look has to confirm what this one saw; 0: there is no need. */
  confirmAfterMs: number;
  /** Why it is not `ok`. */
  reason?: string;
}

/** An ended operation without exit code is looked at for this long, in case evidence turns up late. */
const lateEvidenceMs = 3_600_000;

interface Cycle {
  running?: Promise<CycleOutcome> | undefined;
  next?: Promise<CycleOutcome> | undefined;
}

export interface ReconcilerEvents {
  /** Somebody is acting on it right now: what a look shows meanwhile is not applied. */
  isBusy(id: string): boolean;
  /** What decide() asks to be done next. */
  act(operation: Operation, next: NonNullable<Decision['next']>): void;
  /** Whether progress is worth reading. */
  isWatched(): boolean;
}

/** Looks at all operations of a host at once and applies what follows from what was seen. */
export class Reconciler {
  readonly #cycles = new Map<string, Cycle>();

  constructor(
    private readonly context: EngineContext,
    private readonly watches: Watches,
    private readonly events: ReconcilerEvents,
  ) {}

  /** The operations of a host that a look can change. */
  due(hostId: string): Operation[] {
    const { store, clock } = this.context;
    return store
      .all()
      .filter(
        ({ spec, status, endedAt, archived }) =>
          spec.hostId === hostId &&
          !archived &&
          (isActive(status) ||
            (status === 'stopped' && clock.now() - Date.parse(endedAt ?? '') < lateEvidenceMs)),
      );
  }

  /**
   * Looks at a host. A cycle that is under way may have begun before the caller's reason arose: callers
   * share the one after it. Never rejects; what went wrong is in the outcome.
   */
  cycle(hostId: string, reason: CycleReason, signal?: AbortSignal): Promise<CycleOutcome> {
    const cycle = this.#cycles.get(hostId) ?? {};
    this.#cycles.set(hostId, cycle);
    if (!cycle.running) {
      return this.#start(cycle, hostId, reason, signal);
    }
    if (reason === 'interval') {
      return cycle.running;
    }
    cycle.next ??= cycle.running.then(() => {
      cycle.next = undefined;
      return this.#start(cycle, hostId, reason, signal);
    });
    return cycle.next;
  }

  #start(cycle: Cycle, hostId: string, reason: CycleReason, signal?: AbortSignal): Promise<CycleOutcome> {
    cycle.running = this.#run(hostId, reason, signal).finally(() => {
      cycle.running = undefined;
    });
    return cycle.running;
  }

  async #run(hostId: string, reason: CycleReason, signal?: AbortSignal): Promise<CycleOutcome> {
    const { clock, hosts, log } = this.context;
    const beganMs = clock.monotonicMs();
    const asked = this.due(hostId).filter((operation) => !this.events.isBusy(operation.id));
    const outcome: CycleOutcome = {
      hostId,
      outcome: 'ok',
      roundTrips: 0,
      durationMs: 0,
      checked: 0,
      synced: 0,
      unreachable: 0,
      errors: 0,
      confirmAfterMs: 0,
    };
    if (asked.length === 0) {
      return { ...outcome, outcome: 'idle' };
    }
    try {
      const evidence = await this.#probe(asked, outcome, signal);
      outcome.checked = asked.length;
      await this.#apply(asked, evidence, outcome);
    } catch (error) {
      const unseen = unseenBecause(error);
      outcome.outcome = unseen.outcome;
      outcome.reason = errorMessage(error);
      if (unseen.outcome === 'error') {
        outcome.errors = asked.length;
      } else {
        outcome.unreachable = asked.length;
      }
      await this.#apply(asked, new Map(asked.map(({ id }) => [id, unseen.evidence])), outcome);
    }
    outcome.durationMs = Math.round(clock.monotonicMs() - beganMs);
    log(
      `${hosts.nameOf(hostId)}: ${reason} cycle, ${asked.length} operations, ${outcome.synced} changed, ${outcome.outcome}, ${outcome.durationMs} ms, ${outcome.roundTrips} round trips`,
    );
    return outcome;
  }

  async #probe(
    operations: Operation[],
    outcome: CycleOutcome,
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, Evidence>> {
    const { hosts, launcher, settings } = this.context;
    const detail = this.events.isWatched();
    const quietSeconds = Math.round(settings().stalledAfterMinutes * 60);
    const requests = operations.map((operation) => ({
      operation,
      detail,
      // A server may have nothing to say for days.
      ...(quietSeconds > 0 && operation.spec.type !== 'server' && { quietSeconds }),
    }));
    const { hostId } = outcome;
    return launcher.probe(hosts.machine(hostId), hosts.nameOf(hostId), requests, {
      onRequest: () => (outcome.roundTrips += 1),
      ...(signal && { signal }),
    });
  }

  async #apply(
    asked: Operation[],
    evidence: ReadonlyMap<string, Evidence>,
    outcome: CycleOutcome,
  ): Promise<void> {
    const { store, hosts, clock, log } = this.context;
    const context = {
      now: isoNow(clock),
      nowMs: clock.monotonicMs(),
      hostName: hosts.nameOf(outcome.hostId),
    };
    const refreshed = new Map<string, OperationChange>();
    const saves: Promise<unknown>[] = [];
    for (const { id, version } of asked) {
      const operation = store.get(id);
      const seen = evidence.get(id);
      // Changed or acted upon since the look began: what was seen is out of date.
      if (!operation || !seen || operation.version !== version || this.events.isBusy(id)) {
        continue;
      }
      const decision = decide(operation, this.watches.of(operation), seen, context);
      this.watches.set(id, decision.watch);
      if (decision.change && decision.evidence !== undefined) {
        outcome.synced += 1;
        log(
          `${operation.spec.name} (${id}): ${operation.status} -> ${decision.change.status}: ${decision.evidence}`,
        );
        saves.push(store.update(id, version, decision.change, decision.evidence));
      } else {
        refreshed.set(id, decision.change ?? {});
      }
      outcome.confirmAfterMs = Math.max(outcome.confirmAfterMs, decision.lookAgainAfterMs ?? 0);
      if (decision.next) {
        this.events.act(operation, decision.next);
      }
    }
    store.refresh(refreshed);
    for (const save of await Promise.allSettled(saves)) {
      if (save.status === 'rejected') {
        log(`A status change is not saved yet: ${errorMessage(save.reason)}`);
      }
    }
  }
}

/** What an error of the machine says about operations: nothing, but why they were not seen. */
function unseenBecause(error: unknown): {
  outcome: 'unreachable' | 'needs-login' | 'error';
  evidence: Evidence;
} {
  const reason = errorMessage(error);
  const code = isRemoteOperationsError(error) ? error.code : undefined;
  switch (code) {
    case 'Unreachable':
    case 'NoAnswer':
    case 'UnknownHost':
      return { outcome: 'unreachable', evidence: { kind: 'unseen', observation: 'unreachable', reason } };
    case 'NeedsLogin':
    case 'HostKeyRejected':
    case 'HostKeyChanged':
      return { outcome: 'needs-login', evidence: { kind: 'unseen', observation: 'needs-login', reason } };
    default:
      return { outcome: 'error', evidence: { kind: 'unseen', observation: 'stale', reason } };
  }
}

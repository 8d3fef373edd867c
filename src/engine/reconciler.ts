import { decide } from '../operations/decide';
import type { Decision } from '../operations/decision';
import { errorMessage, isRemoteOperationsError } from '../operations/errors';
import type { Evidence } from '../operations/evidence';
import type { Launcher } from '../launchers/launcher';
import type { HostReading } from '../operations/hostReading';
import type { JobUse } from '../operations/jobUse';
import type { Operation, OperationChange } from '../operations/operation';
import type { LauncherName } from '../operations/operationView';
import { isActive } from '../operations/status';
import { type EngineContext, isoNow } from './context';
import type { HostSync } from './operationsService';
import type { FoundOperations } from './foundOperations';
import { type QueueLook, QueuePace } from './queuePace';
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

/** The launcher through which a look goes. */
interface Way {
  name: LauncherName;
  launcher: Launcher;
}

interface Cycle {
  running?: Promise<CycleOutcome> | undefined;
  next?: Promise<CycleOutcome> | undefined;
}

export interface ReconcilerEvents {
  /** Somebody is acting on it right now: what a look shows meanwhile is not applied. */
  isBusy(id: string): boolean;
  /** What decide() asks to be done next. */
  act(operation: Operation, next: NonNullable<Decision['next']>): void;
  /** Whether progress, and what is used, is worth reading. */
  isWatched(): boolean;
  /** What a host that is looked at does now. */
  onReading(hostId: string, reading: HostReading): void;
  /** What jobs have used that run on other machines. */
  onUses(hostId: string, uses: ReadonlyMap<string, JobUse>): void;
}

/** Looks at all operations of a host at once and applies what follows from what was seen. */
export class Reconciler {
  readonly #cycles = new Map<string, Cycle>();
  readonly #queuePace: QueuePace;
  /** Of those that may be asked at any time, but not at any time for all that they have. */
  readonly #othersPace: QueuePace;

  constructor(
    private readonly context: EngineContext,
    private readonly watches: Watches,
    private readonly found: FoundOperations,
    private readonly events: ReconcilerEvents,
  ) {
    const everySeconds = () => context.settings().schedulerSeconds;
    this.#queuePace = new QueuePace(context.clock, everySeconds);
    this.#othersPace = new QueuePace(context.clock, everySeconds);
  }

  /** The operations of a host that a look can change. */
  due(hostId: string): Operation[] {
    const { store, clock, launchers } = this.context;
    return store
      .all()
      .filter(
        (operation) =>
          operation.spec.hostId === hostId &&
          !operation.archived &&
          launchers.has(operation) &&
          (isActive(operation.status) ||
            (operation.status === 'stopped' &&
              clock.now() - Date.parse(operation.endedAt ?? '') < lateEvidenceMs)),
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
    const { clock, hosts, launchers, log } = this.context;
    const beganMs = clock.monotonicMs();
    if (reason === 'after-action') {
      this.#queuePace.await(hostId);
    }
    const asked = this.due(hostId).filter((operation) => !this.events.isBusy(operation.id));
    const outcome: CycleOutcome = {
      hostId,
      outcome: 'idle',
      roundTrips: 0,
      durationMs: 0,
      checked: 0,
      synced: 0,
      unreachable: 0,
      errors: 0,
      confirmAfterMs: 0,
    };
    const groups = byLauncher(asked);
    for (const name of this.found.findersOn(hostId)) {
      if (!groups.has(name) && this.#isDue(this.#paceOf(launchers.named(name)), hostId, reason)) {
        groups.set(name, []);
      }
    }
    if (groups.size === 0) {
      return outcome;
    }
    const looks = [...groups].flatMap(([name, ofOne]) => {
      const launcher = launchers.named(name);
      return launcher ? [this.#look({ name, launcher }, ofOne, reason, outcome, signal)] : [];
    });
    outcome.outcome = bestOf(await Promise.all(looks));
    if (outcome.outcome === 'ok') {
      delete outcome.reason;
    }
    outcome.durationMs = Math.round(clock.monotonicMs() - beganMs);
    log(
      `${hosts.nameOf(hostId)}: ${reason} cycle, ${asked.length} operations, ${outcome.synced} changed, ${outcome.outcome}, ${outcome.durationMs} ms, ${outcome.roundTrips} round trips`,
    );
    return outcome;
  }

  /** Through one launcher: one that fails says nothing about the operations of the others. */
  async #look(
    by: Way,
    asked: Operation[],
    reason: CycleReason,
    outcome: CycleOutcome,
    signal?: AbortSignal,
  ): Promise<CycleOutcome['outcome']> {
    try {
      const evidence = await this.#probe(by, asked, reason, outcome, signal);
      const unread = [...evidence.values()].filter(({ kind }) => kind === 'unseen').length;
      outcome.checked += asked.length - unread;
      outcome.errors += unread;
      await this.#apply(asked, evidence, outcome);
      return 'ok';
    } catch (error) {
      const unseen = unseenBecause(error);
      outcome.reason = errorMessage(error);
      this.found.unseen({ hostId: outcome.hostId, launcher: by.name }, unseen.evidence);
      outcome[unseen.outcome === 'error' ? 'errors' : 'unreachable'] += asked.length;
      await this.#apply(asked, new Map(asked.map(({ id }) => [id, unseen.evidence])), outcome);
      return unseen.outcome;
    }
  }

  #paceOf(launcher: Launcher | undefined): QueuePace {
    return launcher?.hasQueue ? this.#queuePace : this.#othersPace;
  }

  #isDue(pace: QueuePace, hostId: string, reason: CycleReason): boolean {
    return pace.isDue(hostId, {
      byUser: reason === 'command',
      isWatched: this.events.isWatched(),
    });
  }

  async #probe(
    { name, launcher }: Way,
    operations: Operation[],
    reason: CycleReason,
    outcome: CycleOutcome,
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, Evidence>> {
    const { hosts, settings } = this.context;
    const isWatched = this.events.isWatched();
    const quietSeconds = Math.round(settings().stalledAfterMinutes * 60);
    const requests = operations.map((operation) => ({
      operation,
      detail: isWatched,
      // A server may have nothing to say for days.
      ...(quietSeconds > 0 && operation.spec.type !== 'server' && { quietSeconds }),
    }));
    const { hostId } = outcome;
    const pace = this.#paceOf(launcher);
    const isDue = (launcher.hasQueue || launcher.findsOthers === true) && this.#isDue(pace, hostId, reason);
    let problem = false;
    const evidence = await launcher.probe(hosts.machine(hostId), hosts.nameOf(hostId), requests, {
      queue: isDue && launcher.hasQueue,
      ...(isDue && {
        onOthers: (found) => {
          problem = 'problem' in found;
          this.found.take({ hostId, launcher: name }, found);
        },
      }),
      ...(isWatched && {
        onReading: (reading) => this.events.onReading(hostId, reading),
        onUses: (uses) => this.events.onUses(hostId, uses),
      }),
      onRequest: () => (outcome.roundTrips += 1),
      ...(signal && { signal }),
    });
    if (isDue) {
      pace.note(hostId, problem ? 'failed' : whatQueueTold(operations, evidence));
    }
    return evidence;
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

function byLauncher(operations: readonly Operation[]): Map<LauncherName, Operation[]> {
  const groups = new Map<LauncherName, Operation[]>();
  for (const operation of operations) {
    const group = groups.get(operation.launcher) ?? [];
    groups.set(operation.launcher, group);
    group.push(operation);
  }
  return groups;
}

/** A host that answered through one launcher is not to be left alone because of another. */
const bestOf = (outcomes: readonly CycleOutcome['outcome'][]): CycleOutcome['outcome'] =>
  outcomes.includes('ok') ? 'ok' : (outcomes[0] ?? 'idle');

function whatQueueTold(operations: readonly Operation[], evidence: ReadonlyMap<string, Evidence>): QueueLook {
  if ([...evidence.values()].some(({ kind }) => kind === 'unseen')) {
    return 'failed';
  }
  const isCalm = operations.every(({ id, status }) => {
    const kind = evidence.get(id)?.kind;
    const isAsBefore = status === 'pending' ? kind === 'pending' : status === 'running' && kind === 'alive';
    return isAsBefore || status === 'stopped';
  });
  return isCalm ? 'calm' : 'news';
}

export interface Unseen {
  outcome: 'unreachable' | 'needs-login' | 'error';
  evidence: Extract<Evidence, { kind: 'unseen' }>;
}

/** What an error of the machine says about operations: nothing, but why they were not seen. */
export function unseenBecause(error: unknown): Unseen {
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

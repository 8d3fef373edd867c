import { createHash } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import { Emitter } from '../emitter';
import type { FoundJob, FoundJobs } from '../launchers/launcher';
import { decide } from '../operations/decide';
import type { DecideContext } from '../operations/decision';
import { RemoteOperationsError } from '../operations/errors';
import type { Evidence } from '../operations/evidence';
import type { Operation } from '../operations/operation';
import type { LauncherName } from '../operations/operationView';
import { isTerminal } from '../operations/status';
import type { EngineContext } from './context';
import type { Watches } from './watches';
import { hostsToSearch } from './work';

/** What has ended is shown for this long. */
const endedMs = 3_600_000;

export interface FoundOn {
  hostId: string;
  launcher: LauncherName;
}

/**
 * What the user has on schedulers that was not started by us. The same rules decide on its status, but it is kept in
 * memory only, and nothing here acts on it.
 */
export class FoundOperations {
  readonly #operations = new Map<string, Operation>();
  readonly #changed = new Emitter<Operation[]>();
  /** Who told of each: others know nothing of it. */
  readonly #sources = new Map<string, string>();
  /** Hosts that were asked how operations can be started there, by what they offered. */
  readonly #offering = new Map<LauncherName, Set<string>>();

  /** Fires with those that changed, or went. */
  readonly onDidChange = this.#changed.event;

  constructor(
    private readonly context: EngineContext,
    private readonly watches: Watches,
  ) {}

  all(): Operation[] {
    return [...this.#operations.values()];
  }

  get(id: string): Operation | undefined {
    return this.#operations.get(id);
  }

  noteOffer(hostId: string, offered: readonly LauncherName[]): void {
    for (const name of offered) {
      this.#offering.set(name, (this.#offering.get(name) ?? new Set()).add(hostId));
    }
  }

  /** The hosts on which there may be something to find. */
  hosts(): string[] {
    return [...new Set(this.context.launchers.finders.flatMap((name) => this.#hostsOf(name)))];
  }

  /** The launchers that are asked for it on this host. */
  findersOn(hostId: string): LauncherName[] {
    return this.context.launchers.finders.filter((name) => this.#hostsOf(name).includes(hostId));
  }

  #hostsOf(name: LauncherName): string[] {
    const { store, hosts } = this.context;
    return hostsToSearch(store.all(), hosts.all(), name, this.#offering.get(name) ?? new Set());
  }

  /** @throws RemoteOperationsError `NotApplicable` for one of those that are only looked at */
  refuse(id: string): void {
    const found = this.#operations.get(id);
    if (found) {
      const handle = found.scheduler?.jobId ?? '';
      throw new RemoteOperationsError(
        'NotApplicable',
        l10n.t(
          '"{0}" was submitted elsewhere and is only shown here. Act on it with the commands of {1}, as job {2}.',
          found.spec.name,
          found.launcher,
          handle,
        ),
      );
    }
  }

  /** A scheduler told of all that the user has there, or why it does not. */
  take(on: FoundOn, found: FoundJobs): void {
    if ('problem' in found) {
      this.unseen(on, { kind: 'unseen', observation: 'stale', reason: found.problem });
      return;
    }
    const { place, source = place, jobs, isWhole } = found;
    const seen = new Map(jobs.filter(isForeign(this.context)).map((job) => [idOf(on, place, job), job]));
    const changed = [...seen].flatMap(([id, job]) => this.#see(id, on, job) ?? []);
    changed.forEach(({ id }) => this.#sources.set(id, source));
    // A scheduler that puts a job back into its queue gives it a new time of submission: it waits on as another row.
    const again = new Set(
      [...seen.values()].filter(({ evidence }) => evidence.kind === 'pending').map(numberAndName),
    );
    const moved = this.#remove((one) => isOn(one, on) && !seen.has(one.id) && again.has(labelOf(one)));
    const missing = this.#of(on).filter(({ id }) => !seen.has(id));
    const unseen = (id: string) =>
      this.#sources.get(id) !== source ? elsewhere() : isWhole ? gone() : unread();
    changed.push(...missing.map((operation) => this.#apply(operation, unseen(operation.id))));
    this.#tell([...changed, ...moved, ...this.#forget()]);
  }

  unseen(on: FoundOn, evidence: Extract<Evidence, { kind: 'unseen' }>): void {
    this.#tell(this.#of(on).map((operation) => this.#apply(operation, evidence)));
  }

  /** Of hosts that are no longer configured nothing is heard. */
  keepOnly(hostIds: ReadonlySet<string>): void {
    this.#tell(this.#remove(({ spec }) => !hostIds.has(spec.hostId)));
  }

  /** Those that have not ended. */
  #of(on: FoundOn): Operation[] {
    return this.all().filter((one) => isOn(one, on));
  }

  #see(id: string, on: FoundOn, { name, submittedAt, evidence }: FoundJob): Operation | undefined {
    const known = this.#operations.get(id);
    // By another way to the same cluster it was found before.
    if (known && known.spec.hostId !== on.hostId) {
      return undefined;
    }
    const isActive = evidence.kind === 'pending' || evidence.kind === 'alive';
    // What had ended before it was ever seen is no news.
    if (!known && !isActive) {
      return undefined;
    }
    // What had ended and was started anew under the same key is what it is now.
    const isAnew = known && isTerminal(known.status) && isActive;
    const operation: Operation = (!isAnew && known) || {
      ...{
        id,
        version: known?.version ?? 0,
        launcher: on.launcher,
        origin: 'found',
        status: 'pending',
        submittedAt,
      },
      spec: { hostId: on.hostId, type: 'job', name, command: '' },
    };
    return this.#apply(operation, evidence);
  }

  #apply(before: Operation, evidence: Evidence): Operation {
    const { clock, hosts } = this.context;
    const context: DecideContext = {
      now: new Date(clock.now()).toISOString(),
      nowMs: clock.monotonicMs(),
      hostName: hosts.nameOf(before.spec.hostId),
    };
    const { watch, change } = decide(before, this.watches.of(before), whole(before, evidence), context);
    this.watches.set(before.id, watch);
    const after = { ...before, ...change, version: before.version + 1 } as Operation;
    this.#operations.set(before.id, after);
    return after;
  }

  #forget(): Operation[] {
    const now = this.context.clock.now();
    return this.#remove(
      ({ status, endedAt = '' }) => isTerminal(status) && now - Date.parse(endedAt) > endedMs,
    );
  }

  #remove(isOver: (operation: Operation) => boolean): Operation[] {
    const over = this.all().filter(isOver);
    for (const { id } of over) {
      this.#operations.delete(id);
      this.#sources.delete(id);
      this.watches.delete(id);
    }
    return over;
  }

  #tell(changed: Operation[]): void {
    if (changed.length > 0) {
      this.#changed.fire(changed);
    }
  }
}

const isOn = ({ spec, launcher, status }: Operation, on: FoundOn): boolean =>
  spec.hostId === on.hostId && launcher === on.launcher && !isTerminal(status);

const numberAndName = ({ name, evidence }: FoundJob): string =>
  `${('scheduler' in evidence && evidence.scheduler?.jobId) || ''} ${name}`;
const labelOf = ({ spec: { name }, scheduler }: Operation): string => `${scheduler?.jobId ?? ''} ${name}`;

const unread = (): Evidence => ({
  kind: 'ambiguous',
  reason: l10n.t('not found, but its scheduler tells of more than could be read'),
});

const elsewhere = (): Evidence => ({
  kind: 'ambiguous',
  reason: l10n.t('another scheduler than the one that had it answers, and knows nothing of it'),
});

const gone = (): Evidence => ({
  kind: 'absent',
  reason: l10n.t('its scheduler does not know it any more, and how it ended is not known here'),
  killDelivered: false,
  fromScheduler: 'forgotten',
});

/** Of an array whose tasks leave the queue one by one, those that are left do not tell how the whole ended. */
function whole({ scheduler }: Operation, evidence: Evidence): Evidence {
  const isPart =
    evidence.kind === 'settled' && countOf(evidence.scheduler?.tasks) < countOf(scheduler?.tasks);
  return isPart ? gone() : evidence;
}

const countOf = (tasks: object | undefined): number =>
  Object.values<number>({ ...tasks }).reduce((sum, count) => sum + count, 0);

/** Those of our own operations are told apart by their token, also when they have ended or were archived. */
const isForeign =
  ({ store }: EngineContext) =>
  ({ token }: FoundJob): boolean =>
    token === undefined || store.get(token) === undefined;

/** The same job has the same id by whichever way it is seen, and one that is given its number later has another. */
const idOf = ({ launcher }: FoundOn, place: string, { key }: FoundJob): string =>
  `found-${createHash('sha256').update([launcher, place, key].join('\n')).digest('hex').slice(0, 24)}`;

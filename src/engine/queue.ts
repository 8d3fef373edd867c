import * as l10n from '@vscode/l10n';
import type { Operation } from '../operations/operation';
import { isActive } from '../operations/status';
import { waitsUntilFree } from '../operations/untilFree';

/** What decides, beside its operations, who of a host's queue may start. */
export interface QueueState {
  hostName: string;
  /** How many plain processes may run there at once; 0: any number. */
  limit: number;
  /** Those of the queue whose start is under way. */
  starting: ReadonlySet<string>;
  /** Why nothing can be sent to the host at present. */
  held?: string | undefined;
  /** Why the host was not found free, for those that wait until it is. */
  notFree?: string | undefined;
  /** Of those that the host had too few free GPUs for: what it told. */
  short: ReadonlyMap<string, string>;
}

export interface QueuePlan {
  start: Operation[];
  /** Why each of the others waits. */
  waits: Map<string, string>;
}

/** More at once would only wait for each other on the way to the host. */
const mostStarting = 4;

/**
 * Who starts next on a host, and why the others wait. Pure. `operations`: of this host, in the order of their
 * submission. A higher priority goes first, then who was first. What cannot be seen still holds its slot.
 */
export function planQueue(operations: readonly Operation[], state: QueueState): QueuePlan {
  const ours = operations.filter(({ archived }) => !archived);
  const begun = ours.filter(({ id, status }) => status === 'queued' && state.starting.has(id));
  const used = ours
    .filter(({ status }) => isActive(status))
    .concat(begun)
    .filter(takesSlot).length;
  const plan: QueuePlan = { start: [], waits: new Map() };
  // A GPU is claimed for one at a time, or who comes later could take what the one before it waits for: it is claimed at
  // the end of a start, when it is not `queued` any more.
  let gpuOpen = !ours.some((operation) => state.starting.has(operation.id) && needsGpus(operation));
  // All at once would be too much again, for what is started shows in the load only later.
  let freeOpen = !begun.some(waitsUntilFree);
  for (const operation of inOrder(
    ours.filter(({ id, status }) => status === 'queued' && !state.starting.has(id)),
  )) {
    const taken = used + plan.start.filter(takesSlot).length;
    const notFree = waitsUntilFree(operation) ? freeReason(freeOpen, state) : undefined;
    const reason =
      (takesSlot(operation) ? slotReason(taken, state) : undefined) ??
      state.held ??
      notFree ??
      (needsGpus(operation) ? gpuReason(operation, gpuOpen, state) : undefined) ??
      turnReason(begun.length + plan.start.length, state);
    if (reason === undefined) {
      plan.start.push(operation);
      freeOpen &&= !waitsUntilFree(operation);
    } else {
      plan.waits.set(operation.id, reason);
    }
    // Who is patient does not keep others from the GPUs.
    gpuOpen &&= !needsGpus(operation) || notFree !== undefined;
  }
  return plan;
}

/** Sorting is stable: equal priorities keep the order of submission. */
const inOrder = (waiting: Operation[]): Operation[] =>
  waiting.sort((a, b) => (b.spec.priority ?? 0) - (a.spec.priority ?? 0));

/** Others have queues of their own, and are here only until their files are uploaded. */
const takesSlot = ({ launcher }: Operation): boolean => launcher === 'process';

const needsGpus = (operation: Operation): boolean => takesSlot(operation) && (operation.spec.gpus ?? 0) > 0;

function slotReason(taken: number, { limit, hostName }: QueueState): string | undefined {
  return limit > 0 && taken >= limit
    ? l10n.t('waits for a slot: {0} of {1} in use on {2}', taken, limit, hostName)
    : undefined;
}

const freeReason = (isFirst: boolean, { notFree, hostName }: QueueState): string | undefined =>
  notFree ??
  (isFirst ? undefined : l10n.t('waits until {0} is free: others that wait for it go first', hostName));

/** Who needs few GPUs does not overtake who needs many: that one would never get them together. */
function gpuReason({ id, spec }: Operation, isFirst: boolean, { short }: QueueState): string | undefined {
  return isFirst
    ? short.get(id)
    : l10n.t('waits for {0}: others wait for GPUs before it', gpusText(spec.gpus));
}

const turnReason = (begun: number, { hostName }: QueueState): string | undefined =>
  begun >= mostStarting
    ? l10n.t('waits for its turn: {0} are being started on {1}', begun, hostName)
    : undefined;

export const gpusText = (gpus = 0): string => (gpus === 1 ? l10n.t('1 GPU') : l10n.t('{0} GPUs', gpus));

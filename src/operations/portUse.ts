import type { Holder, Listener, PortLook } from './listener';
import type { Operation, ProcessIdentity } from './operation';
import { isToListen } from './portPlan';
import { isTerminal } from './status';

/** Who uses a port of a host. Several programs on one port, at different addresses, are several uses. */
export interface PortUse {
  port: number;
  listening: boolean;
  /** Where it listens, as in `127.0.0.1` or `::`. */
  addresses?: string[];
  pid?: number;
  /** The name of its program. */
  process?: string;
  command?: string;
  user?: string;
  /** The operation that it belongs to. */
  operationId?: string;
  /** Nobody is seen to listen for it: that operation has been submitted, and is to. */
  isPlanned?: true;
  /** It was left over: its operation has ended, or is not in the list. */
  isOrphan?: true;
  /** It is the user's own on that host. Others' cannot be ended from here. */
  isOwn?: true;
  /** What `endProcess` takes. */
  identity?: ProcessIdentity;
  /** Further processes that have the same sockets, like the workers of a server. */
  sharedBy?: SharingProcess[];
  /** Where it is taken: the next higher port on which nothing listens, and which no operation is to use. */
  nextFree?: number;
}

export interface SharingProcess extends ProcessIdentity, Pick<PortUse, 'user' | 'isOwn'> {
  /** The name of its program. */
  process: string;
}

/** How a process was ended, with a sentence that says so. */
export interface EndedProcess {
  /** `gone`: it had ended before, or its pid is another process's by now. Nothing was signalled then. */
  how: 'ended' | 'killed' | 'gone';
  text: string;
}

/** What is known here of operations, to tell which of them a process is. */
export interface OperationBook {
  get(id: string): Pick<Operation, 'id' | 'status'> | undefined;
  /** Those that have not ended. */
  active: readonly Pick<
    Operation,
    'id' | 'identity' | 'spec' | 'launcher' | 'status' | 'restartAs' | 'archived'
  >[];
}

/** Whoever starts a server on that port now gets in somebody's way. */
export const isTaken = ({ listening, isPlanned }: PortUse): boolean => listening || isPlanned === true;

const highestPort = 65_535;

/**
 * Puts together what belongs together, and tells whose it is. What was just submitted listens in a moment: it is told
 * beside what listens. With `ports`, one that nobody uses is told as well; without, only those that are taken.
 */
export function portUses(
  look: PortLook,
  ports: readonly number[],
  hostId: string,
  book: OperationBook,
): PortUse[] {
  const ours = book.active.filter(({ spec }) => spec.hostId === hostId && spec.port !== undefined);
  const planned = ours.filter(isToListen);
  const used = [...look.listeners, ...planned.map(({ spec }) => spec)].flatMap(({ port = [] }) => port);
  const wanted = ports.length > 0 ? [...new Set(ports)] : [...new Set(used)].sort(byNumber);
  const taken = new Set([...look.taken, ...ours.flatMap(({ spec }) => spec.port ?? [])]);
  return wanted.flatMap((port): PortUse[] => {
    const here = look.listeners.filter((listener) => listener.port === port);
    const nextFree = nextFreePort(port, taken);
    const seen = usesOf(here, look, book);
    const listening = look.taken.includes(port);
    const uses = [
      ...(seen.length === 0 && listening ? [{ port, listening }] : seen),
      ...planned
        .filter(({ id, spec }) => spec.port === port && !seen.some((use) => isBy(use, id)))
        .map(({ id }) => ({ port, listening: false, operationId: id, isPlanned: true as const })),
    ];
    return (uses.length > 0 ? uses : [{ port, listening }]).map((use) => ({
      ...use,
      ...(isTaken(use) && nextFree !== undefined && { nextFree }),
    }));
  });
}

const isBy = ({ operationId, isOrphan }: PortUse, id: string): boolean => operationId === id && !isOrphan;

const byNumber = (a: number, b: number): number => a - b;

function nextFreePort(port: number, taken: ReadonlySet<number>): number | undefined {
  for (let next = port + 1; next <= highestPort; next++) {
    if (!taken.has(next)) {
      return next;
    }
  }
  return undefined;
}

/** Workers that got a socket from the process that made it are that process's use of the port. */
function usesOf(here: readonly Listener[], look: PortLook, book: OperationBook): PortUse[] {
  const holders = new Map(here.flatMap(({ holder }) => (holder ? [[holder.pid, holder] as const] : [])));
  const byRoot = new Map<string, Listener[]>();
  for (const listener of here) {
    const key = listener.holder ? `pid ${rootOf(listener.holder, holders)}` : `uid ${listener.uid}`;
    byRoot.set(key, [...(byRoot.get(key) ?? []), listener]);
  }
  return [...byRoot.values()].map((listeners) => useOf(listeners, look, book));
}

function rootOf({ pid, parent }: Holder, holders: ReadonlyMap<number, Holder>): number {
  let [root, above] = [pid, parent];
  const seen = new Set([pid]);
  while (above !== undefined && holders.has(above) && !seen.has(above)) {
    seen.add(above);
    root = above;
    above = holders.get(above)?.parent;
  }
  return root;
}

function useOf(listeners: readonly Listener[], look: PortLook, book: OperationBook): PortUse {
  const [first] = listeners as [Listener];
  const holders = new Map(listeners.flatMap(({ holder }) => (holder ? [[holder.pid, holder] as const] : [])));
  const main = first.holder && holders.get(rootOf(first.holder, holders));
  const { port, uid, user } = (main && listeners.find(({ holder }) => holder === main)) ?? first;
  const addresses = [...new Set(listeners.flatMap(({ address }) => address ?? []))];
  const sharedBy = [...holders.values()]
    .filter(({ pid }) => pid !== main?.pid)
    .map((holder) => sharing(holder, listeners.find((each) => each.holder === holder) ?? first, look));
  return {
    port,
    listening: true,
    ...(addresses.length > 0 && { addresses }),
    ...(main && {
      pid: main.pid,
      process: main.name,
      command: main.command,
      identity: identityOf(main, look),
      ...(sharedBy.length > 0 && { sharedBy }),
      ...whose([main, ...holders.values()], look, book, uid === look.uid),
    }),
    ...owner({ uid, user }, look),
  };
}

const sharing = (holder: Holder, listener: Listener, look: PortLook): SharingProcess => ({
  ...identityOf(holder, look),
  process: holder.name,
  ...owner(listener, look),
});

const identityOf = ({ pid, startTicks }: Holder, { machineId, bootId }: PortLook): ProcessIdentity => ({
  machineId,
  bootId,
  pid,
  startTicks,
});

const owner = (
  { uid, user }: { uid?: number | undefined; user: string },
  look: PortLook,
): Pick<PortUse, 'user' | 'isOwn'> => ({
  ...(user !== '' && { user }),
  ...(uid === look.uid && { isOwn: true }),
});

/**
 * By the id in the environment; else by the session, which its leader's pid and start time name for good. What bears an
 * id and belongs to nothing that runs is an orphan, unless it is another user's: that one has a list of their own.
 */
function whose(
  holders: readonly Holder[],
  { bootId }: PortLook,
  book: OperationBook,
  isOwn: boolean,
): Pick<PortUse, 'operationId' | 'isOrphan'> {
  const leads = (holder: Holder) =>
    book.active.find(
      ({ identity }) =>
        identity?.bootId === bootId &&
        identity.pid === holder.session &&
        identity.startTicks === holder.sessionTicks,
    );
  for (const holder of holders) {
    const borne = holder.operation === undefined ? undefined : book.get(holder.operation);
    const operation = borne && !isTerminal(borne.status) ? borne : leads(holder);
    if (operation) {
      return { operationId: operation.id };
    }
  }
  const borne = holders.find(({ operation }) => operation !== undefined)?.operation;
  return borne !== undefined && (isOwn || book.get(borne)) ? { operationId: borne, isOrphan: true } : {};
}

import { maskedCommand, programName } from './commandWords';
import { knownService } from './knownServices';
import type { ProcessIdentity } from './operation';
import { isOfSession } from './sessionPrograms';
import type { Untracked, UntrackedKind } from './untracked';

/** A process of the user that listens, computes on a GPU, or has run for long. */
export interface FoundProcess {
  identity: ProcessIdentity;
  /** The nearest of its ancestors in the same session that is among those found, or is the main process of a container. */
  parent?: number;
  ports: number[];
  /** Whether it is on a GPU, and with how much of its memory, where the driver tells. */
  isOnGpu: boolean;
  gpuMemoryMb?: number;
  uptimeSeconds: number;
  folder: string;
  words: string[];
}

type Group = FoundProcess & { kind: UntrackedKind };

/**
 * One entry for each server, program on a GPU and long-running program, whatever processes it consists of: workers of a
 * server belong to it, what computes on a GPU to the program that started it, and what only started a server is no
 * program of its own. What is in a container is told with that.
 */
export function untrackedProcesses(
  found: readonly FoundProcess[],
  containers: ReadonlySet<number> = new Set(),
): Untracked[] {
  const groups = new Map<number, Group>();
  for (const process of found) {
    if (!isOfSession(process.words)) {
      groups.set(process.identity.pid, { ...process, ports: [...process.ports], kind: kindOf(process) });
    }
  }
  const parents = new Map(found.map(({ identity, parent }) => [identity.pid, parent]));
  const above = (pid: number): number[] => ancestors(pid, parents);
  const isContained = (pid: number): boolean => above(pid).some((each) => containers.has(each));
  const covered = new Set<number>();
  for (const group of [...groups.values()].sort(byDepth(above))) {
    const { pid } = group.identity;
    const own = above(pid).flatMap((each) => groups.get(each) ?? []);
    const owner = ownerOf(group, own);
    if (owner) {
      take(owner, group);
      groups.delete(pid);
    } else if (group.kind !== 'program') {
      own.filter(({ kind }) => kind === 'program').forEach(({ identity }) => covered.add(identity.pid));
    }
  }
  return [...groups.values()]
    .filter(({ identity: { pid } }) => !covered.has(pid) && !isContained(pid))
    .map(asUntracked);
}

const kindOf = ({ ports, isOnGpu }: FoundProcess): UntrackedKind =>
  ports.length > 0 ? 'server' : isOnGpu ? 'gpu' : 'program';

/** Nearest first. */
function ancestors(pid: number, parents: ReadonlyMap<number, number | undefined>): number[] {
  const list: number[] = [];
  for (let at = parents.get(pid); at !== undefined && !list.includes(at); at = parents.get(at)) {
    list.push(at);
  }
  return list;
}

/** The deepest first, so that what one takes up is there when it is taken up itself. */
const byDepth =
  (above: (pid: number) => number[]) =>
  (a: FoundProcess, b: FoundProcess): number =>
    above(b.identity.pid).length - above(a.identity.pid).length;

/** Of its ancestors the one that it is a part of: the topmost server of a server, else the topmost of all. */
function ownerOf({ kind }: Group, above: readonly Group[]): Group | undefined {
  const topServer = above.findLast((each) => each.kind === 'server');
  return kind === 'server' ? topServer : (topServer ?? above.at(-1));
}

function take(owner: Group, { ports, isOnGpu, gpuMemoryMb }: Group): void {
  owner.ports = [...new Set([...owner.ports, ...ports])];
  owner.isOnGpu ||= isOnGpu;
  if (gpuMemoryMb !== undefined) {
    owner.gpuMemoryMb = (owner.gpuMemoryMb ?? 0) + gpuMemoryMb;
  }
  owner.kind = kindOf(owner);
}

function asUntracked({ identity, ports, gpuMemoryMb, uptimeSeconds, folder, words, kind }: Group): Untracked {
  const service = knownService({ words, folder, ports });
  return {
    kind,
    name: (service && !service.isGuess && service.name) || programName(words) || String(identity.pid),
    ...(service && { service: service.name }),
    ...(service?.isGuess && { isGuess: true }),
    pid: identity.pid,
    identity,
    ...(ports.length > 0 && { ports: ports.sort((a, b) => a - b) }),
    command: maskedCommand(words),
    ...(folder !== '' && { folder }),
    uptimeSeconds,
    ...(gpuMemoryMb !== undefined && { gpuMemoryMb }),
  };
}

/** What differs between two snapshots, and how to get from one to the other. Pure. */
import type { DashboardChanges, DashboardSnapshot, ListChanges, Patch } from './protocol';

interface Listed {
  id: string;
}

export function changesBetween(before: DashboardSnapshot, after: DashboardSnapshot): DashboardChanges {
  const { operations, hosts, ...surroundings } = after;
  const hostChanges = listChanges(before.hosts, hosts);
  return {
    ...surroundings,
    ...listChanges(before.operations, operations),
    ...(isAny(hostChanges) && { hosts: hostChanges }),
  };
}

/** What did not change is the same object as before. */
export function applyChanges(snapshot: DashboardSnapshot, changes: DashboardChanges): DashboardSnapshot {
  const { patches, removed, order, hosts, ...surroundings } = changes;
  return {
    ...surroundings,
    hosts: hosts ? changed(snapshot.hosts, hosts) : snapshot.hosts,
    operations: changed(snapshot.operations, { patches, removed, ...(order && { order }) }),
  };
}

function listChanges<T extends Listed>(before: readonly T[], after: readonly T[]): ListChanges<T> {
  const known = new Map(before.map((each) => [each.id, each]));
  const ids = after.map(({ id }) => id);
  const kept = new Set(ids);
  const patches = after.flatMap((each) => patchBetween(known.get(each.id), each) ?? []);
  const removed = before.map(({ id }) => id).filter((id) => !kept.has(id));
  const expected = [...known.keys()].filter((id) => kept.has(id));
  expected.push(...ids.filter((id) => !known.has(id)));
  const isMoved = expected.some((id, at) => id !== ids[at]);
  return { patches, removed, ...(isMoved && { order: ids }) };
}

const isAny = <T>({ patches, removed, order }: ListChanges<T>): boolean =>
  patches.length > 0 || removed.length > 0 || order !== undefined;

function changed<T extends Listed>(before: readonly T[], { patches, removed, order }: ListChanges<T>): T[] {
  const list = new Map(before.map((each) => [each.id, each]));
  for (const id of removed) {
    list.delete(id);
  }
  for (const patch of patches) {
    list.set(patch.id, patched(list.get(patch.id), patch));
  }
  return order?.map((id) => list.get(id)).filter((each) => each !== undefined) ?? [...list.values()];
}

function patched<T extends Listed>(before: T | undefined, { set, unset = [] }: Patch<T>): T {
  const result = { ...before, ...set } as T;
  for (const key of unset) {
    delete result[key];
  }
  return result;
}

function patchBetween<T extends Listed>(before: T | undefined, after: T): Patch<T> | undefined {
  if (before === undefined) {
    return { id: after.id, set: after };
  }
  const news = keysOf(after).filter((key) => !isSame(before[key], after[key]));
  const unset = keysOf(before).filter((key) => before[key] !== undefined && after[key] === undefined);
  if (news.length === 0 && unset.length === 0) {
    return undefined;
  }
  const set = Object.fromEntries(news.map((key) => [key, after[key]])) as Partial<T>;
  return { id: after.id, set, ...(unset.length > 0 && { unset }) };
}

const keysOf = <T extends object>(each: T) => Object.keys(each) as (keyof T)[];

export const isSame = (a: unknown, b: unknown): boolean =>
  a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b));

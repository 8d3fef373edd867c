/** What differs between two snapshots, and how to get from one to the other. Pure. */
import type { DashboardChanges, DashboardOperation, DashboardSnapshot, Patch } from './protocol';

export function changesBetween(before: DashboardSnapshot, after: DashboardSnapshot): DashboardChanges {
  const { operations, ...surroundings } = after;
  const known = new Map(before.operations.map((operation) => [operation.id, operation]));
  const ids = operations.map(({ id }) => id);
  const kept = new Set(ids);
  const patches = operations.flatMap((operation) => patchBetween(known.get(operation.id), operation) ?? []);
  const removed = before.operations.map(({ id }) => id).filter((id) => !kept.has(id));
  const expected = [...known.keys()].filter((id) => kept.has(id));
  expected.push(...ids.filter((id) => !known.has(id)));
  const isMoved = expected.some((id, at) => id !== ids[at]);
  return { ...surroundings, patches, removed, ...(isMoved && { order: ids }) };
}

/** Operations that did not change are the same objects as before. */
export function applyChanges(snapshot: DashboardSnapshot, changes: DashboardChanges): DashboardSnapshot {
  const { patches, removed, order, ...surroundings } = changes;
  const operations = new Map(snapshot.operations.map((operation) => [operation.id, operation]));
  for (const id of removed) {
    operations.delete(id);
  }
  for (const patch of patches) {
    operations.set(patch.id, patched(operations.get(patch.id), patch));
  }
  const ordered = order?.map((id) => operations.get(id)).filter((operation) => operation !== undefined);
  return { ...surroundings, operations: ordered ?? [...operations.values()] };
}

function patched(operation: DashboardOperation | undefined, { set, unset = [] }: Patch): DashboardOperation {
  const result = { ...operation, ...set } as DashboardOperation;
  for (const key of unset) {
    delete result[key];
  }
  return result;
}

function patchBetween(before: DashboardOperation | undefined, after: DashboardOperation): Patch | undefined {
  if (before === undefined) {
    return { id: after.id, set: after };
  }
  const changed = keysOf(after).filter((key) => !isSame(before[key], after[key]));
  const unset = keysOf(before).filter((key) => before[key] !== undefined && after[key] === undefined);
  if (changed.length === 0 && unset.length === 0) {
    return undefined;
  }
  const set = Object.fromEntries(changed.map((key) => [key, after[key]])) as Partial<DashboardOperation>;
  return { id: after.id, set, ...(unset.length > 0 && { unset }) };
}

const keysOf = (operation: DashboardOperation) => Object.keys(operation) as (keyof DashboardOperation)[];

export const isSame = (a: unknown, b: unknown): boolean =>
  a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b));

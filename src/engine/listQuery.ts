import type { Operation } from '../operations/operation';
import type { OperationView } from '../operations/operationView';
import type { ListQuery } from './operationsService';

/** Those that match, as they are shown, newest first. */
export function select(
  operations: readonly Operation[],
  query: ListQuery,
  hostNameOf: (hostId: string) => string,
  describe: (operation: Operation) => OperationView,
): OperationView[] {
  const names = new Map<string, string>();
  for (const { spec } of operations) {
    names.set(spec.hostId, names.get(spec.hostId) ?? hostNameOf(spec.hostId));
  }
  const nameOf = (hostId: string) => names.get(hostId) ?? hostId;
  return newestFirst(
    operations.filter((operation) => mayMatch(operation, query, nameOf(operation.spec.hostId))),
  )
    .map(describe)
    .filter((view) => matches(view, query, nameOf(view.hostId)));
}

/** ISO times sort as text; comparing them by locale takes ten times as long. */
export const newestFirst = (operations: Operation[]): Operation[] =>
  operations.sort((a, b) => (a.submittedAt < b.submittedAt ? 1 : a.submittedAt > b.submittedAt ? -1 : 0));

/** Tells most operations that do not match without describing them first; `matches` decides on the others. */
export function mayMatch(operation: Operation, query: ListQuery, hostName: string): boolean {
  const { spec, status, archived } = operation;
  const text = wanted(query);
  return (
    (query.archived === true || !archived) &&
    (query.hostId === undefined || spec.hostId === query.hostId) &&
    (query.type === undefined || spec.type === query.type) &&
    (query.status === undefined || status === query.status) &&
    (!text || contain([spec.name, spec.command, spec.description, hostName, status, 'unknown'], text))
  );
}

export function matches(view: OperationView, query: ListQuery, hostName: string): boolean {
  const text = wanted(query);
  return (
    (query.hostId === undefined || view.hostId === query.hostId) &&
    (query.type === undefined || view.type === query.type) &&
    (query.status === undefined || view.status === query.status) &&
    (!text || contain([view.name, view.command, view.description, hostName, view.shownStatus], text))
  );
}

const wanted = ({ text }: ListQuery): string | undefined => text?.trim().toLowerCase();

const contain = (parts: (string | undefined)[], text: string): boolean =>
  parts.some((part) => part?.toLowerCase().includes(text));

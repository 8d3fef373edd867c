import type { OperationView } from '../operations/operationView';
import type { ListQuery } from './operationsService';

export function matches(view: OperationView, query: ListQuery, hostName: string): boolean {
  const text = query.text?.trim().toLowerCase();
  return (
    (query.hostId === undefined || view.hostId === query.hostId) &&
    (query.type === undefined || view.type === query.type) &&
    (query.status === undefined || view.status === query.status) &&
    (!text ||
      [view.name, view.command, view.description ?? '', hostName, view.shownStatus].some((part) =>
        part.toLowerCase().includes(text),
      ))
  );
}

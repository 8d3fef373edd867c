import type { OperationsService } from '../../engine/operationsService';
import type { OperationView } from '../../operations/operationView';
import { summaryOf } from '../../operations/summary';
import type { DashboardOperation, DashboardSnapshot, Surroundings } from './protocol';

/** What narrows and sorts the operations; see ViewFilter. */
export interface Arrangement {
  matches(view: OperationView, hostName: string): boolean;
  order(views: readonly OperationView[]): OperationView[];
}

export function takeSnapshot(
  service: Pick<OperationsService, 'hosts' | 'operations' | 'series'>,
  filter: Arrangement,
  words: Omit<Surroundings, 'takenAtMs'>,
): DashboardSnapshot {
  const known = service.operations();
  const { hosts } = summaryOf(service.hosts(), known);
  const names = new Map(hosts.map(({ id, name }) => [id, name]));
  // In the usual order oldest first, so that a new one is the last: then nothing has to be said about the order.
  const ordered = words.sort === undefined ? known.toReversed() : filter.order(known);
  const operations = ordered
    .map((view) => ({ view, hostName: names.get(view.hostId) ?? view.hostId }))
    .filter(({ view, hostName }) => filter.matches(view, hostName))
    .map(({ view, hostName }) => ({
      ...shown(view, hostName, service),
      ...(!names.has(view.hostId) && { unwatched: true as const }),
    }));
  return {
    takenAtMs: Date.now(),
    operations,
    hosts,
    ...words,
  };
}

/** Without what is not shown: a command may hold secrets, and an uptime is another one at each look. */
function shown(
  { uptimeSeconds, priority, ...view }: OperationView,
  hostName: string,
  service: Pick<OperationsService, 'series'>,
): DashboardOperation {
  const series = service.series(view.id);
  return { ...view, command: '', hostName, ...(series && { series }) };
}

import { summaryOf, type Summary } from '../operations/summary';
import type { OperationsService } from './operationsService';

/** Looks at a host, or at all, and counts what is known then. */
export async function summarize(
  service: Pick<OperationsService, 'hosts' | 'list' | 'operations'>,
  hostId: string | undefined,
): Promise<Summary> {
  const isMeant = (id: string) => hostId === undefined || id === hostId;
  await service.list(hostId === undefined ? {} : { hostId });
  return summaryOf(
    service.hosts().filter(({ id }) => isMeant(id)),
    service.operations().filter((view) => isMeant(view.hostId)),
  );
}

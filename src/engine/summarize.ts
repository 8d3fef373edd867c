import type { HostHealth } from '../operations/hostHealth';
import type { HostView } from '../operations/operationView';
import { summaryOf, type Summary } from '../operations/summary';
import type { OperationsService } from './operationsService';

/** Looks at a host, or at all, and tells what is known then. @param sample what a host does now, without asking for a login */
export async function summarize(
  service: Pick<OperationsService, 'hosts' | 'list' | 'operations'>,
  sample: (hostId: string) => Promise<HostHealth>,
  hostId: string | undefined,
): Promise<Summary> {
  const isMeant = (id: string) => hostId === undefined || id === hostId;
  const meant = () => service.hosts().filter(({ id }) => isMeant(id));
  await service.list(hostId === undefined ? {} : { hostId });
  // What a host does not tell is missing; the others are told all the same.
  await Promise.allSettled(
    meant()
      .filter(lacksFigures)
      .map(({ id }) => sample(id)),
  );
  return summaryOf(
    meant(),
    service.operations().filter((view) => isMeant(view.hostId)),
  );
}

const lacksFigures = ({ state, health }: HostView): boolean =>
  state === 'connected' && health?.cpuPercent === undefined;

import type { Disposable } from '../emitter';
import type { OperationsService } from '../engine/operationsService';

export type FindingService = Pick<OperationsService, 'hosts' | 'onDidChangeHosts'>;

/**
 * After the list was lost: offers what the hosts have of it, and what those have that are reached only later.
 * @param offer searches hosts, tells what it finds, and names the hosts that did not answer
 */
export function offerLostRuns(
  service: FindingService,
  offer: (hostIds: readonly string[], onSilent: (hostId: string) => void) => Promise<void>,
): Disposable {
  const silent = new Set<string>();
  const isConnected = (hostId: string) =>
    service.hosts().some(({ id, state }) => id === hostId && state === 'connected');
  const search = (hostIds: readonly string[]) => {
    if (hostIds.length > 0) {
      // What fails on a host that can be reached would fail again.
      void offer(hostIds, (hostId) => !isConnected(hostId) && silent.add(hostId));
    }
  };
  search(service.hosts().map(({ id }) => id));
  return service.onDidChangeHosts(() => {
    const back = [...silent].filter(isConnected);
    back.forEach((hostId) => silent.delete(hostId));
    search(back);
  });
}

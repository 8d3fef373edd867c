import { randomUUID } from 'node:crypto';
import type { RemoteOperationsApi } from './api';
import type { OperationsService } from './engine/operationsService';
import type { ReportPace } from './windows/reportPace';

type ApiService = OperationsService & { ready(): Promise<OperationsService> };

/** What other extensions may call. None of it makes a host ask the user again and again. */
export function apiCalls(
  service: ApiService,
  reports: Pick<ReportPace, 'update' | 'complete'>,
): Omit<RemoteOperationsApi, 'onDidChange'> {
  return {
    apiVersion: 1,
    hosts: async () => structuredClone((await service.ready()).hosts()),
    list: async (query) => service.list(query),
    get: async (id) => (await service.ready()).get(id),
    sync: async (query) => service.sync(query),
    summary: async (hostId) => structuredClone(await service.summary(hostId)),
    submit: async (spec) => service.submit(spec),
    kill: async (id, options) => service.kill(id, options),
    pause: async (id) => service.pause(id),
    resume: async (id) => service.resume(id),
    restart: async (id) => service.restart(id),
    checkOverload: async (hostId) => service.checkOverload(String(hostId)),
    // Who polls it must not make hosts ask the user again and again.
    log: async (id, range) => service.log(id, { ...range, mayAsk: false }),
    history: async (id) => service.history(id),
    start: async (report) => service.startReport(report, randomUUID()),
    update: async (id, progress) => reports.update(id, progress),
    complete: async (id, result) => reports.complete(id, result),
    checkPorts: async (hostId, ports) => service.checkPorts(hostId, ports),
  };
}

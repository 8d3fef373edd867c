import type { OperationsService } from '../engine/operationsService';
import { isUnverified } from '../operations/knowledge';
import type { OperationView } from '../operations/operationView';
import { shownName } from '../operations/specText';
import { secretRemover } from './secretWords';

export type RowService = Pick<OperationsService, 'hosts' | 'spec'>;

const longestName = 200;
const longestReason = 300;

/**
 * An operation in few words for a model. Its command, its environment and its log are left out: they may hold secrets.
 * Why it ended may repeat a line of its log, so that is freed of those that we know of.
 */
export async function operationRow(service: RowService, view: OperationView): Promise<object> {
  const { status, shownStatus, progress } = view;
  const hosts = service.hosts();
  const why = await reasonOf(service, view);
  return {
    id: view.id,
    name: short(view.name, longestName),
    type: view.type,
    ...(view.kind !== undefined && { kind: short(view.kind, longestName) }),
    host: short(hosts.find(({ id }) => id === view.hostId)?.name ?? view.hostId, longestName),
    status: shownStatus,
    ...(shownStatus !== status && { lastKnownStatus: status }),
    ...(isUnverified(view) && {
      unverified: {
        ...(view.unverifiedSince !== undefined && { since: view.unverifiedSince }),
        ...(view.observationReason !== undefined && { why: short(view.observationReason, longestReason) }),
      },
    }),
    ...(view.stalledSince !== undefined && { stalledSince: view.stalledSince }),
    ...(view.waitsFor !== undefined && { waitsFor: short(view.waitsFor, longestReason) }),
    ...(view.launcher !== 'process' && { launcher: view.launcher }),
    ...(view.startedAt !== undefined && { startedAt: view.startedAt }),
    ...(view.endedAt !== undefined && { endedAt: view.endedAt }),
    ...(progress !== undefined && { progressPercent: Math.floor(progress * 100) }),
    ...(view.etaSeconds !== undefined && { etaSeconds: view.etaSeconds }),
    ...(view.port !== undefined && { port: view.port }),
    ...(view.exitCode !== undefined && { exitCode: view.exitCode }),
    ...(why !== undefined && { why: short(why, longestReason) }),
  };
}

async function reasonOf(
  service: RowService,
  { id, cause, error }: OperationView,
): Promise<string | undefined> {
  const why = cause?.title ?? error;
  if (why === undefined) {
    return undefined;
  }
  try {
    return secretRemover(await service.spec(id))(why);
  } catch {
    // Its secrets are not known here, and a cause may be words of its log.
    return error;
  }
}

const short = (text: string, most: number): string => {
  const line = shownName(text);
  return line.length > most ? `${line.slice(0, most)}...` : line;
};

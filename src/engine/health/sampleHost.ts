import * as l10n from '@vscode/l10n';
import { RemoteOperationsError } from '../../operations/errors';
import type { HostHealth } from '../../operations/hostHealth';
import type { EngineContext } from '../context';
import type { Healths } from './healths';

/**
 * What a host does now, with `cpuPercent`: that takes two readings, of which one less than a minute old may be known.
 * @throws RemoteOperationsError `NotApplicable` where the host does not show it, `UnknownHost`, and the host's errors
 */
export async function sampleHost(
  { hosts, launchers }: EngineContext,
  healths: Healths,
  hostId: string,
): Promise<HostHealth> {
  const sample = async (readings: 1 | 2) => {
    const told = await launchers.process.sample?.(hosts.machine(hostId), hosts.nameOf(hostId), readings);
    told?.forEach((reading) => healths.take(hostId, reading));
    return told?.length ? healths.health(hostId) : undefined;
  };
  const first = await sample(healths.hasRecent(hostId) ? 1 : 2);
  // Of two that are too close or too far apart, or from before a restart, nothing can be told.
  const health = first?.cpuPercent === undefined ? await sample(2) : first;
  if (!health) {
    throw new RemoteOperationsError(
      'NotApplicable',
      l10n.t('{0} does not show what it does: it has no /proc.', hosts.nameOf(hostId)),
    );
  }
  return health;
}

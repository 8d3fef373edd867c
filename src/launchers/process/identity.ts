import type { ProcessIdentity } from '../../operations/operation';
import { unexpected } from '../answers';

/** The words of an identity, as `ident` in a run directory has them. @throws RemoteOperationsError `BadAnswer` */
export function identityOf(words: string[], hostName: string): ProcessIdentity {
  const [machineId, bootId, pid, startTicks] = words;
  if (!machineId || !bootId || !startTicks || !/^\d+$/.test(pid ?? '')) {
    throw unexpected(hostName);
  }
  return { machineId, bootId, pid: Number(pid), startTicks };
}

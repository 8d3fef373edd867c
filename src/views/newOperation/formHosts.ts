import { isTroubled } from '../../operations/hostState';
import type { HostView, OperationView } from '../../operations/operationView';
import { isTerminal } from '../../operations/status';
import { hostDescription } from '../hostText';
import type { FormHost, WaitableJob } from './protocol';

export const formHost = (host: HostView): FormHost => {
  const { id, name, address, state, error } = host;
  return {
    id,
    name,
    address,
    state,
    description: hostDescription(host),
    ...(isTroubled(host) && {
      action: state === 'needs-login' ? 'logIn' : 'retryHost',
      ...(error !== undefined && { error }),
    }),
  };
};

/** Jobs of Slurm on a host that have not ended: others can wait for them. */
export const waitableJobs = (operations: readonly OperationView[], hostId: string): WaitableJob[] =>
  operations
    .filter((view) => view.hostId === hostId && view.launcher === 'slurm' && !isTerminal(view.status))
    .flatMap(({ name, handle = '' }) => (/^\d+$/.test(handle) ? [{ name, jobId: handle }] : []));

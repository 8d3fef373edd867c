import type { Operation } from './operation';
import type { LauncherName } from './operationView';

/** Whether it runs on the machine that starts it: Slurm sends jobs to others, whose load that one does not tell. */
export const startsOnHost = (launcher: LauncherName): boolean =>
  launcher === 'process' || launcher === 'pueue';

/** Whether it is `queued` until its host has less to do. */
export const waitsUntilFree = ({
  status,
  spec,
  startsAnyway,
}: Pick<Operation, 'status' | 'spec' | 'startsAnyway'>): boolean =>
  status === 'queued' && spec.startWhenFree === true && startsAnyway !== true;

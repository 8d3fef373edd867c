import type { OperationView } from '../operations/operationView';
import { isRunning } from '../operations/status';

/** What a count of running operations counts. Nobody looks at those of others while no view is visible. */
export const isOursAndRunning = ({ origin, shownStatus }: OperationView): boolean =>
  origin === undefined && isRunning(shownStatus);

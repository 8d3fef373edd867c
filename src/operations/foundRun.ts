import type { LauncherName } from './operationView';
import type { OperationType } from './status';

/** A run directory on a host that belongs to no operation in the list. */
export interface FoundRun {
  /** Of the operation that it was made for. */
  id: string;
  name: string;
  type: OperationType;
  command: string;
  launcher: LauncherName;
  /** ISO 8601 in UTC. */
  submittedAt: string;
  /** Missing: it has not ended, or left none. */
  exitCode?: number;
}

export interface FoundRuns {
  /** The newest first. */
  runs: FoundRun[];
  /** How many more there are whose record cannot be read. */
  unreadable: number;
  /** How many older ones were left out. */
  more: number;
}

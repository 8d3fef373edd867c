import type { AuditEvent } from '../../../src/operations/operation';
import type { OperationView } from '../../../src/operations/operationView';
import { isTerminal } from '../../../src/operations/status';
import type { Execution } from './evidence';

/** What happened to one operation. */
export interface Truth extends Execution {
  /** The engine answered the submission: the operation must be on record. */
  acknowledged: boolean;
  /** A process of it lives. */
  alive: boolean;
  /** Somebody other than the engine ended it, or its supervisor. */
  endedByHand: boolean;
  /** Its death was asked for through the API. */
  killAsked: boolean;
}

/** Compares what is shown with what happened. Returns the disagreements in words. */
export function disagreements(
  truth: Truth,
  row: OperationView | undefined,
  history: readonly AuditEvent[],
): string[] {
  const { starts, acknowledged, alive } = truth;
  const found: string[] = [];
  if (starts.length > 1) {
    found.push(`was executed ${starts.length} times`);
  }
  if (!row) {
    if (acknowledged) {
      found.push('was accepted, and is not on record');
    } else if (starts.length > 0) {
      found.push('was executed, and is not on record');
    }
    return found;
  }
  const risen = history.find(({ from }) => from !== undefined && isTerminal(from));
  if (risen) {
    found.push(`was shown as ${risen.from} before it was ${risen.to} (${risen.evidence})`);
  }
  if (isTerminal(row.status) && alive) {
    found.push(`is shown as ${row.status}, and lives`);
  } else if (!possible(truth).includes(shown(row))) {
    found.push(`is shown as ${shown(row)}, should be ${possible(truth).join(' or ')}`);
  }
  return found;
}

/** A row in short: status, and the exit code where it matters. */
const shown = ({ status, exitCode, error }: OperationView): string => {
  if (status === 'failed') {
    return exitCode === undefined
      ? error
        ? 'failed, not started'
        : 'failed, no reason'
      : `failed ${exitCode}`;
  }
  return status;
};

/** What the row may say. More than one answer where two things happened at the same moment. */
function possible({ starts, ends, alive, endedByHand, killAsked }: Truth): string[] {
  const cancelled = killAsked ? ['cancelled'] : [];
  if (starts.length === 0) {
    return ['failed, not started', ...cancelled];
  }
  if (alive) {
    return killAsked ? cancelled : ['running'];
  }
  if (endedByHand) {
    return ['stopped', ...cancelled];
  }
  const [code] = ends;
  if (code !== undefined) {
    return [code === 0 ? 'completed' : `failed ${code}`, ...cancelled];
  }
  return killAsked ? cancelled : ['running, as nobody ended it'];
}

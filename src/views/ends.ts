import * as l10n from '@vscode/l10n';
import type { OperationView } from '../operations/operationView';
import { isTerminal, type Status } from '../operations/status';
import { oneLine } from './historyTable';

/** Setting `remoteOps.notifications`. */
export type NotificationLevel = 'all' | 'failures' | 'none';

const mostNamed = 3;
const mostNameLength = 80;

/** Finds among changes what the user has not heard of: operations that just ended, and not on a user's word. */
export class Ends {
  readonly #known = new Map<string, Status>();

  /** @param sinceMs What was submitted before and has ended when it is first seen, ended long ago. */
  constructor(private readonly sinceMs: number) {}

  take(changed: readonly OperationView[]): OperationView[] {
    return changed.filter((view) => {
      const before = this.#known.get(view.id);
      this.#known.set(view.id, remembered(view, before));
      // Of what was submitted elsewhere, whoever did that hears there.
      return view.origin === undefined && isTerminal(view.status) && this.#isNews(view, before);
    });
  }

  #isNews(view: OperationView, before: Status | undefined): boolean {
    if (before === undefined && Date.parse(view.submittedAt) < this.sinceMs) {
      return false;
    }
    const hadEnded = before !== undefined && isTerminal(before);
    const wasAskedFor = before === 'stopping' || view.status === 'cancelled';
    return !hadEnded && !wasAskedFor && !wasRefused(view, before);
  }
}

/** Who submitted what had to wait in a queue has left: whatever becomes of it is news. What need not wait has no queue. */
function remembered({ status, waitsFor }: OperationView, before: Status | undefined): Status {
  if (status === 'queued') {
    return waitsFor === undefined && before !== 'queued' ? 'submitting' : 'queued';
  }
  return status === 'submitting' && before === 'queued' ? 'queued' : status;
}

/** Whoever submitted it has the answer: nothing was started. */
const wasRefused = ({ status, startedAt, exitCode }: OperationView, before: Status | undefined): boolean =>
  status === 'failed' &&
  startedAt === undefined &&
  exitCode === undefined &&
  (before === undefined || before === 'submitting');

export function isWanted({ status }: OperationView, level: NotificationLevel): boolean {
  const isFailure = status === 'failed' || status === 'stopped';
  return level === 'all' ? isFailure || status === 'completed' : level === 'failures' && isFailure;
}

/** The same in every window, and another one if it runs and ends again. */
export const endKey = ({ id, status, endedAt = '' }: OperationView): string => `${id} ${status} ${endedAt}`;

/** "train on dgx-1 failed: exit 3", or of several "3 operations ended: train on dgx-1 failed, ...". */
export function endsText(ends: readonly OperationView[], hostNameOf: (hostId: string) => string): string {
  const sentences = ends.map((end) => sentence(end, hostNameOf(end.hostId)));
  const [only] = ends;
  if (only && ends.length === 1) {
    return [sentences[0], only.error && oneLine(only.error)].filter(Boolean).join(': ');
  }
  const named = sentences.slice(0, mostNamed).join(', ');
  const others = ends.length - mostNamed;
  return others > 0
    ? l10n.t('{0} operations ended: {1} and {2} more', ends.length, named, others)
    : l10n.t('{0} operations ended: {1}', ends.length, named);
}

function sentence({ name, status }: OperationView, hostName: string): string {
  const line = oneLine(name);
  const short = line.length > mostNameLength ? `${line.slice(0, mostNameLength)}...` : line;
  switch (status) {
    case 'completed':
      return l10n.t('{0} on {1} completed', short, hostName);
    case 'failed':
      return l10n.t('{0} on {1} failed', short, hostName);
    default:
      return l10n.t('{0} on {1} stopped', short, hostName);
  }
}

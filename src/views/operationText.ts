import * as vscode from 'vscode';
import { formatPercent } from '../operations/amountText';
import { isUnverified, verificationText } from '../operations/knowledge';
import type { OperationView } from '../operations/operationView';
import { isReported } from '../operations/report';
import { reasonText, type TaskCounts } from '../operations/scheduler';
import type { SaveProblem } from '../operations/saveProblem';
import { statuses, type ShownStatus } from '../operations/status';
import { statusText } from '../operations/statusText';
import { oneLine } from './historyTable';

export { statusText };

/** `14:02`, with the day in front unless it is today. */
export function timeText(iso: string, now = new Date()): string {
  const time = new Date(iso);
  const clock = time.toLocaleTimeString(undefined, { hour: 'numeric', minute: '2-digit' });
  return time.toDateString() === now.toDateString()
    ? clock
    : `${time.toLocaleDateString(undefined, { month: 'short', day: 'numeric' })} ${clock}`;
}

/** Short, for a narrow side bar: the path that Node appends is in the output. */
export const unsavedText = ({ reason, since }: SaveProblem): string =>
  vscode.l10n.t(
    'Not saved on this computer since {0} ({1}). Changes are kept in memory until it works again; nothing can be started or killed.',
    timeText(since),
    reason.replace(/, \w+( '.*')?$/su, ''),
  );

/** `failed (exit 3)`, `pending (Resources)`, `queued (waits for a slot: ...)`, else the status alone. */
function outcomeText({ status, shownStatus, exitCode, scheduler, waitsFor }: OperationView): string {
  const words = statusText(shownStatus);
  if (waitsFor !== undefined) {
    return `${words} (${waitsFor})`;
  }
  if (shownStatus === 'pending' && scheduler?.reason) {
    return `${words} (${reasonText(scheduler.reason)})`;
  }
  return status === 'failed' && exitCode !== undefined
    ? vscode.l10n.t('{0} (exit {1})', words, exitCode)
    : words;
}

/** Short, for a row: `failed (exit 3)`, `running, unverified since 14:02`. */
export function statusDetail(view: OperationView): string {
  const outcome = outcomeText(view);
  if (view.unverifiedSince && isUnverified(view)) {
    return vscode.l10n.t('{0}, unverified since {1}', outcome, timeText(view.unverifiedSince));
  }
  return view.stalledSince
    ? vscode.l10n.t('{0}, stalled since {1}', outcome, timeText(view.stalledSince))
    : outcome;
}

/** With all that it rests on, as of now: `running, verified 4 s ago by pid and start time on dgx-1`. */
export function knowledgeText(view: OperationView, hostName: string, now = new Date()): string {
  const time = (iso: string) => timeText(iso, now);
  const verification = verificationText(view, hostName, now.getTime(), time);
  return [outcomeText(view), verification].filter((part) => part !== undefined).join(', ');
}

/**
 * What stands beside the name in the tree: what differs by type, and nothing that ticks by itself, so
 * that a row is drawn again only when there is news.
 */
export function rowDescription(view: OperationView, hostName: string | undefined): string {
  const { port, progress, epoch, totalEpochs, pid, type, startedAt, endedAt, scheduler, origin } = view;
  const since = endedAt ?? startedAt;
  const parts = [
    // First: a row may be narrow.
    origin === 'found' && vscode.l10n.t('elsewhere'),
    isReported(view) &&
      (view.reportedBy === undefined
        ? vscode.l10n.t('reported by another extension')
        : vscode.l10n.t('reported by {0}', oneLine(view.reportedBy))),
    statusDetail(view),
    view.attempt !== undefined && vscode.l10n.t('attempt {0}', view.attempt),
    scheduler?.tasks && tasksText(scheduler.tasks),
    type === 'server' && port !== undefined && vscode.l10n.t('port {0}', port),
    view.forwardedPort !== undefined && vscode.l10n.t('forwarded to {0}', view.forwardedPort),
    progress !== undefined && !endedAt && formatPercent(progress),
    type === 'job' && epoch !== undefined && epochText(epoch, totalEpochs),
    type === 'program' && pid !== undefined && !endedAt && vscode.l10n.t('pid {0}', pid),
    since &&
      (endedAt ? vscode.l10n.t('ended {0}', timeText(since)) : vscode.l10n.t('since {0}', timeText(since))),
    hostName,
  ];
  return parts.filter(Boolean).join(' · ');
}

/** `3 running, 7 pending, 2 failed`. */
export function tasksText({ running, pending, failed, cancelled, completed }: TaskCounts): string {
  const parts: [count: number, status: ShownStatus][] = [
    [running, 'running'],
    [pending, 'pending'],
    [failed, 'failed'],
    [cancelled, 'cancelled'],
    [completed, 'completed'],
  ];
  return parts
    .filter(([count]) => count > 0)
    .map(([count, status]) => vscode.l10n.t('{0} {1}', count, statusText(status)))
    .join(', ');
}

/** `2 failed, 1 stopped`, of each status that occurs. */
export function tallyText(views: readonly Pick<OperationView, 'status'>[]): string {
  return statuses
    .map((status) => [status, views.filter((view) => view.status === status).length] as const)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => vscode.l10n.t('{0} {1}', count, statusText(status)))
    .join(', ');
}

export const epochText = (epoch: number, total: number | undefined): string =>
  total === undefined ? vscode.l10n.t('epoch {0}', epoch) : vscode.l10n.t('epoch {0} of {1}', epoch, total);

import * as vscode from 'vscode';
import { whyNoLog } from '../../operations/adoptedLog';
import { isTerminal } from '../../operations/status';
import type { OperationView } from '../../operations/operationView';
import { bytesText } from '../caseText';
import { oneLine } from '../historyTable';
import { statusDetail, timeText } from '../operationText';
import type { FollowState } from './logFollower';

/** What is to be said around the part of a log that is shown. */
export interface LogFacts {
  id: string;
  view: OperationView | undefined;
  hostName: string;
  /** Of what is shown, in bytes, and of the whole. */
  start: number;
  end: number;
  size: number;
  isMissing: boolean;
  /** Any part of it, so far. */
  isRead: boolean;
  state: FollowState;
  /** Set while it is not followed on the user's word. */
  pausedAt: Date | undefined;
  /** When it was found emptied or replaced. */
  replacedAt: Date | undefined;
}

const bracketed = (text: string): string => `[${text}]`;
const clock = (at: Date | number): string => timeText(new Date(at).toISOString());

/** The lines above the log. */
export function headLines({ id, view, hostName, start, replacedAt }: LogFacts): string[] {
  const { t } = vscode.l10n;
  const name = oneLine(view?.name ?? id);
  const what = t('Log of "{0}" on {1}, stdout and stderr in the order they were written.', name, hostName);
  const earlier = start > 0 && t('{0} earlier: "Load Earlier" shows more.', bytesText(start));
  const replaced =
    replacedAt && t('It was emptied or replaced ({0}): this is what it holds since then.', clock(replacedAt));
  return [what, earlier, replaced].filter((line) => typeof line === 'string').map(bracketed);
}

/** The lines below it: what is missing there, and why. */
export function footLines(facts: LogFacts): string[] {
  const { t } = vscode.l10n;
  const { end, size, isMissing, state, pausedAt, view } = facts;
  const later = size > end && t('{0} later: "Go to End of Log" shows the end.', bytesText(size - end));
  const paused =
    pausedAt &&
    view &&
    !isTerminal(view.status) &&
    t('Paused since {0}: "Follow Log" goes on.', clock(pausedAt));
  const missing = isMissing && missingText(facts);
  const notRead = state.kind === 'away' && !facts.isRead && t('Not read yet: {0}', oneLine(state.problem));
  return [missing, later, paused, notRead || stateText(facts, state)]
    .filter((line) => typeof line === 'string')
    .map(bracketed);
}

function missingText({ id, view, hostName }: LogFacts): string {
  const { t } = vscode.l10n;
  const why = whyNoLog(view?.adopted);
  if (why !== undefined) {
    return why;
  }
  return view && !isTerminal(view.status)
    ? t('No output yet')
    : t(
        'There is no log: it never started, or its folder ~/.remote-ops/runs/{0} on {1} was removed. Resubmit it to have it run again.',
        id,
        hostName,
      );
}

/** `undefined` while all is well. */
export function stateText({ hostName }: Pick<LogFacts, 'hostName'>, state: FollowState): string | undefined {
  const { t } = vscode.l10n;
  switch (state.kind) {
    case 'live':
      return undefined;
    case 'away':
      return t(
        '{0} is not reached since {1}; shown up to there. It goes on by itself once the host is back. {2}',
        hostName,
        clock(state.sinceMs),
        oneLine(state.problem),
      );
    case 'ended':
      return t('Ended: {0}', statusDetail(state.view));
    case 'removed':
      return t('The operation is not in the list any more: its log is not followed.');
  }
}

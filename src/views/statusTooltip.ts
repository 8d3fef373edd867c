import * as vscode from 'vscode';
import { formatPercent } from '../operations/amountText';
import { isAway } from '../operations/hostState';
import type { HostView, OperationView } from '../operations/operationView';
import { isTerminal } from '../operations/status';
import { isOursAndRunning } from './counted';
import { durationText } from './durationText';
import { shortName } from './shortName';
import { hostDescription } from './hostText';
import { epochText, statusDetail } from './operationText';

const mostRunning = 10;
const mostHosts = 5;
const mostNameLength = 60;

/** What runs, with how far it is, what waits, and which hosts cannot be reached. All names go in as text. */
export function statusTooltip(
  operations: readonly OperationView[],
  hosts: readonly HostView[],
): vscode.MarkdownString {
  const { t } = vscode.l10n;
  const tooltip = new vscode.MarkdownString();
  const add = (line: string) => tooltip.appendMarkdown('\n\n').appendText(line);
  const list = (lines: string[], most: number) => {
    lines.slice(0, most).forEach(add);
    if (lines.length > most) {
      add(t('and {0} more', lines.length - most));
    }
  };
  tooltip.appendMarkdown('**').appendText(t('Remote Operations')).appendMarkdown('**');
  const running = operations.filter(isOursAndRunning);
  if (running.length === 0) {
    add(t('Nothing runs.'));
  }
  list(running.map(runningText), mostRunning);
  const waiting = operations.filter(
    ({ origin, status, shownStatus }) =>
      origin === undefined && !isTerminal(status) && (shownStatus === 'queued' || shownStatus === 'pending'),
  );
  if (waiting.length > 0) {
    add(t('{0} waiting to start', waiting.length));
  }
  const away = hosts.filter(({ state }) => isAway(state));
  list(
    away.map((host) => `${shortened(host.name)}: ${hostDescription(host)}`),
    mostHosts,
  );
  return tooltip;
}

function runningText(view: OperationView): string {
  const { name, progress, epoch, totalEpochs, etaSeconds } = view;
  const parts = [
    statusDetail(view),
    progress !== undefined && formatPercent(progress),
    epoch !== undefined && epochText(epoch, totalEpochs),
    etaSeconds !== undefined && vscode.l10n.t('about {0} left', durationText(etaSeconds)),
  ];
  return `${shortened(name)}: ${parts.filter(Boolean).join(' · ')}`;
}

const shortened = (name: string): string => shortName(name, mostNameLength);

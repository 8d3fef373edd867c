import * as vscode from 'vscode';
import { isUnverified } from '../operations/knowledge';
import type { HostView, OperationView } from '../operations/operationView';
import { useText } from '../operations/resourceWords';
import { reasonText } from '../operations/scheduler';
import { isReported } from '../operations/report';
import { isRunning } from '../operations/status';
import { durationText } from './durationText';
import { factsTooltip, type Fact } from './factsTooltip';
import { oneLine } from './historyTable';
import { epochText, knowledgeText, tasksText, timeText } from './operationText';

const mostLines = 3;

/** All that is known of an operation. */
export function operationTooltip(view: OperationView, host: HostView | undefined): vscode.MarkdownString {
  const hostName = host?.name ?? view.hostId;
  return factsTooltip(view.name, knowledgeText(view, hostName), facts(view, host));
}

function facts(view: OperationView, host: HostView | undefined): Fact[] {
  const { verifiedAt, verifiedBy, startedAt, endedAt, metrics, scheduler } = view;
  const measured = Object.entries(metrics ?? {}).map(
    ([name, value]) => `${name} ${Number(value.toPrecision(4))}`,
  );
  const { cause } = view;
  return [
    [vscode.l10n.t('Why'), cause?.title ?? view.error],
    [vscode.l10n.t('What It Wrote'), cause?.lines?.slice(0, mostLines).map(oneLine).join('\n')],
    [
      vscode.l10n.t('Last verified'),
      isUnverified(view) && verifiedAt
        ? vscode.l10n.t('{0} by {1}', timeText(verifiedAt), verifiedBy ?? '')
        : undefined,
    ],
    [
      vscode.l10n.t('Stalled'),
      view.stalledSince &&
        (isReported(view)
          ? vscode.l10n.t('its extension has told nothing since {0}', timeText(view.stalledSince))
          : vscode.l10n.t('wrote nothing to its log or progress since {0}', timeText(view.stalledSince))),
    ],
    [
      vscode.l10n.t('Attempt'),
      view.attempt === undefined ? undefined : vscode.l10n.t('{0} of "{1}"', view.attempt, view.name),
    ],
    [
      vscode.l10n.t('Restart'),
      view.restarts && vscode.l10n.t('is started again once its end was seen; killing it calls that off'),
    ],
    [vscode.l10n.t('Host'), host ? nameAndAddress(host) : view.hostId],
    [
      vscode.l10n.t('Submitted'),
      view.origin === 'found'
        ? vscode.l10n.t(
            'elsewhere, at {0} by the cluster’s clock; shown here, not acted on',
            timeText(view.submittedAt),
          )
        : undefined,
    ],
    [
      vscode.l10n.t('Tracked Since'),
      view.adopted === undefined
        ? undefined
        : vscode.l10n.t('{0}, when it was found running', timeText(view.submittedAt)),
    ],
    [
      vscode.l10n.t('Reported By'),
      isReported(view) ? (view.reportedBy ?? vscode.l10n.t('another extension')) : undefined,
    ],
    [vscode.l10n.t('Command'), view.command.length > 300 ? `${view.command.slice(0, 300)}...` : view.command],
    [vscode.l10n.t('Port'), view.port?.toString()],
    [vscode.l10n.t('Forwarded'), forwardedText(view)],
    [vscode.l10n.t('Process'), view.pid?.toString()],
    [vscode.l10n.t('Job'), scheduler && `${scheduler.jobId} (${scheduler.state})`],
    [vscode.l10n.t('Tasks'), scheduler?.tasks && tasksText(scheduler.tasks)],
    [
      vscode.l10n.t('Waits For'),
      view.status === 'pending' && scheduler?.reason ? reasonText(scheduler.reason) : undefined,
    ],
    [
      vscode.l10n.t('Expected to Start'),
      view.status === 'pending' && scheduler?.estimatedStart
        ? vscode.l10n.t('{0}, by the cluster’s clock', timeText(scheduler.estimatedStart))
        : undefined,
    ],
    [
      vscode.l10n.t('Uses'),
      view.resources && isRunning(view.shownStatus) ? useText(view.resources) : undefined,
    ],
    [vscode.l10n.t('GPU'), view.gpus?.join(', ')],
    [vscode.l10n.t('Priority'), view.priority?.toString()],
    [vscode.l10n.t('Partition'), scheduler?.partition],
    [vscode.l10n.t('Group'), scheduler?.group],
    [vscode.l10n.t('Node'), scheduler?.node],
    [
      vscode.l10n.t('Progress'),
      view.epoch === undefined ? view.progressMessage : epochText(view.epoch, view.totalEpochs),
    ],
    [vscode.l10n.t('Time Left'), timeLeft(view)],
    [vscode.l10n.t('Metrics'), measured.length > 0 ? measured.join(', ') : undefined],
    [vscode.l10n.t('Started'), startedAt && timeText(startedAt)],
    [vscode.l10n.t('Ended'), endedAt && timeText(endedAt)],
  ];
}

const timeLeft = ({ etaSeconds }: OperationView): string | undefined =>
  etaSeconds === undefined ? undefined : vscode.l10n.t('about {0}', durationText(etaSeconds));

function forwardedText(view: OperationView): string | undefined {
  const { forwardedPort } = view;
  if (forwardedPort === undefined) {
    return undefined;
  }
  const here = `127.0.0.1:${forwardedPort}`;
  return isUnverified(view)
    ? vscode.l10n.t('{0} leads there again once the host is back', here)
    : vscode.l10n.t('{0} of this computer leads there', here);
}

const nameAndAddress = ({ name, address }: HostView): string =>
  address === name ? name : `${name} (${address})`;

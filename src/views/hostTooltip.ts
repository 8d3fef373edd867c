import * as vscode from 'vscode';
import { countsText } from '../operations/countsText';
import { healthFacts } from '../operations/healthFacts';
import { isCurrent } from '../operations/hostFigures';
import { useText } from '../operations/resourceWords';
import type { HostSummary } from '../operations/summary';
import { factsTooltip } from './factsTooltip';
import { hostDescription } from './hostText';
import { timeText } from './operationText';

/** All that is known of a host. */
export function hostTooltip(host: HostSummary, now = new Date()): vscode.MarkdownString {
  const { t } = vscode.l10n;
  const { name, address, state, error, unreachableSince, lastContactAt, failures, nextTryAt } = host;
  const { health, operations, use } = host;
  const lastContact = lastContactAt === undefined ? t('none yet') : timeText(lastContactAt);
  return factsTooltip(name, hostDescription(host), [
    [t('Address'), address],
    [t('Error'), error],
    [t('Away since'), unreachableSince && timeText(unreachableSince)],
    [t('Failed attempts'), failures?.toString()],
    [t('Next try'), nextTryAt && timeText(nextTryAt)],
    [t('Last contact'), state === 'connected' && error === undefined ? undefined : lastContact],
    [t('Operations'), countsText(operations)],
    [t('They use'), useText(use)],
    [t('As of'), health && !isCurrent(host, now.getTime()) ? timeText(health.sampledAt, now) : undefined],
    ...(health ? healthFacts(health) : []),
  ]);
}

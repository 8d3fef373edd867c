import * as vscode from 'vscode';
import type { HostView } from '../operations/operationView';
import { factsTooltip } from './factsTooltip';
import { hostDescription } from './hostText';
import { timeText } from './operationText';

/** All that is known of a host. */
export function hostTooltip(host: HostView, activeOperations: number): vscode.MarkdownString {
  const { t } = vscode.l10n;
  const { name, address, state, error, unreachableSince, lastContactAt, failures, nextTryAt } = host;
  const lastContact = lastContactAt === undefined ? t('none yet') : timeText(lastContactAt);
  return factsTooltip(name, hostDescription(host), [
    [t('Address'), address],
    [t('Error'), error],
    [t('Away since'), unreachableSince && timeText(unreachableSince)],
    [t('Failed attempts'), failures?.toString()],
    [t('Next try'), nextTryAt && timeText(nextTryAt)],
    [t('Last contact'), state === 'connected' && error === undefined ? undefined : lastContact],
    [t('Active operations'), String(activeOperations)],
  ]);
}

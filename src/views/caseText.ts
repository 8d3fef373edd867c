import * as vscode from 'vscode';
import { formatPercent } from '../operations/amountText';
import type { HostView, OperationView } from '../operations/operationView';
import type { CaseView, WatchFolderView } from '../operations/watchFolder';
import { statusDetail } from './operationText';

/** What stands beside a case's name. */
export function caseDescription(view: CaseView, operation: OperationView | undefined): string {
  const { t } = vscode.l10n;
  const { state, reason, doneBytes, totalBytes } = view;
  switch (state) {
    case 'waiting':
      return reason === undefined ? t('waits until its files are quiet') : t('waits: {0}', reason);
    case 'uploading':
      if (reason !== undefined) {
        return t('upload waits: {0}', reason);
      }
      return doneBytes === undefined || !totalBytes
        ? t('is to be uploaded')
        : t('uploading · {0} of {1}', formatPercent(doneBytes / totalBytes), bytesText(totalBytes));
    case 'uploaded':
      return reason === undefined ? t('uploaded, is to be submitted') : t('uploaded, waits: {0}', reason);
    case 'submitted':
      return operation ? t('submitted · {0}', statusDetail(operation)) : t('submitted');
    case 'failed':
      return t('failed: {0}', reason ?? '');
    case 'changed':
      return t('changed since it was submitted');
    case 'seen':
      return t('was there before, not submitted');
  }
}

export function watchFolderDescription(
  { hostId, remoteDir, problem }: WatchFolderView,
  hosts: readonly HostView[],
): string {
  const host = hosts.find(({ id }) => id === hostId);
  return problem ?? vscode.l10n.t('to {0}:{1}', host?.name ?? hostId, remoteDir);
}

/** `1.2 GB`, in powers of 1,000. */
export function bytesText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'] as const;
  let value = bytes;
  let at = 0;
  while (value >= 999.5 && at < units.length - 1) {
    value /= 1000;
    at += 1;
  }
  return `${at > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} ${units[at]}`;
}

import * as vscode from 'vscode';
import type { OperationView } from '../operations/operationView';
import type { OperationType, ShownStatus } from '../operations/status';

const typeIcons: Record<OperationType, string> = {
  server: 'server-process',
  job: 'beaker',
  program: 'terminal',
  transfer: 'cloud-download',
};

const statusColors: Record<ShownStatus, string> = {
  queued: 'charts.blue',
  submitting: 'charts.yellow',
  unconfirmed: 'charts.yellow',
  pending: 'charts.yellow',
  starting: 'charts.yellow',
  running: 'charts.green',
  paused: 'charts.yellow',
  stopping: 'charts.yellow',
  completed: 'charts.blue',
  failed: 'charts.red',
  cancelled: 'disabledForeground',
  stopped: 'list.warningForeground',
  unknown: 'disabledForeground',
};

export const typeIcon = (type: OperationType): vscode.ThemeIcon => new vscode.ThemeIcon(typeIcons[type]);

/** The type's icon in the status's colour; grey while the status cannot be verified. */
export function operationIcon({ type, shownStatus, observation }: OperationView): vscode.ThemeIcon {
  const verified = observation === 'fresh';
  const color = new vscode.ThemeColor(verified ? statusColors[shownStatus] : 'disabledForeground');
  return new vscode.ThemeIcon(typeIcons[type], color);
}

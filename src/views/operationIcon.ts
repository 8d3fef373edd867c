import * as vscode from 'vscode';
import type { OperationView } from '../operations/operationView';
import type { OperationType } from '../operations/status';
import { statusTone, toneColors } from '../operations/statusTone';

const typeIcons: Record<OperationType, string> = {
  server: 'server-process',
  job: 'beaker',
  program: 'terminal',
  transfer: 'cloud-download',
};

export const typeIcon = (type: OperationType): vscode.ThemeIcon => new vscode.ThemeIcon(typeIcons[type]);

/** The type's icon in the status's colour; grey while the status cannot be verified. */
export function operationIcon({ type, shownStatus, observation }: OperationView): vscode.ThemeIcon {
  const verified = observation === 'fresh';
  const color = new vscode.ThemeColor(toneColors[verified ? statusTone(shownStatus) : 'unknown']);
  return new vscode.ThemeIcon(typeIcons[type], color);
}

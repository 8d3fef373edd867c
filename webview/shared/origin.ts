import * as l10n from '@vscode/l10n';
import type { OperationView } from '../../src/operations/operationView';
import { isReported } from '../../src/operations/report';

/** Where comes from what is only shown here; nothing of what can be acted on. */
export function originText(view: Pick<OperationView, 'origin' | 'launcher' | 'reportedBy'>): string {
  if (isReported(view)) {
    return view.reportedBy === undefined
      ? l10n.t('reported by another extension')
      : l10n.t('reported by {0}', view.reportedBy);
  }
  return view.origin === 'found' ? l10n.t('submitted elsewhere') : '';
}

import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import type { OperationView } from '../operations/operationView';
import type { Draft } from '../operations/spec';
import { showError } from '../views/messages';
import { askWhenToStart, withChoice } from '../views/overloadQuestion';
import { withProgress } from './withProgress';

/** Submits, after a question where its host has too much to do. Resolves as `start`. */
export async function submit(
  service: OperationsService,
  draft: Draft,
  onStarted: (view: OperationView) => void,
): Promise<'edit' | undefined> {
  const choice = await askWhenToStart(service, draft);
  return choice === 'never'
    ? undefined
    : start(draft.name ?? '', () => service.submit(withChoice(draft, choice)), onStarted);
}

/** Resolves with `edit` when it failed and the user wants to change it and try again. */
export async function start(
  name: string,
  act: () => Promise<OperationView>,
  onStarted: (view: OperationView) => void,
): Promise<'edit' | undefined> {
  const title = vscode.l10n.t('Starting "{0}"...', name);
  const view = await withProgress({ title }, act);
  if (view.status === 'failed') {
    const edit = vscode.l10n.t('Edit and Retry');
    const text = vscode.l10n.t('"{0}" was not started. {1}', view.name, view.error ?? '');
    return (await showError(text, edit)) === edit ? 'edit' : undefined;
  }
  onStarted(view);
  return undefined;
}

import * as vscode from 'vscode';
import { withoutLinks } from '../views/plainText';

export interface ProgressOptions {
  title: string;
  cancellable?: boolean;
}

/**
 * Shows a notification while a task runs; its Cancel aborts the signal. A failure is thrown to the caller
 * only: VS Code would report it as an unknown error of its own besides.
 */
export async function withProgress<T>(
  { title, cancellable = false }: ProgressOptions,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const location = vscode.ProgressLocation.Notification;
  const [outcome] = await vscode.window.withProgress(
    { location, title: withoutLinks(title), cancellable },
    (_, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      return Promise.allSettled([task(abort.signal)]);
    },
  );
  if (outcome.status === 'rejected') {
    throw outcome.reason;
  }
  return outcome.value;
}

/** The way to the host side, and the memory that survives a reload of the webview. */
import { looksSecret } from '../../src/operations/secretName';
import type { FormValues, ToHost } from '../../src/views/newOperation/protocol';

const version = 1;
interface Kept {
  values: FormValues;
  /** By the user, not only filled in. */
  isEdited: boolean;
}
interface Memory extends Kept {
  version: number;
}

const vscode = acquireVsCodeApi<Memory>();

export const post = (message: ToHost): void => {
  vscode.postMessage(message);
};

const gatherMs = 200;
let timer: number | undefined;
let waiting: Kept | undefined;

/**
 * Keeps what was typed: the host side all of it while it lives, at once, as the page of a panel that is closed says no more;
 * VS Code's disk no secrets, and not with each key.
 */
export function remember(kept: Kept): void {
  post({ type: 'changed', ...kept });
  waiting = kept;
  timer ??= window.setTimeout(keepNow, gatherMs);
}

export function keepNow(): void {
  window.clearTimeout(timer);
  timer = undefined;
  if (waiting !== undefined) {
    vscode.setState({ version, ...waiting, values: withoutSecrets(waiting.values) });
    waiting = undefined;
  }
}

const withoutSecrets = (values: FormValues): FormValues => ({
  ...values,
  env: values.env.map((variable) =>
    looksSecret(variable.name) && variable.value !== ''
      ? { name: variable.name, value: '', isLost: true }
      : variable,
  ),
});

export function recall(): Kept | undefined {
  const memory = vscode.getState();
  return memory?.version === version ? memory : undefined;
}

// A panel that is hidden takes its page away.
window.addEventListener('pagehide', keepNow);

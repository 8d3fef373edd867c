import * as vscode from 'vscode';
import type { Answer } from '../hosts/questions';
import { withoutLinks } from './plainText';

export interface SecretInput {
  title: string;
  prompt: string;
  /** What was wrong with the answer before; shown until something is typed. */
  problem?: string;
  masked: boolean;
  canRemember: boolean;
}

/** An input box for what nobody else is to read. `undefined`: closed, or taken back by the signal. */
export function askSecret(
  { title, prompt, problem, masked, canRemember }: SecretInput,
  signal: AbortSignal,
): Promise<Answer | undefined> {
  const input = vscode.window.createInputBox();
  let remember = false;
  const draw = () => {
    const text = remember ? vscode.l10n.t('{0}, to be remembered', prompt) : prompt;
    input.prompt = withoutLinks(text);
    input.buttons = canRemember ? [rememberButton(remember)] : [];
  };
  input.title = withoutLinks(title);
  input.password = masked;
  // What was typed must survive a look at a password manager.
  input.ignoreFocusOut = true;
  input.validationMessage = problem;
  draw();
  return new Promise((resolve) => {
    const settle = (answer: Answer | undefined) => {
      signal.removeEventListener('abort', takeBack);
      resolve(answer);
      input.dispose();
    };
    const takeBack = () => settle(undefined);
    signal.addEventListener('abort', takeBack, { once: true });
    input.onDidChangeValue(() => (input.validationMessage = undefined));
    input.onDidTriggerButton(() => {
      remember = !remember;
      draw();
    });
    input.onDidAccept(() => settle({ text: input.value, remember }));
    input.onDidHide(() => settle(undefined));
    if (signal.aborted) {
      takeBack();
    } else {
      input.show();
    }
  });
}

const rememberButton = (isOn: boolean): vscode.QuickInputButton =>
  isOn
    ? { iconPath: new vscode.ThemeIcon('pass-filled'), tooltip: vscode.l10n.t('Do Not Remember') }
    : { iconPath: new vscode.ThemeIcon('save'), tooltip: vscode.l10n.t('Remember in the Keychain') };

import * as vscode from 'vscode';
import { withoutLinks } from './plainText';

export const showInformation = (text: string, ...actions: string[]): Thenable<string | undefined> =>
  vscode.window.showInformationMessage(withoutLinks(text), ...actions);

export const showWarning = (text: string, ...actions: string[]): Thenable<string | undefined> =>
  vscode.window.showWarningMessage(withoutLinks(text), ...actions);

export const showError = (text: string, ...actions: string[]): Thenable<string | undefined> =>
  vscode.window.showErrorMessage(withoutLinks(text), ...actions);

/** Asks before something that cannot be undone, in the middle of the window. */
export async function confirm(question: string, detail: string, yes: string): Promise<boolean> {
  const options = { modal: true, detail: withoutLinks(detail) };
  return (await vscode.window.showWarningMessage(withoutLinks(question), options, yes)) === yes;
}

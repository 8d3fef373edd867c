import * as vscode from 'vscode';
import { withoutLinks } from './plainText';

export const showInformation = (text: string, ...actions: string[]): Thenable<string | undefined> =>
  vscode.window.showInformationMessage(withoutLinks(text), ...actions);

export const showWarning = (text: string, ...actions: string[]): Thenable<string | undefined> =>
  vscode.window.showWarningMessage(withoutLinks(text), ...actions);

export const showError = (text: string, ...actions: string[]): Thenable<string | undefined> =>
  vscode.window.showErrorMessage(withoutLinks(text), ...actions);

/** Asks in the middle of the window. `undefined`: cancelled. */
export const choose = <T extends string>(
  question: string,
  detail: string,
  ...answers: T[]
): Thenable<T | undefined> =>
  vscode.window.showWarningMessage(
    withoutLinks(question),
    { modal: true, detail: withoutLinks(detail) },
    ...answers,
  );

/** Asks before something that cannot be undone. */
export const confirm = async (question: string, detail: string, yes: string): Promise<boolean> =>
  (await choose(question, detail, yes)) === yes;

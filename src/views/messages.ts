import * as vscode from 'vscode';

const mostCharacters = 1_500;

/**
 * VS Code turns `[text](command:...)` in a notification into a link that runs the command. What we show
 * holds words of hosts and of other users: nothing in it may become a link.
 */
export const withoutLinks = (text: string): string => {
  const broken = text.replaceAll('](', ']\u200b(');
  return broken.length > mostCharacters ? `${broken.slice(0, mostCharacters)}...` : broken;
};

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

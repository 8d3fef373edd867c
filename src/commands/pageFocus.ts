import * as vscode from 'vscode';

/** VS Code waits for 50 ms. */
const settledMs = 100;

/**
 * When its palette closes while a page is in front, VS Code gives the focus back to that page, but only after a moment
 * (microsoft/vscode#93950): a picker that is open by then would lose the focus and close at once.
 */
export function untilPageHasFocus(): Promise<void> {
  const { activeTab } = vscode.window.tabGroups.activeTabGroup;
  return activeTab?.input instanceof vscode.TabInputWebview
    ? new Promise((resolve) => setTimeout(resolve, settledMs))
    : Promise.resolve();
}

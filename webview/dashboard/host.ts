/** The way to the host side, and the memory that survives a reload of the webview. */
import type { DashboardSnapshot, ToHost } from '../../src/views/dashboard/protocol';

const version = 1;
interface Memory {
  version: number;
  snapshot: DashboardSnapshot;
}

const vscode = acquireVsCodeApi<Memory>();

export const post = (message: ToHost): void => {
  vscode.postMessage(message);
};

let waiting: DashboardSnapshot | undefined;

/** Keeps the latest snapshot, when the page has nothing better to do. */
export function remember(snapshot: DashboardSnapshot): void {
  if (waiting === undefined) {
    requestIdleCallback(save, { timeout: 1000 });
  }
  waiting = snapshot;
}

/** Commands may hold secrets and are not shown here: they are not kept. */
function save(): void {
  if (waiting === undefined) {
    return;
  }
  const snapshot = waiting;
  waiting = undefined;
  const operations = snapshot.operations.map((operation) => ({ ...operation, command: '' }));
  vscode.setState({ version, snapshot: { ...snapshot, operations } });
}

export function recall(): DashboardSnapshot | undefined {
  const memory = vscode.getState();
  return memory?.version === version ? memory.snapshot : undefined;
}

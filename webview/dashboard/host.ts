/** The way to the host side, and the memory that survives a reload of the webview. */
import type { DashboardSnapshot, ToHost } from '../../src/views/dashboard/protocol';

const version = 4;
/** Beyond that, a memory costs more than the moment that it bridges. */
const mostRemembered = 500;
const saveEveryMs = 5000;

interface Memory {
  version: number;
  snapshot?: DashboardSnapshot | undefined;
  scrollY: number;
}

const vscode = acquireVsCodeApi<Memory>();

export const post = (message: ToHost): void => {
  vscode.postMessage(message);
};

let latest: DashboardSnapshot | undefined;
let isWaiting = false;
let savedAtMs = -Infinity;

/** Keeps the latest snapshot, now and then, when the page has nothing better to do. */
export function remember(snapshot: DashboardSnapshot): void {
  latest = snapshot;
  saveSoon();
}

window.addEventListener('scrollend', saveSoon);

function saveSoon(): void {
  if (!isWaiting) {
    isWaiting = true;
    const wait = Math.max(0, savedAtMs + saveEveryMs - performance.now());
    window.setTimeout(() => requestIdleCallback(save, { timeout: 1000 }), wait);
  }
}

function save(): void {
  isWaiting = false;
  savedAtMs = performance.now();
  const isKept = latest !== undefined && latest.operations.length <= mostRemembered;
  vscode.setState({ version, scrollY: window.scrollY, ...(isKept && { snapshot: latest }) });
}

export function recall(): Omit<Memory, 'version'> | undefined {
  const memory = vscode.getState();
  return memory?.version === version ? memory : undefined;
}

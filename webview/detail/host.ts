/** The way to the host side, and which operation this page is about, which survives a reload of VS Code. */
import type { ToHost } from '../../src/views/detail/protocol';

interface Memory {
  id: string;
}

const vscode = acquireVsCodeApi<Memory>();

export const post = (message: ToHost): void => {
  vscode.postMessage(message);
};

/** Nothing else is kept: commands and environments may hold secrets. */
export function remember(id: string): void {
  if (vscode.getState()?.id !== id) {
    vscode.setState({ id });
  }
}

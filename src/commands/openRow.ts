import * as vscode from 'vscode';
import { commands } from '../ids';
import type { TreeNode } from '../views/treeNodes';
import type { Handlers } from './registerAll';

/** VS Code tells an extension of each click on a row, and of a double click by a second call. */
const doubleClickMs = 500;

/**
 * Opens the page of an operation: on a double click, as one click is for selecting, and on Enter and Space, which
 * hand in what is selected. Where the user has all lists open on a double click, VS Code calls but for that.
 */
export function openRowCommand(nowMs = () => performance.now()): Handlers {
  let last: { node: unknown; atMs: number } | undefined;
  const open = (node: TreeNode) => vscode.commands.executeCommand(commands.showDetails, node);
  return {
    openRow: async (clicked, selected) => {
      if (Array.isArray(selected)) {
        const [node] = selected as TreeNode[];
        return node?.kind === 'operation' ? open(node) : undefined;
      }
      if (opensOnDoubleClick()) {
        return open(clicked as TreeNode);
      }
      const atMs = nowMs();
      const isDouble = last !== undefined && last.node === clicked && atMs - last.atMs < doubleClickMs;
      last = isDouble ? undefined : { node: clicked, atMs };
      return isDouble ? open(clicked as TreeNode) : undefined;
    },
  };
}

const opensOnDoubleClick = (): boolean =>
  vscode.workspace.getConfiguration('workbench.list').get('openMode') === 'doubleClick';

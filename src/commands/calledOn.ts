import type { TreeNode } from '../views/treeNodes';

/** What a command was called on: the row that was clicked comes first, as of several, some commands act on one. */
export function calledOn([clicked, selected]: readonly unknown[]): unknown[] {
  return Array.isArray(selected) ? [clicked, ...(selected as unknown[])] : [clicked];
}

/** The operations among them, each once: rows, ids, and cards of the dashboard. */
export const operationIdsOf = (values: readonly unknown[]): string[] => [
  ...new Set(values.flatMap((value) => operationIdOf(value) ?? [])),
];

function operationIdOf(value: unknown): string | undefined {
  if (typeof value === 'string') {
    return value;
  }
  if (typeof value === 'object' && value !== null && 'operationId' in value) {
    // What VS Code hands on from `data-vscode-context` of a card.
    return String(value.operationId);
  }
  const node = value as TreeNode | undefined;
  return node?.kind === 'operation' ? node.id : undefined;
}

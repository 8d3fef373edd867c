/** What VS Code's own context menu of a card knows about it (`webview/context` in package.json). */
import type { OperationView } from '../../src/operations/operationView';
import { canPause, canResume } from '../../src/operations/pausing';
import { isTerminal } from '../../src/operations/status';

/** The same words as those of rows of the tree. */
function stateOf(operation: OperationView): string {
  if (operation.origin === 'found') {
    return 'found';
  }
  if (isTerminal(operation.status)) {
    return 'operation.ended';
  }
  const change = canPause(operation) ? '.pausable' : canResume(operation) ? '.resumable' : '';
  return `operation.active${change}`;
}

export const contextOf = (operation: OperationView): string =>
  JSON.stringify({
    webviewSection: stateOf(operation),
    operationId: operation.id,
    preventDefaultContextMenuItems: true,
  });

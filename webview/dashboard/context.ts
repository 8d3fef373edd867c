/** What VS Code's own context menu of a card knows about it (`webview/context` in package.json). */
import { menuContext } from '../../src/operations/menuContext';
import type { DashboardOperation } from '../../src/views/dashboard/protocol';

export const contextOf = (operation: DashboardOperation): string =>
  JSON.stringify({
    webviewSection: menuContext(operation, operation.unwatched !== true),
    operationId: operation.id,
    preventDefaultContextMenuItems: true,
  });

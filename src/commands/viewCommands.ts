import type * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import type { Dashboard } from '../views/dashboard/dashboardPanel';
import type { ViewFilter } from '../views/viewFilter';
import { askFilter } from './filterPick';
import { askOrder } from './orderPick';
import type { Handlers } from './registerAll';

export function viewCommands(
  service: OperationsService,
  dashboard: Dashboard,
  filter: ViewFilter,
  log: vscode.LogOutputChannel,
): Handlers {
  return {
    openDashboard: () => dashboard.show(),
    filter: () => askFilter(service, filter),
    sort: () => askOrder(filter),
    clearFilter: () => filter.clear(),
    showOutput: () => log.show(),
  };
}

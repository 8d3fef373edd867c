import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import type { Dashboard } from '../views/dashboard/dashboardPanel';
import type { DetailPanels } from '../views/detail/detailPanels';
import type { ViewFilter } from '../views/viewFilter';
import { askFilter } from './filterPick';
import { askOrder } from './orderPick';
import { pickOperations } from './pickOperation';
import type { Handlers } from './registerAll';

export function viewCommands(
  service: OperationsService,
  dashboard: Dashboard,
  details: DetailPanels,
  filter: ViewFilter,
  log: vscode.LogOutputChannel,
): Handlers {
  return {
    openDashboard: () => dashboard.show(),
    showDetails: async (...args) => {
      const [view] = await pickOperations(
        service,
        args,
        () => true,
        vscode.l10n.t('Whose details should be shown?'),
        { found: true, reported: true },
      );
      if (view) {
        details.show(view.id);
      }
    },
    filter: () => askFilter(service, filter),
    sort: () => askOrder(filter),
    clearFilter: () => filter.clear(),
    showOutput: () => log.show(),
  };
}

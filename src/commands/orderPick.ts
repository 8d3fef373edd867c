import * as vscode from 'vscode';
import { isSameOrder, orderLabel, sortOrders } from '../views/sortOrder';
import type { ViewFilter } from '../views/viewFilter';

/** Asks by what tree and dashboard are sorted. */
export async function askOrder(filter: ViewFilter): Promise<void> {
  const items = sortOrders.map((order) => ({
    label: orderLabel(order),
    ...(isSameOrder(order, filter.sortOrder) && { description: vscode.l10n.t('now') }),
    order,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Sort Operations'),
    placeHolder: vscode.l10n.t('By what should operations be sorted?'),
  });
  if (picked) {
    filter.sortBy(picked.order);
  }
}

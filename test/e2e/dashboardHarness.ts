/** The built dashboard in a real browser. */
import type { Browser } from 'playwright-core';
import type {
  DashboardOperation,
  DashboardSnapshot,
  ToHost,
  ToWebview,
} from '../../src/views/dashboard/protocol';
import { newPage, WebviewPage, type OpenOptions } from './support/webviewHarness';

export class DashboardPage extends WebviewPage<ToHost, ToWebview> {
  static async open(browser: Browser, options: OpenOptions = {}): Promise<DashboardPage> {
    const dashboard = new DashboardPage(await newPage(browser, options));
    await dashboard.load('dashboard', options);
    return dashboard;
  }

  send(snapshot: DashboardSnapshot): Promise<void> {
    return this.post({ type: 'snapshot', snapshot });
  }

  card(id: string) {
    return this.page.locator(`.card[data-id="${id}"]`);
  }
}

export const now = '2026-06-03T14:00:00Z';

export function operation(id: string, values: Partial<DashboardOperation> = {}): DashboardOperation {
  const status = values.status ?? 'running';
  return {
    id,
    hostId: 'h1',
    hostName: 'gpu-box',
    type: 'program',
    name: id,
    status,
    shownStatus: status,
    observation: 'fresh',
    launcher: 'process',
    submittedAt: '2026-06-03T13:00:00Z',
    command: 'true',
    ...values,
  };
}

export function snapshot(
  operations: DashboardOperation[],
  values: Partial<DashboardSnapshot> = {},
): DashboardSnapshot {
  const hosts = [{ id: 'h1', name: 'gpu-box', address: 'me@gpu-box:22', state: 'connected' as const }];
  return { takenAtMs: Date.parse(now), operations, hosts, ...values };
}

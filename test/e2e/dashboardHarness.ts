/** The built dashboard in a real browser. */
import type { Browser, CDPSession } from 'playwright-core';
import type {
  DashboardOperation,
  DashboardSnapshot,
  ToHost,
  ToWebview,
} from '../../src/views/dashboard/protocol';
import type { HostView } from '../../src/operations/operationView';
import { summaryOf } from '../../src/operations/summary';
import { changesBetween } from '../../src/views/dashboard/changes';
import { newPage, WebviewPage, type OpenOptions } from './support/webviewHarness';

export class DashboardPage extends WebviewPage<ToHost, ToWebview> {
  static async open(this: void, browser: Browser, options: OpenOptions = {}): Promise<DashboardPage> {
    const dashboard = new DashboardPage(await newPage(browser, options));
    if (options.answer !== undefined) {
      await dashboard.#meter();
    }
    await dashboard.load('dashboard', options);
    return dashboard;
  }

  #sequence = 0;
  #sent: DashboardSnapshot | undefined;

  /** As the host side does: all of it when the page has said that it is ready, then what changed. */
  send(snapshot: DashboardSnapshot): Promise<void> {
    if (this.#sent === undefined) {
      return this.sendWhole(snapshot);
    }
    const changes = changesBetween(this.#sent, snapshot);
    this.lose(snapshot);
    return this.post({ type: 'changes', sequence: this.#sequence, changes });
  }

  sendWhole(snapshot: DashboardSnapshot): Promise<void> {
    this.lose(snapshot);
    return this.post({ type: 'snapshot', sequence: this.#sequence, snapshot });
  }

  /** Sends it to nowhere. */
  lose(snapshot: DashboardSnapshot): void {
    this.#sequence += 1;
    this.#sent = snapshot;
  }

  /** Milliseconds that the page's main thread works for what changed: script, style and layout. */
  async timeOf(snapshot: DashboardSnapshot): Promise<number> {
    await this.#meter();
    const before = await this.busyMs();
    await this.send(snapshot);
    await this.evaluate('document.body.getBoundingClientRect().height');
    return (await this.busyMs()) - before;
  }

  /** How long the main thread has worked on script, style and layout; waiting for a processor that others use is no work. */
  async busyMs(): Promise<number> {
    const session = await this.#meter();
    const { metrics } = await session.send('Performance.getMetrics');
    const work = metrics.filter(({ name }) => /^(Script|Layout|RecalcStyle)Duration$/u.test(name));
    return work.reduce((sum, { value }) => sum + value * 1000, 0);
  }

  #session: CDPSession | undefined;

  async #meter(): Promise<CDPSession> {
    if (this.#session === undefined) {
      this.#session = await this.page.context().newCDPSession(this.page);
      await this.#session.send('Performance.enable', { timeDomain: 'threadTicks' });
    }
    return this.#session;
  }

  async reload(): Promise<void> {
    this.#sent = undefined;
    await this.page.reload();
  }

  /** The rows beyond the window's edges come after those in sight, when the page is idle. */
  async allRows(): Promise<void> {
    await this.evaluate('new Promise((done) => requestIdleCallback(done))');
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

const gpuBox: HostView = { id: 'h1', name: 'gpu-box', address: 'me@gpu-box:22', state: 'connected' };

/** As the host side makes it. @param values.hosts what is on them is counted here */
export function snapshot(
  operations: DashboardOperation[],
  { hosts = [gpuBox], ...values }: Partial<Omit<DashboardSnapshot, 'hosts'>> & { hosts?: HostView[] } = {},
): DashboardSnapshot {
  const summary = summaryOf(hosts, operations);
  const overload = { cpuPercent: 80, memoryMb: 4000 };
  return { takenAtMs: Date.parse(now), overload, operations, hosts: summary.hosts, ...values };
}

/** The built dashboard in a real browser, under the content security policy that VS Code puts on it. */
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { DashboardOperation, DashboardSnapshot, ToHost } from '../../src/views/dashboard/protocol';
import { repositoryRoot } from '../testbed/repositoryRoot';

const origin = 'http://dashboard.test';
const nonce = 'fixed-for-the-test';
const policy = [
  `default-src 'none'`,
  `style-src ${origin} 'nonce-${nonce}'`,
  `script-src 'nonce-${nonce}'`,
  `font-src ${origin}`,
  `img-src ${origin}`,
].join('; ');

const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta property="csp-nonce" content="${nonce}">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <link rel="stylesheet" href="${origin}/dashboard.css">
  </head>
  <body class="vscode-dark">
    <div id="root"></div>
    <script nonce="${nonce}" src="${origin}/dashboard.js"></script>
  </body>
</html>`;

// What VS Code gives a webview. The state outlives a reload, as it does there.
const vscodeApi = `
  window.posted = [];
  window.acquireVsCodeApi = () => ({
    postMessage: (message) => window.posted.push(message),
    setState: (state) => sessionStorage.setItem('state', JSON.stringify(state)),
    getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined,
  });`;

export class DashboardPage {
  /** Violations of the policy, uncaught errors, dialogs and requests to anywhere else. */
  readonly complaints: string[] = [];

  private constructor(readonly page: Page) {
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') {
        this.complaints.push(message.text());
      }
    });
    page.on('dialog', (dialog) => {
      this.complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
  }

  static async open(
    browser: Browser,
    options: { width?: number; time?: string } = {},
  ): Promise<DashboardPage> {
    const page = await browser.newPage({ viewport: { width: options.width ?? 800, height: 600 } });
    const dashboard = new DashboardPage(page);
    await page.route('**/*', async (route) => {
      const { pathname, origin: from } = new URL(route.request().url());
      if (from !== origin) {
        dashboard.complaints.push(`request: ${route.request().url()}`);
        return route.abort();
      }
      return pathname === '/'
        ? route.fulfill({ contentType: 'text/html', body: html })
        : route.fulfill({ path: path.join(repositoryRoot, 'dist', path.basename(pathname)) });
    });
    await page.addInitScript({ content: vscodeApi });
    if (options.time !== undefined) {
      await page.clock.install({ time: '2020-01-01T00:00:00Z' });
    }
    await page.goto(origin);
    if (options.time !== undefined) {
      // From here on time passes only where the test says so.
      await page.clock.pauseAt(options.time);
    }
    return dashboard;
  }

  /** Returns once the snapshot is drawn: an event handler runs to its end. */
  async send(snapshot: DashboardSnapshot): Promise<void> {
    const data = JSON.stringify({ type: 'snapshot', snapshot });
    await this.evaluate(`window.dispatchEvent(new MessageEvent('message', { data: ${data} }))`);
  }

  posted(): Promise<ToHost[]> {
    return this.evaluate<ToHost[]>('window.posted');
  }

  card(id: string) {
    return this.page.locator(`.card[data-id="${id}"]`);
  }

  /** Expressions are text because the tests are compiled without the browser's types. */
  evaluate<T>(expression: string): Promise<T> {
    return this.page.evaluate<T>(expression);
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

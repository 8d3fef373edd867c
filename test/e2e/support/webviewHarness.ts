/** A built page in a real browser, under the content security policy that VS Code puts on it. */
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { repositoryRoot } from '../../testbed/repositoryRoot';

const origin = 'http://webview.test';
const nonce = 'fixed-for-the-test';
const policy = [
  `default-src 'none'`,
  `style-src ${origin} 'nonce-${nonce}'`,
  `script-src 'nonce-${nonce}'`,
  `font-src ${origin}`,
  `img-src ${origin}`,
].join('; ');

/** `name`: of the page's script and styles in `dist`. */
const html = (name: string) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta property="csp-nonce" content="${nonce}">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <link rel="stylesheet" href="${origin}/${name}.css">
    <title>Remote Operations</title>
  </head>
  <body class="vscode-dark">
    <div id="root"></div>
    <script nonce="${nonce}" src="${origin}/${name}.js"></script>
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

export interface OpenOptions {
  width?: number;
  /** ISO 8601: the page's clock stands there. */
  time?: string;
}

/** What a page and its host side say to each other; each page has a class of its own for it. */
export abstract class WebviewPage<ToHost, ToWebview> {
  /** Violations of the policy, uncaught errors, dialogs and requests to anywhere else. */
  readonly complaints: string[] = [];

  protected constructor(readonly page: Page) {
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

  protected async load(name: string, { time }: OpenOptions): Promise<void> {
    const { page } = this;
    await page.route('**/*', async (route) => {
      const { pathname, origin: from } = new URL(route.request().url());
      if (from !== origin) {
        this.complaints.push(`request: ${route.request().url()}`);
        return route.abort();
      }
      return pathname === '/'
        ? route.fulfill({ contentType: 'text/html', body: html(name) })
        : route.fulfill({ path: path.join(repositoryRoot, 'dist', path.basename(pathname)) });
    });
    await page.addInitScript({ content: vscodeApi });
    if (time !== undefined) {
      await page.clock.install({ time: '2020-01-01T00:00:00Z' });
    }
    await page.goto(origin);
    if (time !== undefined) {
      // From here on time passes only where the test says so.
      await page.clock.pauseAt(time);
    }
  }

  /** Returns once the message was taken in: an event handler runs to its end. */
  async post(message: ToWebview): Promise<void> {
    const data = JSON.stringify(message);
    await this.evaluate(`window.dispatchEvent(new MessageEvent('message', { data: ${data} }))`);
  }

  posted(): Promise<ToHost[]> {
    return this.evaluate<ToHost[]>('window.posted');
  }

  /** Expressions are text because the tests are compiled without the browser's types. */
  evaluate<T>(expression: string): Promise<T> {
    return this.page.evaluate<T>(expression);
  }
}

export const newPage = (browser: Browser, { width = 800 }: OpenOptions): Promise<Page> =>
  browser.newPage({ viewport: { width, height: 600 } });

/** A built page in a real browser, under the content security policy that VS Code puts on it. */
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import axe, { type AxeResults } from 'axe-core';
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

const bodyClasses = {
  dark: 'vscode-dark',
  light: 'vscode-light',
  'contrast-dark': 'vscode-high-contrast',
  'contrast-light': 'vscode-high-contrast vscode-high-contrast-light',
} as const;
export type Theme = keyof typeof bodyClasses;
export const themes = Object.keys(bodyClasses) as Theme[];

/** Recorded in VS Code (demo.test.ts). */
async function colours(theme: Theme): Promise<Record<string, string>> {
  const file = path.join(repositoryRoot, 'test', 'testbed', 'themes', `${theme}.json`);
  return JSON.parse(await readFile(file, 'utf8')) as Record<string, string>;
}

const attribute = (text: string): string =>
  text.replace(/[&"]/gu, (character) => `&#${character.charCodeAt(0)};`);

/** `name`: of the page's script and styles in `dist`. */
const html = (name: string, theme: Theme, words: OpenOptions['words']) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta property="csp-nonce" content="${nonce}">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <link rel="stylesheet" href="${origin}/${name}.css">
    <title>Remote Operations</title>
  </head>
  <body class="${bodyClasses[theme]}"${words ? ` data-l10n="${attribute(JSON.stringify(words))}"` : ''}>
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

/** The answer comes in a task of its own, as messages do; it is painted at the next frame. */
const answering = (answer: unknown) => `
  const answer = ${JSON.stringify(answer)};
  window.posted.push = () => setTimeout(() => {
    window.dispatchEvent(new MessageEvent('message', { data: answer }));
    requestAnimationFrame(() => setTimeout(() => { window.painted = performance.now(); }));
  });`;

export interface OpenOptions {
  width?: number;
  height?: number;
  /** Whose colours the page has, as VS Code would give them: a name of `themes`. */
  theme?: Theme;
  /** The words of another language, as VS Code has them for an extension. */
  words?: Record<string, string>;
  /** What the host side answers when the page says that it is ready; `window.painted` is when that could be seen. */
  answer?: unknown;
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

  protected async load(name: string, { time, theme, words, answer }: OpenOptions): Promise<void> {
    const { page } = this;
    await page.route('**/*', async (route) => {
      const { pathname, origin: from } = new URL(route.request().url());
      if (from !== origin) {
        this.complaints.push(`request: ${route.request().url()}`);
        return route.abort();
      }
      return pathname === '/'
        ? route.fulfill({ contentType: 'text/html', body: html(name, theme ?? 'dark', words) })
        : route.fulfill({ path: path.join(repositoryRoot, 'dist', path.basename(pathname)) });
    });
    await page.addInitScript({ content: vscodeApi });
    if (answer !== undefined) {
      await page.addInitScript({ content: answering(answer) });
    }
    if (theme !== undefined) {
      const set = JSON.stringify(await colours(theme));
      await page.addInitScript({
        content: `document.addEventListener('readystatechange', () => {
          for (const [name, value] of Object.entries(${set})) {
            document.documentElement.style.setProperty(name, value);
          }
        }, { once: true });`,
      });
    }
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

  /** What axe finds against WCAG 2.2 AA and good practice, with the elements. */
  async flaws(): Promise<string[]> {
    await this.page.evaluate(axe.source);
    const { violations } = await this.evaluate<AxeResults>('axe.run(document)');
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html: where }) => `${id}: ${where}`));
  }

  /** Whether all of it can be seen without scrolling to the side. */
  fits(): Promise<boolean> {
    return this.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth');
  }

  /** Saves a picture of the page into `out/screenshots`: of all of it, or of what is in sight. */
  async screenshot(name: string, { fullPage = true } = {}): Promise<void> {
    const folder = path.join(repositoryRoot, 'out', 'screenshots');
    await mkdir(folder, { recursive: true });
    await this.page.screenshot({ path: path.join(folder, `${name}.png`), fullPage });
  }

  /** Expressions are text because the tests are compiled without the browser's types. */
  evaluate<T>(expression: string): Promise<T> {
    return this.page.evaluate<T>(expression);
  }
}

export const newPage = (browser: Browser, { width = 800, height = 600 }: OpenOptions): Promise<Page> =>
  browser.newPage({ viewport: { width, height } });

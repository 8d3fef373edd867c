import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Frame, Locator, Page } from 'playwright-core';
import { repositoryRoot } from '../../testbed/repositoryRoot';
import { ModalDialog, Notifications } from './messages';
import { QuickInput } from './quickInput';
import { TreeView } from './treeView';
import { waitFor } from './waitFor';

/** One window of VS Code, as a user sees it. Every act waits for what it acts on. */
export class Workbench {
  readonly quickInput: QuickInput;
  readonly notifications: Notifications;
  readonly dialog: ModalDialog;
  readonly #consoleErrors: string[] = [];

  constructor(
    readonly page: Page,
    /** Leaves the page as it is told to, and resolves once the extension host has ended. */
    private readonly closing: (leave: () => Promise<unknown>) => Promise<void>,
  ) {
    this.quickInput = new QuickInput(page);
    this.notifications = new Notifications(page);
    this.dialog = new ModalDialog(page);
    page.on('pageerror', (error) => this.#consoleErrors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !isNoise(message.text())) {
        this.#consoleErrors.push(message.text());
      }
    });
  }

  runCommand(title: string): Promise<void> {
    return this.quickInput.runCommand(title);
  }

  /** Shows a container of the Activity Bar by its title. */
  async openContainer(title: string): Promise<void> {
    const item = this.#container(title);
    if ((await item.getAttribute('aria-expanded')) !== 'true') {
      await item.click();
    }
    await this.page.locator('.part.sidebar .composite.title h2', { hasText: title }).waitFor();
  }

  #container(title: string): Locator {
    return this.page.locator(`.activitybar .action-item:has(> .action-label[aria-label^="${title}"])`);
  }

  tree(name: string): TreeView {
    return new TreeView(this.page, name);
  }

  /** The number on a container's icon. */
  async badge(title: string): Promise<number | undefined> {
    // It is emptied when hidden.
    const [text] = await this.#container(title).locator('.badge-content').allTextContents();
    return text ? Number(text) : undefined;
  }

  async waitForBadge(title: string, value: number | undefined, deadlineMs = 15_000): Promise<void> {
    const what = `the badge ${String(value)} on "${title}"`;
    await waitFor(
      () => this.badge(title),
      (seen) => seen === value,
      { what, deadlineMs },
    );
  }

  async statusBarTexts(): Promise<string[]> {
    const texts = await this.page.locator('.part.statusbar .statusbar-item').allTextContents();
    return texts.map((text) => text.trim()).filter((text) => text !== '');
  }

  async waitForStatusBar(pattern: RegExp, deadlineMs = 15_000): Promise<string> {
    const texts = await waitFor(
      () => this.statusBarTexts(),
      (all) => all.some((text) => pattern.test(text)),
      { what: `${String(pattern)} in the status bar`, deadlineMs },
    );
    return texts.find((text) => pattern.test(text))!;
  }

  /** Rests the mouse on an entry until what shows there matches. */
  async waitForStatusBarTooltip(text: string, pattern: RegExp): Promise<string> {
    await this.page.locator('.part.statusbar .statusbar-item-label', { hasText: text }).hover();
    const hover = this.page.locator('.workbench-hover');
    const read = async () => (await hover.allTextContents()).join().replaceAll(/\s/gu, ' ');
    return waitFor(read, (seen) => pattern.test(seen), { what: `the tooltip ${String(pattern)}` });
  }

  /** Waits for a tab whose name begins so. */
  async waitForTab(name: string): Promise<void> {
    await waitFor(
      () => this.editorTitles(),
      (titles) => titles.some((title) => title.startsWith(name)),
      { what: `the tab "${name}"` },
    );
  }

  async clickStatusBar(text: string): Promise<void> {
    await this.page.locator('.part.statusbar .statusbar-item-label', { hasText: text }).click();
  }

  /** The document of a webview panel, found by the panel's title. It changes when the panel is hidden. */
  async webview(title: string, deadlineMs = 15_000): Promise<Frame> {
    const frame = await waitFor(() => this.#findWebview(title), Boolean, {
      what: `the webview "${title}"`,
      deadlineMs,
    });
    return frame!;
  }

  async #findWebview(title: string): Promise<Frame | undefined> {
    for (const frame of this.page.frames()) {
      const element = frame.parentFrame() && (await frame.frameElement().catch(() => undefined));
      if (element && (await element.getAttribute('title').catch(() => null)) === title) {
        return frame;
      }
    }
    return undefined;
  }

  editorTitles(): Promise<string[]> {
    return this.page.locator('.part.editor .tab .label-name').allTextContents();
  }

  /** Saves a picture of the window into `out/screenshots`. */
  async screenshot(name: string): Promise<string> {
    const folder = path.join(repositoryRoot, 'out', 'screenshots');
    await mkdir(folder, { recursive: true });
    const file = path.join(folder, `${name}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }

  async resize(width: number, height: number): Promise<void> {
    await this.page.setViewportSize({ width, height });
  }

  /** What the page, its webviews and the extension host complained about, VS Code's own habits left out. */
  consoleErrors(): readonly string[] {
    return this.#consoleErrors;
  }

  /** In a browser VS Code keeps its state in IndexedDB, a moment later; what is closed before that is lost. */
  async waitForStored(text: string): Promise<void> {
    const stored = () => this.page.evaluate<string>(storedState);
    await waitFor(stored, (all) => all.includes(text), { what: `${text} in VS Code's state` });
  }

  /** Closes the window as a user does; resolves once its extension host ended. */
  async close(): Promise<void> {
    // The workbench says goodbye when it hears that its page goes. It is told so while the page is still there: what is
    // sent as a page goes may be lost with it, and the host would wait for hours.
    await this.closing(() => this.page.evaluate<unknown>(pageGoes));
    await this.page.close();
  }

  /** Ends the window without a word, as a crash or a lost network does: its extension host waits for it for hours. */
  async crash(): Promise<void> {
    const crashed = this.page.waitForEvent('crash');
    await Promise.allSettled([this.page.goto('chrome://crash')]);
    await crashed;
  }
}

const noise = [
  // VS Code's own telemetry, which cannot be switched off in its built-in extensions, without a network.
  'An unknown error occurred. Please consult the log',
  'Failed to load resource',
  'A bad HTTP response code (404) was received when fetching the script',
  '[Service Worker]',
  '[lifecycle] Long running operations during shutdown',
];
const isNoise = (text: string) => noise.some((part) => text.includes(part));

/** What a browser tells a page that is closed. For the page, which alone knows its types. */
const pageGoes = `
  window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
  window.dispatchEvent(new PageTransitionEvent('pagehide'));`;

/** All that VS Code has stored in the browser, as text. For the page, which alone knows its types. */
const storedState = `(async () => {
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const texts = [];
  for (const { name } of await indexedDB.databases()) {
    if (name.startsWith('vscode-web-state-db')) {
      const database = await done(indexedDB.open(name));
      texts.push(...(await done(database.transaction('ItemTable').objectStore('ItemTable').getAll())));
      database.close();
    }
  }
  return texts.join('\\n');
})()`;

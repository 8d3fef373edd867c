import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { startBrowser } from '../../testbed/browser';
import { installExtension } from '../../testbed/installExtension';
import { startVsCode, type VsCodeWeb } from '../../testbed/vscodeWeb';
import { anyLoad } from '../../testbed/anyLoad';
import { waitFor } from './waitFor';
import { Workbench } from './workbench';

/** Setting ids of VS Code's own colour themes, and the class that each puts on the workbench. */
const themeClasses = {
  'Dark Modern': 'vscode-theme-defaults-themes-dark_modern-json',
  'Light Modern': 'vscode-theme-defaults-themes-light_modern-json',
  'Default High Contrast': 'vscode-theme-defaults-themes-hc_black-json',
  'Default High Contrast Light': 'vscode-theme-defaults-themes-hc_light-json',
} as const;
export type ColorTheme = keyof typeof themeClasses;
export const colorThemes = Object.keys(themeClasses) as ColorTheme[];

export interface SessionOptions {
  settings?: Record<string, unknown>;
  colorTheme?: ColorTheme;
  size?: { width: number; height: number };
  /** Opened in every window; none by default. */
  folder?: string;
  /** Seen by the extension host. */
  env?: NodeJS.ProcessEnv;
  /** The extension's folder. Default: this repository. */
  extension?: string;
  /** Of the extension's words. Default: English. */
  displayLanguage?: string;
  /** A folder has to be trusted first. Default: all are. */
  workspaceTrust?: boolean;
}

/**
 * A user's VS Code: one server and one browser profile, so that a window that is closed and opened again
 * finds its state. The extension is installed from the files that its package would hold: as a
 * development extension it would need VS Code's automation mode, which shows no notifications.
 */
export class Session {
  readonly #windows = new Set<Workbench>();
  #theme: ColorTheme;
  #settings: Record<string, unknown>;

  private constructor(
    readonly vscode: VsCodeWeb,
    private readonly browser: Browser,
    private readonly context: BrowserContext,
    private readonly exits: () => number,
    private readonly options: SessionOptions,
    private readonly home: string,
  ) {
    this.#theme = options.colorTheme ?? 'Dark Modern';
    this.#settings = options.settings ?? {};
  }

  static async start(options: SessionOptions = {}): Promise<Session> {
    const home = await mkdtemp(path.join(tmpdir(), 'remote-operations-e2e-'));
    const extensionsDir = path.join(home, 'extensions');
    await installExtension(extensionsDir, options.extension);
    let exits = 0;
    const vscode = await startVsCode({
      serverDataDir: path.join(home, 'server'),
      extensionsDir,
      machineSettings: withTheme(options.settings ?? {}, options.colorTheme ?? 'Dark Modern'),
      ...(options.env !== undefined && { env: options.env }),
      displayLanguage: options.displayLanguage,
      workspaceTrust: options.workspaceTrust,
      onOutput: (text) => (exits += text.split('Extension Host Process exited').length - 1),
    });
    try {
      const browser = await startBrowser();
      const context = await browser.newContext({ viewport: options.size ?? { width: 1280, height: 800 } });
      context.setDefaultTimeout(15_000);
      return new Session(vscode, browser, context, () => exits, options, home);
    } catch (error) {
      await vscode.stop();
      throw error;
    }
  }

  async openWindow(): Promise<Workbench> {
    const page = await this.context.newPage();
    const window: Workbench = new Workbench(page, async (leave) => {
      // Of the windows that were closed before, each host has ended by now.
      const exitsBefore = this.exits();
      await leave();
      this.#windows.delete(window);
      const seen = () => Promise.resolve(this.exits());
      await waitFor(seen, (exits) => exits > exitsBefore, { what: 'the end of the extension host' });
    });
    this.#windows.add(window);
    await page.goto(this.vscode.pageUrl({ folder: this.options.folder }));
    await page
      .locator('.monaco-workbench .part.activitybar .action-item')
      .first()
      .waitFor({ timeout: 60_000 });
    await this.#waitForTheme(window);
    return window;
  }

  /** Replaces the settings in every window. */
  async setSettings(settings: Record<string, unknown>): Promise<void> {
    this.#settings = settings;
    await this.vscode.setMachineSettings(withTheme(settings, this.#theme));
  }

  async setColorTheme(theme: ColorTheme): Promise<void> {
    this.#theme = theme;
    await this.vscode.setMachineSettings(withTheme(this.#settings, theme));
    await Promise.all([...this.#windows].map((window) => this.#waitForTheme(window)));
  }

  #waitForTheme(window: Workbench): Promise<void> {
    return window.page.locator(`.monaco-workbench.${themeClasses[this.#theme]}`).waitFor({ timeout: 30_000 });
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.vscode.stop();
    await rm(this.home, { recursive: true, force: true, maxRetries: 5 });
  }
}

const withTheme = (settings: Record<string, unknown>, theme: ColorTheme) => ({
  ...anyLoad,
  'workbench.colorTheme': theme,
  'workbench.reduceMotion': 'on',
  ...settings,
});

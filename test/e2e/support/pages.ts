import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { startBrowser } from '../../testbed/browser';
import type { WebviewPage } from './webviewHarness';

/**
 * For a suite of tests of a page: a browser, and what opens the page in it. After each test the page is closed, and must
 * have had nothing to complain of.
 */
export function pagesOf<P extends WebviewPage<unknown, never>, Options extends unknown[]>(
  open: (browser: Browser, ...options: Options) => Promise<P>,
): (...options: Options) => Promise<P> {
  let browser: Browser;
  let opened: P[] = [];
  before(async () => {
    browser = await startBrowser();
  });
  after(async () => {
    await browser.close();
  });
  afterEach(async () => {
    const pages = opened;
    opened = [];
    await Promise.all(pages.map(({ page }) => page.close()));
    assert.deepEqual(
      pages.flatMap(({ complaints }) => complaints),
      [],
    );
  });
  return async (...options) => {
    const page = await open(browser, ...options);
    opened.push(page);
    return page;
  };
}

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import axe, { type AxeResults } from 'axe-core';
import type { Browser } from 'playwright-core';
import { startBrowser } from '../testbed/browser';
import { repositoryRoot } from '../testbed/repositoryRoot';
import { DashboardPage, snapshot } from './dashboardHarness';
import { busy } from './support/dashboardSamples';
import { themes } from './support/webviewHarness';

const pictures = path.join(repositoryRoot, 'out', 'screenshots');

describe('dashboard page, as it looks', () => {
  let browser: Browser;

  before(async () => {
    browser = await startBrowser();
    await mkdir(pictures, { recursive: true });
  });
  after(async () => {
    await browser.close();
  });

  for (const theme of themes) {
    it(`can be read and used by everyone in ${theme}, from 300 to 1600 pixels`, async () => {
      const dashboard = await DashboardPage.open(browser, { theme, height: 1000 });
      await dashboard.send(busy());
      for (const width of [300, 800, 1600]) {
        await dashboard.page.setViewportSize({ width, height: 1000 });
        assert.equal(await dashboard.evaluate('document.documentElement.scrollWidth <= innerWidth'), true);
        await dashboard.page.screenshot({ path: path.join(pictures, `page-${theme}-${width}.png`) });
        assert.deepEqual(await violations(dashboard), []);
      }
      await dashboard.send(snapshot([], { hosts: [] }));
      assert.deepEqual(await violations(dashboard), []);
      await dashboard.page.close();
      assert.deepEqual(dashboard.complaints, []);
    });
  }
});

/** What axe finds against WCAG 2.2 AA and good practice, with the elements. */
async function violations(dashboard: DashboardPage): Promise<string[]> {
  await dashboard.page.evaluate(axe.source);
  const results = await dashboard.evaluate<AxeResults>('axe.run(document)');
  return results.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

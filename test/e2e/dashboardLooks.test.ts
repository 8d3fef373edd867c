import assert from 'node:assert/strict';
import { DashboardPage, snapshot } from './dashboardHarness';
import { busy } from './support/dashboardSamples';
import { themes } from './support/webviewHarness';
import { pagesOf } from './support/pages';

describe('dashboard page, as it looks', () => {
  const open = pagesOf(DashboardPage.open);

  for (const theme of themes) {
    it(`can be read and used by everyone in ${theme}, from 300 to 1600 pixels`, async () => {
      const dashboard = await open({ theme, height: 1000 });
      await dashboard.send(busy());
      for (const width of [300, 800, 1600]) {
        await dashboard.page.setViewportSize({ width, height: 1000 });
        assert.equal(await dashboard.fits(), true);
        // Rows out of sight do not exist.
        await dashboard.screenshot(`page-${theme}-${width}`, { fullPage: false });
        assert.deepEqual(await dashboard.flaws(), []);
      }
      await dashboard.send(snapshot([], { hosts: [] }));
      assert.deepEqual(await dashboard.flaws(), []);
    });
  }
});

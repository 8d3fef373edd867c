import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Frame, Page } from 'playwright-core';
import { startBrowser } from '../testbed/browser';
import { startDemo, type Demo } from '../testbed/demo/demo';
import { freePort } from '../testbed/freePort';
import { repositoryRoot } from '../testbed/repositoryRoot';
import { OperationForm } from './support/operationForm';
import { Film, picture } from './support/readmePictures';
import { anyLoad } from '../testbed/anyLoad';
import { Workbench } from './support/workbench';
import { stepByStep } from './support/stepByStep';

const container = 'Remote Operations';

const themes = [
  ['dark', 'Dark Modern'],
  ['light', 'Light Modern'],
  ['contrast-dark', 'Default High Contrast'],
  ['contrast-light', 'Default High Contrast Light'],
] as const;

/** The colours that VS Code gives to webviews, for tests of pages without it; taken anew when UPDATE_THEMES is set. */
async function recordTheme(frame: Frame, name: string): Promise<void> {
  if (process.env['UPDATE_THEMES']) {
    const variables = await frame.evaluate<Record<string, string>>(`Object.fromEntries(
      [...document.documentElement.style].sort().map((key) => [
        key, document.documentElement.style.getPropertyValue(key)]))`);
    const folder = path.join(repositoryRoot, 'test', 'testbed', 'themes');
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, `${name}.json`), `${JSON.stringify(variables, undefined, 2)}\n`);
  }
}

describe('the demo, as the README promises it', function () {
  stepByStep(this, () => [window]);

  let demo: Demo;
  let otherPort: number;
  let browser: Browser;
  let page: Page;
  let window: Workbench;

  const open = async (theme: string): Promise<void> => {
    await demo.vscode?.setMachineSettings({
      ...demo.settings,
      ...anyLoad,
      'workbench.colorTheme': theme,
    });
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(15_000);
    window = new Workbench(page, () => Promise.resolve());
    await page.goto(demo.url ?? '');
    await page.locator('.part.activitybar .action-item').first().waitFor({ timeout: 60_000 });
    await window.openContainer(container);
  };

  before(async () => {
    otherPort = await freePort();
    demo = await startDemo({ web: true, otherPort });
    browser = await startBrowser();
    await open('Dark Modern');
  });

  after(async () => {
    await browser.close();
    await demo.stop();
  });

  it('shows operations of every type that move', async () => {
    const tree = window.tree('Operations');
    await tree.waitForRow('docs-server', /^running · port \d+/, 60_000);
    await tree.waitForRow('fine-tune', /^running · \d+% · epoch \d of 5/);
    await tree.waitForRow('train-baseline', /^running · \d+% · epoch \d+ of 40/);
    await tree.waitForRow('nightly-report', /^running/);
    await tree.waitForRow('dataset.bin', /^running · \d+%/);
    await tree.waitForRow('base-model', /^reported by Model Store · running · \d+%/);
  });

  it('lets one end well and one fail, by themselves', async () => {
    const tree = window.tree('Operations');
    await tree.waitForRow('validate-prices', /^failed \(exit 3\)/, 60_000);
    await tree.waitForRow('fine-tune', /^completed/, 60_000);
  });

  it('takes a new operation, syncs and kills', async () => {
    const tree = window.tree('Operations');
    await tree.titleAction('New Operation');
    const form = await OperationForm.find(window);
    await form.fill({ Command: 'sleep 600', Name: 'my own' });
    await form.submit();
    await tree.waitForRow('my own', /^running/);
    await window.runCommand('Remote Operations: Sync Operations');
    await window.notifications.waitForText(/^checked \d+, synced 0, unreachable 0, errors 0$/);
    await window.notifications.clear();
    await tree.inlineAction('my own', 'Kill');
    await window.dialog.click('Kill');
    await tree.waitForRow('my own', /^cancelled/);
  });

  it('has a port in use, which a new server there is warned of', async () => {
    const tree = window.tree('Operations');
    await tree.titleAction('New Operation');
    const form = await OperationForm.find(window);
    await form.choose('Server');
    await form.fill({ Command: `python3 -m http.server ${otherPort}`, Port: String(otherPort) });
    await form.text(new RegExp(`Port ${otherPort} on Demo host is used by node, pid \\d+`)).waitFor();
    await window.screenshot('demo-port');
    await window.runCommand('View: Close Editor');
  });

  it('lets one fill in a form, watch the dashboard, and read why one failed', async () => {
    const film = new Film(window);
    const tree = window.tree('Operations');
    await tree.titleAction('Open Dashboard');
    const dashboard = await window.webview(container);
    await dashboard.getByText(/left$/).first().waitFor({ timeout: 30_000 });
    // What the real processes behind it use.
    await dashboard
      .locator('.resources')
      .getByText(/^\d+([.,]\d+)? ?%$/)
      .first()
      .waitFor({ timeout: 30_000 });
    await page.mouse.move(640, 790);
    await film.take(4);
    await tree.titleAction('New Operation');
    const form = await OperationForm.find(window);
    await film.take(1);
    await form.choose('Training job');
    await form.fill({ Command: 'python train.py --epochs 20', Name: 'fine-tune-large' });
    await film.take(2);
    await picture(window, 'demo-form');
    await window.runCommand('View: Close Editor');
    await tree.setExpanded('Recent', true);
    await tree.chooseFromContextMenu('validate-prices', 'Show Details');
    const details = await window.webview('validate-prices');
    await details.getByRole('heading', { name: 'validate-prices' }).waitFor();
    await details.locator('.log').waitFor();
    await page.mouse.move(640, 790);
    await film.take(3);
    await picture(window, 'demo-details');
    await film.save();
  });

  for (const [name, theme] of themes) {
    it(`looks right in ${theme}`, async () => {
      await page.close();
      await open(theme);
      const tree = window.tree('Operations');
      await tree.waitForRow('docs-server', /^running/, 30_000);
      await tree.titleAction('Open Dashboard');
      const frame = await window.webview(container);
      await frame.getByText(/left$/).first().waitFor({ timeout: 30_000 });
      // Away from the rows and buttons, which would show themselves as hovered.
      await page.mouse.move(640, 790);
      await page.locator('.workbench-hover').waitFor({ state: 'hidden' });
      await recordTheme(frame, name);
      await picture(window, `demo-${name}`);
      await window.resize(1600, 1000);
      await picture(window, `demo-${name}-wide`);
      await window.resize(700, 800);
      await picture(window, `demo-${name}-narrow`);
      const overflow = await frame.evaluate('document.documentElement.scrollWidth > innerWidth');
      assert.equal(overflow, false);
    });
  }
});

import assert from 'node:assert/strict';
import { DashboardPage, now, operation, snapshot } from './dashboardHarness';
import { pagesOf } from './support/pages';

const hostileName = '<img src=x onerror=alert(1)>';

describe('dashboard page, above its cards', () => {
  let dashboard: DashboardPage;
  const openPage = pagesOf(DashboardPage.open);
  const open = async (...options: Parameters<typeof openPage>) => (dashboard = await openPage(...options));

  it('says what all together use where something is known of it', async () => {
    const { page } = await open();
    await dashboard.send(snapshot([operation('a')]));
    const uses = page.getByRole('group', { name: 'Resources in use' });
    assert.equal(await uses.isVisible(), false);
    assert.equal(await dashboard.card('a').locator('.resources').isVisible(), false);
    const resources = { cpuPercent: 12.4, memoryMb: 2048 };
    await dashboard.send(snapshot([operation('a', { resources }), operation('b', { resources })]));
    assert.equal(await uses.innerText(), 'CPU 24%\nMemory 4.0 GB');
    assert.equal(
      (await dashboard.card('a').locator('.resources').innerText()).replaceAll(/\s+/gu, ' '),
      'CPU 12% Memory 2.0 GB',
    );
  });

  it('says what narrows and sorts the cards; a click clears the filter', async () => {
    const { page } = await open();
    await dashboard.send(snapshot([operation('a')], { filter: '“a”', sort: 'Name' }));
    await page.getByRole('button', { name: 'Filter: “a”' }).click();
    await page.getByRole('button', { name: 'Sort: Name' }).click();
    await page.getByRole('button', { name: 'Clear Filter' }).click();
    assert.deepEqual((await dashboard.posted()).slice(1), [
      { type: 'command', command: 'filter' },
      { type: 'command', command: 'sort' },
      { type: 'command', command: 'clearFilter' },
    ]);
    await dashboard.send(snapshot([operation('a')]));
    assert.equal(await page.locator('.chips').isVisible(), false);
  });

  it('keeps the order that the user chose, within each section', async () => {
    await open();
    const ids = ['c', 'a', 'd', 'b'];
    const operations = ids.map((id) => operation(id, { status: id < 'c' ? 'running' : 'failed' }));
    await dashboard.send(snapshot(operations, { sort: 'Name' }));
    assert.deepEqual(await cardOrder(), ['a', 'b', 'c', 'd']);
    const counts = await dashboard.page.getByRole('status').locator('.count:visible').allTextContents();
    assert.deepEqual(counts, ['2 running', '0 waiting', '2 failed']);
    await dashboard.send(snapshot(operations.toReversed(), { sort: 'Name, Z to A' }));
    assert.deepEqual(await cardOrder(), ['b', 'a', 'd', 'c']);
  });

  it('says that nothing can be saved, until it can', async () => {
    const { page } = await open();
    await dashboard.send(snapshot([operation('a')], { unsaved: `Not saved: ${hostileName}` }));
    const banner = page.getByRole('alert');
    assert.match((await banner.textContent()) ?? '', /Not saved: <img/);
    await dashboard.send(snapshot([operation('a')]));
    await banner.waitFor({ state: 'hidden' });
  });

  it('names the hosts that cannot be used, with the error and the next try', async () => {
    const { page } = await open({ time: now });
    await dashboard.send(
      snapshot([], {
        hosts: [
          { id: 'h1', name: 'gpu-box', address: 'gpu-box', state: 'connected' },
          {
            id: 'h2',
            name: 'cluster',
            address: 'cluster',
            state: 'needs-login',
            error: 'Permission denied.',
          },
          {
            id: 'h3',
            name: 'lab',
            address: 'lab',
            state: 'unreachable',
            error: 'No route.',
            unreachableSince: '2026-06-03T13:40:00Z',
            failures: 4,
            nextTryAt: '2026-06-03T14:05:00Z',
          },
        ],
      }),
    );
    const lines = page.getByRole('list', { name: 'Hosts that cannot be used' }).getByRole('listitem');
    const texts = await lines.locator('.trouble-text').allTextContents();
    assert.equal(texts[0], 'cluster Needs login. Permission denied.');
    assert.match(texts[1] ?? '', /^lab Unreachable since .*:40.*, next try .*:05.*\. No route\.$/u);
    assert.equal(texts.length, 2);
  });

  it('tries a host again, or logs in there, on the user’s word', async () => {
    const { page } = await open();
    const host = (id: string, state: 'unreachable' | 'needs-login') => ({ id, name: id, address: id, state });
    await dashboard.send(
      snapshot([], { hosts: [host('lab', 'unreachable'), host('cluster', 'needs-login')] }),
    );
    await page.getByRole('button', { name: 'Retry Now: lab' }).click();
    await page.getByRole('button', { name: 'Log In: cluster' }).click();
    assert.equal(await page.locator('.troubles').getByRole('button').count(), 2);
    assert.deepEqual((await dashboard.posted()).slice(1), [
      { type: 'host', action: 'retryHost', hostId: 'lab' },
      { type: 'host', action: 'logIn', hostId: 'cluster' },
    ]);
  });

  const cardOrder = () =>
    dashboard.evaluate(`[...document.querySelectorAll('.card')].map((card) => card.dataset.id)`);
});

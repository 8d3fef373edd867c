import assert from 'node:assert/strict';
import { DashboardPage, now, operation, snapshot } from './dashboardHarness';
import { pagesOf } from './support/pages';

const hostileName = '<img src=x onerror=alert(1)>';
const endless = 'x'.repeat(500);

describe('dashboard page, given foreign text', () => {
  let dashboard: DashboardPage;
  const openPage = pagesOf(DashboardPage.open);
  const open = async (...options: Parameters<typeof openPage>) => (dashboard = await openPage(...options));

  it('shows foreign text as text', async () => {
    const { page } = await open();
    const foreign = {
      name: hostileName,
      hostName: hostileName,
      kind: hostileName,
      error: hostileName,
      cause: { title: hostileName },
      description: hostileName,
      handle: hostileName,
      launcher: 'slurm' as const,
      progress: 0.5,
      progressMessage: hostileName,
      metrics: { [hostileName]: 1 },
      series: { name: hostileName, values: [1, 2] },
      verifiedAt: now,
      verifiedBy: hostileName,
    };
    const host = { id: hostileName, name: hostileName, address: hostileName, error: hostileName };
    await dashboard.send(
      snapshot(
        [
          operation(hostileName, foreign),
          operation('b', { observation: 'stale', observationReason: hostileName }),
          operation('c', { status: 'queued', waitsFor: hostileName }),
          operation('d', {
            status: 'pending',
            scheduler: { jobId: hostileName, state: hostileName, reason: hostileName },
          }),
        ],
        {
          hosts: [{ ...host, state: 'blocked' }],
          filter: hostileName,
          sort: hostileName,
          unsaved: hostileName,
        },
      ),
    );
    const name = page.locator('.card .name').first();
    assert.equal(await name.textContent(), hostileName);
    assert.equal(await name.getAttribute('title'), `${hostileName}\n\n${hostileName}`);
    assert.equal(await page.locator('#root :is(img, script)').count(), 0);
    await page.locator('.card').first().press('Enter');
    assert.deepEqual((await dashboard.posted()).at(-1), {
      type: 'action',
      action: 'showDetails',
      id: hostileName,
    });
  });

  it('runs no script but its own, whatever gets into the page', async () => {
    const { page } = await open();
    await dashboard.send(snapshot([operation('a')]));
    await dashboard.evaluate(`(() => {
      const script = document.createElement('script');
      script.textContent = 'window.ran = true';
      document.body.append(script);
      document.body.insertAdjacentHTML('beforeend', '<button onclick="window.ran = true">x</button>');
      document.body.lastElementChild.click();
    })()`);
    assert.equal(await dashboard.evaluate('window.ran'), undefined);
    assert.equal(await page.locator('body > script').count(), 2);
    const refused = dashboard.complaints.splice(0);
    assert.equal(refused.length, 2);
    assert.ok(refused.every((complaint) => complaint.includes('Content Security Policy')));
  });

  it('does not let a name reverse what follows', async () => {
    await open();
    await dashboard.send(snapshot([operation('a', { name: 'safe\u202egnp.exe' })]));
    assert.equal(await dashboard.card('a').locator('.name').textContent(), 'safegnp.exe');
  });

  it('stays within 300 pixels, whatever the texts', async () => {
    await open({ width: 300 });
    await dashboard.send(
      snapshot(
        [
          operation(endless, {
            hostName: endless,
            kind: endless,
            error: endless,
            cause: { title: endless },
            waitsFor: endless,
            stalledSince: '2026-06-01T13:00:00Z',
            resources: { cpuPercent: 100, memoryMb: 1e9, gpuPercent: 100, gpuMemoryMb: 1e9 },
            gpus: Array.from({ length: 64 }, (_, at) => at),
            handle: endless,
            launcher: 'slurm',
            observation: 'stale',
            observationReason: endless,
            progress: 0.5,
            progressMessage: endless,
            metrics: { [endless]: 1, b: 2, c: 3 },
            series: { name: endless, values: [1, 2, 3] },
            startedAt: '2026-06-01T13:00:00Z',
          }),
        ],
        {
          hosts: [{ id: 'h1', name: endless, address: endless, state: 'unreachable', error: endless }],
          filter: endless,
          sort: endless,
        },
      ),
    );
    const overflowing = await dashboard.evaluate<string[]>(`
      [...document.querySelectorAll('#root *')]
        .filter((element) => element.getBoundingClientRect().right > 300)
        .map((element) => element.className)`);
    assert.deepEqual(overflowing, []);
    assert.equal(await dashboard.evaluate('document.documentElement.scrollWidth <= innerWidth'), true);
  });
});

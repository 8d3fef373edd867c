import assert from 'node:assert/strict';
import {
  divided,
  eightGpus,
  first,
  health,
  host,
  plain,
  unified,
  unreachable,
} from '../unit/operations/hostSamples';
import { DashboardPage, now, operation, snapshot } from './dashboardHarness';
import { pagesOf } from './support/pages';

const hostile = '<img src=x onerror=alert(1)>';
const many = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ ...eightGpus(), id: `h${at}`, name: `node-${at}` }));

describe('dashboard page, its hosts', () => {
  let dashboard: DashboardPage;
  const openPage = pagesOf(DashboardPage.open);
  const open = async (...options: Parameters<typeof openPage>) => (dashboard = await openPage(...options));

  const tiles = () => dashboard.page.getByRole('list', { name: 'Hosts', exact: true }).getByRole('listitem');
  const tile = (name: string) => tiles().filter({ hasText: name });
  const toggle = () => dashboard.page.getByRole('button', { name: /^Hosts/u });
  const meters = async (name: string) => {
    const bars = await tile(name).getByRole('meter').all();
    return Promise.all(
      bars.map(async (bar) =>
        [await bar.getAttribute('aria-label'), await bar.getAttribute('aria-valuetext')].join(' '),
      ),
    );
  };
  const firstCardTop = () =>
    dashboard.evaluate<number>(`document.querySelector('.card').getBoundingClientRect().top`);

  it('says of each what it does and what is on it, and leaves out what it does not tell', async () => {
    await open({ time: now, width: 1600, theme: 'dark' });
    const views = [plain(), eightGpus(), divided(), unified(), first(), host('unseen', { state: 'idle' })];
    await dashboard.send(
      snapshot([operation('a', { hostId: 'dgx-1' }), operation('b', { hostId: 'dgx-1', status: 'failed' })], {
        hosts: views,
        areHostsShown: true,
      }),
    );
    const part = (name: string) => ({
      cpu: `${name}: CPU 34%`,
      memory: `${name}: Memory 32%, 41.0 GB of 125.0 GB in use`,
      disk: `${name}: Disk 77%, 1.4 TB of 1.8 TB in use`,
    });
    assert.deepEqual(await meters('gpu-less'), Object.values(part('gpu-less')));
    assert.deepEqual((await meters('dgx-1')).slice(2, 4), [
      'dgx-1: 8 GPUs 72%, 6 of 8 GPUs in use',
      'dgx-1: GPU memory 66%, 420.7 GB of 637.2 GB in use',
    ]);
    const mig = part('mig');
    assert.deepEqual(await meters('mig'), [
      mig.cpu,
      mig.memory,
      'mig: GPU memory 27%, 10.9 GB of 40.0 GB in use',
      mig.disk,
    ]);
    assert.equal(await tile('mig').locator('.gpu').innerText(), 'GPU\ndivided');
    const spark = part('spark');
    assert.deepEqual(await meters('spark'), [spark.cpu, spark.memory, 'spark: GPU 41%', spark.disk]);
    assert.deepEqual(await meters('fresh'), [part('fresh').memory]);
    assert.deepEqual(await meters('unseen'), []);
    assert.equal(await tile('gpu-less').locator('.network').innerText(), 'Network\n13 Mbit/s');
    assert.equal(await tile('dgx-1').locator('.host-counts').textContent(), '1\u00a0running, 1\u00a0failed');
    assert.equal(await tile('unseen').innerText(), 'unseen\nNot connected\nNo\u00a0operations');
    assert.equal(
      await dashboard.page.locator('.hosts-sum').textContent(),
      '5 connected · 8 of 10 GPUs in use',
    );
    const title = await tile('dgx-1').locator('.meters').getAttribute('title');
    assert.match(title ?? '', /^GPU 7: NVIDIA H100 80GB HBM3, 0%, .*, 31 °C, 71 of 700 W$/mu);
    assert.doesNotMatch(await dashboard.page.locator('.hosts').innerText(), /N\/A|NaN|undefined/u);
    await dashboard.screenshot('hosts-1600');
    await dashboard.page.setViewportSize({ width: 300, height: 1000 });
    await dashboard.screenshot('hosts-300');
  });

  it('says since when figures stand that are not those of now', async () => {
    const { page } = await open({ time: now });
    await dashboard.send(snapshot([], { hosts: [plain(), unreachable()] }));
    const age = (name: string) => tile(name).locator('.host-age');
    assert.match((await age('lab').textContent()) ?? '', /^as of .*:39/u);
    assert.equal(await age('gpu-less').isVisible(), false);
    await page.clock.runFor(60_000);
    assert.match((await age('gpu-less').textContent()) ?? '', /^as of .*:59/u);
  });

  it('warns of what is too much by the settings, in more than a colour, while its figures are those of now', async () => {
    const { page } = await open({ time: now, theme: 'contrast-dark' });
    const busy = { ...plain(), health: health({ cpuPercent: 97.2, memoryFreeMb: 3000 }) };
    await dashboard.send(snapshot([], { hosts: [busy] }));
    assert.deepEqual(await meters('gpu-less'), [
      'gpu-less: CPU 97%, above the limit of 80%',
      'gpu-less: Memory 97%, 122.1 GB of 125.0 GB in use, less than 4000 MB free',
      'gpu-less: Disk 77%, 1.4 TB of 1.8 TB in use',
    ]);
    const title = () => tile('gpu-less').locator('.meters').getAttribute('title');
    assert.match(
      (await title()) ?? '',
      /^CPU: 97%, above the limit of 80%\nMemory: 97%, less than .*\n\nCPU: 97% of/u,
    );
    assert.equal(await page.locator('.meter-mark:visible').count(), 2);
    const colour = (name: string) =>
      dashboard.evaluate<string>(
        `getComputedStyle(document.querySelector('.${name} .meter-fill')).backgroundColor`,
      );
    assert.notEqual(await colour('cpu'), await colour('disk'));
    await dashboard.send(snapshot([], { hosts: [busy], overload: { cpuPercent: 100, memoryMb: 0 } }));
    assert.deepEqual((await meters('gpu-less')).slice(0, 2), [
      'gpu-less: CPU 97%',
      'gpu-less: Memory 97%, 122.1 GB of 125.0 GB in use, nearly full',
    ]);
    await page.clock.runFor(60_000);
    assert.equal(await page.locator('.meter-mark:visible').count(), 0);
  });

  it('touches only the tile whose host changed, and of it only what did', async () => {
    await open({ time: now });
    const at = (cpuPercent: number) => ({ ...plain(), health: health({ cpuPercent }) });
    const operations = [operation('a', { hostId: 'dgx-1' })];
    await dashboard.send(snapshot(operations, { hosts: [at(10), eightGpus()] }));
    await dashboard.evaluate(`
      window.touched = [];
      new MutationObserver((records) => {
        window.touched.push(...records.map(({ target }) =>
          target instanceof Element ? target.className : target.parentElement.className));
      }).observe(document.getElementById('root'), {
        subtree: true, childList: true, characterData: true, attributes: true,
      });`);
    await dashboard.send(snapshot(operations, { hosts: [at(20), eightGpus()] }));
    // The tooltip, the text, the bar's two values and its width.
    assert.deepEqual((await dashboard.evaluate<string[]>('window.touched')).sort(), [
      'meter-bar',
      'meter-bar',
      'meter-fill',
      'meter-value',
      'meters',
    ]);
  });

  it('moves no card when figures of hosts and operations come', async () => {
    await open({ time: now });
    const unseen = [host('gpu-less'), host('h1')];
    await dashboard.send(snapshot([operation('a')], { hosts: unseen }));
    const before = await firstCardTop();
    const height = await dashboard.card('a').boundingBox();
    const resources = { cpuPercent: 12, memoryMb: 2048 };
    await dashboard.send(snapshot([operation('a', { resources })], { hosts: [plain(), host('h1')] }));
    assert.equal(await firstCardTop(), before);
    assert.deepEqual(await dashboard.card('a').boundingBox(), height);
  });

  it('keeps the cards in sight with twenty hosts, until the user opens them, by keyboard as well', async () => {
    const { page } = await open({ height: 800, theme: 'light' });
    const operations = Array.from({ length: 12 }, (_, at) => operation(`op-${at}`));
    await dashboard.send(snapshot(operations, { hosts: many(20) }));
    assert.equal(await toggle().getAttribute('aria-expanded'), 'false');
    assert.equal(await tiles().count(), 0);
    assert.ok((await firstCardTop()) < 160);
    await toggle().press('Enter');
    assert.equal(await toggle().getAttribute('aria-expanded'), 'true');
    assert.equal(await tiles().count(), 20);
    assert.ok((await firstCardTop()) < 600);
    await dashboard.screenshot('hosts-many', { fullPage: false });
    assert.deepEqual((await dashboard.posted()).at(-1), { type: 'showHosts', shown: true });
    // What scrolls is reached, and scrolled, by keys.
    await page.keyboard.press('Tab');
    assert.equal(await dashboard.evaluate(`document.activeElement.className`), 'host-tiles');
    assert.deepEqual(await dashboard.flaws(), []);
    // What the user chose stands, whatever was told before.
    await dashboard.send(snapshot(operations, { hosts: many(21), areHostsShown: false }));
    assert.equal(await tiles().count(), 21);
    await dashboard.card('op-0').focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Home');
    const isSeen = `(({ top, bottom }) => top >= 0 && bottom <= innerHeight)(document.activeElement.getBoundingClientRect())`;
    assert.equal(await dashboard.evaluate(isSeen), true);
  });

  it('are shown or not as the user chose earlier, and not at all where there is none', async () => {
    await open({ time: now });
    await dashboard.send(snapshot([], { hosts: [plain()], areHostsShown: false }));
    assert.equal(await tiles().count(), 0);
    await dashboard.send(snapshot([], { hosts: [] }));
    assert.equal(await toggle().isVisible(), false);
  });

  it('shows foreign names as text, within 300 pixels, however long', async () => {
    const { page } = await open({ time: now, width: 300 });
    const endless = 'x'.repeat(600);
    const gpus = eightGpus().health?.gpus.map((gpu) => ({ ...gpu, name: hostile })) ?? [];
    await dashboard.send(
      snapshot([], {
        hosts: [
          host('a', { name: `${hostile}\u202e`, address: hostile, health: health({ gpus }) }),
          host('b', { name: endless, health: health({ gpuProblem: hostile, receivedMbps: 1e9, load: 1e9 }) }),
        ],
      }),
    );
    assert.equal(await tiles().first().locator('.host-name').textContent(), hostile);
    assert.equal(await page.locator('#root :is(img, script)').count(), 0);
    assert.equal(await dashboard.fits(), true);
  });

  it('shows bars in forced colours, and moves none where reduced motion is wished', async () => {
    const { page } = await open({ time: now });
    await dashboard.send(snapshot([], { hosts: [plain()] }));
    const style = (selector: string, property: string) =>
      dashboard.evaluate<string>(`getComputedStyle(document.querySelector('${selector}')).${property}`);
    await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
    assert.equal(await style('.meter-bar', 'borderTopStyle'), 'solid');
    assert.notEqual(
      await style('.meter-fill', 'backgroundColor'),
      await style('.meter-bar', 'backgroundColor'),
    );
    assert.match(await style('.meter-fill', 'transitionDuration'), /^0s$/u);
  });
});

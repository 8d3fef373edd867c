import assert from 'node:assert/strict';
import { busy, detail, DetailPage, failed, now, read } from './detailHarness';
import { themes } from './support/webviewHarness';
import { pagesOf } from './support/pages';

const hostile = '<img src=x onerror=alert(1)>';
const endless = 'x'.repeat(600);

describe('detail page', () => {
  let detailPage: DetailPage;
  const openPage = pagesOf(DetailPage.open);
  const open = async (...options: Parameters<typeof openPage>) => (detailPage = await openPage(...options));

  const posted = async () => (await detailPage.posted()).slice(1);
  const factOf = (label: string) =>
    detailPage.page
      .locator('.facts .fact', { has: detailPage.page.getByText(label, { exact: true }) })
      .locator('dd');

  it('says why it ended, with the lines that show it, and how it began as far as that is known', async () => {
    await open({ time: now });
    await detailPage.send(failed());
    const why = detailPage.section('Why It Ended');
    assert.equal(
      await why.locator('.why-title').textContent(),
      "Python stopped at an error: KeyError: 'labels'",
    );
    assert.match((await why.locator('pre').textContent()) ?? '', /line 88.*\n.*\nKeyError: 'labels'$/u);
    await detailPage.send(detail({ status: 'failed', error: 'sbatch: invalid account' }));
    assert.equal(await why.locator('.why-title').textContent(), 'Sbatch: invalid account');
    assert.equal(await why.locator('pre').isVisible(), false);
    await detailPage.send(detail({ status: 'completed', exitCode: 0 }));
    assert.equal(await why.locator('.why-title').textContent(), 'It ended by itself, with exit code 0.');
    await detailPage.send(detail());
    assert.equal(await why.isVisible(), false);
    assert.equal(await factOf('Started with').textContent(), 'A plain process');
    await detailPage.send(detail({ adopted: 'file' }));
    assert.equal(await factOf('Started with').textContent(), 'Not known: it was found running');
    assert.deepEqual(
      [await factOf('Tracked since').isVisible(), await factOf('Submitted').isVisible()],
      [true, false],
    );
  });

  it('tells what happened, when, and what showed it', async () => {
    await open({ time: now });
    await detailPage.send(failed());
    const events = detailPage.section('What Happened').getByRole('listitem');
    const texts = await events.allInnerTexts();
    assert.equal(texts.length, 3);
    assert.match(texts[1] ?? '', /^Running\s+\S.*\s+after 2 s\s+Launched on gpu-box$/u);
    assert.match(texts[2] ?? '', /^Failed\s+\S.*\s+after 58 min 58 s\s+Exit code 1 on gpu-box$/u);
  });

  it('draws progress and metrics over time, and says in words what the pictures show', async () => {
    const { page } = await open({ time: now });
    await detailPage.send(busy());
    const spoken = await page.getByRole('progressbar').getAttribute('aria-valuetext');
    assert.match(spoken ?? '', /^58%, epoch 7 of 12$/iu);
    const charts = detailPage.section('Over Time').locator('.chart svg');
    assert.equal(await charts.count(), 3);
    const said = await charts.nth(1).getAttribute('aria-label');
    assert.match(said ?? '', /^loss: from 2\.6 at .* to 0\.\d+ at .*, lowest 0\.\d+, highest 2\.\d+$/u);
    await detailPage.send(detail({}, { charts: [{ metric: 'loss', points: [[1, 2]] }] }));
    assert.equal(await detailPage.section('Over Time').isVisible(), false);
  });

  it('draws what it used, and tells what its host does, with the GPUs that it holds', async () => {
    const { page } = await open({ time: now });
    await detailPage.send(busy());
    const said = async (title: string) => {
      const charts = await detailPage.section(title).locator('.chart svg').all();
      return Promise.all(charts.map(async (chart) => (await chart.getAttribute('aria-label')) ?? ''));
    };
    const used = await said('Resources in the Last Hour');
    assert.deepEqual(
      used.map((label) => label.split(':')[0]),
      ['CPU', 'Memory', 'GPU'],
    );
    assert.match(used[1] ?? '', /to 12\.1 GB at .*, lowest 0 B, highest 12\.1 GB$/u);
    assert.deepEqual(
      (await said('Host')).map((label) => label.split(':')[0]),
      ['CPU', 'Memory', 'GPU 0', 'GPU 1'],
    );
    const gpus = page.getByRole('meter', { name: 'gpu-box: 8 GPUs' });
    assert.equal(await gpus.getAttribute('aria-valuetext'), '72%, 6 of 8 GPUs in use');
    assert.equal(await factOf('GPU memory').textContent(), '59.6 GB');
    assert.equal(await factOf('Network').isVisible(), false);
    await detailPage.send(detail());
    assert.equal(await detailPage.section('Host').isVisible(), false);
    assert.equal(await detailPage.section('Resources in the Last Hour').isVisible(), false);
  });

  it('shows foreign text as text, and lets none reverse what follows', async () => {
    const { page } = await open();
    const shown = failed();
    await detailPage.send({
      ...shown,
      operation: {
        ...busy().operation,
        ...shown.operation,
        ...{ id: 'op-1', hostId: 'h', hostName: hostile, name: `${hostile}\u202e`, kind: hostile },
        ...{ description: hostile, command: hostile, error: hostile, progressMessage: hostile },
        type: 'job',
        status: 'failed',
        shownStatus: 'failed',
        observation: 'fresh',
        launcher: 'slurm',
        submittedAt: now,
        scheduler: { jobId: hostile, state: hostile, partition: hostile, node: hostile, reason: hostile },
        cause: { title: hostile, lines: [hostile] },
        metrics: { [hostile]: 1 },
      },
      history: [{ at: hostile, from: undefined, to: 'failed', evidence: hostile }],
      charts: [
        {
          metric: hostile,
          points: [
            [1, 1],
            [2, 2],
          ],
        },
      ],
      folder: hostile,
      runDirectory: hostile,
      environment: [{ name: hostile, value: hostile }],
      problem: hostile,
    });
    await detailPage.sendLog(read(`${hostile}\n\u001b]8;;http://x.test\u0007link\u001b]8;;\u0007\u202eend`));
    assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), hostile);
    assert.equal(await page.locator('.log div').nth(1).textContent(), 'linkend');
    assert.equal(await page.locator('#root :is(img, script, a)').count(), 0);
  });

  it('keeps the value of what looks like a secret away until it is asked for, and hides it again', async () => {
    const { page } = await open();
    const shown = busy();
    await detailPage.send(shown);
    assert.doesNotMatch(await page.locator('.environment').innerText(), /s3cret/u);
    await page.getByRole('button', { name: 'Reveal WANDB_API_KEY' }).click();
    await detailPage.send({
      ...shown,
      environment: [{ name: 'WANDB_API_KEY', value: 's3cret', isSecret: true }],
    });
    assert.equal(await page.locator('.variable-value').first().textContent(), 's3cret');
    await page.getByRole('button', { name: 'Hide WANDB_API_KEY' }).click();
    assert.deepEqual(await posted(), [
      { type: 'reveal', name: 'WANDB_API_KEY', shown: true },
      { type: 'reveal', name: 'WANDB_API_KEY', shown: false },
    ]);
    assert.equal(await detailPage.evaluate(`sessionStorage.getItem('state')`), '{"id":"op-1"}');
  });

  it('offers the actions that apply, and passes on which was wanted', async () => {
    const { page } = await open();
    const labels = () => page.locator('.actions vscode-button:visible').allTextContents();
    await detailPage.send(busy());
    assert.deepEqual(await labels(), [
      'Show Whole Log',
      'Open Terminal',
      'Pause',
      'Restart...',
      'Edit and Resubmit...',
      'Kill',
    ]);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Attempt 2: Failed' }).click();
    await page.getByRole('button', { name: 'Copy Command' }).click();
    await detailPage.send(failed());
    assert.deepEqual(await labels(), [
      'Show Whole Log',
      'Open Terminal',
      'Resubmit',
      'Edit and Resubmit...',
      'Archive',
    ]);
    assert.deepEqual(await posted(), [
      { type: 'action', action: 'pause' },
      { type: 'open', id: 'op-0' },
      { type: 'copy', what: 'command' },
    ]);
    await detailPage.send(detail({ origin: 'found', launcher: 'slurm' }));
    assert.deepEqual(await labels(), []);
    await detailPage.send(detail({ launcher: 'external', reportedBy: 'Model Store', command: '' }));
    assert.deepEqual(await labels(), ['Archive']);
    assert.match(await page.locator('.place').innerText(), /reported by Model Store/);
    await detailPage.screenshot('reported');
    const { host: _removed, ...unwatched } = detail({ pausable: true, type: 'server', port: 8080 });
    await detailPage.send(unwatched);
    assert.deepEqual(await labels(), ['Edit and Resubmit...', 'Archive']);
    await detailPage.send(detail({ type: 'server', port: 8080, forwardedPort: 8081 }));
    assert.deepEqual((await labels()).slice(0, 4), [
      'Show Whole Log',
      'Open Port...',
      'Stop Forwarding',
      'Open Terminal',
    ]);
  });

  it('keeps the focus on the actions when the one that was used applies no more', async () => {
    const { page } = await open();
    await detailPage.send(busy());
    await page.getByRole('button', { name: 'Kill' }).focus();
    await detailPage.send(failed());
    assert.equal(await detailPage.evaluate('document.activeElement.textContent'), 'Show Whole Log');
  });

  it('is used by keyboard alone: every action, copy and scrolled text can be reached', async () => {
    const { page } = await open({ height: 700 });
    await detailPage.send(failed());
    await detailPage.sendLog(read('line\n'.repeat(300)));
    const reached = new Set<string>();
    for (let step = 0; step < 30; step++) {
      await page.keyboard.press('Tab');
      const name = await detailPage.evaluate<string>(
        `document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent`,
      );
      reached.add(name);
    }
    for (const name of ['Resubmit', 'Archive', 'Copy Command', 'The last lines of the log', 'What was run']) {
      assert.ok(reached.has(name), `${name} is not among ${[...reached].join(', ')}`);
    }
  });

  it('shows the end of the log in the colours of the terminal, and follows it until it is scrolled away', async () => {
    const { page } = await open({ time: now });
    await detailPage.send(busy());
    await detailPage.sendLog(
      read('\u001b[31mred\u001b[0m plain\n10 %\r20 %\n', { isCut: true, sizeBytes: 4096 }),
    );
    const lines = page.locator('.log > div');
    assert.deepEqual(await lines.allTextContents(), ['red plain', '20 %']);
    const style = await lines.first().locator('span').getAttribute('style');
    assert.match(style ?? '', /color: .*var\(--vscode-terminal-ansiRed\)/u);
    assert.equal(await page.locator('.log-note').textContent(), 'The end of 4.0 KB');
    const scroll = (expression: string) =>
      detailPage.evaluate<number>(`((log) => ${expression})(document.querySelector('.log'))`);
    const many = (count: number) => Array.from({ length: count }, (_, n) => `line ${n}`).join('\n');
    await detailPage.sendLog(read(many(100)));
    assert.ok((await scroll('log.scrollHeight - log.scrollTop - log.clientHeight')) < 2);
    await scroll('(log.scrollTop = 40)');
    await detailPage.sendLog(read(many(120)));
    assert.equal(await scroll('log.scrollTop'), 40);
  });

  it('leaves lines alone that are selected or read further up, while the log moves on', async () => {
    const { page } = await open({ time: now });
    await detailPage.send(busy());
    const from = (first: number, count = 200) =>
      read(Array.from({ length: count }, (_, at) => `line ${first + at}`).join('\n'), { isCut: true });
    const select = (line: string) =>
      detailPage.evaluate(`{
        const line = [...document.querySelectorAll('.log > div')].find((each) => each.textContent === '${line}');
        getSelection().selectAllChildren(line);
      }`);
    const selected = () => detailPage.evaluate<string>('String(getSelection())');
    const shown = () =>
      detailPage.evaluate<string[]>(`(() => {
        const all = document.querySelector('.log').children;
        return [all[0].textContent, all[all.length - 1].textContent];
      })()`);
    const scrollTo = (share: number) =>
      detailPage.evaluate(
        `((log) => (log.scrollTop = log.scrollHeight * ${share}))(document.querySelector('.log'))`,
      );
    /** The first line that can be seen, and how far above it begins. */
    const inSight = () =>
      detailPage.evaluate<string>(`(() => {
        const log = document.querySelector('.log');
        const { top } = log.getBoundingClientRect();
        const first = [...log.children].find((line) => line.getBoundingClientRect().bottom > top + 1);
        return first.textContent + ' at ' + Math.round(first.getBoundingClientRect().top - top);
      })()`);

    await detailPage.sendLog(from(0));
    await select('line 190');
    await detailPage.sendLog(from(100));
    assert.deepEqual([await selected(), ...(await shown())], ['line 190', 'line 100', 'line 299']);
    await detailPage.sendLog(from(191));
    assert.deepEqual([await selected(), ...(await shown())], ['line 190', 'line 100', 'line 299']);
    await detailPage.evaluate('getSelection().removeAllRanges()');
    await page.locator('.log > div', { hasText: 'line 390' }).waitFor();
    assert.deepEqual(await shown(), ['line 191', 'line 390']);

    await scrollTo(0.5);
    const before = await inSight();
    assert.match(before, /^line \d+ at -?\d+$/u);
    await detailPage.sendLog(from(221));
    assert.deepEqual([await inSight(), ...(await shown())], [before, 'line 221', 'line 420']);
    await detailPage.sendLog(from(1_000));
    assert.deepEqual([await inSight(), ...(await shown())], [before, 'line 221', 'line 420']);
    await scrollTo(1);
    await page.locator('.log > div', { hasText: 'line 1199' }).waitFor();
    assert.equal((await shown())[0], 'line 1000');
  });

  it('says why there is no log, and reads it on the user’s word', async () => {
    const { page } = await open();
    await detailPage.send(busy());
    await detailPage.sendLog({ state: 'away' });
    assert.equal(await page.locator('.log-note').textContent(), 'The host is not connected.');
    await page.getByRole('button', { name: 'Read the Log' }).click();
    assert.deepEqual(await posted(), [{ type: 'readLog' }]);
    await detailPage.sendLog({ state: 'failed', error: 'dgx-1 refused the connection.' });
    assert.equal(await page.locator('.log-error').textContent(), 'dgx-1 refused the connection.');
    await detailPage.sendLog(read(''));
    assert.equal(await page.locator('.log-note').textContent(), 'No output yet.');
    assert.equal(await page.getByRole('button', { name: 'Read the Log' }).isVisible(), false);
  });

  it('lets uptime and knowledge age by themselves, by the clock that the times come from', async () => {
    const { page } = await open({ time: '2026-06-03T15:30:00Z' });
    await detailPage.send(busy());
    assert.equal(await factOf('Up').textContent(), '59 min 58 s');
    assert.equal(await page.locator('.notice').textContent(), 'Verified 4 s ago by pid and start time');
    await page.clock.runFor(3000);
    assert.equal(await factOf('Up').textContent(), '1 h 00 min');
    assert.equal(await page.locator('.notice').textContent(), 'Verified 7 s ago by pid and start time');
  });

  it('touches nothing where nothing changed', async () => {
    await open({ time: now });
    await detailPage.send(busy());
    await detailPage.evaluate(`
      window.touched = [];
      new MutationObserver((records) => window.touched.push(...records.map(({ target }) => target.className ?? target.nodeName)))
        .observe(document.getElementById('root'), { subtree: true, childList: true, characterData: true, attributes: true });`);
    await detailPage.send(busy());
    assert.deepEqual(await detailPage.evaluate('window.touched'), []);
  });

  it('says that it loads, or that the operation is gone', async () => {
    const { page } = await open();
    const { operation: _gone, ...rest } = detail();
    await detailPage.send({ ...rest, isLoading: true });
    assert.equal(await page.locator('main').textContent(), 'Loading…');
    await detailPage.send(rest);
    assert.match((await page.locator('main').textContent()) ?? '', /not in the list any more/u);
    await detailPage.send(detail());
    assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'Fine-tune');
  });

  it('stays within 300 pixels, whatever the texts', async () => {
    await open({ width: 300 });
    const shown = busy();
    await detailPage.send({
      ...shown,
      operation: {
        ...failed().operation,
        ...shown.operation,
        ...{ name: endless, hostName: endless, kind: endless, description: endless, command: endless },
        cause: { title: endless, lines: [endless] },
        metrics: { [endless]: 1e30 },
        status: 'failed',
      } as NonNullable<typeof shown.operation>,
      history: [{ at: now, from: undefined, to: 'failed', evidence: endless }],
      environment: [{ name: endless, value: endless, isSecret: true }],
      folder: endless,
    });
    await detailPage.sendLog(read(endless));
    assert.equal(await detailPage.evaluate('document.documentElement.scrollWidth'), 300);
  });

  it('does not pulse where reduced motion is wished', async () => {
    const { page } = await open();
    await detailPage.send(busy());
    const animation = `getComputedStyle(document.querySelector('.status .dot')).animationName`;
    assert.equal(await detailPage.evaluate(animation), 'pulse');
    await page.emulateMedia({ reducedMotion: 'reduce' });
    assert.equal(await detailPage.evaluate(animation), 'none');
  });

  for (const theme of themes) {
    it(`can be read and used by everyone in ${theme}, from 300 to 1600 pixels`, async () => {
      const { page } = await open({ theme, height: 1000 });
      for (const [name, snapshot] of [
        ['busy', busy()],
        ['failed', failed()],
      ] as const) {
        await detailPage.send(snapshot);
        await detailPage.sendLog(read('epoch 1 \u001b[32mok\u001b[0m\n\u001b[33mwarning\u001b[0m: slow\n'));
        for (const width of [300, 800, 1600]) {
          await page.setViewportSize({ width, height: 1000 });
          assert.equal(await detailPage.fits(), true);
          await detailPage.screenshot(`detail-${name}-${theme}-${width}`);
          assert.deepEqual(await detailPage.flaws(), []);
        }
      }
    });
  }
});

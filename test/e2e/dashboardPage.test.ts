import assert from 'node:assert/strict';
import { eventually } from '../testbed/eventually';
import { DashboardPage, now, operation, snapshot } from './dashboardHarness';
import { pagesOf } from './support/pages';

describe('dashboard page', () => {
  let dashboard: DashboardPage;
  const openPage = pagesOf(DashboardPage.open);
  const open = async (...options: Parameters<typeof openPage>) => (dashboard = await openPage(...options));

  it('speaks the language that VS Code has words for', async () => {
    const words = {
      Active: 'Aktiv',
      Running: 'Läuft',
      Sync: 'Abgleichen',
      Kill: 'Beenden',
      'Kill {0}': '{0} beenden',
      'Epoch {0} of {1}': 'Epoche {0} von {1}',
      'about {0} min left': 'noch etwa {0} min',
      'verified {0} by {1}': 'geprüft {0} durch {1}',
      '{0} ago': 'vor {0}',
    };
    const { page } = await open({ words, time: now });
    const verified = { verifiedAt: '2026-06-03T13:59:56Z', verifiedBy: 'pid' };
    await dashboard.send(
      snapshot([operation('a', { progress: 0.5, epoch: 3, totalEpochs: 9, etaSeconds: 600, ...verified })]),
    );
    await page.getByRole('list', { name: 'Aktiv' }).waitFor();
    await page.getByRole('button', { name: 'Abgleichen' }).waitFor();
    await page.getByRole('button', { name: 'a beenden' }).waitFor();
    const text = await dashboard.card('a').innerText();
    for (const word of ['Läuft', 'Epoche 3 von 9', 'noch etwa 10 min', 'Geprüft vor 4 s durch pid']) {
      assert.ok(text.includes(word), `${word} in ${text}`);
    }
  });

  it('asks once for a whole snapshot where a message is missing, and goes on from it', async () => {
    await open();
    const at = (progress: number) => snapshot([operation('a', { progress })]);
    await dashboard.send(at(0.1));
    dashboard.lose(at(0.2));
    await dashboard.send(at(0.3));
    await dashboard.send(at(0.4));
    const percent = () => dashboard.card('a').locator('.percent').textContent();
    assert.equal(await percent(), '10%');
    assert.deepEqual(await dashboard.posted(), [{ type: 'ready' }, { type: 'ready' }]);
    await dashboard.sendWhole(at(0.5));
    assert.equal(await percent(), '50%');
    await dashboard.send(at(0.6));
    assert.equal(await percent(), '60%');
  });

  it('touches only the card that changed, and keeps the focus', async () => {
    await open();
    const a = operation('a', { progress: 0.1 });
    const b = operation('b', { progress: 0.5, verifiedAt: '2026-06-03T13:59:00Z' });
    await dashboard.send(snapshot([a, b]));
    await dashboard.card('b').getByRole('button', { name: 'Kill b' }).focus();
    await dashboard.evaluate(`
      window.touched = [];
      const nearestCard = (node) => (node instanceof Element ? node : node.parentElement).closest('.card');
      new MutationObserver((records) => {
        window.touched.push(...records.map(({ target }) => nearestCard(target)?.dataset.id ?? 'outside'));
      }).observe(document.getElementById('root'), {
        subtree: true, childList: true, characterData: true, attributes: true,
      });`);
    await dashboard.send(
      snapshot([
        { ...a, progress: 0.2 },
        { ...b, verifiedAt: '2026-06-03T14:00:00Z' },
      ]),
    );
    const touched = await dashboard.evaluate<string[]>('window.touched');
    assert.deepEqual([...new Set(touched)], ['a']);
    // Percent, the bar's two values and its width.
    assert.equal(touched.length, 4);
    assert.equal(await focusedCard(), 'b');
  });

  it('says who reports what another extension runs, and offers nothing that cannot be done', async () => {
    const { page } = await open({ time: now });
    const reported = { launcher: 'external', reportedBy: 'Data\u202e Store', progress: 0.5 } as const;
    const silent = {
      observation: 'stale',
      observationReason: 'its extension has not reported it since',
    } as const;
    await dashboard.send(
      snapshot([
        operation('a', { ...reported, stalledSince: '2026-06-03T13:40:00Z' }),
        operation('b', { ...reported, ...silent, unverifiedSince: '2026-06-03T13:40:00Z' }),
      ]),
    );
    const text = await dashboard.card('a').innerText();
    assert.match(text, /reported by Data Store/);
    assert.match(text, /Stalled: nothing reported since/);
    assert.match(
      await dashboard.card('b').innerText(),
      /Unverified since .*: its extension has not reported it since/,
    );
    const buttons = page.getByRole('button', { name: / a$/ });
    assert.deepEqual(await buttons.filter({ visible: true }).count(), 1);
    await page.getByRole('button', { name: 'More actions for a' }).waitFor();
  });

  it('keeps the focus in a card that ends and moves', async () => {
    await open();
    await dashboard.send(snapshot([operation('a'), operation('b'), operation('c', { status: 'completed' })]));
    await dashboard.card('a').getByRole('button', { name: 'Kill a' }).focus();
    await dashboard.send(
      snapshot([
        operation('a', { status: 'cancelled' }),
        operation('b'),
        operation('c', { status: 'completed' }),
      ]),
    );
    assert.equal(await dashboard.evaluate('document.activeElement.dataset.id'), 'a');
  });

  it('keeps every card in its order when one of them moves', async () => {
    await open();
    const jobs = ['a', 'b', 'c', 'd'].map((id, index) =>
      operation(id, { startedAt: `2026-06-03T13:0${index}:00Z` }),
    );
    await dashboard.send(snapshot(jobs));
    assert.deepEqual(await cardOrder(), ['a', 'b', 'c', 'd']);
    await dashboard.send(snapshot([...jobs.slice(1), operation('a', { startedAt: '2026-06-03T13:05:00Z' })]));
    assert.deepEqual(await cardOrder(), ['b', 'c', 'd', 'a']);
    await dashboard.send(snapshot(jobs.filter(({ id }) => id !== 'c')));
    assert.deepEqual(await cardOrder(), ['a', 'b', 'd']);
  });

  it('shows of what is queued what it waits for, and how far the upload of its files is', async () => {
    await open();
    const upload = {
      progress: 0.25,
      sizeDoneBytes: 2 ** 29,
      sizeTotalBytes: 2 ** 31,
      speedBytesPerSecond: 100 * 2 ** 20,
    };
    await dashboard.send(
      snapshot([
        operation('a', {
          status: 'queued',
          shownStatus: 'queued',
          waitsFor: 'uploading its files',
          ...upload,
        }),
      ]),
    );
    const text = await dashboard.card('a').innerText();
    for (const part of ['Uploading its files', '25%', '512.0 MB of 2.0 GB', '100.0 MB/s']) {
      assert.ok(text.includes(part), text);
    }
  });

  it('says progress to assistive technology, and none where none is known', async () => {
    const { page } = await open();
    await dashboard.send(
      snapshot([
        operation('train', { type: 'job', progress: 0.156, epoch: 3, totalEpochs: 20 }),
        operation('script'),
      ]),
    );
    const bar = page.getByRole('progressbar');
    assert.equal(await bar.count(), 1);
    const values = ['aria-label', 'aria-valuemin', 'aria-valuemax', 'aria-valuenow', 'aria-valuetext'];
    assert.deepEqual(await Promise.all(values.map((name) => bar.getAttribute(name))), [
      'Progress of train',
      '0',
      '100',
      '15',
      '15%, Epoch 3 of 20',
    ]);
  });

  it('lets uptime tick between snapshots, and rest while hidden', async () => {
    const { page } = await open({ time: now });
    await dashboard.send(snapshot([operation('a', { startedAt: '2026-06-03T13:59:50Z' })]));
    const uptime = dashboard.card('a').locator('.fact', { hasText: /^Up/u }).locator('dd');
    assert.equal(await uptime.textContent(), '10 s');
    await page.clock.runFor(5000);
    assert.equal(await uptime.textContent(), '15 s');
    await setVisibility('hidden');
    await page.clock.runFor(60_000);
    assert.equal(await uptime.textContent(), '15 s');
    await setVisibility('visible');
    assert.equal(await uptime.textContent(), '1 min 15 s');
  });

  it('says when and how a status was verified, ageing by itself, by the clock that the times come from', async () => {
    const { page } = await open({ time: '2026-06-03T15:30:00Z' });
    const verified = { verifiedAt: '2026-06-03T13:59:56Z', verifiedBy: 'pid and start time' };
    await dashboard.send(
      snapshot([
        operation('a', verified),
        operation('b', { ...verified, status: 'failed', verifiedBy: 'exit code' }),
      ]),
    );
    const words = (id: string) => dashboard.card(id).locator('.notice').textContent();
    assert.equal(await words('a'), 'Verified 4 s ago by pid and start time');
    assert.match((await words('b')) ?? '', /^Verified .*:59.* by exit code$/u);
    await page.clock.runFor(3000);
    assert.equal(await words('a'), 'Verified 7 s ago by pid and start time');
  });

  it('says since when an active operation could not be verified, and why', async () => {
    await open({ time: now });
    const unverified = {
      observation: 'unreachable' as const,
      unverifiedSince: '2026-06-03T13:40:00Z',
      observationReason: 'no answer within 10 s',
    };
    await dashboard.send(
      snapshot([operation('a', unverified), operation('b', { ...unverified, status: 'completed' })]),
    );
    const notice = await dashboard.card('a').locator('.notice').textContent();
    assert.match(notice ?? '', /^Unverified since .*40.*: no answer within 10 s$/u);
    assert.equal(await dashboard.card('b').locator('.notice').isVisible(), false);
  });

  it('says since when what runs has written nothing', async () => {
    await open({ time: now });
    const stalled = { stalledSince: '2026-06-03T13:40:00Z' };
    await dashboard.send(snapshot([operation('a', stalled), operation('b', {})]));
    const notice = (id: string) => dashboard.card(id).locator('.stalled');
    assert.match((await notice('a').textContent()) ?? '', /^Stalled: nothing written since .*40/u);
    assert.equal(await notice('b').isVisible(), false);
  });

  it('posts what was asked for, and offers only what applies', async () => {
    const { page } = await open();
    const paused = operation('c', { status: 'paused', pausable: true });
    await dashboard.send(
      snapshot([operation('a', { pausable: true }), operation('b', { status: 'completed' }), paused]),
    );
    await dashboard.card('a').getByRole('button', { name: 'Kill a' }).click();
    await dashboard.card('a').getByRole('button', { name: 'Pause a' }).click();
    await dashboard.card('c').getByRole('button', { name: 'Resume c' }).click();
    await dashboard.card('b').getByRole('button', { name: 'Resubmit b' }).click();
    await dashboard.card('b').getByRole('button', { name: 'Show log of b' }).click();
    await page.getByRole('button', { name: 'Sync' }).click();
    await page.getByRole('button', { name: 'New Operation' }).click();
    assert.deepEqual(await dashboard.posted(), [
      { type: 'ready' },
      { type: 'action', action: 'kill', id: 'a' },
      { type: 'action', action: 'pause', id: 'a' },
      { type: 'action', action: 'resume', id: 'c' },
      { type: 'action', action: 'resubmit', id: 'b' },
      { type: 'action', action: 'showLog', id: 'b' },
      { type: 'command', command: 'sync' },
      { type: 'command', command: 'submit' },
    ]);
    const offered = await dashboard.card('b').getByRole('button').all();
    assert.deepEqual(await Promise.all(offered.map((button) => button.getAttribute('aria-label'))), [
      null,
      'Show log of b',
      'Resubmit b',
      'More actions for b',
    ]);
    await dashboard.send(snapshot([operation('a'), paused]));
    assert.equal(await dashboard.card('a').getByRole('button', { name: 'Pause' }).count(), 0);
  });

  it('offers the next step where there is nothing to show', async () => {
    const { page } = await open();
    await dashboard.send(snapshot([], { hosts: [] }));
    await page.getByRole('button', { name: 'Add a Host' }).click();
    assert.deepEqual((await dashboard.posted()).at(-1), { type: 'command', command: 'addHost' });
    await dashboard.send(snapshot([]));
    await page.locator('.empty').getByRole('button', { name: 'New Operation' }).click();
    assert.deepEqual((await dashboard.posted()).at(-1), { type: 'command', command: 'submit' });
  });

  it('shows the last snapshot at once after a reload', async () => {
    const { page } = await open();
    await dashboard.send(snapshot([operation('a')]));
    await eventually('the snapshot is kept', () =>
      dashboard.evaluate(`sessionStorage.getItem('state') !== null`),
    );
    await dashboard.reload();
    await dashboard.card('a').waitFor();
    assert.equal(await page.getByText('Updating...').isVisible(), true);
    await dashboard.send(snapshot([operation('a')]));
    assert.equal(await page.getByText('Updating...').isVisible(), false);
  });

  it('does not pulse where reduced motion is wished', async () => {
    const { page } = await open();
    await dashboard.send(snapshot([operation('a')]));
    const animation = `getComputedStyle(document.querySelector('.card .dot')).animationName`;
    assert.equal(await dashboard.evaluate(animation), 'pulse');
    await page.emulateMedia({ reducedMotion: 'reduce' });
    assert.equal(await dashboard.evaluate(animation), 'none');
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await dashboard.evaluate(`document.body.classList.add('vscode-reduce-motion')`);
    assert.equal(await dashboard.evaluate(animation), 'none');
  });

  const focusedCard = () => dashboard.evaluate(`document.activeElement.closest('.card')?.dataset.id`);
  const cardOrder = () =>
    dashboard.evaluate(`[...document.querySelectorAll('.card')].map((card) => card.dataset.id)`);
  const setVisibility = (state: string) =>
    dashboard.evaluate(`
      Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));`);
});

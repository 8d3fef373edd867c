import assert from 'node:assert/strict';
import { DashboardPage, operation, snapshot } from './dashboardHarness';
import { manyOperations } from './support/dashboardSamples';
import { pagesOf } from './support/pages';

/** Six rows of three are seen, and a few rows are kept beyond each edge. */
const mostCards = 48;

describe('dashboard page with many cards', () => {
  let dashboard: DashboardPage;
  const openPage = pagesOf(DashboardPage.open);
  const open = async (...options: Parameters<typeof openPage>) => (dashboard = await openPage(...options));

  for (const size of [1000, 10_000]) {
    it(`draws what is near sight of ${size}, wherever it is scrolled to, and says how many there are`, async () => {
      const { page } = await open({ width: 1000, height: 800 });
      await dashboard.send(snapshot(manyOperations(size)));
      const active = page.getByRole('list', { name: 'Active' }).getByRole('listitem');
      assert.equal((await cardsInSight()).missing, 0);
      await dashboard.allRows();
      assert.ok((await active.count()) >= 6);
      assert.equal(await active.first().getAttribute('aria-posinset'), '1');
      assert.equal(await active.first().getAttribute('aria-setsize'), String(size / 4));
      for (const part of [0, 0.3, 0.7, 1]) {
        await scrollTo(part);
        const { shown, missing } = await cardsInSight();
        assert.ok(shown <= mostCards, `${shown} cards`);
        assert.equal(missing, 0, `a gap at ${part}`);
      }
      await page.locator('.card').first().focus();
      await page.keyboard.press('End');
      const last = page.getByRole('list', { name: 'Ended' }).getByRole('listitem').last();
      assert.equal(await last.getAttribute('aria-posinset'), String((size * 3) / 4));
      assert.equal(await last.evaluate(inWindow), true);
    });
  }

  it('touches the changed cards that exist, and no others', async () => {
    await open({ width: 1000, height: 800 });
    const resources = { cpuPercent: 70, memoryMb: 512 };
    const before = manyOperations(1000).map((one) => ({ ...one, resources }));
    await dashboard.send(snapshot(before));
    await dashboard.allRows();
    await dashboard.evaluate(`
      window.touched = new Set();
      new MutationObserver((records) => {
        for (const { target } of records) {
          const place = target instanceof Element ? target : target.parentElement;
          window.touched.add(place.closest('.card')?.dataset.id ?? place.className);
        }
      }).observe(document.querySelector('main'), {
        subtree: true, childList: true, characterData: true, attributes: true,
      });`);
    const existing = new Set(
      await dashboard.evaluate<string[]>(
        `[...document.querySelectorAll('.card')].map(({ dataset }) => dataset.id)`,
      ),
    );
    const changed = new Set(before.map(({ id }) => id).filter((_, at) => at % 20 === 0));
    assert.equal(changed.size, 50);
    await dashboard.send(
      snapshot(
        before.map((one) =>
          changed.has(one.id) ? { ...one, resources: { ...resources, cpuPercent: 71 } } : one,
        ),
      ),
    );
    const touched = await dashboard.evaluate<string[]>('[...window.touched]');
    const expected = [...existing].filter((id) => changed.has(id));
    assert.ok(expected.length > 0);
    assert.deepEqual(touched.sort(), expected.sort());
  });

  it('keeps scroll position, focus and the focused card while operations come, go and end', async () => {
    const { page } = await open({ width: 1000, height: 800 });
    const operations = manyOperations(1000);
    await dashboard.send(snapshot(operations));
    await dashboard.allRows();
    await scrollTo(0.5);
    const focused = await dashboard.evaluate<string>(`
      (() => {
        const inSight = [...document.querySelectorAll('.card')].find((card) => card.getBoundingClientRect().top > 300);
        inSight.focus({ preventScroll: true });
        return inSight.dataset.id;
      })()`);
    const scrolled = await dashboard.evaluate<number>('scrollY');
    await dashboard.send(snapshot(operations.map((one) => ({ ...one, verifiedBy: 'another' }))));
    assert.equal(await dashboard.evaluate('scrollY'), scrolled);
    const others = operations.filter(({ id }) => id !== focused);
    const mine = operations.filter(({ id }) => id === focused);
    await dashboard.send(snapshot([...mine, ...others.slice(3), operation('new')]));
    assert.equal(await focusedCard(), focused);
    // A row above the window may have come to be higher or lower.
    assert.ok(Math.abs((await dashboard.evaluate<number>('scrollY')) - scrolled) < 100);
    await scrollTo(1);
    assert.equal(await focusedCard(), focused);
    await page.keyboard.press('ArrowDown');
    assert.notEqual(await focusedCard(), focused);
    assert.equal(await page.locator(':focus').evaluate(inWindow), true);
  });

  it('gives the focus to the next card where the focused one goes away', async () => {
    const { page } = await open();
    const operations = ['a', 'b', 'c'].map((id) => operation(id));
    await dashboard.send(snapshot(operations));
    await dashboard.card('b').focus();
    await dashboard.send(snapshot(operations.filter(({ id }) => id !== 'b')));
    assert.equal(await focusedCard(), 'c');
    assert.equal(await page.locator('.card[tabindex="0"]').getAttribute('data-id'), 'c');
  });

  it('moves by arrow keys, page by page and to both ends, over both sections', async () => {
    const { page } = await open({ width: 1000, height: 800 });
    const named = (prefix: string, count: number, values: Parameters<typeof operation>[1]) =>
      Array.from({ length: count }, (_, at) => operation(`${prefix}${at}`, values));
    const time = '2026-06-03T13:00:00Z';
    await dashboard.send(
      snapshot([...named('a', 5, {}), ...named('e', 99, { status: 'completed', endedAt: time })]),
    );
    await dashboard.card('a0').focus();
    const after = async (...keys: string[]) => {
      for (const key of keys) {
        await page.keyboard.press(key);
      }
      return focusedCard();
    };
    assert.equal(await after('ArrowRight'), 'a1');
    assert.equal(await after('ArrowDown'), 'a4');
    assert.equal(await after('ArrowDown'), 'e1');
    assert.equal(await after('ArrowUp', 'ArrowLeft'), 'a3');
    assert.equal(await after('End'), 'e98');
    assert.equal(await after('ArrowRight', 'ArrowDown'), 'e98');
    assert.equal(await page.locator(':focus').evaluate(inWindow), true);
    assert.equal(await after('Home'), 'a0');
    assert.equal(await dashboard.evaluate('scrollY'), 0);
    const below = await after('PageDown');
    assert.match(String(below), /^e\d+$/u);
    assert.equal(await after('PageUp'), 'a0');
    assert.equal(await after('x', 'k', 'Backspace', 'Control+Delete'), 'a0');
    assert.equal((await dashboard.posted()).length, 1);
  });

  it('opens details by Enter and by a click on the name, and asks to kill by Delete where that can be', async () => {
    const { page } = await open();
    await dashboard.send(snapshot([operation('a'), operation('b', { status: 'completed' })]));
    await dashboard.card('a').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Delete');
    await dashboard.card('b').locator('.name').click();
    await dashboard.card('b').focus();
    await page.keyboard.press('Delete');
    assert.deepEqual((await dashboard.posted()).slice(1), [
      { type: 'action', action: 'showDetails', id: 'a' },
      { type: 'action', action: 'kill', id: 'a' },
      { type: 'action', action: 'showDetails', id: 'b' },
    ]);
  });

  it('of a host that was removed offers nothing that the host would have to do', async () => {
    const { page } = await open();
    await dashboard.send(snapshot([operation('a', { pausable: true, unwatched: true })]));
    const names = await dashboard.evaluate(
      `[...document.querySelectorAll('.actions button:not([hidden])')].map((button) => button.ariaLabel)`,
    );
    assert.deepEqual(names, ['More actions for a']);
    await dashboard.card('a').focus();
    await page.keyboard.press('Delete');
    await page.keyboard.press('Enter');
    assert.deepEqual((await dashboard.posted()).slice(1), [
      { type: 'action', action: 'showDetails', id: 'a' },
    ]);
  });

  it('is one stop for Tab: a card, and from there its buttons; Escape leads back', async () => {
    const { page } = await open();
    await dashboard.send(snapshot([operation('a', { pausable: true }), operation('b')]));
    await page.getByRole('button', { name: 'New Operation' }).focus();
    const stops: unknown[] = [];
    for (let tab = 0; tab < 7; tab++) {
      await page.keyboard.press('Tab');
      stops.push(
        await dashboard.evaluate(
          `(({ ariaLabel, dataset, textContent }) => ariaLabel ?? dataset.id ?? textContent)(document.activeElement)`,
        ),
      );
      if (tab === 3) {
        await page.keyboard.press('Escape');
        stops.push(await dashboard.evaluate('document.activeElement.dataset.id'));
      }
    }
    const [hosts, ...cards] = stops;
    assert.equal(hosts, 'Hosts 1');
    assert.deepEqual(cards, ['a', 'Show log of a', 'Pause a', 'a', 'Show log of a', 'Pause a', 'Kill a']);
  });

  it('tells a screen reader name, type, status and place of a card, then what is known of it', async () => {
    await open();
    await dashboard.send(
      snapshot([
        operation('a', {
          type: 'job',
          name: 'train',
          status: 'failed',
          kind: 'pytorch',
          cause: { title: 'a GPU ran out of memory' },
        }),
      ]),
    );
    const tree = await dashboard.card('a').ariaSnapshot();
    assert.match(tree, /^- listitem "train Training job Failed gpu-box pytorch"/u);
    const described = await dashboard.evaluate<string>(`
      document.querySelector('.card').getAttribute('aria-describedby').split(' ')
        .map((id) => document.getElementById(id).innerText).join(' ').trim()`);
    assert.equal(described, 'A GPU ran out of memory');
  });

  it('asks VS Code for its menu with what the card is', async () => {
    const { page } = await open();
    await dashboard.send(snapshot([operation('a', { pausable: true })]));
    await dashboard.evaluate(`document.addEventListener('contextmenu', ({ target }) => {
      window.menu = JSON.parse(target.closest('[data-vscode-context]').dataset.vscodeContext);
    })`);
    await page.getByRole('button', { name: 'More actions for a' }).click();
    assert.deepEqual(await dashboard.evaluate('window.menu'), {
      webviewSection: 'operation.active.log.folder.pausable.restartable.killable',
      operationId: 'a',
      preventDefaultContextMenuItems: true,
    });
  });

  const focusedCard = () => dashboard.evaluate(`document.activeElement.closest('.card')?.dataset.id`);
  /** To a share of the whole height; resolves when the page has drawn what is there. */
  const scrollTo = (part: number) =>
    dashboard.evaluate(`new Promise((resolve) => {
      scrollTo(0, ${part} * (document.documentElement.scrollHeight - innerHeight));
      requestAnimationFrame(() => requestAnimationFrame(resolve));
    })`);
  /** `missing`: points of the window at which there should be a row and is none. Rows begin at whole pixels, none is seen between. */
  const cardsInSight = () =>
    dashboard.evaluate<{ shown: number; missing: number }>(`(() => {
      const heights = [200, 400, 600, 780];
      const isCovered = (y) => [...document.querySelectorAll('.row, h2, .section')].some((element) => {
        const { top, bottom } = element.getBoundingClientRect();
        return element.matches('.section') ? Math.abs(y - bottom) < 40 || Math.abs(y - top) < 40 : top - 1 < y && y < bottom + 1;
      });
      return {
        shown: document.querySelectorAll('.card').length,
        missing: heights.filter((y) => !isCovered(y)).length,
      };
    })()`);
});

function inWindow(element: { getBoundingClientRect(): { top: number; bottom: number } }): boolean {
  const { top, bottom } = element.getBoundingClientRect();
  return top >= 0 && bottom <= (globalThis as unknown as { innerHeight: number }).innerHeight;
}

import type { Locator, Page } from 'playwright-core';
import { exactly } from './quickInput';
import { chooseFromMenu } from './menu';
import { waitFor } from './waitFor';

export interface TreeRow {
  /** 1 for the topmost. */
  level: number;
  label: string;
  description: string;
  expanded?: boolean;
  /** What a screen reader says. */
  spoken: string;
}

/** Of the group of what has ended, in each language that is tested. */
const recentLabels = ['Recent', 'Zuletzt beendet'];

/** What we use of an element in the page; the DOM's types are not part of a Node program. */
interface RowElement {
  getAttribute(name: string): string | null;
  querySelector(selector: string): { textContent: string | null } | null;
}

/** A tree view in the side bar, found by its name. Rows outside the window are not read. */
export class TreeView {
  readonly #page: Page;
  readonly #tree: Locator;
  readonly #pane: Locator;
  readonly #menu: Locator;

  constructor(page: Page, name: string) {
    this.#page = page;
    this.#menu = page.locator('.monaco-menu');
    this.#tree = page.locator(`.part.sidebar [role="tree"][aria-label="${name}"]`);
    this.#pane = page
      .locator('.part.sidebar .pane')
      .filter({ has: page.locator(`.pane-header[aria-label^="${name}"]`) });
  }

  async rows(): Promise<TreeRow[]> {
    return this.#tree.locator('.monaco-list-row').evaluateAll((elements: RowElement[]) =>
      elements
        .sort((a, b) => Number(a.getAttribute('data-index')) - Number(b.getAttribute('data-index')))
        .map((element) => {
          const expanded = element.getAttribute('aria-expanded');
          return {
            level: Number(element.getAttribute('aria-level')),
            label: element.querySelector('.label-name')?.textContent ?? '',
            description: element.querySelector('.label-description')?.textContent ?? '',
            spoken: element.getAttribute('aria-label') ?? '',
            ...(expanded !== null && { expanded: expanded === 'true' }),
          };
        }),
    );
  }

  waitForRows(accept: (rows: TreeRow[]) => boolean, what: string, deadlineMs = 15_000): Promise<TreeRow[]> {
    return waitFor(() => this.rows(), accept, { what, deadlineMs });
  }

  /** Resolves with the first row of that label whose description matches, be it among those that have ended. */
  async waitForRow(label: string, description = /^/u, deadlineMs = 15_000): Promise<TreeRow> {
    const matches = (row: TreeRow) => row.label === label && description.test(row.description);
    const what = `the row "${label}" described as ${String(description)}`;
    const read = async () => {
      const rows = await this.rows();
      const folded = rows.find((row) => recentLabels.includes(row.label) && row.expanded === false);
      if (folded && !rows.some(matches)) {
        await this.setExpanded(folded.label, true);
      }
      return rows;
    };
    const rows = await waitFor(read, (all) => all.some(matches), { what, deadlineMs });
    return rows.find(matches)!;
  }

  /** Clicks rows, each beside those that are selected already. */
  async select(...labels: string[]): Promise<void> {
    for (const [index, label] of labels.entries()) {
      await this.#hover(label);
      await this.#row(label).click(index > 0 ? { modifiers: ['ControlOrMeta'] } : {});
    }
  }

  async doubleClick(label: string): Promise<void> {
    await this.#hover(label);
    await this.#row(label).dblclick();
  }

  async press(key: string): Promise<void> {
    await this.#tree.press(key);
  }

  /** A click that comes while VS Code restores what was open is lost now and then: then again. */
  async setExpanded(label: string, expanded: boolean, attempts = 4): Promise<void> {
    const row = this.#row(label);
    if ((await row.getAttribute('aria-expanded')) === String(expanded)) {
      return;
    }
    // Not by the mouse: the window may be behind another.
    await row.locator('.monaco-tl-twistie').dispatchEvent('click');
    const isSo = (rows: TreeRow[]) => rows.some((one) => one.label === label && one.expanded === expanded);
    const what = `"${label}" ${expanded ? 'expanded' : 'collapsed'}`;
    try {
      await this.waitForRows(isSo, what, attempts === 1 ? 15_000 : 4_000);
    } catch (error) {
      if (attempts === 1) {
        throw error;
      }
      await this.setExpanded(label, expanded, attempts - 1);
    }
  }

  /** Clicks an action that shows on the row under the mouse. */
  async inlineAction(label: string, action: string): Promise<void> {
    await this.#hover(label);
    const row = this.#row(label);
    await row.locator(`.actions .action-label[aria-label^="${action}"]`).click();
  }

  /** Clicks an icon in the view's title, or an entry of its "..." menu. */
  async titleAction(action: string): Promise<void> {
    // The only view of a container shows its actions in the container's title.
    const title = (await this.#pane.locator('.pane-header').isVisible())
      ? this.#pane.locator('.pane-header')
      : this.#page.locator('.part.sidebar .composite.title');
    await title.hover();
    const icon = title.locator(`.action-label[aria-label^="${action}"]`);
    if (await icon.isVisible()) {
      await icon.click();
    } else {
      await title.locator('.action-label[aria-label*="More Actions"]').click();
      await chooseFromMenu(this.#page, action);
    }
  }

  /** Rests the mouse on a row until what shows there matches. */
  async waitForTooltip(label: string, pattern: RegExp, attempts = 3): Promise<string> {
    const hover = this.#page.locator('.workbench-hover');
    await this.#page.mouse.move(0, 0);
    // One that the keyboard brought up, of something else, stays.
    await Promise.allSettled([hover.first().waitFor({ state: 'hidden', timeout: 2_000 })]);
    await this.#row(label).locator('.label-name').hover();
    // Text that is not Markdown has its spaces kept by others that do not break.
    const read = async () => (await hover.allTextContents()).join().replaceAll(/\s/gu, ' ');
    const options = { what: `the tooltip ${String(pattern)}`, deadlineMs: 8_000 };
    try {
      return await waitFor(read, (text) => pattern.test(text), options);
    } catch (error) {
      if (attempts === 1) {
        throw error;
      }
      // A row that is drawn anew takes its tooltip away, until the mouse moves.
      return this.waitForTooltip(label, pattern, attempts - 1);
    }
  }

  /** Entries of the row's context menu. */
  async contextMenu(label: string): Promise<string[]> {
    await this.#openContextMenu(label);
    const entries = await this.#menu.locator('.action-menu-item .action-label').allTextContents();
    await this.#page.keyboard.press('Escape');
    await this.#menu.waitFor({ state: 'hidden' });
    return entries;
  }

  async chooseFromContextMenu(label: string, entry: string): Promise<void> {
    await this.#openContextMenu(label);
    await chooseFromMenu(this.#page, entry);
  }

  /** The same without the mouse, from the row that has the focus on. */
  async chooseByKeyboard(label: string, entry: string): Promise<void> {
    await this.select(label);
    await this.#page.keyboard.press('Shift+F10');
    await this.#menu.locator('.action-menu-item').first().waitFor();
    const wanted = this.#menu
      .locator('.action-item.focused .action-label')
      .filter({ hasText: exactly(entry) });
    await waitFor(
      async () => {
        await this.#page.keyboard.press('ArrowDown');
        return wanted.isVisible();
      },
      (found) => found,
      { what: `the menu entry "${entry}"` },
    );
    await this.#page.keyboard.press('Enter');
    await this.#menu.waitFor({ state: 'hidden' });
  }

  /** The text of the empty view and of its message line. */
  async message(): Promise<string> {
    const texts = await this.#pane.locator('.message, .welcome-view-content').allTextContents();
    return texts.join('\n').trim();
  }

  /** Clicks a button or link of the empty view. */
  async clickWelcome(text: string): Promise<void> {
    await this.#pane.locator('.welcome-view-content').getByText(exactly(text)).first().click();
  }

  async #openContextMenu(label: string): Promise<void> {
    await this.#hover(label);
    await this.#row(label).click({ button: 'right' });
    await this.#menu.locator('.action-menu-item').first().waitFor();
  }

  /** A row that has just ended is on its way into a group that may be closed. */
  async #hover(label: string): Promise<void> {
    const hovers = async () => {
      await this.waitForRow(label);
      return this.#row(label)
        .hover({ timeout: 2_000 })
        .then(
          () => true,
          () => false,
        );
    };
    await waitFor(hovers, Boolean, { what: `the row "${label}"` });
  }

  #row(label: string): Locator {
    const name = this.#page.locator('.label-name').filter({ hasText: exactly(label) });
    return this.#tree.locator('.monaco-list-row').filter({ has: name }).first();
  }
}

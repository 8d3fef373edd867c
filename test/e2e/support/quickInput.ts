import type { Locator, Page } from 'playwright-core';
import { waitFor } from './waitFor';

/** How long the palette may take for one step before it is looked whether it is still open. */
const attemptMs = 3_000;

/** The box at the top: command palette, pickers and input boxes. */
export class QuickInput {
  readonly #page: Page;
  readonly #widget: Locator;
  readonly #input: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.#widget = page.locator('.quick-input-widget');
    this.#input = this.#widget.locator('.quick-input-box input');
  }

  /** Runs a command by its title as the palette shows it, `Category: Title`. */
  async runCommand(title: string): Promise<void> {
    await this.#inPalette(`>${title}`, (timeout) => this.#row(title).click({ timeout }));
  }

  /** Titles that the palette offers for a text, at most those in sight. */
  async findCommands(text: string): Promise<string[]> {
    const isFor = (row: string) => row.toLowerCase().includes(text.toLowerCase());
    let labels: string[] = [];
    await this.#inPalette(`>${text}`, async (deadlineMs) => {
      labels = await waitFor(
        () => this.labels(),
        (rows) => rows.length > 0 && rows.every(isFor),
        { what: `commands for "${text}"`, deadlineMs },
      );
    });
    await this.cancel();
    return labels;
  }

  /** Waits for the step whose title or placeholder holds the text: the box is reused from step to step. */
  async step(text: string): Promise<void> {
    await waitFor(
      async () =>
        (await this.isOpen())
          ? [await this.title(), (await this.#input.getAttribute('placeholder')) ?? '']
          : [],
      (texts) => texts.some((one) => one.includes(text)),
      { what: `the input step "${text}"` },
    );
  }

  async title(): Promise<string> {
    const title = this.#widget.locator('.quick-input-title');
    return (await title.isVisible()) ? ((await title.textContent()) ?? '').trim() : '';
  }

  labels(): Promise<string[]> {
    return this.#widget.locator('.quick-input-list .monaco-list-row .label-name').allTextContents();
  }

  /** Picks an item by its label, icons left out. */
  async pick(label: string): Promise<void> {
    await this.#row(label).click();
  }

  /** Types a text without accepting it. */
  async fill(text: string): Promise<void> {
    await this.#input.fill(text);
  }

  /**
   * VS Code's own file dialog begins with a folder of its choice, once it has read that, and takes another one once it has
   * read that, too. @param entry is in the folder
   */
  async fillPath(path: string, entry: string): Promise<void> {
    const value = () => this.#input.inputValue();
    await waitFor(value, (text) => text.endsWith('/'), { what: 'the folder that the dialog begins with' });
    const shown = async () => {
      if ((await value()) !== path) {
        await this.fill(path);
      }
      return this.labels();
    };
    await waitFor(shown, (labels) => labels.includes(entry), { what: `what is in ${path}` });
  }

  /** What stands in the box. */
  value(): Promise<string> {
    return this.#input.inputValue();
  }

  async enter(text: string): Promise<void> {
    await this.fill(text);
    await this.accept();
  }

  async accept(): Promise<void> {
    await this.#input.press('Enter');
  }

  /** What the box says about the input: the prompt, or why the value is refused. */
  async message(): Promise<string> {
    const message = this.#widget.locator('.quick-input-message');
    return (await message.isVisible()) ? ((await message.textContent()) ?? '').trim() : '';
  }

  async waitForMessage(pattern: RegExp): Promise<string> {
    return waitFor(
      () => this.message(),
      (text) => pattern.test(text),
      { what: `the message ${String(pattern)}` },
    );
  }

  /** Whether what is typed shows as dots. */
  async isMasked(): Promise<boolean> {
    return (await this.#input.getAttribute('type')) === 'password';
  }

  /** Clicks an icon beside the title. */
  async clickButton(label: string): Promise<void> {
    await this.#widget.locator(`.quick-input-titlebar .action-label[aria-label="${label}"]`).click();
  }

  isOpen(): Promise<boolean> {
    return this.#input.isVisible();
  }

  async cancel(): Promise<void> {
    await this.#input.press('Escape');
    await this.#input.waitFor({ state: 'hidden' });
  }

  /** A page that was opened just before may take the focus when it is there, which closes the palette: then again. */
  async #inPalette(text: string, act: (withinMs: number) => Promise<void>): Promise<void> {
    const attempt = async (): Promise<string> => {
      if (!(await this.isOpen())) {
        await this.#page.keyboard.press('F1');
      }
      try {
        await this.#input.fill(text, { timeout: attemptMs });
        await act(attemptMs);
        return '';
      } catch (error) {
        return String(error);
      }
    };
    await waitFor(attempt, (problem) => problem === '', { what: `the palette for "${text}"` });
  }

  #row(label: string): Locator {
    const name = this.#page.locator('.label-name').filter({ hasText: exactly(label) });
    return this.#widget.locator('.quick-input-list .monaco-list-row').filter({ has: name }).first();
  }
}

/** Matches the whole text; an icon before it leaves a space. */
export const exactly = (text: string): RegExp =>
  new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&')}\\s*$`, 'u');

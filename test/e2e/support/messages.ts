import type { Locator, Page } from 'playwright-core';
import { exactly, QuickInput } from './quickInput';
import { waitFor } from './waitFor';

/** The toasts in the corner. */
export class Notifications {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  texts(): Promise<string[]> {
    return this.#page.locator('.notifications-toasts .notification-list-item-message').allTextContents();
  }

  async waitForText(pattern: RegExp, deadlineMs = 15_000): Promise<string> {
    const texts = await waitFor(
      () => this.texts(),
      (all) => all.some((text) => pattern.test(text)),
      { what: `a notification ${String(pattern)}`, deadlineMs },
    );
    return texts.find((text) => pattern.test(text))!;
  }

  async buttons(pattern: RegExp): Promise<string[]> {
    return this.#toast(pattern).locator('.monaco-button').allTextContents();
  }

  async click(pattern: RegExp, button: string): Promise<void> {
    const toast = this.#toast(pattern);
    await toast.hover();
    await toast
      .locator('.monaco-button')
      .filter({ hasText: exactly(button) })
      .click();
  }

  /** Dismisses them all; one that shows progress stays until it is done. */
  async clear(): Promise<void> {
    await new QuickInput(this.#page).runCommand('Notifications: Clear All Notifications');
  }

  #toast(pattern: RegExp): Locator {
    return this.#page
      .locator('.notifications-toasts .notification-list-item')
      .filter({ has: this.#page.locator('.notification-list-item-message').filter({ hasText: pattern }) })
      .first();
  }
}

export interface DialogText {
  message: string;
  detail: string;
  buttons: string[];
}

/** The question that must be answered before anything else. */
export class ModalDialog {
  readonly #box: Locator;

  constructor(page: Page) {
    this.#box = page.locator('.monaco-dialog-box');
  }

  async read(): Promise<DialogText> {
    await this.#box.waitFor();
    const text = async (selector: string) =>
      (await this.#box.locator(selector).allTextContents()).join('\n').trim();
    return {
      message: await text('.dialog-message-text'),
      detail: await text('.dialog-message-detail'),
      buttons: await this.#box.locator('.dialog-buttons .monaco-button').allTextContents(),
    };
  }

  async click(button: string): Promise<void> {
    await this.#box
      .locator('.dialog-buttons .monaco-button')
      .filter({ hasText: exactly(button) })
      .click();
    await this.#box.waitFor({ state: 'hidden' });
  }

  isOpen(): Promise<boolean> {
    return this.#box.isVisible();
  }
}

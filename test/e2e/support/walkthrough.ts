import type { Locator, Page } from 'playwright-core';
import { exactly } from './quickInput';

/** The page of first steps in the editor area. */
export class Walkthrough {
  readonly #steps: Locator;

  constructor(
    private readonly page: Page,
    title: string,
  ) {
    this.#steps = page.locator('.gettingStartedContainer', { hasText: title });
  }

  async open(): Promise<void> {
    await this.#steps.locator('.getting-started-step').first().waitFor();
  }

  async titles(): Promise<string[]> {
    return this.#steps.locator('.getting-started-step .step-title').allTextContents();
  }

  /** Unfolds a step. */
  async select(title: string): Promise<void> {
    const step = this.#step(title);
    if ((await step.getAttribute('aria-expanded')) !== 'true') {
      await step.locator('.step-title').click();
    }
    await step.locator('.step-container, .step-description-container').first().waitFor();
  }

  /** Clicks a button of the step that is unfolded. */
  async click(title: string, button: string): Promise<void> {
    await this.select(title);
    await this.#step(title)
      .locator('.monaco-button')
      .filter({ hasText: exactly(button) })
      .click();
  }

  /** Resolves once the step is ticked off. */
  async waitUntilDone(title: string): Promise<void> {
    await this.#step(title).locator('.codicon-getting-started-step-checked.complete').waitFor();
  }

  #step(title: string): Locator {
    const name = this.page.locator('.step-title').filter({ hasText: exactly(title) });
    return this.#steps.locator('.getting-started-step').filter({ has: name });
  }
}

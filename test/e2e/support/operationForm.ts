import type { Frame, Locator } from 'playwright-core';
import { waitFor } from './waitFor';
import type { Workbench } from './workbench';

/** The form of a new operation, in its panel. */
export class OperationForm {
  private constructor(
    private readonly window: Workbench,
    private readonly frame: Frame,
    private readonly title: string,
  ) {}

  /** The form that is open under a title. */
  static async find(window: Workbench, title = 'New Operation'): Promise<OperationForm> {
    const frame = await window.webview(title);
    await frame.getByRole('heading', { name: title }).waitFor();
    return new OperationForm(window, frame, title);
  }

  field(label: string): Locator {
    return this.frame.getByLabel(label, { exact: true }).and(this.frame.locator(':visible'));
  }

  async fill(values: Record<string, string>): Promise<void> {
    for (const [label, value] of Object.entries(values)) {
      await this.field(label).fill(value);
    }
  }

  /** One of the buttons that exclude each other; it may come only when the host has told what it offers. */
  async choose(label: string): Promise<void> {
    await this.frame.getByRole('radio', { name: label, exact: true }).check();
  }

  async select(label: string, value: string): Promise<void> {
    await this.field(label).selectOption(value);
  }

  text(text: string | RegExp): Locator {
    return this.frame.getByText(text).first();
  }

  /** What is read out as the content of a part, like the preview. */
  content(label: string): Promise<string | null> {
    return this.frame.getByLabel(label, { exact: true }).textContent();
  }

  /** Resolves once the form has closed, which it does when the operation was taken. */
  async submit(): Promise<void> {
    await this.frame.getByRole('button', { name: 'Submit', exact: true }).click();
    await waitFor(
      () => this.window.editorTitles(),
      (titles) => !titles.includes(this.title),
      { what: 'the end of the form' },
    );
  }

  evaluate<T>(expression: string): Promise<T> {
    return this.frame.evaluate<T>(expression);
  }
}

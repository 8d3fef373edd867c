import type { Page } from 'playwright-core';
import { exactly } from './quickInput';

/** Chooses from VS Code's menu that is open, or about to open. */
export async function chooseFromMenu(page: Page, entry: string): Promise<void> {
  const menu = page.locator('.monaco-menu');
  const label = page.locator('.action-label').filter({ hasText: exactly(entry) });
  // A fresh menu ignores clicks for a moment, so that the one that opened it does not choose; keys work at once.
  await menu.locator('.action-item').filter({ has: label }).hover();
  await menu.locator('.action-item.focused').filter({ has: label }).waitFor();
  await page.keyboard.press('Enter');
  await menu.waitFor({ state: 'hidden' });
}

import { chromium, type Browser } from 'playwright-core';
import { findBrowser } from './systemPackages.mjs';

/** Runs the system's browser; the browser ends with this process. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === undefined) {
    throw new Error(
      'No Chromium or Chrome found: install one (npm run testbed -- system), or set CHROME_PATH.',
    );
  }
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

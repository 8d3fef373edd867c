// Entry point inside the extension host.
import path from 'node:path';
import { runSuite } from '../testbed/suite';

export async function run(): Promise<void> {
  const failures = await runSuite({
    folder: path.join(__dirname),
    timeoutMs: 120_000,
    countsFile: process.env['TEST_COUNTS_FILE'],
    grep: process.env['TEST_GREP'],
  });
  if (failures > 0) {
    throw new Error(`${failures} failed`);
  }
}

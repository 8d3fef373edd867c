// node out/testbed/suiteMain.js FOLDER TIMEOUT_MS
import { runSuite } from './suite';

const [folder = '', timeoutMs = ''] = process.argv.slice(2);

runSuite({
  folder,
  timeoutMs: Number(timeoutMs),
  countsFile: process.env['TEST_COUNTS_FILE'],
  grep: process.env['TEST_GREP'],
  claims: process.env['TEST_CLAIMS'],
}).then(
  (failures) => {
    process.exitCode = failures > 0 ? 1 : 0;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);

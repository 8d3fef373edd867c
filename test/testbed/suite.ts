// Runs one tier's tests with mocha, in this process, and leaves their counts for test/run.mjs.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

export interface SuiteOptions {
  /** Folder of the built tests; every `*.test.js` under it is run. */
  folder: string;
  timeoutMs: number;
  /** Where the counts go, as `{ passed, failed }`. */
  countsFile?: string | undefined;
  /** Only tests whose full title matches. */
  grep?: string | undefined;
  /** `2/3`: of the files, dealt out like cards, the second of three hands. Default: all. */
  share?: string | undefined;
}

/** The terminal's usual report; beside it, counts for the line that adds all tiers up. */
function countingReporter(countsFile: string | undefined) {
  return class CountingReporter extends Mocha.reporters.Spec {
    constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
      super(runner, options);
      runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
        if (countsFile !== undefined) {
          const { passes, failures } = this.stats;
          writeFileSync(countsFile, JSON.stringify({ passed: passes, failed: failures }));
        }
      });
    }
  };
}

function isMine(share = '1/1'): (file: string, index: number) => boolean {
  const [number = 1, of = 1] = share.split('/').map(Number);
  return (_file, index) => index % of === number - 1;
}

/** Resolves to the number of failures. A skipped test is a failure. Rejects when there is no test file. */
export async function runSuite(options: SuiteOptions): Promise<number> {
  const built = existsSync(options.folder);
  const files = (built ? readdirSync(options.folder, { recursive: true, encoding: 'utf8' }) : [])
    .filter((file) => file.endsWith('.test.js'))
    .sort()
    .filter(isMine(options.share));
  if (files.length === 0) {
    throw new Error(`No test files in ${options.folder}.`);
  }
  const mocha = new Mocha({
    ui: 'bdd',
    color: process.stdout.isTTY,
    timeout: options.timeoutMs,
    forbidOnly: true,
    forbidPending: true,
    reporter: countingReporter(options.countsFile),
    ...(options.grep !== undefined && { grep: new RegExp(options.grep, 'u') }),
  });
  for (const file of files) {
    mocha.addFile(path.join(options.folder, file));
  }
  return new Promise((resolve) => mocha.run(resolve));
}

// Runs one tier's tests with mocha, in this process, and leaves their counts for test/run.mjs.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

export interface SuiteOptions {
  /** Folder of the built tests; every `*.test.js` under it is run. */
  folder: string;
  timeoutMs: number;
  /** Where the `Counts` go. */
  countsFile?: string | undefined;
  /** Only tests whose full title matches. */
  grep?: string | undefined;
  /** A folder in which processes that share the files claim one after another. Default: all of them are run here. */
  claims?: string | undefined;
}

/** `failures` has the full titles. */
interface Counts {
  passed: number;
  failed: number;
  failures: string[];
}

/** The terminal's usual report, which also counts. */
const countingReporter = (counts: Counts) =>
  class CountingReporter extends Mocha.reporters.Spec {
    constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
      super(runner, options);
      const { EVENT_TEST_PASS, EVENT_TEST_FAIL } = Mocha.Runner.constants;
      runner.on(EVENT_TEST_PASS, () => (counts.passed += 1));
      runner.on(EVENT_TEST_FAIL, (test) => {
        counts.failed += 1;
        counts.failures.push(test.fullTitle());
      });
    }
  };

async function runFiles(files: readonly string[], options: SuiteOptions, counts: Counts): Promise<void> {
  const mocha = new Mocha({
    ui: 'bdd',
    color: process.stdout.isTTY,
    timeout: options.timeoutMs,
    forbidOnly: true,
    forbidPending: true,
    reporter: countingReporter(counts),
    ...(options.grep !== undefined && { grep: new RegExp(options.grep, 'u') }),
  });
  for (const file of files) {
    mocha.addFile(path.resolve(options.folder, file));
  }
  await new Promise((resolve) => mocha.run(resolve));
  mocha.dispose();
}

/** Whether it is ours: whoever makes the folder runs it. */
function claim(claims: string, name: string): boolean {
  try {
    mkdirSync(path.join(claims, name));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      return false;
    }
    throw error;
  }
}

/** Resolves to the number of failures. A skipped test is a failure. Rejects when there is no test file. */
export async function runSuite(options: SuiteOptions): Promise<number> {
  const { folder, claims, countsFile } = options;
  const files = (existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [])
    .filter((file) => file.endsWith('.test.js'))
    .sort();
  if (files.length === 0) {
    throw new Error(`No test files in ${folder}.`);
  }
  const counts: Counts = { passed: 0, failed: 0, failures: [] };
  if (claims === undefined) {
    await runFiles(files, options, counts);
  } else {
    for (const [index, file] of files.entries()) {
      if (claim(claims, String(index))) {
        await runFiles([file], options, counts);
      }
    }
  }
  if (countsFile !== undefined) {
    writeFileSync(countsFile, JSON.stringify(counts));
  }
  return counts.failed;
}

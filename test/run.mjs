// Runs the test tiers and ends with one line that adds them up.
//   node test/run.mjs                     all tiers
//   node test/run.mjs unit remote         these tiers
//   node test/run.mjs unit --grep decide  only tests whose title matches
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildProduct, buildTests } from '../esbuild.mjs';
import { ensurePueue } from './testbed/pueueInstall.mjs';
import { ensurePrograms } from './testbed/systemPackages.mjs';

const root = path.resolve(import.meta.dirname, '..');
const minutes = 60_000;
const suiteOf = (tier, timeoutMs) => ['out/testbed/suiteMain.js', `out/${tier}`, String(timeoutMs)];

/**
 * `limitMs` bounds the whole tier: a hang is a failure like any other, not a CI job that times out. Tests that mostly
 * wait are run by several `processes` at once, which take one file after another.
 */
const tiers = {
  unit: { args: suiteOf('unit', 10_000), programs: [], limitMs: 5 * minutes },
  remote: {
    args: suiteOf('remote', 60_000),
    processes: 2,
    programs: [
      'sshd',
      'ssh',
      'ssh-keygen',
      'nc',
      'puttygen',
      'busybox',
      'dash',
      'bash',
      'zsh',
      'tcsh',
      'fish',
      'faketime',
      'sshfs',
      'systemd-run',
      'slurmctld',
      'munged',
      'slurmdbd',
      'mariadbd',
    ],
    limitMs: 15 * minutes,
  },
  vscode: {
    args: ['out/vscode/run.js'],
    programs: ['browser', 'sshd', 'ssh-keygen'],
    product: true,
    limitMs: 10 * minutes,
  },
  e2e: {
    args: suiteOf('e2e', 180_000),
    processes: 2,
    programs: ['browser', 'slurmctld', 'munged', 'sshd', 'ssh-keygen'],
    product: true,
    limitMs: 20 * minutes,
  },
};

/** A process that outlives its last test has left something open. */
const lingerMs = 15_000;

const readCounts = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
};

function killGroup(pid) {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}

/**
 * Runs a tier, or a share of it, in its own process group. Resolves to how it ended: undefined when well, else why
 * not. What an `isLater` one prints comes all at once when it has ended.
 */
function runTier({ args, limitMs }, env, countsFile, isLater) {
  const child = spawn(process.execPath, ['--enable-source-maps', ...args], {
    cwd: root,
    env: { ...process.env, ...env, TEST_COUNTS_FILE: countsFile },
    stdio: ['ignore', isLater ? 'pipe' : 'inherit', isLater ? 'pipe' : 'inherit'],
    detached: process.platform !== 'win32',
  });
  const printed = [];
  child.stdout?.on('data', (chunk) => printed.push(chunk));
  child.stderr?.on('data', (chunk) => printed.push(chunk));
  return new Promise((resolve) => {
    let reason;
    let lingeringSince;
    const started = performance.now();
    const give = (why) => {
      reason = why;
      killGroup(child.pid);
    };
    const watch = setInterval(() => {
      const now = performance.now();
      if (readCounts(countsFile)) {
        lingeringSince ??= now;
      }
      if (now - started > limitMs) {
        give(`took longer than ${limitMs / minutes} minutes`);
      } else if (now - lingeringSince > lingerMs) {
        give('did not end after its last test: a handle or a process was left open');
      }
    }, 1000);
    const interrupted = () => {
      killGroup(child.pid);
      process.exit(130);
    };
    process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
    child.once('error', (error) => (reason = error.message));
    child.once('close', (code, signal) => {
      clearInterval(watch);
      process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
      killGroup(child.pid);
      reason ??= code === 0 ? undefined : `ended with ${signal ?? `exit code ${code}`}`;
      resolve({ reason, printed: Buffer.concat(printed) });
    });
  });
}

/** Runs a tier and returns its counts. Whatever goes wrong around the tests counts as one failure. */
async function countTier(name, env) {
  console.log(`\n--- ${name}`);
  const tier = tiers[name];
  const folder = mkdtempSync(path.join(tmpdir(), 'remote-operations-test-'));
  try {
    // A few tests are not worth a report per file.
    const processes = env.TEST_GREP === undefined ? (tier.processes ?? 1) : 1;
    const claims = path.join(folder, 'claims');
    mkdirSync(claims);
    const shares = Array.from({ length: processes }, async (_, index) => {
      const countsFile = path.join(folder, `counts-${index}.json`);
      const share = processes > 1 ? { ...env, TEST_CLAIMS: claims } : env;
      const ended = await runTier(tier, share, countsFile, index > 0);
      return { ...ended, counts: readCounts(countsFile) ?? { passed: 0, failed: 0, failures: [] } };
    });
    const sum = { passed: 0, failed: 0, failures: [] };
    for (const { reason, printed, counts } of await Promise.all(shares)) {
      process.stdout.write(printed);
      sum.passed += counts.passed;
      sum.failed += counts.failed;
      sum.failures.push(...counts.failures);
      if (reason !== undefined && counts.failed === 0) {
        console.error(`The ${name} tier ${reason}.`);
        sum.failed += 1;
      }
    }
    if (sum.passed + sum.failed === 0) {
      console.error(`The ${name} tier ran no test.`);
      sum.failed = 1;
    }
    return sum;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Builds what the tiers run. Returns whether it could. */
async function build(product) {
  process.chdir(root);
  try {
    await Promise.all([buildTests(), product ? buildProduct({ production: true }) : undefined]);
    return true;
  } catch (error) {
    console.error(`The build failed: ${error.message}`);
    return false;
  }
}

const { values, positionals } = parseArgs({
  options: { grep: { type: 'string', short: 'g' } },
  allowPositionals: true,
});
const unknown = positionals.find((name) => !Object.hasOwn(tiers, name));
if (unknown !== undefined) {
  console.error(`No test tier "${unknown}". There are: ${Object.keys(tiers).join(', ')}.`);
  process.exit(1);
}
const names = Object.keys(tiers).filter((name) => positionals.length === 0 || positionals.includes(name));
if (!ensurePrograms(names.flatMap((name) => tiers[name].programs))) {
  process.exit(1);
}

// Where it cannot be built its tests are left out, which the last lines say.
const wantsPueue = names.includes('remote') || names.includes('e2e');
const withoutPueue = wantsPueue ? ensurePueue() : undefined;

const sum = { passed: 0, failed: 0, failures: [] };
if (await build(names.some((name) => tiers[name].product))) {
  const env = values.grep === undefined ? {} : { TEST_GREP: values.grep };
  for (const name of names) {
    const counts = await countTier(name, env);
    sum.passed += counts.passed;
    sum.failed += counts.failed;
    sum.failures.push(...counts.failures);
  }
} else {
  sum.failed = 1;
}
for (const title of sum.failures) {
  console.log(`Failed: ${title}`);
}
if (withoutPueue !== undefined) {
  console.log(`Not run: the tests of pueue. ${withoutPueue}`);
}
console.log(`${sum.passed} passed, ${sum.failed} failed`);
process.exitCode = sum.failed > 0 ? 1 : 0;

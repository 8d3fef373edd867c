// npm run testbed -- PART: starts one part of the testbed by hand, or does one of its chores.
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { buildProduct, buildTests } from '../../esbuild.mjs';
import { ensurePueue } from './pueueInstall.mjs';
import { allPrograms, ensurePrograms, findProgram } from './systemPackages.mjs';

const root = path.resolve(import.meta.dirname, '../..');
process.chdir(root);

/** Everything that tests need. What is left out here, tests would leave out as well. */
function system() {
  const problem = ensurePrograms(allPrograms) ? ensurePueue() : 'System packages are missing.';
  if (problem !== undefined) {
    console.error(problem);
  }
  return problem === undefined;
}

function shellcheck() {
  const program = findProgram('shellcheck');
  if (!program) {
    console.error('shellcheck is missing. Install it: npm run testbed -- system');
    return 1;
  }
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.sh'))
    .map((file) => path.join('src', file));
  return files.length === 0
    ? 0
    : (spawnSync(program, ['-s', 'sh', ...files], { stdio: 'inherit' }).status ?? 1);
}

/** The parts are TypeScript: build, then run. They end themselves on Ctrl+C, which reaches them too. */
async function runPart(args) {
  await Promise.all([buildTests(), buildProduct({ production: true })]);
  const child = spawn(process.execPath, ['--enable-source-maps', 'out/testbed/cli.js', ...args], {
    stdio: 'inherit',
  });
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve(code ?? 1));
  });
}

const [part, ...args] = process.argv.slice(2);
switch (part) {
  case 'packages':
    process.exitCode = ensurePrograms(allPrograms) ? 0 : 1;
    break;
  case 'system':
    process.exitCode = system() ? 0 : 1;
    break;
  case 'shellcheck':
    process.exitCode = shellcheck();
    break;
  default:
    process.exitCode = await runPart([part ?? '', ...args]);
}

// Builds the versions of pueue that tests need with cargo, once, into a cache folder of the user.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { findProgram } from './systemPackages.mjs';

/** The last of each major version: what "pueue status --json" says differs. */
export const pueueVersions = ['3.4.1', '4.0.4'];

const cacheFolder = path.join(
  process.env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache'),
  'remote-operations-testbed',
);

/** Tests of pueue itself need no fast code, and a fast build. */
const profile = {
  CARGO_PROFILE_RELEASE_OPT_LEVEL: '0',
  CARGO_PROFILE_RELEASE_LTO: 'false',
  CARGO_PROFILE_RELEASE_CODEGEN_UNITS: '16',
  CARGO_PROFILE_RELEASE_DEBUG: 'false',
};

const folderOf = (version) =>
  path.join(cacheFolder, `pueue-${version}-${process.platform}-${process.arch}-v1`);

/** The folder of a version's programs; it may be missing. */
export const pueueBin = (version) => path.join(folderOf(version), 'bin');

export const missingPueues = () => pueueVersions.filter((version) => !existsSync(folderOf(version)));

const cargo = () =>
  [findProgram('cargo'), path.join(homedir(), '.cargo', 'bin', 'cargo')].find(
    (file) => file && existsSync(file),
  );

/** Builds what is missing. Returns why that could not be done; undefined: all are there. */
export function ensurePueue() {
  const missing = missingPueues();
  if (missing.length === 0) {
    return undefined;
  }
  const program = cargo();
  if (!program) {
    return `pueue ${missing.join(' and ')} can only be built with cargo, which is not installed (https://rustup.rs)`;
  }
  mkdirSync(cacheFolder, { recursive: true });
  // What both versions depend on is compiled once.
  const target = mkdtempSync(path.join(cacheFolder, 'pueue.target-'));
  try {
    for (const version of missing) {
      const problem = build(program, version, target);
      if (problem) {
        return problem;
      }
    }
    return undefined;
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
}

/** Into a folder of its own first: a folder under the final name is always whole. */
function build(program, version, target) {
  const folder = folderOf(version);
  console.log(`Building pueue ${version} into ${folder}`);
  const partial = mkdtempSync(`${folder}.partial-`);
  const args = ['install', 'pueue', '--version', version, '--locked', '--quiet', '--root', partial];
  const { status, stderr, error } = spawnSync(program, [...args, '--target-dir', target], {
    encoding: 'utf8',
    env: { ...process.env, ...profile },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) {
    rmSync(partial, { recursive: true, force: true });
    return `pueue ${version} could not be built. Is cargo's registry in reach?\n${error?.message ?? stderr.slice(-2000)}`;
  }
  try {
    renameSync(partial, folder);
  } catch (problem) {
    // A twin was faster.
    rmSync(partial, { recursive: true, force: true });
    return existsSync(folder) ? undefined : problem.message;
  }
  return undefined;
}

// The programs that tests and tools need from the system, and how each is installed on Debian.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';

const searchPath = `${process.env.PATH ?? ''}${path.delimiter}/usr/sbin${path.delimiter}/usr/local/sbin`;

const browsers = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const browserBundles = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** Where a program is, or undefined. */
export function findProgram(name) {
  for (const folder of searchPath.split(path.delimiter).filter(Boolean)) {
    const file = path.join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not here.
    }
  }
  return undefined;
}

/** A browser of the Chromium family: $CHROME_PATH, else the first one installed. */
export function findBrowser() {
  return (
    process.env.CHROME_PATH ||
    browsers.map(findProgram).find(Boolean) ||
    browserBundles.find((file) => existsSync(file))
  );
}

/** What can be asked for: is it there, and which Debian package brings it. */
const programs = {
  browser: { present: () => findBrowser() !== undefined, debian: ['chromium'] },
  sshd: { present: () => findProgram('sshd') !== undefined, debian: ['openssh-server'] },
  'ssh-keygen': { present: () => findProgram('ssh-keygen') !== undefined, debian: ['openssh-client'] },
  ssh: { present: () => findProgram('ssh') !== undefined, debian: ['openssh-client'] },
  nc: { present: () => findProgram('nc') !== undefined, debian: ['netcat-openbsd'] },
  puttygen: { present: () => findProgram('puttygen') !== undefined, debian: ['putty-tools'] },
  busybox: { present: () => findProgram('busybox') !== undefined, debian: ['busybox'] },
  dash: { present: () => findProgram('dash') !== undefined, debian: ['dash'] },
  bash: { present: () => findProgram('bash') !== undefined, debian: ['bash'] },
  zsh: { present: () => findProgram('zsh') !== undefined, debian: ['zsh'] },
  tcsh: { present: () => findProgram('tcsh') !== undefined, debian: ['tcsh'] },
  fish: { present: () => findProgram('fish') !== undefined, debian: ['fish'] },
  sshfs: { present: () => findProgram('sshfs') !== undefined, debian: ['sshfs'] },
  faketime: { present: () => findProgram('faketime') !== undefined, debian: ['faketime'] },
  'systemd-run': { present: () => findProgram('systemd-run') !== undefined, debian: ['systemd'] },
  slurmctld: { present: () => findProgram('slurmctld') !== undefined, debian: ['slurm-wlm'] },
  munged: { present: () => findProgram('munged') !== undefined, debian: ['munge'] },
  slurmdbd: { present: () => findProgram('slurmdbd') !== undefined, debian: ['slurmdbd'] },
  mariadbd: { present: () => findProgram('mariadbd') !== undefined, debian: ['mariadb-server'] },
  shellcheck: { present: () => findProgram('shellcheck') !== undefined, debian: ['shellcheck'] },
};

export const allPrograms = Object.keys(programs);

/** The Debian packages that bring those of `names` that are missing. */
export function missingPackages(names) {
  const missing = [...new Set(names)].filter((name) => !programs[name].present());
  return [...new Set(missing.flatMap((name) => programs[name].debian))];
}

const aptInstall = (packages) => ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...packages];

/** Installs what is missing as root on Debian; elsewhere says what to type and returns false. */
export function ensurePrograms(names) {
  const packages = missingPackages(names);
  if (packages.length === 0) {
    return true;
  }
  const debian = findProgram('apt-get') !== undefined;
  if (!debian || process.getuid?.() !== 0) {
    const command = `sudo apt-get update && sudo ${aptInstall(packages).join(' ')}`;
    console.error(
      debian
        ? `Missing system packages. Install them with:\n  ${command}`
        : `Missing programs. Install what your system calls: ${packages.join(', ')} (on Debian: ${command})`,
    );
    return false;
  }
  console.log(`Installing ${packages.join(', ')}`);
  for (const command of [['apt-get', 'update', '-qq'], aptInstall(packages)]) {
    const { status, stdout, stderr } = spawnSync(command[0], command.slice(1), {
      encoding: 'utf8',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (status !== 0) {
      console.error(`${command.join(' ')} failed:\n${stdout ?? ''}${stderr ?? ''}`);
      return false;
    }
  }
  return missingPackages(names).length === 0;
}

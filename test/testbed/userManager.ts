// A real service manager of a user (`systemd --user`), on a machine that need not run systemd itself. It asks only
// whether the machine was booted with systemd, which a mount namespace of its own answers, and for a part of the
// cgroups, which it gets here. logind, which knows about lingering, needs systemd as the first process: tests bring a
// stand-in `loginctl`.
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from './eventually';
import { startGuarded } from './guardedProcess';

export interface UserManager {
  /** What sessions have to be given as `XDG_RUNTIME_DIR`. */
  readonly runtimeFolder: string;
  stop(): Promise<void>;
}

const units = '/usr/lib/systemd/user';
/** Without the services that this machine would start for any user. */
const needed = ['basic.target', 'default.target', 'exit.target', 'shutdown.target', 'systemd-exit.service'];

const start = `
for tree in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
  if [ -w "$tree/cgroup.procs" ]; then mkdir "$tree/$2" && echo $$ >"$tree/$2/cgroup.procs"; fi
done
mkdir -p /run/systemd && mount -t tmpfs tmpfs /run/systemd && mkdir /run/systemd/system || exit 1
exec "$1" --user --log-target=console`;

const removeCgroups = `
for tree in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
  if [ -d "$tree/$1" ]; then find "$tree/$1" -depth -type d -exec rmdir {} +; fi
done`;

/** Needs `mayMount`, and systemd to be installed. */
export async function startUserManager(): Promise<UserManager> {
  const folder = mkdtempSync(path.join(tmpdir(), 'remote-operations-user-'));
  const runtimeFolder = path.join(folder, 'run');
  const unitFolder = path.join(folder, 'units');
  mkdirSync(runtimeFolder, { mode: 0o700 });
  mkdirSync(unitFolder);
  needed.forEach((unit) => symlinkSync(path.join(units, unit), path.join(unitFolder, unit)));
  const name = path.basename(folder);
  const manager = startGuarded(
    'unshare',
    ['--mount', '/bin/sh', '-c', start, 'sh', '/lib/systemd/systemd', name],
    {
      env: {
        ...process.env,
        HOME: folder,
        XDG_RUNTIME_DIR: runtimeFolder,
        SYSTEMD_UNIT_PATH: unitFolder,
      },
    },
  );
  await eventually('the service manager to take requests', () =>
    existsSync(path.join(runtimeFolder, 'systemd', 'private')),
  ).catch(async (error: unknown) => {
    await manager.stop();
    throw new Error(`${String(error)}\n${manager.output()}`);
  });
  return {
    runtimeFolder,
    stop: async () => {
      await manager.stop();
      const removal = startGuarded('/bin/sh', ['-c', removeCgroups, 'sh', name]);
      await removal.ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

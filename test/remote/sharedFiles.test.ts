import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '../testbed/eventually';
import { mayMount } from '../testbed/privileges';
import { startSshd, type Sshd } from '../testbed/sshd';
import { EngineHost } from './engineSupport';
import { groupOf, signal } from './scriptsProcesses';
import { ScriptHost, underEveryShell } from './scriptsSupport';

const run = promisify(execFile);

/** A folder of this machine, mounted over the network as a cluster's home directories are. */
class SharedFolder {
  private constructor(
    private readonly sshd: Sshd,
    /** Where it is mounted. */
    readonly path: string,
  ) {}

  static async mount(): Promise<SharedFolder> {
    const sshd = await startSshd();
    const [shared, mounted] = [
      path.join(sshd.home, 'shared'),
      await mkdtemp(path.join(tmpdir(), 'remote-operations-shared-')),
    ];
    await mkdir(shared);
    await run('sshfs', ['-F', sshd.sshConfigFile, `testhost:${shared}`, mounted]);
    return new SharedFolder(sshd, mounted);
  }

  async unmount(): Promise<void> {
    await run('umount', ['-l', this.path]);
    await rm(this.path, { recursive: true, force: true });
    await this.sshd.stop();
  }
}

if (mayMount) {
  describe('files that other machines write too', () => {
    let shared: SharedFolder;
    before(async () => (shared = await SharedFolder.mount()));
    after(() => shared.unmount());

    underEveryShell('a run directory there', (shell) => {
      it('says so when its operation is gone, and no other does', async () => {
        for (const home of [path.join(shared.path, shell.name), undefined]) {
          const host = new ScriptHost(shell, home);
          try {
            await mkdir(host.home, { recursive: true });
            const operation = await host.start('exec sleep 600');
            signal(-operation.identity.pid, 'SIGKILL');
            const seen = await host.lookFor(operation, 'absent');
            assert.equal(seen.onSharedFiles ?? false, home !== undefined);
          } finally {
            await host.dispose();
          }
        }
      });
    });

    describe('an exit code that is seen late there', () => {
      it('is no reason to call the operation stopped before', async () => {
        const home = path.join(shared.path, 'engine');
        await mkdir(home);
        const here = new EngineHost(home);
        try {
          const { engine, clock } = await here.open();
          const { id, pid = 0 } = await engine.submit({
            hostId: 'here',
            type: 'job',
            name: 'train',
            command: 'exit 4',
          });
          const exitCode = here.host.file({ id }, 'exit_code');
          await eventually('its end', () => groupOf(pid).length === 0);
          // As another machine's file system would: it is written, and not to be seen here yet.
          await rename(exitCode, `${exitCode}.unseen`);
          for (let second = 0; second < 45; second += 5) {
            await engine.list();
            const seen = engine.get(id);
            assert.deepEqual([seen?.status, seen?.observation], ['running', 'ambiguous'], `${second} s`);
            await clock.advance(5_000);
          }
          await rename(`${exitCode}.unseen`, exitCode);
          await engine.list();
          assert.deepEqual(
            [engine.get(id)?.status, engine.get(id)?.exitCode, (await engine.history(id)).length],
            ['failed', 4, 3],
          );
        } finally {
          await here.dispose();
        }
      });
    });
  });
}

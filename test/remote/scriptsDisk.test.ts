import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from '../testbed/eventually';
import { mayMount } from '../testbed/privileges';
import { groupOf, signal } from './scriptsProcesses';
import { ScriptHost, underEveryShell } from './scriptsSupport';

if (mayMount) {
  underEveryShell('a full disk on the host', (shell) => {
    let home: string;
    let host: ScriptHost;
    const filler = () => path.join(home, 'filler');

    beforeEach(() => {
      home = mkdtempSync(path.join(tmpdir(), 'remote-operations-disk-'));
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', home]);
      host = new ScriptHost(shell, home);
    });

    afterEach(async () => {
      try {
        await host.endAll();
      } finally {
        execFileSync('umount', ['-l', home]);
        await host.dispose();
      }
    });

    const fill = () => {
      // Until the disk is full, byte by byte at the end.
      for (const size of [4096, 1]) {
        try {
          for (;;) {
            writeFileSync(filler(), Buffer.alloc(size), { flag: 'a' });
          }
        } catch {
          // ENOSPC
        }
      }
    };

    it('refuses a launch with the reason, sealed, and leaves no row in doubt', async () => {
      fill();
      const operation = host.operation('echo ran > /dev/null');
      const outcome = await host.launch(operation);
      assert.ok(outcome.kind === 'refused', JSON.stringify(outcome));
      assert.ok(outcome.sealed);
      assert.match(
        outcome.reason,
        /cannot store the operation in ~\/.remote-ops: .*(No space left|I\/O error|writing fails).* Make room/,
      );
    });

    it('launches again once there is room', async () => {
      fill();
      assert.equal((await host.launch(host.operation('true'))).kind, 'refused');
      rmSync(filler());
      await host.lookFor(await host.start('true'), 'exited');
    });

    it('an exit code that found no room is written once there is some; until then it is not gone', async () => {
      const operation = await host.start('while ! [ -e "$HOME/go" ]; do sleep 0.1; done; exit 5');
      writeFileSync(path.join(home, 'go'), '');
      signal(-operation.identity.pid, 'SIGSTOP');
      fill();
      signal(-operation.identity.pid, 'SIGCONT');
      await eventually('the end of the command', () =>
        groupOf(operation.identity.pid).every(({ command }) => !command.includes('cmd.sh')),
      );
      assert.equal((await host.look(operation)).kind, 'alive');
      assert.ok(!existsSync(host.file(operation, 'exit_code')));
      rmSync(filler());
      assert.equal((await host.lookFor(operation, 'exited')).exitCode, 5);
    });
  });
}

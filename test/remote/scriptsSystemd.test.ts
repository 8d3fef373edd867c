// Against a real service manager of a user, where this machine lets one run (test/testbed/userManager.ts). Only
// `loginctl`, which asks logind whether the user lingers, is a stand-in: logind needs systemd as the first process.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from '../testbed/eventually';
import { mayMount } from '../testbed/privileges';
import { startUserManager, type UserManager } from '../testbed/userManager';
import { isAlive, readNumber, sleepers } from './scriptsProcesses';
import { hostName, ScriptHost, underEveryShell } from './scriptsSupport';

const lingers = (host: ScriptHost) => host.install('loginctl', '#!/bin/sh\necho Linger=yes\n');
const filesOf = (host: ScriptHost, operation: { id: string }) =>
  readdirSync(host.runFolder(operation)).sort();

if (mayMount) {
  let manager: UserManager;
  describe('the service manager of a user', () => {
    before(async () => (manager = await startUserManager()));
    after(() => manager.stop());

    underEveryShell('starts operations', (shell) => {
      let host: ScriptHost;
      before(() => {
        const odd = `ODD=it's "odd" $(id) \\n \`\n %s`;
        host = new ScriptHost(shell, undefined, [`XDG_RUNTIME_DIR=${manager.runtimeFolder}`, odd, 'umask=x']);
        lingers(host);
      });
      after(() => host.dispose());

      it('as a unit of its own, whose process leads its session and group', async () => {
        const operation = await host.start({ command: 'exec sleep 600', systemd: true });
        const { pid } = operation.identity;
        const stat = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
        assert.deepEqual([stat[2], stat[3]], [String(pid), String(pid)]);
        assert.match(
          readFileSync(`/proc/${pid}/cgroup`, 'utf8'),
          new RegExp(`/remote-ops-${operation.id}\\.service$`, 'm'),
        );
        assert.equal((await host.kill(operation)).kind, 'dead');
        await host.lookFor(operation, 'absent');
      });

      it('with the environment, folder, rights and files that they have without it', async () => {
        const seen = async (systemd: boolean) => {
          const operation = await host.start({ command: 'pwd; umask; env | sort', systemd, cwd: '~' });
          const output = (await host.output(operation)).replaceAll(operation.id, 'ID');
          return { output, files: filesOf(host, operation) };
        };
        const [plain, unit] = [await seen(false), await seen(true)];
        assert.equal(unit.output, plain.output);
        assert.match(unit.output, /^ODD=it's "odd"/m);
        assert.deepEqual(unit.files, plain.files);
      });

      it('and keeps their exit codes', async () => {
        for (const code of [0, 3]) {
          const operation = await host.start({ command: `exit ${code}`, systemd: true });
          assert.equal((await host.lookFor(operation, 'exited')).exitCode, code);
        }
      });

      it('and lets live on what they leave behind', async () => {
        const left = path.join(host.home, 'left');
        const command = `sleep 600 >/dev/null & echo $! >'${left}'`;
        const operation = await host.start({ command, systemd: true });
        await host.lookFor(operation, 'exited');
        await eventually('the end of the supervisor', () => !isAlive(operation.identity.pid));
        assert.ok(isAlive(readNumber(left) ?? 0));
      });

      it('that can be suspended and let go on', async () => {
        const operation = await host.start({ command: 'sleep 600', systemd: true });
        await sleepers(operation.identity.pid, 1);
        for (const [paused, activity] of [
          [true, 'paused'],
          [false, 'running'],
        ] as const) {
          const outcome = await host.launcher.setPaused(host.machine, hostName, operation, paused);
          assert.equal(outcome.kind, 'done');
          assert.equal((await host.lookFor(operation, 'alive')).activity, activity);
        }
      });

      it('once, however often and however closely they are launched', async () => {
        const operation = host.operation({ command: 'echo ran >>"$HOME/crowd"; sleep 600', systemd: true });
        const outcomes = await Promise.all(Array.from({ length: 10 }, () => host.launch(operation)));
        outcomes.push(await host.launch(operation));
        const pids = outcomes.map((outcome) =>
          outcome.kind === 'launched' ? outcome.identity.pid : JSON.stringify(outcome),
        );
        assert.equal(new Set(pids).size, 1, String(pids));
        const ran = path.join(host.home, 'crowd');
        await eventually('the command to run', () => existsSync(ran));
        assert.equal(readFileSync(ran, 'utf8'), 'ran\n');
        assert.deepEqual(
          filesOf(host, operation).filter((name) => name.startsWith('start')),
          [],
        );
      });

      it('and is told to be there', async () => {
        assert.equal(await host.launcher.offersSystemd(host.machine, hostName), true);
      });
    });
  });
}

underEveryShell('a host without a service manager that can be used', (shell) => {
  let host: ScriptHost;
  let folder: string;
  let server: Server | undefined;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'remote-operations-run-'));
    host = new ScriptHost(shell, undefined, [`XDG_RUNTIME_DIR=${folder}`]);
    host.install('loginctl', '#!/bin/sh\nexit 1\n');
    host.install('systemd-run', '#!/bin/sh\necho "Failed to connect to bus: Broken pipe" >&2\nexit 1\n');
  });
  afterEach(async () => {
    server?.close();
    server = undefined;
    await host.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Something that has the manager's socket. */
  const listen = () => {
    mkdirSync(path.join(folder, 'systemd'));
    return new Promise<void>((resolve) => {
      server = createServer().listen(path.join(folder, 'systemd', 'private'), resolve);
    });
  };

  const refused = async (on: ScriptHost, reason: RegExp) => {
    const operation = on.operation({ command: 'echo ran >"$HOME/ran"', systemd: true });
    const outcome = await on.launch(operation);
    assert.ok(outcome.kind === 'refused' && outcome.sealed, JSON.stringify(outcome));
    assert.match(outcome.reason, reason);
    assert.deepEqual(filesOf(on, operation), ['claim', 'cmd.sh', 'op.json']);
    assert.ok(!existsSync(path.join(on.home, 'ran')));
  };

  it('refuses where lingering is off, with what turns it on', async () => {
    await listen();
    await refused(host, /ends the services of \S+ at a logout.*"loginctl enable-linger"/);
    assert.equal(await host.launcher.offersSystemd(host.machine, hostName), false);
  });

  it('refuses where the manager does not run', async () => {
    lingers(host);
    await refused(host, /service manager of \S+ \(systemd --user\) does not run on this machine/);
    assert.equal(await host.launcher.offersSystemd(host.machine, hostName), false);
  });

  it('refuses with the words of systemd where that refuses', async () => {
    lingers(host);
    await listen();
    await refused(
      host,
      /systemd on this machine did not start it: Failed to connect to bus: Broken pipe\. Resubmit/,
    );
  });

  it('refuses where there is no systemd', async () => {
    const programs = path.join(folder, 'programs');
    mkdirSync(programs);
    for (const name of readdirSync('/usr/bin').filter((each) => each !== 'systemd-run' && each !== 'sh')) {
      symlinkSync(path.join('/usr/bin', name), path.join(programs, name));
    }
    symlinkSync(shell.program, path.join(programs, 'sh'));
    const bare = new ScriptHost(shell, undefined, [`PATH=${programs}`]);
    try {
      await refused(bare, /this machine has no systemd-run/);
    } finally {
      await bare.dispose();
    }
  });
});

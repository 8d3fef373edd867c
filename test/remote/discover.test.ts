import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';
import path from 'node:path';
import type { Untracked } from '../../src/operations/untracked';
import { eventually } from '../testbed/eventually';
import { mayMount } from '../testbed/privileges';
import { findProgram } from '../testbed/systemPackages.mjs';
import { Cgroup, mayMakeCgroups } from './cgroup';
import { groupOf, isAlive, signal, startTicksOf } from './scriptsProcesses';
import { hostName, ScriptHost, shells, underEveryShell } from './scriptsSupport';
import { listening, Strangers, withPid } from './strangers';

const aDay = 86_400;
const aTick = 0;

underEveryShell('discovery', (shell) => {
  let host: ScriptHost;
  let strangers: Strangers;
  before(() => {
    strangers = new Strangers();
    host = new ScriptHost(shell, undefined, [`TMUX_TMPDIR=${strangers.folder}`]);
  });
  after(async () => {
    await strangers.dispose();
    await host.dispose();
  });

  const discover = (longSeconds = aDay) => host.launcher.discover(host.machine, hostName, longSeconds);
  const found = (pid: number, longSeconds?: number) =>
    eventually(`process ${pid} to be found`, async () => {
      strangers.assertRuns(pid);
      return withPid(await discover(longSeconds), pid);
    });

  it('tells a server with its port, identity, folder and age, however young it is', async () => {
    const { pid, port } = await strangers.serve(listening);
    const server = await found(pid);
    assert.deepEqual([server.kind, server.name, server.ports], ['server', 'node', [port]]);
    assert.equal(server.identity?.startTicks, startTicksOf(pid));
    assert.equal(server.folder, strangers.folder);
    assert.match(server.command ?? '', /^node -e 'require/);
    assert.ok((server.uptimeSeconds ?? -1) >= 0);
  });

  it('tells a program once it has run for long, and no shell or agent of the session', async () => {
    const pid = strangers.start(`exec node -e 'setInterval(() => {}, 1e6)'`);
    const script = strangers.start('exec -a gpg-agent sleep 600');
    const long = await found(pid, aTick);
    assert.equal(long.kind, 'program');
    assert.ok(isAlive(script));
    assert.equal(withPid(await discover(aTick), script), undefined);
    assert.equal(withPid(await discover(aDay), pid), undefined);
  });

  it('takes the workers of a server as a part of it, and not for servers or programs of their own', async () => {
    const file = path.join(strangers.folder, 'cluster.js');
    const isPrimary = 'c.fork(), c.fork()';
    const serves = `require('node:http').createServer(() => {}).listen(0, '127.0.0.1')`;
    writeFileSync(file, `const c = require('node:cluster'); c.isPrimary ? (${isPrimary}) : ${serves};`);
    const pid = strangers.start(`exec node ${file}`);
    const server = await eventually('the server', async () => {
      const one = withPid(await discover(aTick), pid);
      return one?.kind === 'server' && groupOf(pid).length === 3 ? one : undefined;
    });
    assert.equal(server.ports?.length, 1);
    const others = groupOf(pid).filter((each) => each.pid !== pid);
    const all = await discover(aTick);
    assert.deepEqual(
      others.map((each) => withPid(all, each.pid)),
      [undefined, undefined],
    );
  });

  it('leaves out what belongs to an operation, also a child that kept nothing of its environment', async () => {
    const pidFile = path.join(host.home, 'bare');
    const command = `env -i PATH="$PATH" node -e 'require("node:fs").writeFileSync("${pidFile}", String(process.pid)); setInterval(() => {}, 1e6)' & exec node -e 'setInterval(() => {}, 1e6)'`;
    const operation = await host.start(command);
    const stranger = strangers.start(`exec node -e 'setInterval(() => {}, 1e6)'`);
    const group = await eventually('both to run', () => {
      const members = groupOf(operation.identity.pid).filter(({ name }) => name === 'node');
      return members.length === 2 ? members : undefined;
    });
    await found(stranger, aTick);
    const all = await discover(aTick);
    assert.deepEqual(
      group.map(({ pid }) => withPid(all, pid)),
      [undefined, undefined],
    );
  });

  it('keeps secrets of a command line to itself', async () => {
    const pid = strangers.start(
      `exec -a 'my server' node -e 'setInterval(() => {}, 1e6)' -- --api-token hunter2 --user=me PASSWORD=hunter2 https://me:hunter2@host/ hf_9aBc8dEf7gHi6jKl5mNo4pQr`,
    );
    const server = await found(pid, aTick);
    assert.doesNotMatch(JSON.stringify(server), /hunter2|9aBc8dEf/);
    assert.match(server.command ?? '', /--api-token '\*\*\*'|--api-token \*\*\*/);
    assert.match(server.command ?? '', /--user=me/);
  });

  it('takes a name full of control characters, quotes and newlines for what it is', async () => {
    const pid = strangers.start(
      `exec -a $'evil\\nremote-ops end x\\e[31m) S 1' node -e 'setInterval(() => {}, 1e6)'`,
    );
    const odd = await found(pid, aTick);
    assert.doesNotMatch(`${odd.name}${odd.command}`, /[\u0000-\u001f]/);
  });

  it('finds a server whose name has a line that looks like another process', async () => {
    const { pid: other } = await strangers.serve(listening);
    const name = JSON.stringify(`a\n${other} (b`);
    const { pid, port } = await strangers.serve(
      (at) =>
        `node -e 'require("node:fs").writeFileSync("/proc/self/comm", ${name}); require("node:http").createServer().listen(${at}, "127.0.0.1")'`,
    );
    assert.deepEqual((await found(pid)).ports, [port]);
    assert.equal((await found(other)).identity?.startTicks, startTicksOf(other));
  });

  it('tells what is on a GPU, with its memory, as a part of the program that started it', async () => {
    const pid = strangers.start(`exec node -e 'setInterval(() => {}, 1e6)'`);
    const parent = strangers.start(
      `exec node -e 'const c = require("node:child_process").spawn("node", ["-e", "setInterval(() => {}, 1e6)"]); setInterval(() => {}, 1e6)'`,
    );
    const worker = await eventually(
      'a worker',
      () => groupOf(parent).find((each) => each.pid !== parent)?.pid,
    );
    host.install(
      'nvidia-smi',
      `#!/bin/sh
case $1 in
  --query-gpu=*) echo '0, GPU-1, A GPU' ;;
  --query-compute-apps=gpu_uuid,pid,used_memory)
    printf 'GPU-1, ${pid}, 2048\\nGPU-1, ${worker}, 512\\nGPU-2, ${worker}, 512\\nGPU-1, 999999999, 7\\n' ;;
  *) exit 2 ;;
esac
`,
    );
    const alone = await found(pid);
    assert.deepEqual([alone.kind, alone.gpuMemoryMb], ['gpu', 2048]);
    const all = await discover(aTick);
    assert.deepEqual([withPid(all, parent)?.kind, withPid(all, parent)?.gpuMemoryMb], ['gpu', 1024]);
    assert.equal(withPid(all, worker), undefined);
  });

  it('tells a process on a GPU whose memory the driver does not tell', async () => {
    const pid = strangers.start(`exec node -e 'setInterval(() => {}, 1e6)'`);
    host.install('nvidia-smi', `#!/bin/sh\nprintf 'GPU-1, ${pid}, [N/A]\\n'\n`);
    const process = await found(pid);
    assert.deepEqual([process.kind, process.gpuMemoryMb], ['gpu', undefined]);
  });

  it('does without a driver in trouble', async () => {
    host.install('nvidia-smi', '#!/bin/sh\necho "NVIDIA-SMI has failed"; exit 9\n');
    const { pid } = await strangers.serve(listening);
    assert.equal((await found(pid)).kind, 'server');
  });

  // No daemon of docker can run here: a stand-in prints what docker 28.2 prints in these formats.
  const id = 'c0ffee'.padEnd(64, '0');
  const docker = (main: number, more = '', program = 'docker') => {
    host.install(
      program,
      `#!/bin/sh
case "$1 $*" in
  'ps '*) printf '${id}\\tmodels\\tollama/ollama:0.9\\t127.0.0.1:11434->11434/tcp, [::1]:11434->11434/tcp\\n${more}' ;;
  'inspect '*) echo '${id} ${main}' ;;
esac
`,
    );
  };
  const container = (all: readonly Untracked[]) => all.filter(({ kind }) => kind === 'container');

  const told = ({ name, service, command, ports, runtime, pid, identity }: Untracked) => [
    ...[name, service, command, ports, runtime],
    ...[pid, identity?.pid],
  ];
  const models = (runtime: string, pid?: number) => [
    ...['models', 'Ollama', 'ollama/ollama:0.9', [11434], runtime],
    ...[pid, pid],
  ];

  if (mayMakeCgroups) {
    it('tells a container once, with its image and published ports, and tracks its main process', async () => {
      const { pid } = await strangers.serve(listening);
      const cgroup = new Cgroup(`docker-${id}.scope`);
      try {
        cgroup.add(pid);
        docker(pid);
        const all = await discover(aTick);
        assert.deepEqual(container(all).map(told), [models('docker', pid)]);
        assert.equal(all.filter((each) => each.pid === pid).length, 1);
      } finally {
        await strangers.end(pid);
        await cgroup.dispose();
      }
    });

    it('takes none but the first process of a container for its main process', async () => {
      const parent = strangers.start('sleep 600 & wait');
      const cgroup = new Cgroup(`docker-${id}.scope`);
      try {
        const child = await eventually('a child', () => groupOf(parent).find(({ pid }) => pid !== parent));
        [parent, child.pid].forEach((pid) => cgroup.add(pid));
        docker(child.pid);
        assert.deepEqual(container(await discover()).map(told), [models('docker')]);
      } finally {
        await strangers.end(parent);
        await cgroup.dispose();
      }
    });
  }

  it('never takes a process here for that of a container of another machine, or of other pids', async () => {
    const { pid, port } = await strangers.serve(listening);
    await found(pid);
    docker(pid);
    const all = await discover(aTick);
    assert.deepEqual(container(all).map(told), [models('docker')]);
    assert.deepEqual([withPid(all, pid)?.kind, withPid(all, pid)?.ports], ['server', [port]]);
  });

  it('tells a container once where docker is another name of podman', async () => {
    docker(999_999_999);
    docker(999_999_999, '', 'podman');
    try {
      assert.deepEqual(container(await discover()).map(told), [models('podman')]);
    } finally {
      rmSync(path.join(host.bin, 'podman'));
    }
  });

  it('offers no tracking for a container whose main process is not to be seen', async () => {
    docker(999_999_999);
    const [one] = container(await discover());
    assert.deepEqual([one?.name, one?.identity, one?.pid], ['models', undefined, undefined]);
  });

  it('leaves containers out where docker refuses, and does not wait for one that hangs', async () => {
    host.install('docker', '#!/bin/sh\necho "permission denied while trying to connect" >&2; exit 1\n');
    assert.deepEqual(container(await discover()), []);
    host.install('docker', '#!/bin/sh\nexec sleep 600\n');
    const { pid } = await strangers.serve(listening);
    assert.equal((await found(pid)).kind, 'server');
    host.install('docker', '#!/bin/sh\nexit 1\n');
  }).timeout(60_000);

  it('tells sessions of tmux, in any alphabet', async () => {
    const tmux = (...words: string[]) =>
      spawnSync(findProgram('tmux') ?? 'tmux', ['-u', ...words], {
        env: { ...process.env, TMUX_TMPDIR: strangers.folder, LC_ALL: 'C.UTF-8' },
      });
    mkdirSync(strangers.folder, { recursive: true });
    writeFileSync(path.join(strangers.folder, 'tmux.conf'), '');
    tmux(
      '-f',
      path.join(strangers.folder, 'tmux.conf'),
      'new-session',
      '-d',
      '-s',
      'training läuft',
      'sleep 600',
    );
    try {
      const session = (await discover()).find(({ kind }) => kind === 'tmux');
      assert.deepEqual(
        [session?.name, session?.windows, session?.isAttached, session?.identity],
        ['training läuft', 1, undefined, undefined],
      );
    } finally {
      tmux('kill-server');
    }
    assert.deepEqual(
      (await discover()).filter(({ kind }) => kind === 'tmux'),
      [],
    );
  });
});

describe('discovery on a host', () => {
  const [dash] = shells as [(typeof shells)[number]];
  let strangers: Strangers;
  beforeEach(() => (strangers = new Strangers()));
  afterEach(() => strangers.dispose());

  it('with a driver that hangs asks it once, and tells the rest', async () => {
    const host = new ScriptHost(dash);
    const begun = path.join(host.home, 'begun');
    // As one that no signal ends.
    host.install('timeout', '#!/bin/sh\nshift\nexec "$@"\n');
    host.install('nvidia-smi', `#!/bin/sh\necho begun >>'${begun}'\nexec sleep 600\n`);
    try {
      const { pid } = await strangers.serve(listening);
      for (let look = 0; look < 3; look++) {
        await eventually('the server', async () =>
          withPid(await host.launcher.discover(host.machine, hostName, aDay), pid),
        );
        await eventually('nvidia-smi', () => existsSync(begun));
      }
      assert.equal(readFileSync(begun, 'utf8'), 'begun\n');
    } finally {
      await host.dispose();
    }
  }).timeout(60_000);

  if (mayMount) {
    it('whose uptime is that of a container counts ages by what was started last, as looks at operations do', async () => {
      const own = path.join(strangers.folder, 'uptime');
      writeFileSync(own, '5.00 5.00\n');
      const mounted = `mount --bind '${own}' /proc/uptime && exec "$@"`;
      const host = new ScriptHost(dash, undefined, ['unshare', '-m', 'sh', '-c', mounted, 'sh']);
      try {
        const pid = strangers.start(`exec node -e 'setInterval(() => {}, 1e6)'`);
        const started = Date.now();
        const wait = 2;
        const program = await eventually('a program that has run for long', async () =>
          withPid(await host.launcher.discover(host.machine, hostName, wait), pid),
        );
        const age = program.uptimeSeconds ?? NaN;
        assert.ok(age >= wait && age <= (Date.now() - started) / 1000 + 1, String(age));
        const [lives, ended] = [await host.start('exec sleep 600'), await host.start('true')];
        const { uptimeSeconds } = await host.lookFor(lives, 'alive');
        const { endedSecondsAgo = NaN } = await host.lookFor(ended, 'exited');
        const elapsed = (Date.now() - started) / 1000;
        for (const seconds of [uptimeSeconds, endedSecondsAgo]) {
          assert.ok(seconds >= -1 && seconds <= elapsed + 1, `${uptimeSeconds} ${endedSecondsAgo}`);
        }
        const before = uptime();
        const [{ uptimeSeconds: now = NaN } = {}] = await host.launcher.sample(host.machine, hostName, 1);
        assert.ok(now >= before - 2 && now <= uptime() + 1, String(now));
        signal(-lives.identity.pid, 'SIGKILL');
      } finally {
        await host.dispose();
      }
    });
  }
});

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Untracked } from '../../src/operations/untracked';
import { eventually } from '../testbed/eventually';
import { findProgram } from '../testbed/systemPackages.mjs';
import { groupOf, isAlive, startTicksOf } from './scriptsProcesses';
import { hostName, ScriptHost, underEveryShell } from './scriptsSupport';
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
case $1 in --query-compute-apps=pid,used_memory) printf '${pid}, 2048\\n${worker}, 512\\n${worker}, 512\\n999999999, 7\\n' ;; *) exit 2 ;; esac
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
    host.install('nvidia-smi', `#!/bin/sh\nprintf '${pid}, [N/A]\\n'\n`);
    const process = await found(pid);
    assert.deepEqual([process.kind, process.gpuMemoryMb], ['gpu', undefined]);
  });

  it('does without a driver in trouble', async () => {
    host.install('nvidia-smi', '#!/bin/sh\necho "NVIDIA-SMI has failed"; exit 9\n');
    const { pid } = await strangers.serve(listening);
    assert.equal((await found(pid)).kind, 'server');
  });

  // No daemon of docker can run here: a stand-in prints what docker 28.2 prints in these formats.
  const docker = (main: number, more = '') => {
    const id = 'c0ffee'.padEnd(64, '0');
    host.install(
      'docker',
      `#!/bin/sh
case "$1 $*" in
  'ps '*) printf '${id}\\tmodels\\tollama/ollama:0.9\\t127.0.0.1:11434->11434/tcp, [::1]:11434->11434/tcp\\n${more}' ;;
  'inspect '*) echo '${id} ${main}' ;;
esac
`,
    );
  };
  const container = (all: readonly Untracked[]) => all.filter(({ kind }) => kind === 'container');

  it('tells a container once, with its image and published ports, and tracks its main process', async () => {
    const { pid } = await strangers.serve(listening);
    await found(pid);
    docker(pid);
    const all = await discover(aTick);
    const [one, ...others] = container(all);
    assert.deepEqual(others, []);
    assert.deepEqual(
      [one?.name, one?.service, one?.command, one?.ports, one?.runtime, one?.identity?.pid],
      ['models', 'Ollama', 'ollama/ollama:0.9', [11434], 'docker', pid],
    );
    assert.equal(all.filter((each) => each.pid === pid).length, 1);
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

import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import listeners from '../../src/launchers/process/listeners.sh';
import machineScript from '../../src/launchers/process/host.sh';
import { isRemoteOperationsError } from '../../src/operations/errors';
import type { Listener, PortLook } from '../../src/operations/listener';
import type { ProcessIdentity } from '../../src/operations/operation';
import type { EndedProcess } from '../../src/operations/portUse';
import { eventually } from '../testbed/eventually';
import { freePort } from '../testbed/freePort';
import { mayAddUsers } from '../testbed/privileges';
import { endServers, nobody, serverCode, startServer } from '../testbed/portServers';
import { isAlive, signal, startTicksOf, stateOf } from './scriptsProcesses';
import { hostName, ScriptHost, shells, underEveryShell } from './scriptsSupport';

const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
const [dash] = shells as [(typeof shells)[number]];

const lookOf = async (host: ScriptHost, ...ports: number[]): Promise<PortLook> => {
  const look = await host.launcher.listeners(host.machine, hostName, ports);
  assert.ok(look);
  return look;
};
const end = async (
  host: ScriptHost,
  pid: number,
  graceSeconds = 5,
  other: Partial<ProcessIdentity> = {},
): Promise<EndedProcess> => {
  const { machineId } = await host.launcher.identify(host.machine, hostName);
  const process = { machineId, bootId: boot, pid, startTicks: startTicksOf(pid), ...other };
  return host.launcher.endProcess(host.machine, hostName, process, graceSeconds);
};
const refused = (text: RegExp) => (error: unknown) =>
  isRemoteOperationsError(error, 'NotApplicable') && text.test(error.message);

underEveryShell('who listens', (shell) => {
  let host: ScriptHost;
  before(() => (host = new ScriptHost(shell)));
  after(() => host.dispose());
  afterEach(endServers);

  const listenersOn = async (...ports: number[]) => (await lookOf(host, ...ports)).listeners;
  const only = async (port: number): Promise<Listener> => {
    const all = await listenersOn(port);
    assert.equal(all.length, 1, JSON.stringify(all));
    return all[0] as Listener;
  };

  it('is told with address, user, process, command and session, for IPv4 and IPv6, one address or all', async () => {
    for (const address of ['127.0.0.1', '0.0.0.0', '::1', '::']) {
      const { port, pid, startTicks } = await startServer(address);
      const { holder, ...socket } = await only(port);
      assert.deepEqual(socket, {
        address,
        port,
        uid: process.getuid?.(),
        user: execFileSync('id', ['-un']).toString().trim(),
      });
      const { command = '', session, name, ...others } = holder ?? {};
      assert.deepEqual(others, {
        pid,
        startTicks,
        parent: process.pid,
        sessionTicks: startTicksOf(session ?? 0),
      });
      assert.ok(command.startsWith(`${process.execPath} -e`), command);
      assert.equal(name, readFileSync(`/proc/${pid}/comm`, 'utf8').trim());
    }
  });

  it('is asked about some ports or about all, and all that are taken are told either way', async () => {
    const [first, second] = [await startServer(), await startServer()];
    const one = await lookOf(host, first.port);
    assert.deepEqual(
      one.listeners.map(({ port }) => port),
      [first.port],
    );
    assert.ok(one.taken.includes(second.port));
    const all = (await listenersOn()).map(({ port }) => port);
    assert.ok(all.includes(first.port) && all.includes(second.port));
    const free = await freePort();
    const none = await lookOf(host, free);
    assert.deepEqual([none.listeners, none.taken.includes(free)], [[], false]);
  });

  it('bears the id of its operation, or sits in the session of its leader', async () => {
    const [port, other] = [await freePort(), await freePort()];
    const operation = await host.start(`exec '${process.execPath}' -e '${serverCode('127.0.0.1', port)}'`);
    const cleaned = await host.start(
      `exec env -i '${process.execPath}' -e '${serverCode('127.0.0.1', other)}'`,
    );
    const holder = (wanted: number) =>
      eventually(`a server on ${wanted}`, async () => (await listenersOn(wanted))[0]?.holder);
    const [open, secretive] = [await holder(port), await holder(other)];
    assert.equal(open.operation, operation.id);
    assert.equal(secretive.operation, undefined);
    const { pid, startTicks } = cleaned.identity;
    assert.deepEqual([secretive.session, secretive.sessionTicks], [pid, startTicks]);
  });

  it('is the same without ss, whose names of processes nobody reads', async () => {
    const { port } = await startServer();
    const before = await only(port);
    host.install('ss', '#!/bin/sh\nexit 127\n');
    try {
      assert.deepEqual(await only(port), before);
    } finally {
      host.install('ss', '#!/bin/sh\nexec /usr/bin/ss "$@"\n');
    }
  });

  it('is not taken in by names: of programs, or of files that look like sockets', async () => {
    const title = `a",pid=${process.pid},fd=3`;
    const long = 'x'.repeat(5_000);
    const victim = await startServer('127.0.0.1', { before: `process.title='${title}\\n\\u001b[2J${long}'` });
    const inode = readdirSync(`/proc/${victim.pid}/fd`)
      .map((fd) => readlinkSync(`/proc/${victim.pid}/fd/${fd}`))
      .filter((target) => target.startsWith('socket:'))
      .find((target) => readFileSync('/proc/net/tcp', 'utf8').includes(` ${target.slice(8, -1)} `));
    // What ls says of an open file may look like its line on a socket, and like the heading of another process.
    const line = `fd:\nlrwx------ 1 0 0 64 Nov 28 14:00 3 -> ${inode}`;
    const traps = [
      path.join(host.home, `9 -> ${inode}`),
      path.join(host.folder(`x\n/proc/${process.pid}`), line),
    ];
    const open = `${JSON.stringify(traps)}.forEach((trap)=>require('fs').openSync(trap,'w'))`;
    const decoy = spawn(process.execPath, ['-e', serverCode('127.0.0.1', 0, open)], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      await once(decoy.stdout, 'data');
      for (const program of ['/usr/bin/ss', '/bin/false']) {
        host.install('ss', `#!/bin/sh\nexec ${program} "$@"\n`);
        const { holder } = await only(victim.port);
        assert.equal(holder?.pid, victim.pid);
        assert.ok(holder.name.startsWith('a",pid=') && !/[\u0000-\u001f]/.test(holder.name + holder.command));
        assert.ok(holder.command.length <= 200);
      }
    } finally {
      decoy.kill('SIGKILL');
      host.install('ss', '#!/bin/sh\nexec /usr/bin/ss "$@"\n');
    }
  });
});

underEveryShell('ending a process', (shell) => {
  let host: ScriptHost;
  before(() => (host = new ScriptHost(shell)));
  after(() => host.dispose());
  afterEach(endServers);

  it('frees its port: by TERM, by KILL after the grace time, and also while it is suspended', async () => {
    const polite = await startServer();
    assert.equal((await end(host, polite.pid)).how, 'ended');
    const stubborn = await startServer('127.0.0.1', { before: 'process.on("SIGTERM",()=>0)' });
    assert.equal((await end(host, stubborn.pid, 1)).how, 'killed');
    const suspended = await startServer();
    signal(suspended.pid, 'SIGSTOP');
    await eventually('it to be suspended', () => stateOf(suspended.pid) === 'T');
    assert.equal((await end(host, suspended.pid)).how, 'ended');
    for (const { port, pid } of [polite, stubborn, suspended]) {
      assert.ok(!isAlive(pid));
      assert.ok(!(await lookOf(host, port)).taken.includes(port));
    }
  });

  it('signals nothing where pid and start time do not name one process, and says that it is gone', async () => {
    const { pid, startTicks } = await startServer();
    const { how, text } = await end(host, pid, 5, { startTicks: String(Number(startTicks) + 1) });
    assert.equal(how, 'gone');
    assert.match(text, /Nothing was signalled/);
    assert.ok(isAlive(pid));
  });

  it('tells nothing of one on another machine, or of another boot, as machines may have one id: it may run there', async () => {
    const { pid } = await startServer();
    const bootId = '11111111-0000-4000-8000-000000000000';
    const elsewhere = refused(/Another machine answers behind this machine .* nothing was signalled/);
    await assert.rejects(end(host, pid, 5, { machineId: 'another', bootId }), elsewhere);
    await assert.rejects(end(host, pid, 5, { machineId: 'another' }), elsewhere);
    await assert.rejects(end(host, pid, 5, { bootId }), refused(/was restarted .* nothing was signalled/));
    assert.ok(isAlive(pid));
  });

  it('refuses those by which the host is reached', async () => {
    for (const pid of [1, process.pid]) {
      await assert.rejects(end(host, pid), /by which this machine is reached, so nothing was signalled/);
    }
  });
});

if (mayAddUsers) {
  describe('ports of several users', () => {
    const switchUser = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'];
    let ours: ScriptHost;
    let theirs: ScriptHost;
    before(() => {
      ours = new ScriptHost(dash);
      theirs = new ScriptHost(dash, undefined, switchUser);
      chownSync(theirs.home, nobody, nobody);
      chmodSync(theirs.bin, 0o755);
    });
    after(() => Promise.all([ours.dispose(), theirs.dispose()]));
    afterEach(endServers);

    it("are told with the other's name, and without the process where that cannot be seen", async () => {
      const [root, other] = [await startServer(), await startServer('127.0.0.1', { as: nobody })];
      const look = await lookOf(theirs, root.port, other.port);
      const seen = look.listeners.map(({ port, user, holder }) => [port, user, holder?.pid]);
      assert.equal(look.uid, nobody);
      assert.deepEqual(
        new Set(seen),
        new Set([
          [root.port, 'root', undefined],
          [other.port, 'nobody', other.pid],
        ]),
      );
      const [listener] = (await lookOf(ours, other.port)).listeners;
      assert.deepEqual([listener?.user, listener?.uid, listener?.holder?.pid], ['nobody', nobody, other.pid]);
    });

    it('are never freed by ending what is not ours, as root either: the reason names whose it is', async () => {
      const [root, other] = [await startServer(), await startServer('127.0.0.1', { as: nobody })];
      await assert.rejects(end(theirs, root.pid), refused(/belongs to root, so nothing was signalled/));
      await assert.rejects(end(ours, other.pid), refused(/belongs to nobody, so nothing was signalled/));
      assert.ok(isAlive(root.pid) && isAlive(other.pid));
      assert.equal((await end(theirs, other.pid)).how, 'ended');
    });
  });
}

describe('where the kernel shows no table of sockets', () => {
  afterEach(endServers);
  const ask = (script: string, variables: Record<string, string> = {}) =>
    execFileSync('/bin/dash', ['-c', `${machineScript}\n${listeners}\n${script}`], {
      env: { ...process.env, ...variables },
    }).toString();

  it('ss tells them, or netstat, and lsof tells by whom they are held', async () => {
    const six = await startServer('::1');
    const four = await startServer('127.0.0.1');
    const uid = process.getuid?.() ?? 0;
    const bySs = ask('proc=/nowhere; sockets');
    assert.match(bySs, new RegExp(`^::1 ${six.port} ${uid} \\d+$`, 'm'));
    assert.match(bySs, new RegExp(`^127\\.0\\.0\\.1 ${four.port} ${uid} \\d+$`, 'm'));
    const byNetstat = ask('proc=/nowhere; command() { return 1; }; sockets');
    assert.match(byNetstat, new RegExp(`^::1 ${six.port} - -$`, 'm'));
    assert.match(byNetstat, new RegExp(`^127\\.0\\.0\\.1 ${four.port} - -$`, 'm'));
    assert.match(ask('eyes=ps; holders'), new RegExp(`^${four.port} ${four.pid} -$`, 'm'));
  });

  it('netstat of BSD and macOS tells them with the interface, which is no part of an address', () => {
    const table = [
      'Active Internet connections (including servers)',
      'Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)    ',
      'tcp4       0      0  10.0.0.2.22            10.0.0.9.50112         ESTABLISHED',
      'tcp4       0      0  *.22                   *.*                    LISTEN     ',
      'tcp6       0      0  *.22                   *.*                    LISTEN     ',
      'tcp6       0      0  fe80::1%lo0.8080       *.*                    LISTEN     ',
      'tcp6       0      0  fe80::1%vlan0.5.8081   *.*                    LISTEN     ',
      'udp4       0      0  *.5353                 *.*                               ',
    ].join('\n');
    const script = 'proc=/nowhere; command() { return 1; }; netstat() { printf "%s\\n" "$TABLE"; }; sockets';
    assert.deepEqual(ask(script, { TABLE: table }).trim().split('\n'), [
      '0.0.0.0 22 - -',
      ':: 22 - -',
      'fe80::1 8080 - -',
      'fe80::1 8081 - -',
    ]);
  });

  it('nothing is called free when nobody tells, also where ss or netstat are there and may not look', () => {
    const blind = [
      'proc=/nowhere; command() { return 1; }; netstat() { return 127; }; sockets',
      'proc=/nowhere; command() { return 1; }; netstat() { echo "Active Internet connections"; }; sockets',
      // Its heading is all that ss says then, and it ends well.
      'proc=/nowhere; PROC_ROOT=/nowhere; export PROC_ROOT; ss -tlne >&2 && sockets',
      // A table that is cut off.
      'proc=/nowhere; ss() { command ss "$@"; return 1; }; sockets',
      'mkdir -p "$EMPTY/net"; : >"$EMPTY/net/tcp"; proc=$EMPTY; sockets',
    ];
    const empty = mkdtempSync(path.join(tmpdir(), 'remote-operations-proc-'));
    try {
      for (const script of blind) {
        const told = spawnSync('/bin/dash', ['-c', `${machineScript}\n${listeners}\n${script}`], {
          env: { ...process.env, EMPTY: empty },
        });
        assert.deepEqual([told.status, told.stdout.toString()], [1, ''], script);
      }
    } finally {
      rmSync(empty, { recursive: true });
    }
  });
});

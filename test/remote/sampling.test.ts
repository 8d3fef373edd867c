import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { availableParallelism, totalmem } from 'node:os';
import path from 'node:path';
import { healthOf } from '../../src/operations/hostRates';
import type { HostReading } from '../../src/operations/hostReading';
import type { Operation } from '../../src/operations/operation';
import { eventually } from '../testbed/eventually';
import { Loop, requestLine, Watcher, Crowd } from './probeLoopSupport';
import { sampleScript, probeScript } from '../../src/launchers/process/scripts';
import { Sampler, ticksOfSession } from './samplingSupport';
import { signal } from './scriptsProcesses';
import { hostName, ScriptHost, shells, underEveryShell } from './scriptsSupport';

const mib = 1024 * 1024;

underEveryShell('what operations use', (shell) => {
  let host: ScriptHost;
  before(() => (host = new ScriptHost(shell)));
  after(() => host.dispose());

  it('is the processor time of all their processes, those that ended and those in groups of their own too', async () => {
    const burn = 'i=0; while [ $i -lt 40000 ]; do i=$((i + 1)); done';
    const operation = await host.start(
      `while :; do :; done & timeout 600 sh -c 'while :; do :; done' & (${burn}); echo burnt; wait`,
    );
    await logged(host, operation, 'burnt\n');
    const { pid } = operation.identity;
    const sampler = new Sampler(host, [operation]);
    const used: { least: number; most: number; told: number; at: number }[] = [];
    for (let look = 0; look < 2; look++) {
      await eventually('work', () => ticksOfSession(pid) > (used[0]?.most ?? 0) + 60);
      const least = ticksOfSession(pid);
      const reading = await sampler.reading();
      const told = reading.uses.get(operation.id)?.ticks ?? NaN;
      used.push({ least, told, most: ticksOfSession(pid), at: reading.uptimeSeconds });
    }
    for (const { least, told, most } of used) {
      assert.ok(least <= told && told <= most, JSON.stringify(used));
    }
    const resources = await eventually('its share', async () => {
      await sampler.look();
      return sampler.resources(operation);
    });
    // Two loops on all processors, however many others want them.
    assert.ok(resources.cpuPercent > 0 && resources.cpuPercent <= 200 / availableParallelism() + 5);
    signal(-pid, 'SIGKILL');
  });

  it('is the memory of all their processes', async () => {
    const allocate = (size: number) =>
      `'${process.execPath}' -e 'const kept = Buffer.alloc(${size} * ${mib}, 1); console.log("ready"); setInterval(() => kept, 1e6)'`;
    const [plain, large] = [
      await host.start(`${allocate(1)} & exec sleep 600`),
      await host.start(`${allocate(100)} & ${allocate(100)} & exec sleep 600`),
    ];
    await logged(host, plain, 'ready\n');
    await logged(host, large, 'ready\nready\n');
    const sampler = new Sampler(host, [plain, large]);
    const { uses } = await sampler.reading();
    const [small = NaN, big = NaN] = [plain, large].map(({ id }) => (uses.get(id)?.memoryKb ?? NaN) / 1024);
    // Two programs with 99 MiB more each than one without.
    assert.ok(Math.abs(big - 2 * small - 198) < 40, `${small} ${big}`);
    [plain, large].forEach(({ identity }) => signal(-identity.pid, 'SIGKILL'));
  });

  it('is the memory of no process whose name has a line that looks like one of theirs', async () => {
    const operation = await host.start('exec sleep 600');
    const other = await host.start(
      `exec '${process.execPath}' -e 'const kept = Buffer.alloc(100 * ${mib}, 1); require("node:fs").writeFileSync("/proc/self/comm", "a\\n${operation.identity.pid} (b"); console.log("ready"); setInterval(() => kept, 1e6)'`,
    );
    await logged(host, other, 'ready\n');
    const { uses } = await new Sampler(host, [operation, other]).reading();
    const [small = NaN, big = NaN] = [operation, other].map(
      ({ id }) => (uses.get(id)?.memoryKb ?? NaN) / 1024,
    );
    assert.ok(small < 50 && big > 100, `${small} ${big}`);
    [operation, other].forEach(({ identity }) => signal(-identity.pid, 'SIGKILL'));
  });

  it('is what their connections with other machines have brought and taken, and nothing that stays on theirs', async () => {
    const [far, near] = [await listening('127.0.0.1'), await listening('::')];
    const [port, nearPort] = [far, near].map((server) => (server.address() as AddressInfo).port);
    farAway(host, port as number);
    const send = `
      const net = require('net');
      const send = (to, address) => {
        const socket = net.connect(to, address);
        const until = (file, then) => (require('fs').existsSync(file) ? then() : setTimeout(until, 20, file, then));
        until(process.env.REMOTE_OPS_DIR + '/go', () => socket.write(Buffer.alloc(3000000)));
        socket.on('data', () => console.log('answered'));
      };
      ['127.0.0.1', '::1', '::ffff:127.0.0.1'].forEach((address) => send(${nearPort}, address));
      send(${port}, '127.0.0.1');`;
    const operation = await host.start(`exec '${process.execPath}' -e "${send}"`);
    const sampler = new Sampler(host, [operation]);
    const bytes = ({ connections }: HostReading) =>
      [...(connections?.bytes.get(operation.id)?.values() ?? [])].reduce((sum, each) => sum + each, 0);
    const hasConnection = ({ connections }: HostReading) => connections?.bytes.has(operation.id);
    const before = await eventually('its connection', async () => {
      const reading = await sampler.reading();
      return hasConnection(reading) && reading;
    });
    assert.ok(bytes(before) < 10);
    writeFileSync(host.file(operation, 'go'), '');
    await logged(host, operation, 'answered\n'.repeat(4));
    const after = await eventually('its bytes', async () => {
      const reading = await sampler.reading();
      return bytes(reading) >= 3_000_000 && reading;
    });
    // The kernel counts the greeting of a connection as a byte of its own.
    assert.ok(bytes(after) <= 3_000_004, String(bytes(after)));
    const { networkMbps = 0 } = sampler.resources(operation) ?? {};
    assert.ok(networkMbps > 0);
    signal(-operation.identity.pid, 'SIGKILL');
    [far, near].forEach((server) => server.close());
  });

  it('is told of those that live only, and spoils no look at the others', async () => {
    const [lives, ended] = [await host.start('exec sleep 600'), await host.start('exit 3')];
    await host.lookFor(ended, 'exited');
    const sampler = new Sampler(host, [ended, lives, host.operation('', { id: 'nonesuch' })]);
    for (let look = 0; look < 3; look++) {
      const { uses } = await sampler.reading();
      assert.deepEqual([...uses.keys()], [lives.id]);
      assert.deepEqual(
        [lives.id, ended.id, 'nonesuch'].map((id) => sampler.evidence.get(id)?.kind),
        ['alive', 'exited', 'not-launched'],
      );
    }
    signal(-lives.identity.pid, 'SIGKILL');
    await host.lookFor(lives, 'absent');
    assert.deepEqual([...(await sampler.reading()).uses.keys()], []);
  });

  it('is told of a group that has lost its leader', async () => {
    const operation = await host.start('sleep 600 & sleep 600');
    await eventually('both', () => ticksOfSession(operation.identity.pid) >= 0);
    signal(operation.identity.pid, 'SIGKILL');
    const sampler = new Sampler(host, [operation]);
    await eventually('its death', async () => {
      await sampler.look();
      const seen = sampler.evidence.get(operation.id);
      return seen?.kind === 'alive' && seen.by === 'its process group';
    });
    assert.ok((sampler.readings[0]?.uses.get(operation.id)?.memoryKb ?? 0) > 0);
  });
});

underEveryShell('what a host does', (shell) => {
  let host: ScriptHost;
  before(async () => {
    host = new ScriptHost(shell);
    await host.launcher.identify(host.machine, hostName);
  });
  after(() => host.dispose());

  it('is told by two readings a second apart, its disk and network too', async () => {
    const readings = await host.launcher.sample(host.machine, hostName, 2);
    assert.equal(readings.length, 2);
    const [first, last] = readings as [HostReading, HostReading];
    const health = healthOf(last, [first], '');
    assert.equal(health.cores, onlineProcessors());
    assert.ok(Math.abs(health.memoryTotalMb - totalmem() / mib) < 2);
    assert.ok(health.memoryFreeMb > 0 && health.memoryFreeMb < health.memoryTotalMb);
    assert.ok(health.cpuPercent !== undefined && health.cpuPercent > 0 && health.cpuPercent <= 100);
    assert.ok((health.diskFreeMb ?? 0) > 0 && (health.diskFreeMb ?? 0) <= (health.diskTotalMb ?? 0));
    assert.ok(health.load > 0);
    assert.ok((health.receivedMbps ?? -1) >= 0 && (health.sentMbps ?? -1) >= 0);
    assert.deepEqual([health.gpus, health.gpuProblem], [[], undefined]);
  });

  it('is told once where one reading is known', async () => {
    assert.equal((await host.launcher.sample(host.machine, hostName, 1)).length, 1);
  });

  it('is not told where there is no /proc, and what a look says of operations is', async () => {
    const blind = (script: string) => script.replaceAll('proc=/proc', 'proc=/nowhere');
    const { stdout } = await host.machine.run(blind(sampleScript), {
      input: 'n1\ntwice\n',
      deadlineMs: 20_000,
    });
    assert.match(stdout, /^remote-ops end n1 0$/m);
    const loop = await Loop.open(host.machine, blind(probeScript));
    const told = await loop.ask('1 0 sample', requestLine('nonesuch', { detail: 'detail' }));
    assert.deepEqual([told.ids, told.block.lines.length], [['nonesuch'], 2]);
    loop.conversation.close();
  });

  it('is told only when it is asked for, and each time', async () => {
    const loop = await Loop.open(host.machine);
    const samples = ({ block }: Awaited<ReturnType<Loop['again']>>) =>
      block.lines.filter(({ words }) => words[0] === 'sample' && words[1] === 'host').length;
    const line = requestLine('nonesuch', { detail: 'detail' });
    const first = await loop.ask('1 0', line);
    const second = await loop.ask(`again ${first.nonce} 0 sample`);
    const third = await loop.ask(`again ${second.nonce} 0 sample`);
    const fourth = await loop.ask(`again ${third.nonce} 0`);
    assert.deepEqual([first, second, third, fourth].map(samples), [0, 1, 1, 0]);
    assert.deepEqual(
      [second, third, fourth].map(({ kind, ids }) => [kind.split(' ')[0], ids]),
      [
        ['delta', []],
        ['delta', []],
        ['delta', []],
      ],
    );
    loop.conversation.close();
  });
});

const logged = (host: ScriptHost, operation: Pick<Operation, 'id'>, text: string) =>
  eventually(text, () => existsSync(host.file(operation, 'log')) && host.read(operation) === text);

const onlineProcessors = (): number => readFileSync('/proc/stat', 'utf8').match(/^cpu\d+ /gm)?.length ?? 0;

/** Another machine cannot be had everywhere: the kernel's own list, with the address of one for who listens on that port. */
function farAway({ bin }: ScriptHost, port: number): void {
  const list = `PATH=/usr/sbin:/usr/bin:/sbin:/bin; ss "$@" | sed 's/ 127\\.0\\.0\\.1:${port} / 192.0.2.77:${port} /g'`;
  writeFileSync(path.join(bin, 'ss'), `#!/bin/sh\n${list}\n`, { flag: 'wx', mode: 0o755 });
}

async function listening(address: string): Promise<Server> {
  const server = createServer((socket) => {
    let bytes = 0;
    socket.on('data', (chunk) => {
      bytes += chunk.length;
      if (bytes === 3_000_000) {
        socket.write('ok');
      }
    });
    socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  return server;
}

describe('what a crowd uses', () => {
  it('starts a handful of programs, however many live', async () => {
    const host = new ScriptHost(shells[0] as (typeof shells)[number]);
    const watcher = new Watcher();
    const crowd = await Crowd.gather(host, 200);
    const loop = await Loop.open(host.machine, watcher.prelude + probeScript);
    try {
      const lines = crowd.operations.map(({ id }) => requestLine(id, { detail: 'detail' }));
      let { nonce } = await loop.ask('200 0 sample', ...lines);
      const uses = (text: string) => text.match(/^sample use /gm)?.length;
      const told = await eventually('a look that leaves nothing to gather', async () => {
        watcher.started();
        const next = await loop.ask(`again ${nonce} 0 sample`);
        ({ nonce } = next);
        const names = watcher.started();
        assert.ok(names.length <= 12, names.join(' '));
        return names.join(' ') === 'awk awk cat' && next;
      });
      assert.equal(uses(told.text), 200);
    } finally {
      loop.conversation.close();
      crowd.end();
      watcher.dispose();
      await host.dispose();
    }
  });
});

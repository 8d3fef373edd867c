// Servers that mean harm, or are broken: whatever they do, an attempt ends in time and fills no memory.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ssh2, { type Connection, type ServerChannel } from 'ssh2';
import { isRemoteOperationsError, type ErrorCode } from '../../src/operations/errors';
import { generateKey } from '../testbed/sshd';
import { disposeMachines, machineAt, type TestMachine } from './connectionSupport';

/** Far less than what such a server sends in the time it is given. */
const maxHeldBytes = 64 * 1024 * 1024;
const deadlineMs = 1500;
const name = 'SSH-2.0-hostile\r\n';

describe('A hostile server', () => {
  let folder: string;
  let hostKey: string;
  let stop: (() => Promise<void>) | undefined;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'remote-operations-hostile-'));
    hostKey = path.join(folder, 'host_key');
    await generateKey(hostKey);
    await generateKey(path.join(folder, 'key'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  afterEach(async () => {
    disposeMachines();
    await stop?.();
    stop = undefined;
  });

  /** A machine that knows the server's key. */
  const machineOf = (port: number): TestMachine => {
    const knownHosts = path.join(folder, 'known_hosts');
    const configFile = path.join(folder, 'config');
    writeFileSync(knownHosts, `[127.0.0.1]:${port} ${readFileSync(`${hostKey}.pub`, 'utf8')}`);
    const lines = [
      'Host hostile',
      'HostName 127.0.0.1',
      `Port ${port}`,
      'ConnectTimeout 1',
      `IdentityFile ${folder}/key`,
      'IdentityAgent none',
      `UserKnownHostsFile ${knownHosts}`,
      'GlobalKnownHostsFile none',
    ];
    writeFileSync(configFile, `${lines.join('\n')}\n`);
    return machineAt('hostile', configFile);
  };

  const listen = async (server: Pick<Server, 'listen' | 'address' | 'close'>, sockets: Set<Socket>) => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    stop = () =>
      new Promise((resolve) => {
        sockets.forEach((socket) => socket.destroy());
        server.close(() => resolve());
      });
    return machineOf((server.address() as AddressInfo).port);
  };

  /** Speaks TCP only. */
  const startRaw = (serve: (socket: Socket) => void): Promise<TestMachine> => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined));
      serve(socket);
    });
    return listen(server, sockets);
  };

  /** Speaks SSH until `serve` takes over. */
  const startSsh = (serve: (connection: Connection, socket: Socket) => void): Promise<TestMachine> => {
    const sockets = new Set<Socket>();
    const options = { hostKeys: [readFileSync(hostKey)] };
    const server = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined));
      const ssh = new ssh2.Server(options, (connection) => {
        connection.on('error', () => undefined);
        serve(connection, socket);
      });
      ssh.injectSocket(socket);
    });
    return listen(server, sockets);
  };

  /** Accepts any login and any command. */
  const startAccepting = (serve: (channel: ServerChannel, socket: Socket) => void) =>
    startSsh((connection, socket) => {
      connection.on('authentication', (context) => context.accept());
      connection.on('session', (accept) => accept().on('exec', (acceptExec) => serve(acceptExec(), socket)));
    });

  /** What the attempt ends with, and that it held little memory all the while. */
  const endsWith = async (work: Promise<unknown>, ...codes: ErrorCode[]) => {
    const before = process.memoryUsage().arrayBuffers;
    let most = before;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().arrayBuffers)), 20);
    try {
      await assert.rejects(work, (error) => {
        assert.ok(isRemoteOperationsError(error), String(error));
        assert.ok(codes.includes(error.code), `${error.code}: ${error.message}`);
        assert.match(error.message, /dgx-1/);
        return true;
      });
    } finally {
      clearInterval(watch);
    }
    assert.ok(most - before < maxHeldBytes, `${most - before} bytes held`);
  };

  const early: [what: string, serve: (socket: Socket) => void][] = [
    ['closes at once', (socket) => socket.end()],
    ['resets at once', (socket) => socket.resetAndDestroy()],
    ['says nothing', () => undefined],
    ['says its name and closes', (socket) => socket.end(name)],
    ['says its name and nothing more', (socket) => socket.write(name)],
    ['greets without end', (socket) => pour(socket, Buffer.from('welcome\r\n'.repeat(1000)))],
    ['greets with a line without end', (socket) => pour(socket, Buffer.alloc(64 * 1024, 'x'))],
    ['says its name byte by byte without end', (socket) => drip(socket, 'S')],
    ['sends noise after its name', (socket) => pour(socket, randomBytes(64 * 1024), name)],
    ['announces a packet of 4 GB', (socket) => pour(socket, Buffer.alloc(64 * 1024, 0xff), name)],
    ['sends empty packets without end', (socket) => pour(socket, ignorePackets, name)],
  ];
  for (const [what, serve] of early) {
    it(`that ${what} is unreachable`, async () => {
      const { machine } = await startRaw(serve);
      await endsWith(machine.connect(), 'Unreachable');
    });
  }

  it('that never decides on the login is unreachable', async () => {
    const { machine } = await startSsh((connection) => connection.on('authentication', () => undefined));
    await endsWith(machine.connect(), 'Unreachable');
  });

  it('that refuses every login without end is not asked without end', async () => {
    const { machine } = await startSsh((connection) =>
      connection.on('authentication', (context) => context.reject(['publickey'], true)),
    );
    await endsWith(machine.connect(), 'NeedsLogin');
  });

  it('that closes during the login is unreachable', async () => {
    const { machine } = await startSsh((connection, socket) =>
      connection.on('authentication', () => socket.destroy()),
    );
    await endsWith(machine.connect(), 'Unreachable');
  });

  it('that closes right after the login is unreachable', async () => {
    const { machine } = await startSsh((connection, socket) =>
      connection.on('authentication', (context) => context.accept()).on('ready', () => socket.destroy()),
    );
    await endsWith(machine.run('true', { deadlineMs }), 'Unreachable', 'NoAnswer');
  });

  it('that refuses every session is unreachable', async () => {
    const { machine } = await startSsh((connection) =>
      connection
        .on('authentication', (context) => context.accept())
        .on('session', (_accept, reject) => reject()),
    );
    await endsWith(machine.run('true', { deadlineMs }), 'Unreachable');
  });

  it('that never answers a request for a session gives no answer', async () => {
    const { machine } = await startSsh((connection) =>
      connection.on('authentication', (context) => context.accept()).on('session', () => undefined),
    );
    await endsWith(machine.run('true', { deadlineMs }), 'NoAnswer');
  });

  const late: [what: string, serve: (channel: ServerChannel, socket: Socket) => void, ErrorCode][] = [
    ['never answers a command', () => undefined, 'NoAnswer'],
    ['closes during a command', (_channel, socket) => socket.destroy(), 'NoAnswer'],
    ['closes a command without an exit code', (channel) => channel.close(), 'NoAnswer'],
    ['answers without end', (channel) => pour(channel, Buffer.alloc(32 * 1024, 'x')), 'BadAnswer'],
    ['complains without end', (channel) => pour(channel.stderr, Buffer.alloc(32 * 1024, 'x')), 'BadAnswer'],
  ];
  for (const [what, serve, code] of late) {
    it(`that ${what} is told as ${code}`, async () => {
      const { machine } = await startAccepting(serve);
      await endsWith(machine.run('true', { deadlineMs }), code);
    });
  }
});

/** SSH_MSG_IGNORE with nothing in it, again and again. */
const ignorePackets = Buffer.concat(
  Array.from({ length: 1000 }, () => Buffer.from([0, 0, 0, 12, 6, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])),
);

/** Writes as fast as it is read, until the other end has enough. */
function pour(stream: NodeJS.WritableStream, chunk: Buffer, first?: string): void {
  stream.on('error', () => undefined);
  if (first !== undefined) {
    stream.write(first);
  }
  const more = () => {
    while ((stream as { writable?: boolean }).writable && stream.write(chunk)) {
      // Until it is full.
    }
  };
  stream.on('drain', () => setImmediate(more));
  more();
}

function drip(socket: Socket, text: string): void {
  const timer = setInterval(() => socket.write(text), 5);
  socket.once('close', () => clearInterval(timer));
}

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer, get, type Server as HttpServer } from 'node:http';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { PortForwards } from '../../src/engine/forwarding/portForwards';
import type { SshMachine } from '../../src/hosts/connection';
import type { Operation } from '../../src/operations/operation';
import type { RemoteOperationsError } from '../../src/operations/errors';
import { eventually } from '../testbed/eventually';
import { startFaultProxy, type FaultProxy } from '../testbed/faultProxy';
import { startSshd, type Sshd } from '../testbed/sshd';
import { disposeMachines, machineFor } from './connectionSupport';

describe('a port that is forwarded', () => {
  let sshd: Sshd;
  let proxy: FaultProxy;
  let machine: SshMachine;
  let forwards: PortForwards;
  const closers: (() => unknown)[] = [];

  // Two sessions only: forwarded connections are none (sshd_config(5), MaxSessions).
  before(async () => (sshd = await startSshd({ maxSessions: 2 })));
  after(() => sshd.stop());

  beforeEach(async () => {
    proxy = await startFaultProxy(sshd);
    ({ machine } = machineFor(sshd, { through: proxy }));
    forwards = new PortForwards({ machine: () => machine, nameOf: () => 'dgx-1' }, () => undefined);
  });
  afterEach(async () => {
    forwards.dispose();
    disposeMachines();
    await Promise.all(closers.splice(0).map((close) => close()));
    await proxy.stop();
  });

  const listening = async <T extends Server | HttpServer>(server: T, host = '127.0.0.1'): Promise<number> => {
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => {
      sockets.add(socket.on('error', () => undefined));
    });
    server.listen(0, host);
    await once(server, 'listening');
    closers.push(() => {
      sockets.forEach((socket) => socket.destroy());
      server.close();
    });
    return (server.address() as AddressInfo).port;
  };
  const web = () => listening(createHttpServer((request, response) => response.end(`page ${request.url}`)));
  const operation = (port: number, more: Partial<Operation> = {}): Operation => ({
    id: 'op-1',
    version: 1,
    spec: { hostId: 'test', type: 'server', name: 'api', command: 'serve', port },
    launcher: 'process',
    status: 'running',
    submittedAt: '2026-01-01T00:00:00.000Z',
    ...more,
  });
  const open = async (port: number): Promise<number> => (await forwards.open(operation(port), {})).localPort;
  const page = (port: number, path: string): Promise<string> =>
    new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
        response
          .setEncoding('utf8')
          .toArray()
          .then((parts) => resolve(parts.join('')), reject);
      }).on('error', reject);
    });
  const reach = async (port: number): Promise<Socket> => {
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
    closers.push(() => socket.destroy());
    await once(socket, 'connect');
    return socket;
  };
  /** How it ended: a page that is broken off is not to be taken for a whole one. */
  const gone = (socket: Socket): Promise<'reset' | 'ended'> =>
    new Promise((resolve) => {
      socket.on('error', () => resolve('reset')).on('close', () => resolve('ended'));
    });
  const all = async (socket: Socket): Promise<Buffer> => Buffer.concat((await socket.toArray()) as Buffer[]);

  it('serves the pages of the host here, on 127.0.0.1 only', async () => {
    const remote = await web();
    const local = await open(remote);
    assert.equal(await page(local, '/one'), 'page /one');
    assert.equal(forwards.localPortOf('op-1'), local);
    await assert.rejects(once(connect({ host: '127.0.0.2', port: local }), 'connect'), {
      code: 'ECONNREFUSED',
    });
    await assert.rejects(once(connect({ host: '::1', port: local }), 'connect'));
  });

  it('has another number where its own is taken, and says by whom', async () => {
    const remote = await web();
    const { localPort, takenBy = '' } = await forwards.open(operation(remote), {});
    // The server itself has the port here: host and computer are one in this test.
    assert.notEqual(localPort, remote);
    assert.match(takenBy, new RegExp(`\\(pid ${process.pid}\\)$`));
    const strict = forwards.open(operation(remote, { id: 'op-2' }), { localPort: remote });
    await assert.rejects(strict, ({ code, message }: RemoteOperationsError) => {
      assert.equal(code, 'NotApplicable');
      assert.match(message, /is used by .*\(pid \d+\)/);
      return true;
    });
  });

  it('is the same when it is opened again, and gone once it is closed or the server has ended', async () => {
    const remote = await web();
    const [first, second] = await Promise.all([open(remote), open(remote)]);
    assert.equal(first, second);
    forwards.close('op-1');
    await assert.rejects(page(first, '/'), { code: 'ECONNREFUSED' });
    const again = await open(remote);
    forwards.note(operation(remote, { status: 'completed' }));
    assert.equal(forwards.localPortOf('op-1'), undefined);
    await assert.rejects(page(again, '/'), { code: 'ECONNREFUSED' });
  });

  it('carries raw bytes both ways, also after one side has ended its half', async () => {
    const echo = createServer({ allowHalfOpen: true }, (socket) => {
      const parts = [Buffer.from('got ')];
      socket.on('data', (part) => parts.push(part)).on('end', () => socket.end(Buffer.concat(parts)));
    });
    const local = await open(await listening(echo));
    const socket = await reach(local);
    const sent = Buffer.alloc(3_000_000, 'bytes \0\xff');
    socket.end(sent);
    const got = await all(socket);
    assert.equal(got.length, sent.length + 4);
    assert.ok(got.subarray(4).equals(sent));
  });

  it('lets a connection be upgraded, as websockets are', async () => {
    const server = createHttpServer();
    server.on('upgrade', (_request, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n');
      socket.pipe(socket);
    });
    const socket = await reach(await open(await listening(server)));
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n');
    const [head] = (await once(socket, 'data')) as [Buffer];
    assert.match(head.toString(), /^HTTP\/1.1 101 /);
    socket.write('ping');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    assert.equal(answer.toString(), 'ping');
  });

  it('takes 100 connections at once, and scripts run beside them', async () => {
    const local = await open(await web());
    const pages = await Promise.all([
      ...Array.from({ length: 100 }, (_, at) => page(local, `/${at}`)),
      machine.run('echo beside', { deadlineMs: 30_000 }).then(({ stdout }) => stdout),
    ]);
    assert.deepEqual(pages, [...Array.from({ length: 100 }, (_, at) => `page /${at}`), 'beside\n']);
  });

  it('reaches a server that listens on the IPv6 address of the host only', async () => {
    const port = await listening(
      createServer((socket) => socket.end('six')),
      '::1',
    );
    const { stream } = await machine.forward({ hostName: '127.0.0.1', port }, AbortSignal.timeout(10_000));
    assert.equal(Buffer.concat((await stream.toArray()) as Buffer[]).toString(), 'six');
  });

  it('says at once that nothing answers there', async () => {
    const remote = await web();
    await closers.splice(0)[0]?.();
    await assert.rejects(open(remote), ({ code, message }: RemoteOperationsError) => {
      assert.equal(code, 'NotApplicable');
      assert.match(message, new RegExp(`^Nothing answers on port ${remote} of dgx-1`));
      return true;
    });
    assert.equal(forwards.localPortOf('op-1'), undefined);
  });

  it('breaks off what was open when the host is lost, and leads there again when it is back', async () => {
    const quiet = createServer((socket) => socket.write('hello'));
    const local = await open(await listening(quiet));
    const socket = await reach(local);
    await once(socket, 'data');
    const broken = gone(socket);
    await proxy.refuse();
    proxy.cut();
    assert.equal(await broken, 'reset');
    assert.equal(forwards.localPortOf('op-1'), local);
    assert.equal(await gone((await reach(local)).resume()), 'reset');
    await proxy.restore();
    const [data] = (await once(await reach(local), 'data')) as [Buffer];
    assert.equal(data.toString(), 'hello');
  });

  it('is taken up again by the next window without a question to the host', async () => {
    const remote = await web();
    const local = await open(remote);
    forwards.dispose();
    const next = new PortForwards({ machine: () => machine, nameOf: () => 'dgx-1' }, () => undefined);
    closers.push(() => next.dispose());
    await eventually('the port is free', () =>
      next.open(operation(remote), { localPort: local }).then(
        ({ localPort }) => localPort === local,
        () => false,
      ),
    );
    assert.equal(await page(local, '/next'), 'page /next');
  });

  it('is none of what has no port, has ended, or runs on several nodes', async () => {
    const { port, ...withoutPort } = operation(80).spec;
    const refused: [Operation, RegExp][] = [
      [{ ...operation(80), spec: withoutPort }, /has no port/],
      [operation(80, { status: 'failed' }), /has ended/],
      [operation(80, { launcher: 'slurm' }), /has not started on a node/],
      [
        operation(80, { launcher: 'slurm', scheduler: { jobId: '1', state: 'RUNNING', node: 'n[1-2]' } }),
        /several nodes/,
      ],
    ];
    for (const [each, expected] of refused) {
      await assert.rejects(forwards.open(each, {}), expected);
    }
  });

  it('leads to the node of a job through the login node', async () => {
    const remote = await web();
    const job = { jobId: '1', state: 'RUNNING', node: 'localhost' };
    const { localPort } = await forwards.open(operation(remote, { launcher: 'slurm', scheduler: job }), {});
    assert.equal(await page(localPort, '/'), 'page /');
  });
});

describe('a host that forwards nothing', () => {
  it('is said to be so, with what allows it', async () => {
    const sshd = await startSshd({ config: ['AllowTcpForwarding no'] });
    const { machine } = machineFor(sshd);
    try {
      const target = { hostName: '127.0.0.1', port: sshd.port };
      await assert.rejects(
        machine.forward(target, AbortSignal.timeout(10_000)),
        /does not forward .*AllowTcpForwarding/,
      );
    } finally {
      disposeMachines();
      await sshd.stop();
    }
  });
});

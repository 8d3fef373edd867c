import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import type { RunResult } from '../../src/hosts/machine';
import { isRemoteOperationsError } from '../../src/operations/errors';
import { startFaultProxy, type FaultProxy } from '../testbed/faultProxy';
import { eventually } from '../testbed/eventually';
import { startSshd, type Sshd } from '../testbed/sshd';
import {
  disposeMachines,
  failsWith,
  forgetStarted,
  hasStarted,
  longScript,
  machineFor,
} from './connectionSupport';

const deadlineMs = 20_000;

describe('A faulty network', () => {
  let sshd: Sshd;
  let proxy: FaultProxy;
  before(async () => (sshd = await startSshd()));
  after(() => sshd.stop());
  beforeEach(async () => (proxy = await startFaultProxy(sshd)));
  afterEach(async () => {
    disposeMachines();
    forgetStarted(sshd);
    await proxy.stop();
  });

  const throughProxy = (config: string[] = []) => machineFor(sshd, { through: proxy, config });

  it('that refuses the port makes the host unreachable, and the message says where', async () => {
    const { machine, states } = throughProxy();
    await proxy.refuse();
    await failsWith(
      machine.run('true', { deadlineMs }),
      'Unreachable',
      new RegExp(`refused.*127.0.0.1:${proxy.port}`),
    );
    assert.deepEqual(
      states.map(({ state }) => state),
      ['connecting', 'unreachable'],
    );
    await proxy.restore();
    assert.equal((await machine.run('echo back', { deadlineMs })).stdout, 'back\n');
  });

  it('that swallows everything ends the attempt at the connect timeout', async () => {
    const { machine } = throughProxy(['ConnectTimeout 1']);
    proxy.blackhole();
    await failsWith(machine.connect(), 'Unreachable', /within 1 s/);
    await proxy.restore();
    await machine.connect();
  });

  it('without an address for the name says so', async () => {
    const { machine } = machineFor(sshd, { through: { host: 'no-such-host.invalid', port: 22 } });
    await failsWith(machine.connect(), 'Unreachable', /no-such-host\.invalid/, /address/);
  });

  it('with another program on the port is told apart from a working host', async () => {
    const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(
      0,
      '127.0.0.1',
    );
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await failsWith(
      machineFor(sshd, { through: { host: '127.0.0.1', port } }).machine.connect(),
      'Unreachable',
      /SSH/,
    );
    server.close();
  });

  it('cut while a script runs leaves its outcome open, and the next run connects again', async () => {
    const { machine, states } = throughProxy();
    const run = machine.run(longScript, { deadlineMs });
    await eventually('the start of the script', hasStarted(sshd));
    proxy.cut();
    await failsWith(run, 'NoAnswer', /may have been carried out/);
    assert.equal(states.at(-1)?.state, 'unreachable');
    assert.equal((await machine.run('echo back', { deadlineMs })).stdout, 'back\n');
    assert.equal(proxy.accepted(), 2);
    assert.equal(states.at(-1)?.state, 'connected');
  });

  it('that falls silent before a run ends it at its deadline, and the next run connects again', async () => {
    const { machine } = throughProxy();
    await machine.connect();
    proxy.stall();
    const [first, ...others] = [1, 2, 3].map(() => machine.run('true', { deadlineMs: 300 })) as [
      Promise<unknown>,
    ];
    // Whose deadline comes first gives the connection up, and the others with it.
    const ends = [
      failsWith(first, 'NoAnswer', /0\.3 s/),
      ...others.map((run) => failsWith(run, 'NoAnswer', /0\.3 s|was lost/)),
    ];
    await Promise.all(ends);
    await proxy.restore();
    assert.equal((await machine.run('echo back', { deadlineMs })).stdout, 'back\n');
    assert.equal(proxy.accepted(), 2);
  });

  it('that stays silent is noticed by keepalive, long before the deadline of a run', async () => {
    const { machine } = throughProxy(['ServerAliveInterval 1']);
    const run = machine.run(longScript, { deadlineMs: 60_000 });
    await eventually('the start of the script', hasStarted(sshd));
    const started = performance.now();
    proxy.stall();
    await failsWith(run, 'NoAnswer', /was lost/);
    assert.ok(performance.now() - started < 10_000);
  });

  it('that breaks off anywhere never makes a run succeed with less than the whole answer', async () => {
    const line = 'x'.repeat(99);
    const script = `awk 'BEGIN { for (i = 0; i < 500; i++) print "${line}" }'`;
    for (const bytes of [0, 30, 700, 1500, 2200, 2600, 3000, 10_000, 40_000, 52_000]) {
      const { machine } = throughProxy();
      proxy.truncateAfter(bytes);
      const outcome = await machine.run(script, { deadlineMs }).catch((error: unknown) => error);
      if (outcome instanceof Error) {
        assert.ok(isRemoteOperationsError(outcome), String(outcome));
        assert.ok(
          ['Unreachable', 'NoAnswer'].includes(outcome.code),
          `${bytes}: ${outcome.code} ${outcome.message}`,
        );
      } else {
        assert.equal((outcome as RunResult).stdout, `${line}\n`.repeat(500));
      }
      machine.dispose();
      await proxy.restore();
    }
  });

  it('of 50 ms shows in the round trip time', async () => {
    await proxy.stop();
    proxy = await startFaultProxy(sshd, { delayMs: 50 });
    const { machine } = throughProxy();
    await machine.run('true', { deadlineMs });
    const roundTripMs = machine.roundTripMs ?? 0;
    assert.ok(roundTripMs >= 45 && roundTripMs < 120, `${roundTripMs} ms`);
  });
});

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import type { Conversation, Machine } from '../../src/hosts/machine';
import { isRemoteOperationsError } from '../../src/operations/errors';
import { eventually } from '../testbed/eventually';
import { syncUntil } from './engineSupport';
import { FaultyHost } from './faultsSupport';
import { groupOf, isAlive, readNumber, signal } from './scriptsProcesses';

const hours = 3_600_000;
const patienceMs = 300;

/** Set while no answer is to be expected: a busy machine takes its time with those that come. */
let isInHaste = false;

/** A machine whose deadlines are soon over while the test is in haste. */
function hurried(machine: Machine): Machine {
  const soon = <T extends { deadlineMs: number }>(options: T) =>
    isInHaste ? { ...options, deadlineMs: patienceMs } : options;
  const inHaste = (conversation: Conversation): Conversation => ({
    get isOpen() {
      return conversation.isOpen;
    },
    ask: (input, options) => conversation.ask(input, soon(options)),
    close: () => conversation.close(),
  });
  return {
    hostId: machine.hostId,
    connect: (abort) => machine.connect(abort),
    run: (script, options) => machine.run(script, soon(options)),
    converse: async (script, options) => {
      const conversation = await machine.converse?.(script, soon(options));
      return conversation && inHaste(conversation);
    },
    dispose: () => machine.dispose(),
  };
}

describe('an engine behind a faulty network', () => {
  const host = new FaultyHost();
  before(() => host.start());
  after(() => host.stop());
  afterEach(() => {
    isInHaste = false;
    return host.close();
  });

  /** One that lives and one whose processes are gone: neither may change while nothing is seen. */
  const two = async () => {
    const [alive, dead] = [await host.running(), await host.running()];
    await host.look();
    signal(-dead.pid, 'SIGKILL');
    await eventually('its end', () => groupOf(dead.pid).length === 0);
    return [alive, dead] as const;
  };
  type Two = Awaited<ReturnType<typeof two>>;
  const unchanged = (operations: Two, observation: string) => {
    for (const { id } of operations) {
      assert.equal(host.state(id), `running, ${observation}`, host.reason(id));
    }
  };
  const seenAgain = async ([alive, dead]: Two) => {
    await host.lookTwice();
    assert.equal(host.state(alive.id), 'running, fresh', host.reason(alive.id));
    assert.ok(isAlive(alive.pid));
    assert.equal(host.state(dead.id), 'stopped, fresh');
    assert.equal(await host.statuses(dead.id), 'submitting, running, stopped');
  };

  it('that refuses: unreachable, unchanged; what is submitted meanwhile failed, as nothing was started', async () => {
    await host.open();
    const operations = await two();
    await host.proxy.refuse();
    await host.lookTwice();
    unchanged(operations, 'unreachable');
    const { id } = await host.submit();
    assert.equal(host.engine.get(id)?.status, 'failed');
    assert.match(host.engine.get(id)?.error ?? '', /^Nothing was started/);
    await host.proxy.restore();
    await seenAgain(operations);
    assert.deepEqual([host.state(id), host.executions(id)], ['failed, fresh', 0]);
  });

  it('that swallows everything: unreachable, unchanged, connected again when it is back', async () => {
    await host.open({ config: ['ConnectTimeout 1'], between: hurried });
    const operations = await two();
    host.proxy.blackhole();
    isInHaste = true;
    await host.lookTwice();
    unchanged(operations, 'unreachable');
    isInHaste = false;
    await host.proxy.restore();
    await seenAgain(operations);
  });

  it('that swallows a launch: unconfirmed, launched again when it is back, executed once', async () => {
    await host.open({ config: ['ConnectTimeout 1'], between: hurried });
    await host.running();
    host.proxy.blackhole();
    isInHaste = true;
    const { id, status } = await host.submit();
    assert.equal(status, 'unconfirmed');
    isInHaste = false;
    await host.proxy.restore();
    const { pid = 0 } = await syncUntil(host.rig, id, 'running');
    await eventually('the command to run', () => host.executions(id) > 0);
    assert.equal(host.executions(id), 1);
    assert.ok(isAlive(pid));
  });

  it('that is cut in mid-block, anywhere: what lives is never stopped', async () => {
    await host.open();
    const operations = await two();
    const [alive, dead] = operations;
    for (const bytes of [0, 50, 150, 300, 500, 2000, 4000, 6000]) {
      host.proxy.truncateAfter(bytes);
      await host.lookTwice();
      await host.proxy.restore();
      assert.equal(host.engine.get(alive.id)?.status, 'running', `${bytes}`);
    }
    await seenAgain(operations);
    assert.equal(host.executions(dead.id), 1);
  });

  it('that is cut in the answer to a launch: never executed twice, in the end running', async () => {
    await host.open();
    await host.running();
    for (const bytes of [0, 100, 250, 400, 600]) {
      await host.look();
      host.proxy.truncateAfter(bytes);
      const { id } = await host.submit();
      await host.proxy.restore();
      await syncUntil(host.rig, id, 'running');
      await eventually('the command to run', () => host.executions(id) > 0);
      assert.equal(host.executions(id), 1);
    }
  });

  it('whose sshd hangs so that the exec callback never comes: the deadline ends it, unchanged', async () => {
    await host.open({ config: ['ConnectTimeout 1'], between: hurried });
    host.door(`echo $PPID >${host.doorFile('sshd')}\nexec /bin/sh -c "$SSH_ORIGINAL_COMMAND"`);
    const operations = await two();
    const sshd = readNumber(host.doorFile('sshd')) ?? 0;
    signal(sshd, 'SIGSTOP');
    isInHaste = true;
    try {
      const { id, status } = await host.submit();
      assert.equal(status, 'unconfirmed');
      const [, doubt] = await host.engine.history(id);
      assert.match(doubt?.evidence ?? '', /did not answer within 0\.3 s/);
      await host.proxy.refuse();
      await host.lookTwice();
      unchanged(operations, 'unreachable');
      isInHaste = false;
      await host.proxy.restore();
      await seenAgain(operations);
      await syncUntil(host.rig, id, 'running');
      await eventually('the command to run', () => host.executions(id) > 0);
      signal(sshd, 'SIGCONT');
      await host.lookTwice();
      assert.deepEqual([host.state(id), host.executions(id)], ['running, fresh', 1]);
    } finally {
      signal(sshd, 'SIGKILL');
    }
  });

  it('that falls silent: keepalive ends a look and a launch before their deadlines', async () => {
    await host.open({ config: ['ServerAliveInterval 1', 'ConnectTimeout 1'] });
    const operations = await two();
    host.proxy.stall();
    const looked = host.look();
    const { id, status } = await host.submit();
    await looked;
    assert.equal(status, 'unconfirmed');
    unchanged(operations, 'unreachable');
    await host.proxy.restore();
    await seenAgain(operations);
    await syncUntil(host.rig, id, 'running');
    await eventually('the command to run', () => host.executions(id) > 0);
    assert.equal(host.executions(id), 1);
  });

  it('a kill while it is away: delivered when it is back, to the process that it is about', async () => {
    await host.open();
    const { id, pid } = await host.running();
    await host.proxy.refuse();
    await assert.rejects(host.engine.kill(id), (error) => isRemoteOperationsError(error, 'Unreachable'));
    await host.look();
    assert.equal(host.state(id), 'stopping, unreachable');
    assert.ok(isAlive(pid));
    await host.proxy.restore();
    await syncUntil(host.rig, id, 'cancelled');
    assert.deepEqual(groupOf(pid), []);
  });

  it('a kill whose answer the network cuts off: stopping until the death was seen', async () => {
    await host.open();
    const { id, pid } = await host.running(`trap '' TERM; while :; do sleep 0.1; done`);
    const killed = host.engine.kill(id, { graceSeconds: 1 });
    await eventually('the end of its processes', () => groupOf(pid).length === 0);
    host.proxy.cut();
    await killed.catch(() => undefined);
    await host.lookTwice();
    assert.equal(host.state(id), 'cancelled, fresh');
  });

  it('a laptop asleep for eight hours: what ended meanwhile is told, what runs is not disturbed', async () => {
    await host.open();
    const runs = await host.running();
    const ends = await host.running('until [ -e "$HOME/wake" ]; do sleep 0.05; done; exit 5');
    await host.engine.start();
    await eventually('a look', () => host.state(ends.id) === 'running, fresh');
    writeFileSync(host.home('wake'), '');
    await eventually('its end', () => groupOf(ends.pid).length === 0);
    host.rig.clock.sleep(8 * hours);
    host.proxy.cut();
    await host.rig.clock.advance(30_000);
    await eventually('the end to be told', () => host.engine.get(ends.id)?.status === 'failed');
    assert.deepEqual(host.rig.hosts.renewed, ['test']);
    assert.equal(host.engine.get(ends.id)?.exitCode, 5);
    assert.equal(host.state(runs.id), 'running, fresh');
    assert.equal(await host.statuses(runs.id), 'submitting, running');
    assert.ok(isAlive(runs.pid));
  });
});

describe('an engine on a host that allows little', () => {
  afterEach(() => host.close());
  afterEach(() => host.stop());
  let host: FaultyHost;
  beforeEach(() => (host = new FaultyHost()));

  it('MaxSessions 2: many submissions, looks and kills at once, each with its end', async () => {
    await host.start({ maxSessions: 2 });
    await host.open();
    const submitted = await Promise.all(
      Array.from({ length: 6 }, async (_, at) => {
        const view = await host.submit(at < 3 ? `exit ${at + 1}` : undefined);
        await host.look();
        return view;
      }),
    );
    const [ends, lives] = [submitted.slice(0, 3), submitted.slice(3)];
    await Promise.all(ends.map(({ id }) => syncUntil(host.rig, id, 'failed')));
    assert.deepEqual(
      ends.map(({ id }) => host.engine.get(id)?.exitCode),
      [1, 2, 3],
    );
    assert.ok(lives.every(({ id }) => host.state(id) === 'running, fresh'));
    await Promise.all(lives.map(({ id }) => host.engine.kill(id)));
    for (const { id, pid = 0 } of lives) {
      assert.equal(host.state(id), 'cancelled, fresh');
      assert.deepEqual(groupOf(pid), []);
    }
    assert.ok(submitted.every(({ id }) => host.executions(id) === 1));
  });

  it('new keys every megabyte: logs of four megabytes whole, and status as ever, over one connection', async () => {
    await host.start({ config: ['RekeyLimit 1M'] });
    await host.open();
    const { id } = await host.running('yes 0123456789abcde | head -c 4194304; exit 6');
    const runs = await host.running();
    await syncUntil(host.rig, id, 'failed');
    for (let time = 1; time <= 3; time++) {
      const { text } = await host.engine.log(id, { maxBytes: 2 ** 22 });
      assert.ok(text === '0123456789abcde\n'.repeat(2 ** 18));
      await host.engine.sync();
      assert.equal(host.state(runs.id), 'running, fresh');
    }
    assert.ok(host.proxy.bytes() > 36 * 2 ** 20);
    assert.equal(host.proxy.accepted(), 1);
    assert.equal((await host.engine.kill(runs.id)).status, 'cancelled');
    assert.deepEqual([host.engine.get(id)?.exitCode, groupOf(runs.pid)], [6, []]);
  });
});

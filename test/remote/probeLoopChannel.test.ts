import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Machine } from '../../src/hosts/machine';
import { ProcessLauncher } from '../../src/launchers/process/processLauncher';
import { probeScript } from '../../src/launchers/process/scripts';
import type { Operation } from '../../src/operations/operation';
import { eventually } from '../testbed/eventually';
import { startFaultProxy, type FaultProxy } from '../testbed/faultProxy';
import { startSshd, type Sshd } from '../testbed/sshd';
import { disposeMachines, failsWith, machineFor } from './connectionSupport';
import { Crowd, requestLine } from './probeLoopSupport';
import { processesOf, signal } from './scriptsProcesses';
import { ScriptHost, shells } from './scriptsSupport';

const deadlineMs = 20_000;
const narrowest = [3, 2, 1];

/** Looks as the engine does, and says by how many requests and how many channels. */
class Looker {
  readonly #launcher = new ProcessLauncher(() => randomBytes(16).toString('hex'));
  requests = 0;

  constructor(readonly machine: Machine) {}

  async look(operations: readonly Operation[]): Promise<Set<string>> {
    this.requests = 0;
    const requests = operations.map((operation) => ({ operation, detail: false }));
    const seen = await this.#launcher.probe(this.machine, 'dgx-1', requests, {
      onRequest: () => (this.requests += 1),
    });
    assert.equal(seen.size, operations.length);
    return new Set([...seen.values()].map(({ kind }) => kind));
  }
}

describe('the probe over a channel that stays', () => {
  let sshd: Sshd;
  let proxy: FaultProxy;
  let host: ScriptHost;
  let crowd: Crowd;
  let few: readonly Operation[];
  before(async () => {
    sshd = await startSshd();
    proxy = await startFaultProxy(sshd);
    host = new ScriptHost(shells[0] as (typeof shells)[number], sshd.home);
    crowd = await Crowd.gather(host, 1000);
    few = crowd.operations.slice(0, 3);
  });
  after(async () => {
    crowd.end();
    await proxy.stop();
    await host.dispose();
    await sshd.stop();
  });
  afterEach(async () => {
    disposeMachines();
    await proxy.restore();
  });

  const alive = new Set(['alive']);
  const looker = (config: string[] = []) => new Looker(machineFor(sshd, { through: proxy, config }).machine);
  const sessions = () => sshd.log().split('Starting session').length - 1;
  const shellsThatStay = () =>
    processesOf(sshd.home).filter((pid) =>
      readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('most_deltas'),
    );

  it('answers for a thousand that did not change in one request, below 1 KB on the wire', async () => {
    const engine = looker();
    assert.deepEqual(await engine.look(crowd.operations), alive);
    const [before, sessionsBefore] = [proxy.bytes(), sessions()];
    assert.deepEqual(await engine.look(crowd.operations), alive);
    const carried = proxy.bytes() - before;
    assert.ok(carried < 1024, `${carried} bytes`);
    assert.deepEqual([engine.requests, sessions() - sessionsBefore], [1, 0]);
  });

  it('asks about 5,000 in three requests', async () => {
    const engine = looker();
    const others = Array.from({ length: 4000 }, () => host.operation('true'));
    const all = [...crowd.operations, ...others];
    for (let look = 1; look <= 2; look++) {
      assert.deepEqual(await engine.look(all), new Set(['alive', 'not-launched']));
      assert.equal(engine.requests, 3);
    }
  });

  it('is made once, and made again when its shell was killed', async () => {
    const engine = looker();
    await engine.look(few);
    const [pid] = await eventually('the shell', () => shellsThatStay().length === 1 && shellsThatStay());
    signal(pid as number, 'SIGKILL');
    await eventually('its end', () => shellsThatStay().length === 0);
    assert.deepEqual(await engine.look(few), alive);
    await eventually('another shell', async () => {
      await engine.look(few);
      return shellsThatStay().length === 1;
    });
  });

  it('serves by a run when its shell does not answer any more, and ends with the connection', async () => {
    const engine = looker();
    await engine.look(few);
    const [pid] = shellsThatStay();
    const looked = (signal(pid as number, 'SIGSTOP'), engine.look(few));
    signal(pid as number, 'SIGKILL');
    assert.deepEqual(await looked, alive);
    engine.machine.dispose();
    await eventually('the end of all shells', () => shellsThatStay().length === 0);
  });

  it('never takes half an answer: cut anywhere, it is asked again over a new connection', async () => {
    for (const bytes of [0, 40, 100, 300, 1000, 20_000, 100_000]) {
      const engine = looker();
      await engine.look(few);
      proxy.truncateAfter(bytes);
      const looked = engine.look(crowd.operations).catch(() => alive);
      await eventually('the cut', () => proxy.connections() === 0);
      await proxy.restore();
      assert.deepEqual(await looked, alive, `${bytes}`);
      assert.deepEqual(await engine.look(crowd.operations), alive, `${bytes}`);
      engine.machine.dispose();
    }
  });

  it('says that the host is away when it is', async () => {
    const engine = looker();
    await engine.look(few);
    await proxy.refuse();
    await failsWith(engine.look(few), 'Unreachable');
    await failsWith(engine.look(few), 'Unreachable');
    assert.equal(engine.requests, 0);
    await proxy.restore();
    assert.deepEqual(await engine.look(few), alive);
  });

  it('stops waiting when the caller gives up, and is made again', async () => {
    const launcher = new ProcessLauncher(() => randomBytes(16).toString('hex'));
    const { machine } = machineFor(sshd, { through: proxy });
    const requests = few.map((operation) => ({ operation, detail: false }));
    await launcher.probe(machine, 'dgx-1', requests);
    const abort = new AbortController();
    proxy.stall();
    const looked = launcher.probe(machine, 'dgx-1', requests, { signal: abort.signal });
    setImmediate(() => abort.abort());
    await failsWith(looked, 'NoAnswer', /abandoned/);
    await proxy.restore();
    assert.equal((await launcher.probe(machine, 'dgx-1', requests)).size, 3);
  });

  for (const maxSessions of narrowest) {
    it(`gives way to runs on a host that allows ${maxSessions} sessions`, async () => {
      const narrow = await startSshd({ maxSessions, home: sshd.home });
      try {
        const { machine } = machineFor(narrow);
        const engine = new Looker(machine);
        assert.deepEqual(await engine.look(few), alive);
        const runs = [1, 2, 3, 4, 5, 6].map((number) => machine.run(`echo ${number}`, { deadlineMs }));
        assert.deepEqual(await engine.look(few), alive);
        const answers = await Promise.all(runs);
        assert.deepEqual(
          answers.map(({ stdout }) => stdout.trim()),
          ['1', '2', '3', '4', '5', '6'],
        );
        assert.deepEqual(await engine.look(few), alive);
      } finally {
        disposeMachines();
        await narrow.stop();
      }
    });
  }
});

describe('a conversation', () => {
  let sshd: Sshd;
  before(async () => (sshd = await startSshd()));
  after(() => sshd.stop());
  afterEach(disposeMachines);

  const echo = 'while read -r line; do echo "<$line>"; [ "$line" != last ] || exit 3; done';
  const talk = async (script = echo) => {
    const { machine } = machineFor(sshd);
    const conversation = await machine.converse(script, { deadlineMs });
    assert.ok(conversation);
    return { machine, conversation };
  };

  it('answers one request after the other, and ends with its input', async () => {
    const { conversation } = await talk(`${echo}; touch "$HOME/over"`);
    for (const word of ['one', 'two', 'thrée']) {
      const answer = await conversation.ask(`${word}\n`, { until: '<', deadlineMs });
      assert.match(answer, new RegExp(`<${word}>\n$`));
    }
    conversation.close();
    assert.equal(conversation.isOpen, false);
    await failsWith(conversation.ask('more\n', { until: '<', deadlineMs }), 'Unreachable');
  });

  it('ends with no answer when the script ends, the time is up, or too much is said', async () => {
    const ended = await talk();
    await failsWith(
      ended.conversation.ask('last\n', { until: 'never', deadlineMs }),
      'NoAnswer',
      /exit code 3/,
    );
    const late = await talk();
    await failsWith(
      late.conversation.ask('one\n', { until: 'never', deadlineMs: 300 }),
      'NoAnswer',
      /0\.3 s/,
    );
    const loud = await talk('read -r line; while :; do echo "$line"; done');
    await failsWith(
      loud.conversation.ask('x\n', { until: 'never', deadlineMs, maxOutputBytes: 10_000 }),
      'BadAnswer',
      /10000 bytes/,
    );
    for (const { conversation, machine } of [ended, late, loud]) {
      assert.equal(conversation.isOpen, false);
      assert.equal((await machine.run('echo on', { deadlineMs })).stdout, 'on\n');
    }
  });

  it('leaves two channels to runs, and none of its own behind', async () => {
    const { machine } = machineFor(sshd);
    for (let round = 1; round <= 12; round++) {
      const conversation = await machine.converse(echo, { deadlineMs });
      assert.ok(conversation, `round ${round}`);
      await conversation.ask('one\n', { until: '<', deadlineMs });
      await assert.rejects(conversation.ask('one\n', { until: 'never', deadlineMs: 1 }));
    }
    const held = await Promise.all([1, 2, 3, 4, 5].map(() => machine.converse(echo, { deadlineMs })));
    assert.equal(held.filter((each) => each).length, 4);
  });

  it('is no different for a script that the probe sends alone', async () => {
    const { machine } = machineFor(sshd);
    const { stdout } = await machine.run(probeScript, { input: `n 1\n${requestLine('x')}\n`, deadlineMs });
    assert.match(stdout, /^full 1\nop x gone /m);
  });
});

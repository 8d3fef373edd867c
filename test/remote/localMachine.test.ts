import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import type { HostStateChange } from '../../src/hosts/connection';
import { LocalMachine } from '../../src/hosts/localMachine';
import { endProcessesOf } from '../testbed/endProcesses';
import { eventually } from '../testbed/eventually';
import { failsWith } from './connectionSupport';

const deadlineMs = 20_000;

describe('This computer as a host', () => {
  let home: string;
  let machine: LocalMachine;
  let states: HostStateChange[];

  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'remote-operations-local-'));
    states = [];
    const onState = (change: HostStateChange) => states.push(change);
    machine = new LocalMachine({ host: { id: 'here', name: 'dgx-1' }, home, onState });
  });
  afterEach(async () => {
    machine.dispose();
    await endProcessesOf(home);
    rmSync(home, { recursive: true, force: true });
  });

  const isRunning = (pid: string) => existsSync(`/proc/${pid}`);

  it('brings back output, error output and exit code', async () => {
    const result = await machine.run('echo out\necho err >&2\nexit 3', { deadlineMs });
    assert.deepEqual(result, { exitCode: 3, stdout: 'out\n', stderr: 'err\n' });
    assert.deepEqual(states, [{ state: 'connected' }]);
  });

  it('carries any text both ways, and megabytes of it', async () => {
    const text = `Größe "quoted" 'single' $(id) \`id\` \\ ! 日本語 🚀\n\ttab`;
    const short = await machine.run(`cat; printf %s '日本語 $HOME'`, { input: text, deadlineMs });
    assert.equal(short.stdout, `${text}日本語 $HOME`);
    const input = 'x'.repeat(4_000_000);
    const long = await machine.run('cat', { input, deadlineMs });
    assert.ok(long.stdout === input);
    assert.equal((await machine.run('exit 0', { input, deadlineMs })).exitCode, 0);
  });

  it("runs scripts in the user's home, without the variables of the editor", async () => {
    const before = { ...process.env };
    Object.assign(process.env, { ELECTRON_RUN_AS_NODE: '1', VSCODE_PID: '1', NODE_OPTIONS: '' });
    try {
      const { stdout } = await machine.run('pwd; echo $HOME; env', { deadlineMs });
      assert.deepEqual(stdout.split('\n').slice(0, 2), [home, home]);
      assert.doesNotMatch(stdout, /ELECTRON|VSCODE|NODE_OPTIONS/);
    } finally {
      process.env = before;
    }
    const own = new LocalMachine({ host: { id: 'here' } });
    const { stdout } = await own.run('echo $HOME', { deadlineMs });
    assert.equal(stdout.trim(), userInfo().homedir);
    own.dispose();
  });

  it('ends a script that says too much, and one that takes too long, as on any host', async () => {
    await failsWith(machine.run('yes', { deadlineMs, maxOutputBytes: 1000 }), 'BadAnswer', /1000 bytes/);
    await failsWith(machine.run('sleep 1000', { deadlineMs: 300 }), 'NoAnswer', /0\.3 s/);
    await failsWith(machine.run('kill -9 $$', { deadlineMs }), 'BadAnswer', /SIGKILL/);
  });

  it('refuses a script that no shell could be given', async () => {
    await assert.rejects(machine.run('x'.repeat(140_000), { deadlineMs }), /too long/);
    await assert.rejects(machine.run('a\0b', { deadlineMs }), /NUL/);
  });

  it('tells an abort before a script was sent from one after it', async () => {
    await failsWith(machine.run('true', { deadlineMs, signal: AbortSignal.abort() }), 'Cancelled');
    const controller = new AbortController();
    const run = machine.run('touch started; sleep 1000', { deadlineMs, signal: controller.signal });
    await eventually('the start', () => existsSync(path.join(home, 'started')));
    controller.abort();
    await failsWith(run, 'NoAnswer', /may have been carried out/);
  });

  it('serves a hundred runs at once', async () => {
    const numbers = Array.from({ length: 100 }, (_, index) => index);
    const results = await Promise.all(numbers.map((n) => machine.run(`echo ${n}`, { deadlineMs })));
    assert.deepEqual(
      results.map(({ stdout }) => Number(stdout)),
      numbers,
    );
  });

  it('says so when its shell cannot be started', async () => {
    const broken = new LocalMachine({ host: { id: 'dgx-1' }, shell: ['/nowhere/sh'], home });
    await assert.rejects(broken.run('true', { deadlineMs }), /This computer cannot start \/nowhere\/sh/);
  });

  it('converses with a script that stays, until it is disposed', async () => {
    const script = 'echo $$ > pid; while read -r word; do echo "got $word"; echo end; done; touch ended';
    const conversation = await machine.converse(script, { deadlineMs });
    assert.ok(conversation);
    const answer = await conversation.ask('a\n', { until: 'end', deadlineMs });
    assert.match(answer, /got a\nend\n$/);
    assert.match(await conversation.ask('b\n', { until: 'end', deadlineMs }), /^got b\nend\n$/);
    const pid = readFileSync(path.join(home, 'pid'), 'utf8').trim();
    assert.ok(isRunning(pid));
    machine.dispose();
    await eventually('the end of the script', () => existsSync(path.join(home, 'ended')) && !isRunning(pid));
    assert.equal(conversation.isOpen, false);
    await failsWith(machine.run('true', { deadlineMs }), 'Unreachable', /disconnected/);
    assert.equal(states.at(-1)?.state, 'idle');
  });

  it('notices the death of a script that stays', async () => {
    const conversation = await machine.converse('echo $$ > pid; exec sleep 1000', { deadlineMs });
    const asking = conversation?.ask('a\n', { until: 'end', deadlineMs });
    const file = path.join(home, 'pid');
    const pid = await eventually('the start', () => existsSync(file) && readFileSync(file, 'utf8').trim());
    process.kill(Number(pid), 'SIGKILL');
    await failsWith(asking as Promise<string>, 'BadAnswer', /SIGKILL/);
    assert.equal(conversation?.isOpen, false);
  });
});

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
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

/** The largest number of sessions that the server's log shows open at the same time. */
function mostSessions(log: string): number {
  let open = 0;
  let most = 0;
  for (const [, event] of log.matchAll(/^(Starting|Close) session: /gm)) {
    open += event === 'Starting' ? 1 : -1;
    most = Math.max(most, open);
  }
  return most;
}

const logins = (sshd: Sshd) => sshd.log().match(/^Accepted publickey/gm)?.length ?? 0;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('Running scripts over SSH', () => {
  let sshd: Sshd;
  before(async () => (sshd = await startSshd()));
  after(() => sshd.stop());
  afterEach(() => {
    disposeMachines();
    forgetStarted(sshd);
  });

  it('brings back output, error output and exit code', async () => {
    const { machine } = machineFor(sshd);
    const result = await machine.run('echo out\necho err >&2\nexit 3', { deadlineMs });
    assert.deepEqual(result, { exitCode: 3, stdout: 'out\n', stderr: 'err\n' });
  });

  it('carries any text both ways', async () => {
    const { machine } = machineFor(sshd);
    const text = `Größe "quoted" 'single' $(id) \`id\` \\ ! 日本語 🚀\n\ttab`;
    const result = await machine.run(`cat; printf %s '日本語 $HOME'`, { input: text, deadlineMs });
    assert.equal(result.stdout, `${text}日本語 $HOME`);
  });

  it('carries 1 MB of standard input and output unharmed, past a renewal of the session keys', async () => {
    const rekeying = await startSshd({ config: ['RekeyLimit 64K'] });
    try {
      const { machine } = machineFor(rekeying);
      const input = randomBytes(512 * 1024).toString('hex');
      const result = await machine.run('cat', { input, deadlineMs });
      assert.ok(result.stdout === input);
    } finally {
      disposeMachines();
      await rekeying.stop();
    }
  });

  it('gives a script that does not read its input no trouble', async () => {
    const { machine } = machineFor(sshd);
    const result = await machine.run('exit 0', { input: 'x'.repeat(4_000_000), deadlineMs });
    assert.equal(result.exitCode, 0);
  });

  it('leaves out what shell start files print', async () => {
    const file = path.join(sshd.home, '.bashrc');
    writeFileSync(file, 'echo noise from bashrc\n');
    try {
      const result = await machineFor(sshd).machine.run('echo out', { deadlineMs });
      assert.equal(result.stdout, 'out\n');
    } finally {
      rmSync(file);
    }
  });

  it('keeps the last 4 KiB of error output', async () => {
    const { machine } = machineFor(sshd);
    const result = await machine.run('i=0; while [ $i -lt 3000 ]; do echo line $i >&2; i=$((i+1)); done', {
      deadlineMs,
    });
    assert.equal(result.stderr.length, 4096);
    assert.match(result.stderr, /line 2999\n$/);
  });

  it('serves two hundred runs at once over one connection with at most 4 channels', async () => {
    const before = sshd.log().length;
    const loginsBefore = logins(sshd);
    const { machine } = machineFor(sshd);
    const numbers = Array.from({ length: 200 }, (_, index) => index);
    const results = await Promise.all(numbers.map((n) => machine.run(`echo ${n}`, { deadlineMs: 50_000 })));
    assert.deepEqual(
      results.map((result) => Number(result.stdout)),
      numbers,
    );
    assert.equal(logins(sshd) - loginsBefore, 1);
    const most = mostSessions(sshd.log().slice(before));
    assert.ok(most >= 2 && most <= 4, `${most} sessions at once`);
  });

  it('makes do with fewer channels where the host allows fewer', async () => {
    const narrow = await startSshd({ maxSessions: 2 });
    try {
      const { machine } = machineFor(narrow);
      const runs = Array.from({ length: 20 }, (_, n) => machine.run(`echo ${n}`, { deadlineMs }));
      const outputs = (await Promise.all(runs)).map((result) => Number(result.stdout));
      assert.deepEqual(
        outputs,
        Array.from({ length: 20 }, (_, n) => n),
      );
    } finally {
      disposeMachines();
      await narrow.stop();
    }
  });

  it('works on when the host still counts the session of a script that was given up', async () => {
    const single = await startSshd({ maxSessions: 1 });
    try {
      const { machine } = machineFor(single);
      await failsWith(machine.run(longScript, { deadlineMs: 500 }), 'NoAnswer');
      assert.equal((await machine.run('echo on', { deadlineMs })).stdout, 'on\n');
      assert.equal(logins(single), 2);
    } finally {
      disposeMachines();
      await single.stop();
    }
  });

  it('reports a host that takes no session at all, and that nothing was sent', async () => {
    const closed = await startSshd({ maxSessions: 0 });
    try {
      await failsWith(machineFor(closed).machine.run('true', { deadlineMs }), 'Unreachable', /MaxSessions/);
    } finally {
      disposeMachines();
      await closed.stop();
    }
  });

  it('reports a script ended by a signal as a bad answer, not as an exit code', async () => {
    const { machine } = machineFor(sshd);
    await failsWith(machine.run('kill -KILL $$', { deadlineMs }), 'BadAnswer', /SIGKILL/);
  });

  it("reports a host without a POSIX shell, and never takes that for the script's exit code", async () => {
    const broken = await startSshd({ forceCommand: '/nonexistent/sh' });
    try {
      const { machine } = machineFor(broken);
      await failsWith(machine.run('exit 0', { deadlineMs }), 'BadAnswer', /\/bin\/sh.*127/);
    } finally {
      disposeMachines();
      await broken.stop();
    }
  });

  it('does not take the exit code 0 of another program for that of the script', async () => {
    const greeting = await startSshd({ forceCommand: '/bin/echo This account is restricted' });
    try {
      const { machine } = machineFor(greeting);
      await failsWith(machine.run('true', { deadlineMs }), 'BadAnswer', /must be allowed to run commands/);
    } finally {
      disposeMachines();
      await greeting.stop();
    }
  });

  for (const stream of ['stdout', 'stderr']) {
    it(`ends a run with endless ${stream}, and the program with it`, async () => {
      const { machine } = machineFor(sshd);
      const redirect = stream === 'stderr' ? '>&2' : '';
      const script = `echo $$ > "$HOME/pid"; exec yes ${redirect}`;
      await failsWith(
        machine.run(script, { deadlineMs, maxOutputBytes: 100_000 }),
        'BadAnswer',
        /more than 100000 bytes/,
      );
      const pid = Number(readFileSync(path.join(sshd.home, 'pid'), 'utf8'));
      await eventually('the end of the program', () => !isAlive(pid));
      assert.equal((await machine.run('echo on', { deadlineMs })).stdout, 'on\n');
    });
  }

  it('gives up at the deadline without an answer, and keeps the connection', async () => {
    const loginsBefore = logins(sshd);
    const { machine } = machineFor(sshd);
    await machine.connect();
    await failsWith(machine.run(longScript, { deadlineMs: 300 }), 'NoAnswer', /0\.3 s.*may still be running/);
    assert.equal((await machine.run('echo on', { deadlineMs })).stdout, 'on\n');
    assert.equal(logins(sshd) - loginsBefore, 1);
  });

  it('counts waiting for a channel within the deadline; then nothing was sent', async () => {
    const { machine } = machineFor(sshd);
    await machine.connect();
    const long = [1, 2, 3, 4].map(() => machine.run(longScript, { deadlineMs }));
    await eventually('the start of the scripts', hasStarted(sshd));
    await failsWith(machine.run('echo no', { deadlineMs: 200 }), 'Unreachable', /busy.*nothing was sent/);
    forgetStarted(sshd);
    await Promise.all(long);
  });

  it('honours an abort signal: cancelled before anything was sent, no answer after', async () => {
    const { machine } = machineFor(sshd);
    await failsWith(machine.run('true', { deadlineMs, signal: AbortSignal.abort() }), 'Cancelled');
    const abort = new AbortController();
    const run = machine.run(longScript, { deadlineMs, signal: abort.signal });
    await eventually('the start of the script', hasStarted(sshd));
    abort.abort();
    await failsWith(run, 'NoAnswer', /abandoned/);
  });

  it('refuses a script that is too long before it connects', async () => {
    const { machine, states } = machineFor(sshd);
    await assert.rejects(machine.run('x'.repeat(140_000), { deadlineMs }), /too long/);
    assert.deepEqual(states, []);
  });

  it('leaves nothing open once disposed, answers what was running with no answer, and serves no more', async () => {
    const { machine, states } = machineFor(sshd);
    const run = machine.run(longScript, { deadlineMs });
    await eventually('the start of the script', hasStarted(sshd));
    machine.dispose();
    await failsWith(run, 'NoAnswer');
    await eventually('the end of the connection', async () => (await sshd.connectionCount()) === 0);
    await failsWith(machine.run('true', { deadlineMs }), 'Unreachable', /disconnected/);
    await failsWith(machine.connect(), 'Unreachable', /disconnected/);
    assert.equal(states.at(-1)?.state, 'idle');
  });

  it('says how it connects, and how long a round trip takes', async () => {
    const { machine, states, log } = machineFor(sshd);
    await machine.run('true', { deadlineMs });
    assert.deepEqual(
      states.map(({ state }) => state),
      ['connecting', 'connected', 'connected'],
    );
    assert.ok((states.at(-1)?.roundTripMs ?? -1) > 0);
    assert.deepEqual(
      log.map(({ what, hostId }) => [what, hostId]),
      [
        ['connected', 'test'],
        ['ran', 'test'],
      ],
    );
  });
});

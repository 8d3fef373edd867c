import assert from 'node:assert/strict';
import { copyFileSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import type { Operation } from '../../src/operations/operation';
import { probeScript } from '../../src/launchers/process/scripts';
import { eventually } from '../testbed/eventually';
import { freePort } from '../testbed/freePort';
import { mayChoosePids } from '../testbed/privileges';
import {
  groupOf,
  isAlive,
  processWithPid,
  readNumber,
  signal,
  sleepers,
  startTicksOf,
  zombie,
} from './scriptsProcesses';
import { hostName, ScriptHost, underEveryShell } from './scriptsSupport';

/** What is left of it when its answer was lost: the run directory alone says which process it is. */
function byToken(operation: Operation): Operation {
  const { identity: _, ...rest } = operation;
  return rest;
}

underEveryShell('probe', (shell) => {
  let host: ScriptHost;
  before(() => (host = new ScriptHost(shell)));
  after(() => host.dispose());

  it('sees a living process by its pid and start time, with an uptime', async () => {
    const operation = await host.start('exec sleep 600');
    const seen = await host.lookFor(operation, 'alive');
    assert.deepEqual(seen.identity, operation.identity);
    assert.deepEqual([seen.activity, seen.by], ['running', 'pid and start time']);
    assert.ok(seen.uptimeSeconds >= -0.02 && seen.uptimeSeconds < 60, String(seen.uptimeSeconds));
  });

  it('finds an operation by its token alone, without knowing its identity', async () => {
    const { identity, ...unknown } = await host.start('exec sleep 600');
    const seen = await host.lookFor({ ...unknown, status: 'unconfirmed' }, 'alive');
    assert.deepEqual(seen.identity, identity);
  });

  it('sees that nothing was launched', async () => {
    assert.equal((await host.look(host.operation('true'))).kind, 'not-launched');
  });

  it('sees paused and continued', async () => {
    const operation = await host.start('exec sleep 600');
    signal(-operation.identity.pid, 'SIGSTOP');
    await host.lookFor(operation, 'alive', ({ activity }) => activity === 'paused');
    signal(-operation.identity.pid, 'SIGCONT');
    await host.lookFor(operation, 'alive', ({ activity }) => activity === 'running');
  });

  it('sees an exit code, how long ago it ended, and the last progress', async () => {
    const operation = await host.start(
      `echo '{"progress":1,"message":"dóne"}' > "$REMOTE_OPS_PROGRESS"; exit 3`,
    );
    const seen = await host.lookFor(operation, 'exited');
    assert.equal(seen.exitCode, 3);
    assert.ok(seen.endedSecondsAgo !== undefined && seen.endedSecondsAgo >= 0 && seen.endedSecondsAgo < 60);
    assert.deepEqual(seen.progress, { progress: 1, message: 'dóne' });
  });

  it('reads the progress of a living operation when it is asked to, at most 16 KiB of it', async () => {
    const operation = await host.start('echo \'{"progress":0.5}\' > "$REMOTE_OPS_PROGRESS"; exec sleep 600');
    await eventually('progress', () => existsSync(host.file(operation, 'progress.json')));
    const without = await host.look(operation);
    assert.ok(without.kind === 'alive' && !without.progress);
    const detailed = await host.look(operation, true);
    assert.deepEqual(detailed.kind === 'alive' && detailed.progress, { progress: 0.5 });
    writeFileSync(
      host.file(operation, 'progress.json'),
      `{"message":"${'x'.repeat(1_000_000)}","progress":1}`,
    );
    const huge = await host.look(operation, true);
    assert.ok(huge.kind === 'alive' && !huge.progress);
  });

  it('SIGKILL to the whole group: absent, without a word about signals', async () => {
    const operation = await host.start('sleep 600 & sleep 600');
    signal(-operation.identity.pid, 'SIGKILL');
    const seen = await host.lookFor(operation, 'absent');
    assert.equal(seen.killDelivered, false);
    assert.match(seen.reason, /left no exit code/);
  });

  it('SIGTERM to the leader alone: ends the whole group, absent, ended by a signal', async () => {
    const operation = await host.start('sleep 600 & echo $! > "$HOME/child"; wait');
    const child = await eventually('a child', () => readNumber(path.join(host.home, 'child')));
    signal(operation.identity.pid, 'SIGTERM');
    const seen = await host.lookFor(operation, 'absent');
    assert.match(seen.reason, /ended by a signal from outside/);
    assert.ok(!isAlive(child));
  });

  it('SIGTERM that the command handles: its own exit code counts', async () => {
    const operation = await host.start(
      `trap 'exit 7' TERM; touch "$HOME/trapped"; while :; do sleep 0.1; done`,
    );
    await eventually('the trap', () => existsSync(path.join(host.home, 'trapped')));
    signal(operation.identity.pid, 'SIGTERM');
    assert.equal((await host.lookFor(operation, 'exited')).exitCode, 7);
  });

  it('SIGKILL to the leader alone: alive by its process group, until that is gone', async () => {
    const operation = await host.start('sleep 600');
    await eventually('the command to run', () => groupOf(operation.identity.pid).length > 1);
    signal(operation.identity.pid, 'SIGKILL');
    const seen = await host.lookFor(operation, 'alive', ({ by }) => by === 'its process group');
    assert.deepEqual(seen.identity, operation.identity);
    signal(-operation.identity.pid, 'SIGKILL');
    await host.lookFor(operation, 'absent');
  });

  it('a group in which nobody proves whose it is: ambiguous', async () => {
    const operation = await host.start('exec env -i sleep 600');
    await eventually('the command to run', () =>
      groupOf(operation.identity.pid).some(({ command }) => command === 'sleep 600'),
    );
    signal(operation.identity.pid, 'SIGKILL');
    await host.lookFor(operation, 'ambiguous', ({ reason }) => /do not tell whose they are/.test(reason));
    signal(-operation.identity.pid, 'SIGKILL');
    await host.lookFor(operation, 'absent');
  });

  it('an identity file that holds something else: ambiguous, as long as it runs and after', async () => {
    const operation = await host.start('exec sleep 600');
    const { machineId, bootId, pid, startTicks } = operation.identity;
    for (const ident of [
      `${machineId} ${bootId} x ${startTicks}`,
      `${machineId} ${bootId} 1 ${startTicks}`,
      `${machineId} ${bootId} ${pid}00000000000 ${startTicks}`,
      `${'m'.repeat(200)} ${bootId} x ${startTicks}`,
      `- ${bootId} x ${startTicks}`,
      `- ${bootId} 1 ${startTicks}`,
      '- - - -',
      '- - x -',
      ' ',
    ]) {
      writeFileSync(host.file(operation, 'ident'), `${ident}\n`);
      for (const asked of [operation, byToken(operation)]) {
        const seen = await host.look(asked);
        assert.equal(seen.kind, 'ambiguous', `${ident}: ${JSON.stringify(seen)}`);
      }
    }
    signal(-pid, 'SIGKILL');
  });

  if (mayChoosePids) {
    it('a pid that belongs to another process now: absent', async () => {
      const operation = await host.start('exec sleep 600');
      signal(-operation.identity.pid, 'SIGKILL');
      await host.lookFor(operation, 'absent');
      const stranger = await processWithPid(operation.identity.pid);
      try {
        const seen = await host.look(operation);
        assert.equal(seen.kind, 'absent', JSON.stringify(seen));
      } finally {
        stranger.kill('SIGKILL');
      }
    });
  }

  it('a living process with other start ticks is not ours: absent', async () => {
    const operation = await host.start('exec sleep 600');
    const ident = host.read(operation, 'ident');
    const startTicks = String(Number(operation.identity.startTicks) - 1);
    writeFileSync(host.file(operation, 'ident'), ident.replace(operation.identity.startTicks, startTicks));
    assert.equal((await host.look(byToken(operation))).kind, 'absent');
    assert.equal((await host.look(operation)).kind, 'ambiguous');
    writeFileSync(host.file(operation, 'ident'), ident);
    assert.equal((await host.look(operation)).kind, 'alive');
  });

  it('a zombie leader is dead', async () => {
    const { pid, parent } = await zombie();
    try {
      const operation = await host.start('exec sleep 600');
      signal(-operation.identity.pid, 'SIGKILL');
      const { machineId, bootId } = operation.identity;
      writeFileSync(host.file(operation, 'ident'), `${machineId} ${bootId} ${pid} ${startTicksOf(pid)}\n`);
      assert.equal((await host.look(byToken(operation))).kind, 'absent');
    } finally {
      parent.kill('SIGKILL');
    }
  });

  it('a command name with ") R 1 (" in it confuses nothing', async () => {
    const program = path.join(host.home, 'x) R 1 (\n');
    copyFileSync('/bin/busybox', program);
    const operation = await host.start(`exec -a sleep "$HOME/x) R 1 ("$'\\n' 600`);
    const { pid } = await eventually('the command to run', () =>
      groupOf(operation.identity.pid).find(({ name }) => name === 'x) R 1 (\n'),
    );
    const ident = host.read(operation, 'ident');
    const { machineId, bootId } = operation.identity;
    writeFileSync(host.file(operation, 'ident'), `${machineId} ${bootId} ${pid} ${startTicksOf(pid)}\n`);
    assert.equal((await host.look(byToken(operation))).kind, 'alive');
    writeFileSync(host.file(operation, 'ident'), ident);
    signal(operation.identity.pid, 'SIGKILL');
    await host.lookFor(operation, 'alive', ({ by }) => by === 'its process group');
    signal(-operation.identity.pid, 'SIGKILL');
    await host.lookFor(operation, 'absent');
  });

  it('a run directory that was deleted: alive while it lives, then ambiguous, never absent', async () => {
    const operation = await host.start('exec sleep 600');
    await sleepers(operation.identity.pid, 1);
    rmSync(host.runFolder(operation), { recursive: true });
    assert.equal((await host.look(operation)).kind, 'alive');
    signal(-operation.identity.pid, 'SIGKILL');
    await host.lookFor(operation, 'ambiguous', ({ reason }) => /run directory cannot be read/.test(reason));
  });

  it('an exit code file with no exit code in it is none', async () => {
    const operation = await host.start('exec sleep 600');
    for (const text of ['abc\n', '', '300\n', '-1\n', '0x0\n', '12345\n', ' \n']) {
      writeFileSync(host.file(operation, 'exit_code'), text);
      assert.equal((await host.look(operation)).kind, 'alive', JSON.stringify(text));
    }
    signal(-operation.identity.pid, 'SIGKILL');
    for (const text of ['abc\n', '', '300\n']) {
      writeFileSync(host.file(operation, 'exit_code'), text);
      const seen = await host.lookFor(operation, 'absent');
      assert.match(seen.reason, /exit code cannot be read/, JSON.stringify(text));
    }
    writeFileSync(host.file(operation, 'exit_code'), '0\n');
    assert.equal((await host.look(operation)).kind, 'exited');
  });

  it('a claim without identity is a launch under way', async () => {
    const operation = await host.start('exec sleep 600');
    renameSync(host.file(operation, 'ident'), host.file(operation, 'ident.away'));
    const unknown = host.operation('true', { id: operation.id });
    assert.equal((await host.look(unknown)).kind, 'claimed');
  });

  it('an identity from another boot or another machine is not looked for here', async () => {
    const operation = await host.start('exec sleep 600');
    const ident = host.read(operation, 'ident');
    const { machineId, bootId } = operation.identity;
    writeFileSync(
      host.file(operation, 'ident'),
      ident.replace(bootId, '00000000-0000-0000-0000-000000000000'),
    );
    const rebooted = await host.look(byToken(operation));
    assert.ok(rebooted.kind === 'absent' && /restarted/.test(rebooted.reason));
    writeFileSync(host.file(operation, 'ident'), ident.replace(machineId, 'another-machine'));
    assert.equal((await host.look(operation)).kind, 'ambiguous');
    writeFileSync(host.file(operation, 'ident'), ident);
  });

  it('hostile files in the run directory stay text', async () => {
    const operation = await host.start('exec sleep 600');
    const ident = host.read(operation, 'ident');
    for (const text of [
      '$(touch "$HOME/owned") `touch "$HOME/owned"` 1 2\n',
      'm b 1;touch$IFS"$HOME/owned" 5\n',
      `m b ${operation.identity.pid} 5 6 7\n`,
      'EOF\n',
      '\n',
      '%s %n\n',
    ]) {
      writeFileSync(host.file(operation, 'ident'), text);
      const seen = await host.look(operation);
      assert.ok(['ambiguous', 'alive'].includes(seen.kind), `${JSON.stringify(text)}: ${seen.kind}`);
    }
    assert.ok(!existsSync(path.join(host.home, 'owned')));
    writeFileSync(host.file(operation, 'ident'), ident);
  });

  it('sees whether the port of a server is open', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    const server = createServer();
    await eventually('a listener', () => other.listening);
    const port = await freePort();
    const operation = await host.start({ type: 'server', command: 'exec sleep 600', port });
    const starting: Operation = { ...operation, status: 'starting' };
    const before = await host.look(starting);
    assert.ok(before.kind === 'alive' && before.portOpen === false);
    server.listen(port, '127.0.0.1');
    await host.lookFor(starting, 'alive', ({ portOpen }) => portOpen === true);
    server.close();
    other.close();
  });

  it('is understood behind a banner, with or without a newline', async () => {
    const operation = await host.start('exec sleep 600');
    const input = `n0\n${operation.id} - - - - - -\n`;
    const { stdout } = await host.machine.run(`printf 'Welcome!\\nno newline'\n${probeScript}`, {
      input,
      deadlineMs: 20_000,
    });
    assert.match(stdout, /no newline\nremote-ops begin n0 /);
  });
});

underEveryShell('probe of a thousand operations', (shell) => {
  it('is one answer, none left out', async () => {
    const host = new ScriptHost(shell);
    try {
      const one = await host.start('exec sleep 600');
      const operations = Array.from({ length: 1000 }, () => host.operation('true'));
      const requests = [...operations, one].map((operation) => ({ operation, detail: true }));
      const seen = await host.launcher.probe(host.machine, hostName, requests);
      assert.equal(seen.get(one.id)?.kind, 'alive');
      const others = operations.map(({ id }) => seen.get(id)?.kind);
      assert.deepEqual([...new Set(others)], ['not-launched']);
    } finally {
      await host.dispose();
    }
  });
});

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { eventually } from '../testbed/eventually';
import { mayChoosePids } from '../testbed/privileges';
import { syncUntil } from './engineSupport';
import { FaultyHost } from './faultsSupport';
import { groupOf, isAlive, processWithPid, signal, stateOf } from './scriptsProcesses';

describe('an engine, and what becomes of processes', () => {
  const host = new FaultyHost();
  before(() => host.start());
  after(() => host.stop());
  beforeEach(() => host.open());
  afterEach(() => host.close());

  /** A program that sessions find before the system's own; the only one. */
  const program = (name: string, script: string) => {
    const folder = host.home('bin');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}/${name}`, `#!/bin/bash\n${script}\n`);
    chmodSync(`${folder}/${name}`, 0o755);
    host.door(`export PATH=${folder}:$PATH\nexec /bin/sh -c "$SSH_ORIGINAL_COMMAND"`);
  };
  const endGroup = async (pid: number) => {
    signal(-pid, 'SIGKILL');
    await eventually('the end of the group', () => groupOf(pid).length === 0);
  };

  it('its whole group killed: running until it was seen twice, then stopped', async () => {
    const { id, pid } = await host.running('sleep 600 & sleep 600');
    await endGroup(pid);
    await host.look();
    assert.equal(host.state(id), 'running, ambiguous');
    await host.lookTwice();
    assert.equal(host.state(id), 'stopped, fresh');
    assert.equal(await host.statuses(id), 'submitting, running, stopped');
  });

  it('its supervisor killed but its child alive: running until the child has gone as well', async () => {
    const { id, pid } = await host.running('sleep 600');
    signal(pid, 'SIGKILL');
    await eventually('the end of the supervisor', () => !isAlive(pid));
    await host.lookTwice();
    assert.equal(host.state(id), 'running, fresh');
    assert.equal(host.engine.get(id)?.verifiedBy, 'its process group');
    assert.ok(groupOf(pid).length > 0);
    await endGroup(pid);
    await host.lookTwice();
    assert.equal(host.state(id), 'stopped, fresh');
  });

  it('its supervisor killed but its child alive: a kill ends the child', async () => {
    const { id, pid } = await host.running('sleep 600');
    signal(pid, 'SIGKILL');
    assert.equal((await host.engine.kill(id)).status, 'cancelled');
    assert.deepEqual(groupOf(pid), []);
  });

  it('a process that ends between two reads of one look: its exit code, never stopped', async () => {
    const { id } = await host.running('until [ -e "$HOME/end" ]; do sleep 0.02; done; exit 9');
    // The look has found no exit code; then, before it looks at the process, that ends and leaves one.
    program(
      'awk',
      `[ -n "$eyes" ] || exec /usr/bin/awk "$@"
input=$(cat; echo .)
touch "$HOME/end"
until [ -e ${host.runFile(id, 'exit_code')} ]; do sleep 0.02; done
while kill -0 $(cut -d' ' -f3 ${host.runFile(id, 'ident')}) 2>/dev/null; do sleep 0.02; done
printf %s "\${input%.}" | exec /usr/bin/awk "$@"`,
    );
    host.proxy.cut();
    await host.look();
    assert.equal(host.state(id), 'failed, fresh');
    assert.equal(host.engine.get(id)?.exitCode, 9);
    assert.equal(await host.statuses(id), 'submitting, running, failed');
  });

  it('many that end while they are looked at, however far apart the looks: each with its exit code', async () => {
    const operations = await Promise.all(
      Array.from({ length: 20 }, (_, at) => host.submit(`sleep 1.${at + 10}; exit ${at + 1}`)),
    );
    await eventually('all ends', async () => {
      await host.lookTwice();
      return operations.every(({ id }) => host.engine.get(id)?.status === 'failed');
    });
    for (const [at, { id }] of operations.entries()) {
      assert.equal(host.engine.get(id)?.exitCode, at + 1);
      assert.ok(!(await host.statuses(id)).includes('stopped'));
    }
  });

  if (mayChoosePids) {
    it('its pid given to another process: stopped, and the stranger lives', async () => {
      const { id, pid } = await host.running();
      await endGroup(pid);
      const stranger = await processWithPid(pid);
      try {
        await host.lookTwice();
        assert.equal(host.state(id), 'stopped, fresh');
        assert.ok(isAlive(pid));
      } finally {
        stranger.kill('SIGKILL');
      }
    });

    it('a kill asked for while the host was away, its pid another process by then: cancelled, the stranger lives', async () => {
      const { id, pid } = await host.running();
      await host.proxy.refuse();
      await assert.rejects(host.engine.kill(id));
      assert.equal(host.engine.get(id)?.status, 'stopping');
      await endGroup(pid);
      const stranger = await processWithPid(pid);
      try {
        await host.proxy.restore();
        await host.lookTwice();
        await syncUntil(host.rig, id, 'cancelled');
        assert.ok(isAlive(pid));
      } finally {
        stranger.kill('SIGKILL');
      }
    });
  }

  it('a zombie under a parent that never waits: stopped', async () => {
    // Like a container whose first process reaps nobody.
    program('setsid', '/usr/bin/setsid "$@" &\nexec sleep 600');
    const { id, pid } = await host.running();
    await host.look();
    assert.equal(host.state(id), 'running, fresh');
    await endGroup(pid);
    await host.lookTwice();
    assert.equal(stateOf(pid), 'Z');
    assert.equal(host.state(id), 'stopped, fresh');
  });

  it('a zombie under a parent that never waits: a kill that leaves one is cancelled', async () => {
    program('setsid', '/usr/bin/setsid "$@" &\nexec sleep 600');
    const { id, pid } = await host.running();
    assert.equal((await host.engine.kill(id)).status, 'cancelled');
    assert.equal(stateOf(pid), 'Z');
  });

  it('a leader called ") R 1 (": seen running, paused, and stopped, like any other', async () => {
    const odd = host.home('x) R 1 (');
    symlinkSync('/bin/dash', odd);
    program('setsid', `shift\nexec /usr/bin/setsid '${odd}' "$@"`);
    const { id, pid } = await host.running();
    assert.ok(groupOf(pid).some(({ name }) => name === 'x) R 1 ('));
    await host.look();
    assert.equal(host.state(id), 'running, fresh');
    signal(-pid, 'SIGSTOP');
    await syncUntil(host.rig, id, 'paused');
    signal(-pid, 'SIGCONT');
    await syncUntil(host.rig, id, 'running');
    await endGroup(pid);
    await host.lookTwice();
    assert.equal(host.state(id), 'stopped, fresh');
  });
});

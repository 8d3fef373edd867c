import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { eventually } from '../testbed/eventually';
import { mayMount } from '../testbed/privileges';
import { syncUntil } from './engineSupport';
import { FaultyHost } from './faultsSupport';
import { groupOf, isAlive, signal } from './scriptsProcesses';

/** A session in which these commands were run first, and which sees alone what they mounted. */
const behind = (mounts: string) => `exec unshare -m /bin/bash -c '${mounts}; eval "$SSH_ORIGINAL_COMMAND"'`;

describe('an engine whose host is not what it was', () => {
  const host = new FaultyHost();
  before(() => host.start());
  after(() => host.stop());
  beforeEach(() => host.open());
  afterEach(() => host.close());

  const end = async (pid: number) => {
    signal(-pid, 'SIGKILL');
    await eventually('the end of the group', () => groupOf(pid).length === 0);
  };
  /** The next look is through this door. */
  const reconnectBy = async (door?: string) => {
    host.door(door);
    host.proxy.cut();
    await eventually('the loss of the connection', () => host.proxy.connections() === 0);
  };

  it('its run directory deleted: running while it lives, then in doubt for good, never stopped', async () => {
    const { id, pid } = await host.running();
    rmSync(host.runFile(id), { recursive: true });
    await host.lookTwice();
    assert.equal(host.state(id), 'running, fresh');
    assert.ok(isAlive(pid));
    await end(pid);
    await host.lookTwice();
    await host.lookTwice();
    assert.equal(host.state(id), 'running, ambiguous');
    assert.match(host.reason(id), /run directory cannot be read/);
  });

  it('its run directory deleted: a kill ends it all the same', async () => {
    const { id, pid } = await host.running();
    rmSync(host.runFile(id), { recursive: true });
    assert.equal((await host.engine.kill(id)).status, 'cancelled');
    assert.deepEqual(groupOf(pid), []);
  });

  it('the clock a day off, and set to and fro: times are ours, uptimes those of the processes', async () => {
    const library = execFileSync('faketime', ['-f', '+0', 'printenv', 'LD_PRELOAD'], { encoding: 'utf8' });
    const off = host.doorFile('offset');
    const clock = [
      `export LD_PRELOAD='${library.trim()}' FAKETIME_TIMESTAMP_FILE=${off} FAKETIME_NO_CACHE=1`,
      'exec /bin/sh -c "$SSH_ORIGINAL_COMMAND"',
    ];
    host.put('offset', '+1d');
    await reconnectBy(clock.join('\n'));
    const ends = await host.running(
      'date +%s > "$HOME/first"; until [ -e "$HOME/stop" ]; do sleep 0.05; done; date +%s > "$HOME/last"; exit 2',
    );
    const runs = await host.running();
    const read = (name: string) => Number(readFileSync(host.home(name), 'utf8'));
    await eventually('its clock', () => existsSync(host.home('first')) && read('first') > 0);
    assert.ok(read('first') - Date.now() / 1000 > 80_000);
    for (const step of ['-1d', '+0', '+30d', '-30d']) {
      host.put('offset', step);
      await host.lookTwice();
      assert.equal(host.state(runs.id), 'running, fresh');
      assert.equal(host.state(ends.id), 'running, fresh');
    }
    writeFileSync(host.home('stop'), '');
    await syncUntil(host.rig, ends.id, 'failed');
    assert.ok(read('last') - Date.now() / 1000 < -80_000);
    const { startedAt = '', endedAt = '', exitCode } = host.engine.get(ends.id) ?? {};
    assert.equal(exitCode, 2);
    const now = host.rig.clock.now();
    for (const time of [startedAt, endedAt]) {
      assert.ok(Math.abs(now - Date.parse(time)) < 120_000, time);
    }
    assert.ok(isAlive(runs.pid));
    assert.equal(await host.statuses(runs.id), 'submitting, running');
  });

  if (mayMount) {
    describe('after a boot', () => {
      const otherBoot = async () => {
        host.put('boot_id', '00000000-1111-2222-3333-444444444444');
        await reconnectBy(behind(`mount --bind ${host.doorFile('boot_id')} /proc/sys/kernel/random/boot_id`));
      };

      it('without an exit code: stopped, seen twice', async () => {
        const { id, pid } = await host.running();
        await end(pid);
        await otherBoot();
        await host.look();
        assert.equal(host.state(id), 'running, ambiguous');
        await host.lookTwice();
        assert.equal(host.state(id), 'stopped, fresh');
        assert.match(host.engine.get(id)?.error ?? '', /restarted/);
      });

      it('with an exit code: failed by that', async () => {
        const { id, pid } = await host.running('until [ -e "$HOME/boot" ]; do sleep 0.05; done; exit 8');
        await host.look();
        await host.proxy.refuse();
        writeFileSync(host.home('boot'), '');
        await eventually('its end', () => groupOf(pid).length === 0);
        await host.proxy.restore();
        await otherBoot();
        await host.look();
        assert.equal(host.state(id), 'failed, fresh');
        assert.equal(host.engine.get(id)?.exitCode, 8);
      });

      it('a kill asked for before it: cancelled, and nobody is signalled', async () => {
        const { id, pid } = await host.running();
        await host.proxy.refuse();
        await assert.rejects(host.engine.kill(id));
        await host.proxy.restore();
        await otherBoot();
        await host.lookTwice();
        assert.equal(host.state(id), 'cancelled, fresh');
        // To the new boot, whoever has this pid is a stranger.
        assert.ok(isAlive(pid));
      });
    });

    it('another machine behind the alias: ambiguous, neither ended nor killed, until the right one is back', async () => {
      const [alive, dead] = [await host.running(), await host.running()];
      await end(dead.pid);
      host.put('machine-id', 'ffffffffffffffffffffffffffffffff');
      await reconnectBy(behind(`mount --bind ${host.doorFile('machine-id')} /etc/machine-id`));
      await host.lookTwice();
      for (const { id } of [alive, dead]) {
        assert.equal(host.state(id), 'running, ambiguous');
        assert.match(host.reason(id), /another machine/);
      }
      await assert.rejects(host.engine.kill(alive.id), /Another machine/);
      await host.look();
      assert.equal(host.state(alive.id), 'stopping, ambiguous');
      assert.ok(isAlive(alive.pid));
      await reconnectBy();
      await host.lookTwice();
      assert.equal(host.state(dead.id), 'stopped, fresh');
      await syncUntil(host.rig, alive.id, 'cancelled');
      assert.deepEqual(groupOf(alive.pid), []);
    });

    it('no /bin/sh any more: what runs is unverified, and what is submitted in doubt, until it is back', async () => {
      const { id, pid } = await host.running();
      await host.look();
      await reconnectBy(behind('mount -t tmpfs none /usr/bin'));
      await host.lookTwice();
      assert.equal(host.state(id), 'running, stale');
      assert.match(host.reason(id), /did not run \/bin\/sh/);
      await assert.rejects(host.engine.kill(id), /\/bin\/sh/);
      assert.ok(isAlive(pid));
      const submitted = await host.submit();
      // It was sent: only another look can tell.
      assert.equal(submitted.status, 'unconfirmed');
      await reconnectBy();
      await syncUntil(host.rig, submitted.id, 'running');
      await syncUntil(host.rig, id, 'cancelled');
      assert.equal(host.executions(submitted.id), 1);
      assert.deepEqual(groupOf(pid), []);
    });

    it('no /bin/sh from the first: what is submitted failed, as nothing was started', async () => {
      host.door(behind('mount -t tmpfs none /usr/bin'));
      const { id, status, error } = await host.submit();
      assert.equal(status, 'failed');
      assert.match(error ?? '', /^Nothing was started\. .*\/bin\/sh/);
      await reconnectBy();
      await host.engine.sync();
      assert.deepEqual([host.state(id), host.executions(id)], ['failed, fresh', 0]);
    });

    describe('the disk of its run directories unmounted', () => {
      const mount = (folder: string) => {
        mkdirSync(folder, { recursive: true });
        execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder]);
      };
      const unmount = (folder: string) => execFileSync('umount', ['-l', folder]);

      it('running while it lives, then in doubt, never stopped', async () => {
        mount(host.home('.remote-ops/runs'));
        const [alive, dead] = [await host.running(), await host.running()];
        unmount(host.home('.remote-ops/runs'));
        await end(dead.pid);
        await host.lookTwice();
        await host.lookTwice();
        assert.equal(host.state(alive.id), 'running, fresh');
        assert.ok(isAlive(alive.pid));
        assert.equal(host.state(dead.id), 'running, ambiguous');
      });

      for (const folder of ['.remote-ops', '.remote-ops/runs']) {
        it(`what was launched without an answer is neither launched again nor called cancelled (~/${folder})`, async () => {
          mount(host.home(folder));
          await host.running();
          // Its answer never comes; the process does.
          await reconnectBy('/bin/sh -c "$SSH_ORIGINAL_COMMAND" >/dev/null');
          const { id, status } = await host.submit();
          assert.equal(status, 'unconfirmed');
          await eventually('the command to run', () => host.executions(id) > 0);
          const [, , pid] = readFileSync(host.runFile(id, 'ident'), 'utf8').split(' ');
          unmount(host.home(folder));
          await reconnectBy();
          await host.lookTwice();
          await host.lookTwice();
          assert.equal(host.state(id), 'unconfirmed, ambiguous');
          await assert.rejects(host.engine.kill(id), /not confirmed dead/);
          assert.equal(host.state(id), 'stopping, ambiguous');
          assert.ok(isAlive(Number(pid)));
          assert.equal(host.executions(id), 1);
        });
      }
    });
  }
});

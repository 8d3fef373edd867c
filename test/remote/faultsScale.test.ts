import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Operation } from '../../src/operations/operation';
import { eventually } from '../testbed/eventually';
import { FaultyHost } from './faultsSupport';
import { Crowd } from './probeLoopSupport';
import { isAlive, signal } from './scriptsProcesses';
import { ScriptHost, shells } from './scriptsSupport';

const counts = { alive: 400, killed: 100, ended: 1500, cleared: 3000 };

describe('an engine with 5,000 operations on one host', () => {
  const host = new FaultyHost();
  let folders: ScriptHost;
  let crowd: Crowd;
  before(async () => {
    await host.start();
    await host.open();
    folders = new ScriptHost(shells[0] as (typeof shells)[number], host.sshd.home);
    crowd = await Crowd.gather(folders, counts.alive + counts.killed);
  });
  after(async () => {
    crowd.end();
    await host.close();
    await folders.dispose();
    await host.stop();
  });

  it('tells in one sync what became of each, by as many requests as it takes to name them', async () => {
    const { store, clock } = host.rig;
    const [alive, killed] = [crowd.operations.slice(0, counts.alive), crowd.operations.slice(counts.alive)];
    killed.forEach(({ identity }) => signal(identity.pid, 'SIGKILL'));
    const { identity } = killed[0] as (typeof killed)[0];
    const more = (count: number) =>
      Array.from({ length: count }, () => folders.operation('true', { status: 'running', identity }));
    const [ended, cleared] = [more(counts.ended), more(counts.cleared)];
    ended.forEach((operation, at) => {
      mkdirSync(path.join(folders.runFolder(operation), 'claim'), { recursive: true });
      writeFileSync(folders.file(operation, 'exit_code'), `${at % 2}\n`);
    });
    const all = [...alive, ...killed, ...ended, ...cleared];
    await Promise.all(
      all.map((operation) =>
        store.insert({ ...operation, spec: { ...operation.spec, hostId: 'test' } }, 'submitted'),
      ),
    );

    const synced = host.engine.sync();
    await eventually('the wait for a second look', () => clock.waits.includes(10_000));
    await clock.advance(10_000);
    const report = await synced;

    assert.deepEqual(
      [report.checked, report.synced, report.unreachable, report.errors],
      [5000, counts.ended + counts.killed, 0, 0],
    );
    // 2,000 operations to a request, and again those that are not known to have ended.
    assert.deepEqual(
      report.hosts.map(({ outcome, roundTrips }) => [outcome, roundTrips]),
      [['ok', 3 + 3]],
    );
    const states = (operations: readonly Operation[]) => [
      ...new Set(operations.map(({ id }) => host.state(id))),
    ];
    assert.deepEqual(states(alive), ['running, fresh']);
    assert.deepEqual(states(killed), ['stopped, fresh']);
    assert.deepEqual(states(ended), ['completed, fresh', 'failed, fresh']);
    assert.deepEqual(states(cleared), ['running, ambiguous']);
    assert.ok(alive.every(({ identity: { pid } }) => isAlive(pid)));
    assert.equal(host.proxy.accepted(), 1);
  });
});

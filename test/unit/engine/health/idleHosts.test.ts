import assert from 'node:assert/strict';
import type { EngineContext } from '../../../../src/engine/context';
import { Healths } from '../../../../src/engine/health/healths';
import { IdleHosts } from '../../../../src/engine/health/idleHosts';
import type { Machine } from '../../../../src/hosts/machine';
import type { HostReading } from '../../../../src/operations/hostReading';
import type { Operation } from '../../../../src/operations/operation';
import { operationAt } from '../../operations/samples';
import { FixedHosts } from '../engineRig';
import { FakeClock } from '../fakeClock';

const reading: HostReading = {
  bootId: 'boot',
  uptimeSeconds: 100,
  cores: 2,
  load: 1,
  ticks: 200,
  idleTicks: 100,
  memoryTotalKb: 4096,
  memoryFreeKb: 1024,
  uses: new Map(),
};

const machine: Machine = {
  hostId: 'here',
  connect: () => Promise.resolve(),
  run: () => Promise.reject(new Error('No script is run in this test.')),
  dispose: () => undefined,
};

describe('hosts that no look samples', () => {
  let clock: FakeClock;
  let healths: Healths;
  let idle: IdleHosts;
  let operations: Operation[];
  /** What looks ask about. */
  let due: Operation[];
  /** How long each sample takes. */
  let delaysMs: number[];
  let asked: number;

  beforeEach(() => {
    clock = new FakeClock();
    healths = new Healths(clock, () => ({ visibleSeconds: 2, schedulerSeconds: 30 }));
    [operations, due, delaysMs, asked] = [[], [], [], 0];
    const sample = () => {
      asked += 1;
      return new Promise<HostReading[]>((resolve) =>
        clock.after(delaysMs.shift() ?? 0, () => resolve([reading])),
      );
    };
    const context = {
      ...{ clock, log: () => undefined, hosts: new FixedHosts(new Map([['here', machine]])) },
      ...{ store: { all: () => operations }, launchers: { process: { sample } } },
    } as unknown as EngineContext;
    idle = new IdleHosts(
      context,
      healths,
      () => true,
      () => due,
    );
  });
  afterEach(() => {
    idle.dispose();
    healths.dispose();
  });

  it('have figures without a gap, though samples take longer at times', async () => {
    delaysMs = [100, 4_000, 100, 4_000, 100, 4_000];
    idle.wake();
    await clock.advance(200);
    for (let look = 0; look < 600; look++) {
      await clock.advance(100);
      assert.ok(healths.health('here'), `${look / 10} s`);
    }
    assert.ok(asked >= 6);
  });

  it('are those too where all that there is waits for its turn', async () => {
    operations = [operationAt('queued')];
    idle.wake();
    await clock.advance(1);
    assert.equal(asked, 1);
  });

  it('are none where a look asks about something', async () => {
    operations = [operationAt('running')];
    due = operations;
    idle.wake();
    await clock.advance(30_000);
    assert.equal(asked, 0);
  });

  it('are those too where all has ended: no look goes there, though it would ask about what was stopped', async () => {
    due = operations = [operationAt('stopped')];
    idle.wake();
    await clock.advance(1);
    assert.equal(asked, 1);
  });
});

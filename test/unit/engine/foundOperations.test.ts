import assert from 'node:assert/strict';
import type { Machine, RunResult } from '../../../src/hosts/machine';
import type { FoundJobs, Launcher, ProbeOptions, ProbeRequest } from '../../../src/launchers/launcher';
import type { Evidence } from '../../../src/operations/evidence';
import type { TaskCounts } from '../../../src/operations/scheduler';
import { operationAt } from '../operations/samples';
import { StoreFolder } from '../store/storeSupport';
import { engineOver, type Rig } from './engineRig';

const machineOf = (hostId: string): Machine => ({
  hostId,
  connect: () => Promise.resolve(),
  run: (): Promise<RunResult> => Promise.reject(new Error('Nothing is run here.')),
  dispose: () => undefined,
});

/** Tells of what it is told to have found. */
class StandIn implements Launcher {
  readonly hasQueue = true;
  readonly findsOthers = true;
  found: FoundJobs = { place: 'cluster', jobs: [], isWhole: true };

  identify = () => Promise.resolve({ machineId: 'm' });
  launch = () => Promise.resolve({ kind: 'claimed' } as const);
  kill = () => Promise.resolve({ kind: 'look' } as const);
  log = () => Promise.resolve(undefined);
  offer = () => Promise.resolve({ partitions: [], accounts: [] });

  probe(_machine: Machine, _hostName: string, _requests: ProbeRequest[], options: ProbeOptions = {}) {
    options.onOthers?.(this.found);
    return Promise.resolve(new Map<string, Evidence>());
  }
}

describe('operations that were found', () => {
  let folder: StoreFolder;
  let rig: Rig;
  let slurm: StandIn;

  beforeEach(async () => {
    folder = new StoreFolder();
    slurm = new StandIn();
    rig = engineOver(await folder.open(), ['here', 'there'].map(machineOf), undefined, { slurm });
    await Promise.all(['here', 'there'].map((hostId) => rig.engine.launchChoices(hostId)));
  });
  afterEach(async () => {
    await rig.engine.dispose();
    folder.dispose();
  });

  const found = (...jobs: [key: string, evidence: Evidence][]): FoundJobs => ({
    place: 'cluster',
    jobs: jobs.map(([key, evidence]) => ({
      key,
      name: key,
      submittedAt: '2026-01-01T00:00:00.000Z',
      evidence,
    })),
    isWhole: true,
  });
  const alive = (tasks?: TaskCounts): Evidence => ({
    ...{ kind: 'alive', activity: 'running', uptimeSeconds: 60, by: 'queue' },
    scheduler: { jobId: '7', state: 'RUNNING', ...(tasks && { tasks }) },
  });
  const completed = (tasks?: TaskCounts): Evidence => ({
    ...{ kind: 'settled', state: 'completed', reason: 'COMPLETED', by: 'queue' },
    scheduler: { jobId: '7', state: 'COMPLETED', ...(tasks && { tasks }) },
  });
  const look = async (jobs: FoundJobs, hostId = 'here') => {
    slurm.found = jobs;
    await rig.clock.advance(30_000);
    await rig.engine.sync({ hostId });
    return rig.engine.operations().map(({ name, hostId: host, status }) => `${name} ${host} ${status}`);
  };

  it('are shown once, whichever of several ways leads to their cluster', async () => {
    await look(found(['7', alive()]));
    assert.deepEqual(await look(found(['7', alive()]), 'there'), ['7 here running']);
    // Elsewhere the same number is another job.
    const rows = await look({ ...found(['7', alive()]), place: 'other' }, 'there');
    assert.equal(rows.length, 2);
  });

  it('are not ours, by whichever way they are seen', async () => {
    const spec = { hostId: 'there', type: 'job', name: 'train', command: 'true' } as const;
    await rig.store.insert(operationAt('running', { id: 'mine', spec, launcher: 'slurm' }), 'submitted');
    const job = {
      key: '7',
      token: 'mine',
      name: '7',
      submittedAt: '2026-01-01T00:00:00.000Z',
      evidence: alive(),
    };
    const rows = await look({ place: 'cluster', jobs: [job], isWhole: true });
    assert.deepEqual(rows, ['train there running']);
  });

  it('that their scheduler queued anew, with another time of submission, are not called gone', async () => {
    const job = (submit: string, evidence: Evidence): FoundJobs => ({
      place: 'cluster',
      jobs: [{ key: `7 ${submit}`, name: 'train', submittedAt: `2026-01-01T${submit}.000Z`, evidence }],
      isWhole: true,
    });
    assert.deepEqual(await look(job('00:00:00', alive())), ['train here running']);
    const scheduler = { jobId: '7', state: 'PENDING' };
    const anew = job('00:10:00', { kind: 'pending', by: 'queue', scheduler });
    assert.deepEqual(await look(anew), ['train here pending']);
    await rig.clock.advance(600_000);
    assert.deepEqual(await look(anew), ['train here pending']);
  });

  it('had ended when they were first seen: no news', async () => {
    assert.deepEqual(await look(found(['7', completed()])), []);
  });

  it('that had ended and were started anew are what they are now', async () => {
    await look(found(['7', alive()]));
    assert.deepEqual(await look(found(['7', completed()])), ['7 here completed']);
    assert.deepEqual(await look(found(['7', alive()])), ['7 here running']);
    assert.equal(rig.engine.operations()[0]?.endedAt, undefined);
  });

  it('are not gone because another scheduler than theirs answers', async () => {
    await look(found(['7', alive()]));
    for (let minutes = 0; minutes < 7; minutes++) {
      await rig.clock.advance(60_000);
      assert.deepEqual(await look({ ...found(), source: 'other' }), ['7 here running']);
    }
    assert.equal(rig.engine.operations()[0]?.observation, 'ambiguous');
    await look(found());
    await rig.clock.advance(360_000);
    assert.deepEqual(await look(found()), ['7 here stopped']);
  });

  it('of which some tasks left unseen have not completed because the others did', async () => {
    const none = { pending: 0, running: 0, completed: 0, failed: 0, cancelled: 0 };
    await look(found(['7', alive({ ...none, running: 3 })]));
    const rows = await look(found(['7', completed({ ...none, completed: 2 })]));
    assert.deepEqual(rows, ['7 here running']);
  });

  it('are no work of ours: what is not visible is not looked at', async () => {
    await look(found(['7', alive()]));
    const before = rig.engine.operations()[0]?.verifiedAt;
    await rig.clock.advance(3_600_000);
    assert.equal(rig.engine.operations()[0]?.verifiedAt, before);
    assert.deepEqual(rig.store.all(), []);
  });
});

import assert from 'node:assert/strict';
import type { Machine, RunResult } from '../../../src/hosts/machine';
import type { Launcher, PauseOutcome, ProbeOptions, ProbeRequest } from '../../../src/launchers/launcher';
import { RemoteOperationsError } from '../../../src/operations/errors';
import { Launchers } from '../../../src/engine/launchers';
import type { HostLauncher, LaunchChoices, LauncherName } from '../../../src/operations/operationView';
import type { Evidence } from '../../../src/operations/evidence';
import type { Operation } from '../../../src/operations/operation';
import type { PueueGroup } from '../../../src/operations/pueueOptions';
import { alive, operationAt } from '../operations/samples';
import { StoreFolder } from '../store/storeSupport';
import { engineOver, type Rig } from './engineRig';

const machine: Machine = {
  hostId: 'here',
  connect: () => Promise.resolve(),
  run: (): Promise<RunResult> => Promise.reject(new Error('Nothing is run here.')),
  dispose: () => undefined,
};

/** Sees what it is told to see, and counts. */
class StandIn implements Launcher {
  readonly looks: { ids: string[]; queue: boolean }[] = [];
  sees: Evidence | Error = alive();

  constructor(readonly hasQueue: boolean) {}

  identify = () => Promise.resolve({ machineId: 'm' });
  launch = () => Promise.resolve({ kind: 'claimed' } as const);
  kill = () => Promise.resolve({ kind: 'look' } as const);
  log = () => Promise.resolve(undefined);

  probe(_machine: Machine, _hostName: string, requests: ProbeRequest[], options: ProbeOptions = {}) {
    this.looks.push({ ids: requests.map(({ operation }) => operation.id), queue: options.queue === true });
    options.onRequest?.();
    const { sees } = this;
    return sees instanceof Error
      ? Promise.reject(sees)
      : Promise.resolve(new Map(requests.map(({ operation }) => [operation.id, sees])));
  }
}

describe('several launchers on one host', () => {
  let folder: StoreFolder;
  let rig: Rig;
  let process: StandIn;
  let slurm: StandIn;

  beforeEach(async () => {
    folder = new StoreFolder();
    process = new StandIn(false);
    slurm = new StandIn(true);
    rig = engineOver(await folder.open(), [machine], undefined, { process, slurm });
    await rig.store.insert(operationAt('running', { id: 'plain' }), 'submitted');
    await rig.store.insert(operationAt('running', { id: 'job', launcher: 'slurm' }), 'submitted');
  });
  afterEach(async () => {
    await rig.engine.dispose();
    folder.dispose();
  });

  const observations = () => ['plain', 'job'].map((id) => rig.engine.get(id)?.observation);

  it('are each asked about their own operations, and their round trips are added up', async () => {
    const report = await rig.engine.sync();
    assert.deepEqual(process.looks, [{ ids: ['plain'], queue: false }]);
    assert.deepEqual(slurm.looks, [{ ids: ['job'], queue: true }]);
    assert.deepEqual([report.checked, report.hosts.length, report.hosts[0]?.roundTrips], [2, 1, 2]);
  });

  it('one that fails says nothing about the operations of the other, and does not slow it down', async () => {
    slurm.sees = new RemoteOperationsError('BadAnswer', 'Not understood.');
    const report = await rig.engine.sync();
    assert.deepEqual(observations(), ['fresh', 'stale']);
    assert.deepEqual([report.checked, report.errors, report.hosts[0]?.outcome], [1, 1, 'ok']);
  });

  it('both failing is the failure of the host', async () => {
    process.sees = slurm.sees = new RemoteOperationsError('Unreachable', 'Gone.');
    const report = await rig.engine.sync();
    assert.deepEqual(observations(), ['unreachable', 'unreachable']);
    assert.deepEqual([report.unreachable, report.hosts[0]?.outcome], [2, 'unreachable']);
  });

  it('a queue is asked seldom, the run directories as often as those of processes', async () => {
    rig.engine.setVisible('tree', true);
    await rig.clock.advance(60_000);
    const queue = slurm.looks.filter(({ queue }) => queue).length;
    assert.deepEqual([queue, slurm.looks.length === process.looks.length], [3, true]);
    assert.ok(slurm.looks.length > 20, String(slurm.looks.length));
  });

  const partitions = [{ name: 'main', isDefault: true }];
  const groups = [{ name: 'default', parallel: 1, isPaused: false }];
  const choices: [title: string, found: Partial<LaunchChoices>, allowed: HostLauncher[], HostLauncher[]][] = [
    [
      'those that the host has',
      { partitions, groups },
      ['process', 'slurm', 'pueue'],
      ['process', 'slurm', 'pueue'],
    ],
    ['not what the host lacks', { groups }, ['process', 'slurm', 'pueue'], ['process', 'pueue']],
    ['processes, where it tells nothing', {}, ['process', 'slurm', 'pueue'], ['process']],
    ['not what is not allowed there', { partitions, groups }, ['process', 'slurm'], ['process', 'slurm']],
    ['the only one that is allowed, found or not', {}, ['pueue'], ['pueue']],
  ];
  for (const [title, found, allowed, expected] of choices) {
    it(`that can be chosen: ${title}`, async () => {
      const launchers = new Launchers({
        process,
        slurm: Object.assign(new StandIn(true), {
          offer: () => Promise.resolve(found.partitions && { partitions: found.partitions, accounts: [] }),
        }),
        pueue: Object.assign(new StandIn(false), { groups: () => Promise.resolve(found.groups) }),
      });
      const told = await launchers.choices(machine, 'here', allowed);
      assert.deepEqual(told.launchers, expected);
      assert.deepEqual(told.groups, expected.includes('pueue') ? (found.groups ?? []) : []);
    });
  }

  it('that can be chosen: whether the service manager of the user starts processes, where those are allowed', async () => {
    const offering = (answer: boolean) =>
      new Launchers({
        process: Object.assign(new StandIn(false), { offersSystemd: () => Promise.resolve(answer) }),
      });
    assert.equal((await offering(true).choices(machine, 'here')).systemd, true);
    assert.ok(!('systemd' in (await offering(false).choices(machine, 'here'))));
    assert.ok(!('systemd' in (await offering(true).choices(machine, 'here', ['slurm']))));
  });

  it('that can be chosen: the others, where one does not answer; without any answer, that is said', async () => {
    const silent = { offer: () => Promise.reject(new RemoteOperationsError('BadAnswer', 'Not understood.')) };
    const groupsOf = (answer: Promise<PueueGroup[]>) =>
      Object.assign(new StandIn(false), { groups: () => answer });
    const launchers = (answer: Promise<PueueGroup[]>) =>
      new Launchers({ process, slurm: Object.assign(new StandIn(true), silent), pueue: groupsOf(answer) });
    const told = await launchers(Promise.resolve([])).choices(machine, 'here');
    assert.deepEqual(told.launchers, ['process', 'pueue']);
    const lost = Promise.reject(new RemoteOperationsError('NoAnswer', 'Lost.'));
    await assert.rejects(launchers(lost).choices(machine, 'here'), { code: 'BadAnswer' });
  });

  it('what was started in a way that this version does not know is left as it is', async () => {
    await rig.store.insert(
      operationAt('running', { id: 'other', launcher: 'later' as LauncherName }),
      'submitted',
    );
    const report = await rig.engine.sync();
    assert.equal(report.checked, 2);
    assert.equal(rig.engine.get('other')?.status, 'running');
    await assert.rejects(rig.engine.log('other'), /run by "later"/);
  });

  it('suspend what they can and hold what waits; others are said not to be able to', async () => {
    await assert.rejects(rig.engine.pause('plain'), { code: 'NotApplicable', message: /"process" runs/ });
    const asked: unknown[] = [];
    let outcome: PauseOutcome = { kind: 'done', seen: 'held' };
    Object.assign(slurm, {
      setPaused: (...call: [Machine, string, Operation, boolean]) => {
        asked.push([call[2].id, call[2].wish, call[3]]);
        return Promise.resolve(outcome);
      },
    });
    await rig.store.insert(operationAt('pending', { id: 'waits', launcher: 'slurm' }), 'submitted');
    assert.equal(rig.engine.get('waits')?.pausable, true);
    assert.equal((await rig.engine.pause('waits')).status, 'pending');
    assert.equal((await rig.engine.resume('waits')).status, 'pending');
    assert.equal((await rig.engine.pause('job')).status, 'paused');
    outcome = { kind: 'refused', reason: 'Only an operator may.' };
    await assert.rejects(rig.engine.resume('job'), {
      code: 'NotApplicable',
      message: '"train" is not resumed on host here. Only an operator may.',
    });
    assert.deepEqual(asked, [
      ['waits', 'pause', true],
      ['waits', 'resume', false],
      ['job', 'pause', true],
      ['job', 'resume', false],
    ]);
    assert.equal(rig.store.get('job')?.wish, undefined);
  });
});

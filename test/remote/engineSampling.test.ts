import assert from 'node:assert/strict';
import { eventually } from '../testbed/eventually';
import type { Rig } from '../unit/engine/engineRig';
import { EngineHost, syncUntil } from './engineSupport';

const busy = { hostId: 'here', type: 'program', name: 'busy', command: 'while :; do :; done' };

describe('resources and health, as the engine tells them', () => {
  let here: EngineHost;
  let rig: Rig;
  beforeEach(async () => {
    here = new EngineHost();
    rig = await here.open();
  });
  afterEach(() => here.dispose());

  const hostView = () => rig.engine.hosts()[0];
  const resourcesOf = (id: string) => rig.engine.get(id)?.resources;
  const watchUntil = <T>(what: string, look: () => T) =>
    eventually(what, async () => {
      await rig.clock.advance(2_000);
      return look();
    });

  it('are there while somebody watches, and go when nobody does any more', async () => {
    const { id } = await rig.engine.submit(busy);
    await rig.engine.list();
    await rig.engine.list();
    assert.deepEqual([resourcesOf(id), hostView()?.health], [undefined, undefined]);
    rig.engine.setVisible('tree', true);
    const used = await watchUntil('its share', () => resourcesOf(id));
    assert.ok(used.cpuPercent > 0 && used.cpuPercent <= 100 && used.memoryMb >= 0);
    const health = hostView()?.health;
    assert.ok(health?.cpuPercent !== undefined && health.memoryFreeMb > 0 && health.diskFreeMb !== undefined);
    const resources = async () => (await rig.engine.courses(id)).flatMap(({ resource = [] }) => resource);
    assert.deepEqual(await resources(), ['cpuPercent', 'memoryMb']);
    const onHost = await rig.engine.hostCourses('here');
    assert.deepEqual(onHost.map(({ resource }) => resource).sort(), ['cpuPercent', 'memoryMb']);
    rig.engine.setVisible('tree', false);
    const changed: string[] = [];
    rig.engine.onDidChange((views) => changed.push(...views.map((view) => view.id)));
    await rig.clock.advance(13_000);
    assert.deepEqual([resourcesOf(id), hostView()?.health], [undefined, undefined]);
    assert.ok(changed.includes(id));
    assert.deepEqual(await resources(), ['cpuPercent', 'memoryMb']);
  });

  it('are not told of what has ended', async () => {
    const { id } = await rig.engine.submit(busy);
    rig.engine.setVisible('tree', true);
    await watchUntil('its share', () => resourcesOf(id));
    await rig.engine.kill(id);
    await syncUntil(rig, id, 'cancelled');
    assert.equal(resourcesOf(id), undefined);
  });

  it('of a host where nothing runs are there while somebody watches and it is connected, every ten seconds', async () => {
    rig.engine.setVisible('tree', true);
    await watchUntil('its health', () => {
      const { cpuPercent, diskFreeMb } = hostView()?.health ?? {};
      return cpuPercent !== undefined && diskFreeMb !== undefined;
    });
    const count = here.machine.count('sample');
    await rig.clock.advance(9_000);
    assert.ok(here.machine.count('sample') <= count + 1);
    rig.hosts.disconnected.add('here');
    await eventually('the last answer', () => here.machine.trips.length === here.machine.count('sample'));
    const last = here.machine.count('sample');
    await rig.clock.advance(60_000);
    assert.deepEqual([here.machine.count('sample'), hostView()?.health], [last, undefined]);
    rig.hosts.disconnected.clear();
    rig.engine.setVisible('tree', false);
    await rig.clock.advance(60_000);
    assert.equal(here.machine.count('sample'), last);
    assert.deepEqual(rig.clock.waits, []);
  });

  it('of a host where all that there is waits for its turn are there as well', async () => {
    rig.settings.overload = { cpuPercent: -1, memoryMb: 0 };
    // Beside the figures, it is asked whether it is free.
    rig.settings.backgroundSeconds = 3_600;
    const { id, status } = await rig.engine.submit({ ...busy, startWhenFree: true });
    assert.equal(status, 'queued');
    const count = here.machine.count('sample');
    rig.engine.setVisible('tree', true);
    await watchUntil('samples', () => here.machine.count('sample') >= count + 3);
    await watchUntil('its health', () => hostView()?.health?.cpuPercent !== undefined);
    assert.equal(rig.engine.get(id)?.status, 'queued');
  });

  it('of a host are told at once on the word of a user, whether somebody watches or not', async () => {
    const health = await rig.engine.sampleHost('here');
    assert.ok(health.cpuPercent !== undefined && health.cores > 0);
    assert.deepEqual(hostView()?.health, health);
    await rig.clock.advance(20_000);
    const again = await rig.engine.sampleHost('here');
    assert.ok(again.cpuPercent !== undefined);
    assert.deepEqual(here.machine.trips, ['sample', 'sample']);
    await assert.rejects(rig.engine.sampleHost('nowhere'), { code: 'UnknownHost' });
    here.machine.break('unreachable');
    await assert.rejects(rig.engine.sampleHost('here'), { code: 'Unreachable' });
  });
});

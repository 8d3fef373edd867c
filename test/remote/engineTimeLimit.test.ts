import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Rig } from '../unit/engine/engineRig';
import { eventually } from '../testbed/eventually';
import { EngineHost, syncUntil } from './engineSupport';
import { groupOf } from './scriptsProcesses';

describe('a time limit', () => {
  let here: EngineHost;
  let rig: Rig;

  beforeEach(async () => {
    here = new EngineHost();
    rig = await here.open();
  });
  afterEach(() => here.dispose());

  const submit = (command: string) =>
    rig.engine.submit({ hostId: 'here', type: 'job', name: 'train', command, timeoutSeconds: 1 });
  const statuses = async (id: string) => (await rig.engine.history(id)).map(({ to }) => to);
  const untilItsProcessIsOlder = async ({ id }: { id: string }) => {
    const operation = rig.store.get(id);
    assert.ok(operation);
    await here.host.lookFor(operation, 'alive', ({ uptimeSeconds }) => uptimeSeconds > 1);
  };

  it('ends what runs longer, all of it, and says why it failed', async () => {
    const view = await submit('sleep 600 & exec sleep 600');
    const ended = await syncUntil(rig, view.id, 'failed');
    assert.match(ended.error ?? '', /time limit of 1 s/);
    assert.deepEqual(groupOf(view.pid ?? 0), []);
    assert.deepEqual(await statuses(view.id), ['submitting', 'running', 'stopping', 'failed']);
  });

  it('rule 5: is not applied while the host cannot be seen, nor to what ended meanwhile', async () => {
    const view = await submit('while [ ! -e "$HOME/go" ]; do sleep 0.05; done; touch "$HOME/done"');
    await untilItsProcessIsOlder(view);
    here.machine.break('unreachable');
    await rig.clock.advance(8 * 3_600_000);
    await rig.engine.sync();
    assert.equal(rig.engine.get(view.id)?.status, 'running');
    assert.ok(groupOf(view.pid ?? 0).length > 0);
    writeFileSync(path.join(here.host.home, 'go'), '');
    await eventually('its end', () => groupOf(view.pid ?? 0).length === 0);
    here.machine.break(undefined);
    await syncUntil(rig, view.id, 'completed');
    assert.ok(existsSync(path.join(here.host.home, 'done')));
    assert.equal(here.machine.count('kill'), 0);
  });

  it('rule 3: signals nothing while the intent cannot be saved', async () => {
    const view = await submit('exec sleep 600');
    await untilItsProcessIsOlder(view);
    here.folder.refuseWrites();
    const logged = rig.logged.length;
    await rig.engine.list();
    await eventually('the refusal', () =>
      rig.logged.slice(logged).some((line) => line.startsWith(`time-out of ${view.id} has to wait`)),
    );
    assert.deepEqual([here.machine.count('kill'), rig.engine.get(view.id)?.status], [0, 'running']);
    here.folder.allowWrites();
    await syncUntil(rig, view.id, 'failed');
  });

  it('is kept through a crash between the intent and the kill', async () => {
    const view = await submit('exec sleep 600');
    here.machine.break('lost-before', 'kill');
    await syncUntil(rig, view.id, 'stopping');
    rig = await here.reopen();
    here.machine.break(undefined);
    await rig.engine.start();
    const ended = await syncUntil(rig, view.id, 'failed');
    assert.match(ended.error ?? '', /time limit/);
  });
});

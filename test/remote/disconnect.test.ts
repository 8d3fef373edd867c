import assert from 'node:assert/strict';
import type { HostStateChange } from '../../src/hosts/connection';
import { HostDirectory } from '../../src/hosts/hostDirectory';
import { isRemoteOperationsError } from '../../src/operations/errors';
import { eventually } from '../testbed/eventually';
import { startSshd, type Sshd } from '../testbed/sshd';
import { engineWith, type Rig } from '../unit/engine/engineRig';
import { StoreFolder } from '../unit/store/storeSupport';
import { disposeMachines, machineFor } from './connectionSupport';

describe('a host that the user disconnected', () => {
  let sshd: Sshd;
  let folder: StoreFolder;
  let rig: Omit<Rig, 'hosts'>;
  before(async () => (sshd = await startSshd()));
  after(() => sshd.stop());

  beforeEach(async () => {
    folder = new StoreFolder();
    const directory = new HostDirectory({
      now: () => new Date().toISOString(),
      onRemoved: () => undefined,
      create: () => machineFor(sshd).machine,
    });
    directory.configure([{ id: 'test', host: 'testhost' }]);
    rig = engineWith(await folder.open(), directory);
  });
  afterEach(async () => {
    await rig.engine.dispose();
    disposeMachines();
    folder.dispose();
  });

  const submit = () =>
    rig.engine.submit({ hostId: 'test', type: 'job', name: 'train', command: 'exec sleep 600' });
  const disconnected = async () => {
    const { id } = await submit();
    await rig.engine.list();
    rig.engine.disconnect('test');
    await eventually('no connection', async () => (await sshd.connectionCount()) === 0);
    return id;
  };

  it('stays so, whatever looks by itself; its rows say why they are unverified', async () => {
    const id = await disconnected();
    for (let look = 0; look < 3; look++) {
      await rig.engine.list();
      await rig.clock.advance(600_000);
    }
    assert.equal(await sshd.connectionCount(), 0);
    assert.equal(rig.engine.hosts()[0]?.state, 'disconnected');
    const view = rig.engine.get(id);
    assert.deepEqual([view?.status, view?.observation], ['running', 'unreachable']);
    assert.match(view?.observationReason ?? '', /was disconnected here/);
  });

  it('is connected again as soon as the user wants something of it', async () => {
    const wants: ((id: string) => Promise<unknown>)[] = [
      () => rig.engine.connect('test'),
      () => rig.engine.sync({ mayAsk: true }),
      (id) => rig.engine.log(id),
      () => rig.engine.findRuns({ hostId: 'test', mayAsk: true }),
      (id) => rig.engine.kill(id),
      submit,
    ];
    for (const want of wants) {
      const id = await disconnected();
      await want(id);
      await eventually('a look', async () => {
        await rig.engine.list();
        return rig.engine.get(id)?.observation === 'fresh';
      });
      assert.equal(rig.engine.hosts()[0]?.state === 'disconnected', false);
    }
  });

  it('can be disconnected while it is being connected, and connected after that', async () => {
    const told: HostStateChange[] = [];
    const away = new HostDirectory({
      now: () => new Date().toISOString(),
      onRemoved: () => undefined,
      create: (_, onState) => {
        const tell = (change: HostStateChange) => {
          onState(change);
          told.push(change);
        };
        return machineFor(sshd, { onState: tell }).machine;
      },
    });
    away.configure([{ id: 'test', host: 'testhost' }]);
    const connecting = away.machine('test').connect();
    away.disconnect('test');
    await assert.rejects(connecting);
    await eventually('the end of the attempt', () => told.at(-1)?.error !== undefined);
    assert.equal(away.all()[0]?.state, 'disconnected');
    away.permitQuestions('test', { ask: () => Promise.resolve(undefined) });
    await away.machine('test').connect();
    assert.equal(away.all()[0]?.state, 'connected');
  });

  it('refuses nothing for good: what was to be killed meanwhile is killed', async () => {
    const id = await disconnected();
    const killed = await rig.engine.kill(id);
    assert.equal(killed.status, 'cancelled');
    await assert.rejects(rig.engine.kill(id), (error) => isRemoteOperationsError(error, 'NotApplicable'));
  });
});

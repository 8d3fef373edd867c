import assert from 'node:assert/strict';
import { isRemoteOperationsError } from '../../src/operations/errors';
import type { PortUse } from '../../src/operations/portUse';
import { eventually } from '../testbed/eventually';
import { freePort } from '../testbed/freePort';
import type { Rig } from '../unit/engine/engineRig';
import { EngineHost, syncUntil } from './engineSupport';
import { endServers, serverCode, startServer } from '../testbed/portServers';
import { isAlive } from './scriptsProcesses';

describe('ports by the engine', () => {
  let here: EngineHost;
  let rig: Rig;
  beforeEach(async () => {
    here = new EngineHost();
    rig = await here.open();
  });
  afterEach(async () => {
    endServers();
    await here.dispose();
  });

  const useOf = async (port: number): Promise<PortUse> => {
    const uses = await rig.engine.checkPorts('here', [port]);
    assert.equal(uses.length, 1, JSON.stringify(uses));
    return uses[0] as PortUse;
  };
  const serve = (port: number, prefix = 'exec', suffix = '') =>
    rig.engine.submit({
      hostId: 'here',
      type: 'server',
      name: 'web',
      command: `${prefix} '${process.execPath}' -e '${serverCode('127.0.0.1', port)}' ${suffix}`,
      port,
    });
  const listening = (port: number) =>
    eventually(`a server on ${port}`, async () => {
      const use = await useOf(port);
      return use.listening && use;
    });

  it('are told apart: an operation, another program of the user, and what nobody uses', async () => {
    const [port, free] = [await freePort(), await freePort()];
    const { id } = await serve(port);
    const ours = await listening(port);
    assert.deepEqual([ours.operationId, ours.isOrphan, ours.isOwn], [id, undefined, true]);
    const other = await startServer();
    const use = await useOf(other.port);
    assert.deepEqual([use.operationId, use.isOwn, use.pid], [undefined, true, other.pid]);
    assert.deepEqual(await useOf(free), { port: free, listening: false });
    const all = await rig.engine.checkPorts('here', []);
    const known = all.filter((each) => [port, other.port].includes(each.port));
    assert.deepEqual(new Set(known.map(({ pid }) => pid)), new Set([ours.pid, other.pid]));
    await rig.engine.kill(id);
    assert.equal((await useOf(port)).listening, false);
  });

  it('of two servers in conflict go to the second once the first was ended', async () => {
    const first = await startServer();
    const { identity, nextFree } = await useOf(first.port);
    assert.ok(identity && nextFree && nextFree > first.port);
    const second = await serve(first.port);
    await syncUntil(rig, second.id, 'failed');
    assert.equal((await rig.engine.endProcess('here', identity)).how, 'ended');
    assert.equal((await useOf(first.port)).listening, false);
    const third = await serve(first.port);
    assert.equal((await listening(first.port)).operationId, third.id);
    assert.equal((await rig.engine.endProcess('here', identity)).how, 'gone');
  });

  it('are those of the machine that was looked at: another one behind the host is told as such, and nothing ends', async () => {
    const { port, pid } = await startServer();
    const { identity } = await useOf(port);
    assert.ok(identity);
    const seenThere = { ...identity, machineId: 'login-a' };
    await assert.rejects(
      rig.engine.endProcess('here', seenThere),
      (error) => isRemoteOperationsError(error, 'NotApplicable') && /Another machine/.test(error.message),
    );
    assert.ok(isAlive(pid));
  });

  it("are an orphan's where its operation has ended without it, or the list was lost; it can be ended", async () => {
    const port = await freePort();
    const left = await serve(port, 'setsid', '&');
    await syncUntil(rig, left.id, 'completed');
    const orphan = await listening(port);
    assert.deepEqual([orphan.operationId, orphan.isOrphan, orphan.isOwn], [left.id, true, true]);
    await here.loseDatabase();
    rig = await here.open();
    const unknown = await useOf(port);
    assert.deepEqual([unknown.operationId, unknown.isOrphan, unknown.isOwn], [left.id, true, true]);
    assert.ok(unknown.identity);
    assert.equal((await rig.engine.endProcess('here', unknown.identity)).how, 'ended');
    assert.ok(!isAlive(unknown.identity.pid));
    assert.equal((await useOf(port)).listening, false);
  });

  it('are not looked at, and nothing is ended, on what is no port and no process', async () => {
    const invalid = (error: unknown) => isRemoteOperationsError(error, 'InvalidInput');
    for (const ports of [[0], [65_536], [1.5], [NaN], Array.from({ length: 1_001 }, (_, at) => at + 1)]) {
      await assert.rejects(rig.engine.checkPorts('here', ports), invalid);
    }
    const process = { machineId: 'm', bootId: 'b', pid: 2, startTicks: '1' };
    for (const wrong of [
      { pid: -1 },
      { pid: 1.5 },
      { startTicks: '1\n2' },
      { bootId: 'a b' },
      { machineId: '' },
      { machineId: 'm b' },
      { machineId: 'm'.repeat(129) },
    ]) {
      await assert.rejects(rig.engine.endProcess('here', { ...process, ...wrong }), invalid);
    }
    assert.equal(here.machine.count('ports') + here.machine.count('end'), 0);
  });

  it('are not called free by a host that is away or answers by half', async () => {
    here.machine.break('unreachable', 'ports');
    await assert.rejects(rig.engine.checkPorts('here', [80]), (error) =>
      isRemoteOperationsError(error, 'Unreachable'),
    );
    here.machine.break('cut', 'ports');
    await assert.rejects(rig.engine.checkPorts('here', [80]), (error) =>
      isRemoteOperationsError(error, 'BadAnswer'),
    );
  });
});

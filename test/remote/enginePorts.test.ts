import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { vacatePort } from '../../src/commands/ports/vacatePort';
import { isRemoteOperationsError } from '../../src/operations/errors';
import type { PortUse } from '../../src/operations/portUse';
import { eventually } from '../testbed/eventually';
import { freePort } from '../testbed/freePort';
import type { Rig } from '../unit/engine/engineRig';
import { EngineHost, syncUntil } from './engineSupport';
import { endServers, nobody, serverCode, startServer } from '../testbed/portServers';
import { mayAddUsers } from '../testbed/privileges';
import { isAlive, signal } from './scriptsProcesses';

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
    const gate = path.join(here.host.home, 'gate');
    const { id } = await serve(port, `while [ ! -e '${gate}' ]; do sleep 0.1; done; exec`);
    // Nobody listens yet, and who comes now would get in its way.
    const { nextFree, ...soon } = await useOf(port);
    assert.deepEqual(soon, { port, listening: false, operationId: id, isPlanned: true });
    assert.ok(nextFree !== undefined && nextFree > port);
    await writeFile(gate, '');
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

  describe('that are shared', () => {
    const kept: number[] = [];
    afterEach(() => kept.splice(0).forEach((pid) => signal(pid, 'SIGKILL')));

    /** A server of which another program has the socket as well. */
    const shared = async (program: string, args: string[], options: string) => {
      const spawning = `require("child_process").spawn("${program}",${JSON.stringify(args)},${options})`;
      const before = `const log=console.log;console.log=(text)=>{${spawning};log(text)}`;
      const { port, pid } = await startServer('127.0.0.1', { before });
      const use = await eventually('who shares it', async () => {
        const seen = await useOf(port);
        return seen.sharedBy?.some(({ process }) => process === program) && seen;
      });
      const [other] = use.sharedBy ?? [];
      assert.ok(other);
      kept.push(other.pid);
      return { port, pid, use, other };
    };
    const withSocket = (stdin: string, more = '') =>
      `{stdio:["${stdin}","ignore","ignore",s._handle.fd],${more}}`;
    /** Tells what was asked about, by name, with an answer for each question, and whose pids use the port then. */
    const free = async (use: PortUse, confirms: boolean, ...answers: boolean[]) => {
      const asked: [names: string, areLeft: boolean][] = [];
      const uses = await vacatePort(
        {
          ...{ service: rig.engine, hostId: 'here', port: use.port, confirms },
          ask: (named, areLeft) => {
            asked.push([named.map(({ process }) => process).join(), areLeft]);
            return Promise.resolve(answers[asked.length - 1] ?? assert.fail('one question too many'));
          },
          during: (work) => work(),
        },
        [use],
      );
      return { asked, left: uses?.map((each) => (each.listening ? each.pid : 'free')) };
    };

    it('are freed with one question where what shares them ends with the server', async () => {
      const { pid, other, use } = await shared('cat', [], withSocket('pipe'));
      assert.deepEqual(await free(use, true, true), { asked: [['node', false]], left: ['free'] });
      assert.deepEqual([isAlive(pid), isAlive(other.pid)], [false, false]);
    });

    it('cost nobody their life who was not named: what is left is asked about, whatever is confirmed', async () => {
      const { port, pid, other, use } = await shared('sleep', ['600'], withSocket('ignore', 'detached:true'));
      assert.deepEqual(await free(use, false, false), { asked: [['sleep', true]], left: [other.pid] });
      assert.deepEqual([isAlive(pid), isAlive(other.pid)], [false, true]);
      const left = await useOf(port);
      assert.deepEqual(await free(left, true, true), { asked: [['sleep', false]], left: ['free'] });
      assert.ok(!isAlive(other.pid));
    });

    if (mayAddUsers) {
      it('by another user are told as such before anything is ended, whatever is confirmed', async () => {
        const { pid, other, use } = await shared('sleep', ['600'], withSocket('ignore', `uid:${nobody}`));
        assert.deepEqual([other.user, other.isOwn], ['nobody', undefined]);
        const asked = [['node', false]];
        assert.deepEqual(await free(use, false, false), { asked, left: undefined });
        assert.ok(isAlive(pid));
        assert.deepEqual(await free(use, false, true), { asked, left: [other.pid] });
        assert.deepEqual([isAlive(pid), isAlive(other.pid)], [false, true]);
      });
    }
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

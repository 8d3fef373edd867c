import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isRemoteOperationsError } from '../../src/operations/errors';
import { eventually } from '../testbed/eventually';
import type { Rig } from '../unit/engine/engineRig';
import { EngineHost, syncUntil } from './engineSupport';
import { groupOf, signal } from './scriptsProcesses';
import { hostName, ScriptHost, underEveryShell } from './scriptsSupport';

describe('operations whose database was lost', () => {
  let here: EngineHost;
  let rig: Rig;

  beforeEach(async () => {
    here = new EngineHost();
    rig = await here.open();
  });
  afterEach(() => here.dispose());

  const executions = () => {
    const file = path.join(here.host.home, 'count');
    return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').length : 0;
  };
  const start = async (name: string, command: string) => {
    const before = executions();
    const view = await rig.engine.submit({
      hostId: 'here',
      type: 'job',
      name,
      command: `echo ran >> "$HOME/count"; ${command}`,
    });
    await eventually('the command to run', () => executions() > before);
    return view;
  };
  const loseDatabase = async () => {
    await here.loseDatabase();
    rig = await here.open();
    assert.deepEqual(rig.engine.operations(), []);
  };
  const statusOf = (id: string) => rig.engine.get(id)?.status;

  it('are found on the host, and are what they are once they are taken in', async () => {
    const running = await start('runs on', 'exec sleep 600');
    const good = await start('ended well', 'exit 0');
    const bad = await start('failed', 'exit 3');
    const killed = await start('killed by hand', 'exec sleep 600');
    await syncUntil(rig, good.id, 'completed');
    await syncUntil(rig, bad.id, 'failed');
    for (const { pid } of groupOf(killed.pid ?? 0)) {
      signal(pid, 'SIGKILL');
    }
    await loseDatabase();

    const found = await rig.engine.findRuns({ hostId: 'here' });
    assert.deepEqual([found.unreadable, found.more], [0, 0]);
    assert.deepEqual(
      new Map(found.runs.map(({ id, name, exitCode }) => [id, `${name} ${exitCode ?? '-'}`])),
      new Map([
        [running.id, 'runs on -'],
        [good.id, 'ended well 0'],
        [bad.id, 'failed 3'],
        [killed.id, 'killed by hand -'],
      ]),
    );

    const ids = found.runs.map(({ id }) => id);
    assert.equal(await rig.engine.importRuns('here', ids), 4);
    assert.deepEqual(
      [running, good, bad].map(({ id }) => statusOf(id)),
      ['running', 'completed', 'failed'],
    );
    assert.equal(rig.engine.get(running.id)?.pid, running.pid);
    assert.ok(rig.engine.get(running.id)?.startedAt);
    // Those that had ended are never seen to end: nobody is to be told of it now.
    assert.deepEqual(
      (await rig.engine.history(bad.id)).map(({ to }) => to),
      ['failed'],
    );
    await rig.clock.advance(11_000);
    await rig.engine.list();
    assert.equal(statusOf(killed.id), 'stopped');
    assert.equal((await rig.engine.kill(running.id)).status, 'cancelled');
    assert.equal(executions(), 4);
    assert.deepEqual((await rig.engine.findRuns({ hostId: 'here' })).runs, []);
    assert.equal(await rig.engine.importRuns('here', ids), 0);
  });

  it('are not taken in as long as nothing can be seen of them', async () => {
    const { id } = await start('runs on', 'exec sleep 600');
    await loseDatabase();
    here.machine.break('unreachable', 'probe');
    await assert.rejects(rig.engine.importRuns('here', [id]));
    assert.deepEqual(rig.engine.operations(), []);
  });

  it('are not taken for none where the host does not answer, or only in part', async () => {
    await start('runs on', 'exec sleep 600');
    await loseDatabase();
    for (const fault of ['unreachable', 'lost-after', 'cut'] as const) {
      here.machine.break(fault, 'runs');
      await assert.rejects(rig.engine.findRuns({ hostId: 'here' }));
    }
    await assert.rejects(rig.engine.findRuns({ hostId: 'nowhere' }), (error) =>
      isRemoteOperationsError(error, 'UnknownHost'),
    );
  });
});

underEveryShell('the list of run directories', (shell) => {
  let host: ScriptHost;
  before(() => {
    host = new ScriptHost(shell);
  });
  after(() => host.dispose());

  const list = (known: string[] = []) => host.launcher.runDirectories(host.machine, hostName, known);
  const make = (id: string, record: object | string) => {
    mkdirSync(path.join(host.runFolder({ id }), 'claim'), { recursive: true });
    const text = typeof record === 'string' ? record : JSON.stringify(record);
    writeFileSync(host.file({ id }, 'op.json'), text);
  };
  const record = (id: string, more: object = {}) => ({
    ...{ id, submittedAt: '2026-01-01T00:00:00.000Z', type: 'job', name: id, command: 'true' },
    ...more,
  });

  it('is empty where there is none', async () => {
    assert.deepEqual((await list()).runs, []);
  });

  it('has the newest first, without those that are known', async () => {
    for (const id of ['op-a', 'op-b', 'op-c']) {
      make(id, record(id));
      utimesSync(host.runFolder({ id }), 1000 + id.charCodeAt(3), 1000 + id.charCodeAt(3));
    }
    assert.deepEqual(
      (await list(['op-b', 'op-z'])).runs.map(({ id }) => id),
      ['op-c', 'op-a'],
    );
  });

  it('takes neither odd names nor endless records, and reads the others', async () => {
    for (const odd of ['-rf', '$(touch bad)', 'two words', 'a\nmore 7', '.hidden', 'x'.repeat(65)]) {
      make(odd, record(odd));
    }
    make('op-quotes', record('op-quotes', { name: `a'"$(x)\u00e4\n`, command: 'echo "\n"' }));
    make('op-endless', `{"id":"op-endless","command":"${'x'.repeat(100_000)}"}`);
    const { runs, unreadable, more } = await list(['op-a', 'op-b', 'op-c']);
    assert.deepEqual(
      runs.map(({ id, spec: { name } }) => [id, name]),
      [['op-quotes', `a'"$(x)ä`]],
    );
    assert.deepEqual([unreadable, more], [1, 0]);
  });

  it('ends after three hundred, and says how many more there are', async () => {
    const known = (await list()).runs.map(({ id }) => id);
    for (let at = 0; at < 310; at++) {
      make(`op-${at}`, record(`op-${at}`));
    }
    // The first line of an odd name is one, too.
    const { runs, more } = await list([...known, 'op-endless', 'a']);
    assert.deepEqual([runs.length, more], [300, 10]);
  });
});

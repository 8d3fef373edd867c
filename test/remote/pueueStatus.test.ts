import assert from 'node:assert/strict';
import fc from 'fast-check';
import pueue from '../../src/launchers/pueue/pueue.sh';
import { compact } from '../../src/launchers/process/scripts';
import { findProgram } from '../testbed/systemPackages.mjs';
import { goldenStatus, goldenVersions, keptLines } from '../unit/launchers/goldenPueue';
import { ScriptHost, underEveryShell } from './scriptsSupport';

underEveryShell('tasks of pueue', (shell) => {
  let host: ScriptHost;

  beforeEach(() => (host = new ScriptHost(shell)));
  afterEach(() => host.dispose());

  const read = async (status: string, which = 'all'): Promise<string[]> => {
    const script = compact(pueue, `tasks_of '${which}'`);
    const { stdout } = await host.machine.run(script, { input: status, deadlineMs: 20_000 });
    return stdout.split('\n').filter(Boolean);
  };

  for (const version of goldenVersions) {
    it(`are read from what version ${version} prints, without their environment`, async () => {
      const status = goldenStatus(version);
      assert.ok(status.includes('hush'));
      assert.deepEqual(await read(status), keptLines(status));
      const some = await read(status, 'queued\nkilled\nnobody');
      assert.deepEqual(some, keptLines(status, ['queued', 'killed']));
      assert.ok(!(await read(status)).join('\n').includes('hush'));
    });

    it(`are never read from a part of what version ${version} prints`, async () => {
      const status = goldenStatus(version).trimEnd();
      for (const length of [0, 1, 100, 1000, status.length - 2, status.length - 1]) {
        const lines = await read(status.slice(0, length));
        assert.ok(!lines.includes('whole'), `${length} bytes`);
      }
      assert.ok(!(await read(`${status}${status}`)).includes('whole'));
    });
  }

  it('are read whatever their words are, and as JSON of any layout', async () => {
    const word = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc
        .array(fc.constantFrom('"', '\\', '{', '}', '[', ']', ':', ',', 'envs', '"envs":{', '\n', 'hush'))
        .map((all) => all.join('')),
    );
    const task = fc.record({
      id: fc.nat(),
      command: word,
      envs: fc.dictionary(word, word),
      group: word,
      dependencies: fc.array(fc.nat()),
      priority: fc.integer(),
      label: fc.option(word),
      status: fc.oneof(
        fc.constant('Queued'),
        fc.record({ Done: fc.record({ end: word, result: fc.record({ FailedToSpawn: word }) }) }),
      ),
      start: fc.option(word),
      end: fc.constant(null),
    });
    const tasks = Object.fromEntries(
      fc.sample(task, { numRuns: 300, seed: 7 }).map((each, at) => [String(at), each]),
    );
    const status = { tasks, groups: { envs: { status: 'Running', parallel_tasks: 1 } } };
    const compactly = JSON.stringify(status);
    assert.deepEqual(await read(compactly), keptLines(compactly));
    assert.deepEqual(await read(JSON.stringify(status, undefined, 2)), keptLines(compactly));
  });

  it('that lack what every task has are told as strange', async () => {
    const sound = { id: 1, label: null, status: 'Queued' };
    for (const wrong of [{ ...sound, id: 'x' }, { id: 1, status: 'Queued' }, { id: 1, label: null }, {}]) {
      const lines = await read(JSON.stringify({ tasks: { 1: wrong }, groups: {} }));
      assert.deepEqual(lines, ['strange', 'whole'], JSON.stringify(wrong));
    }
    assert.deepEqual(await read('{"jobs":{},"groups":{}}'), []);
  });

  for (const awk of ['gawk', 'mawk', 'original-awk'].filter((name) => findProgram(name) !== undefined)) {
    it(`are read by ${awk} as well`, async () => {
      host.install('awk', `#!/bin/sh\nexec ${awk} "$@"\n`);
      for (const version of goldenVersions) {
        assert.deepEqual(await read(goldenStatus(version)), keptLines(goldenStatus(version)));
      }
    });
  }
});

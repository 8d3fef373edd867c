import assert from 'node:assert/strict';
import fc from 'fast-check';
import pueue from '../../src/launchers/pueue/pueue.sh';
import { compact } from '../../src/launchers/process/scripts';
import { findProgram } from '../testbed/systemPackages.mjs';
import { goldenStatus, goldenVersions, keptLines, labelsIn, otherLines } from '../unit/launchers/goldenPueue';
import { ScriptHost, underEveryShell } from './scriptsSupport';

underEveryShell('tasks of pueue', (shell) => {
  let host: ScriptHost;

  beforeEach(() => (host = new ScriptHost(shell)));
  afterEach(() => host.dispose());

  const read = async (status: string, which = labelsIn(status), others = ''): Promise<string[]> => {
    const script = compact(pueue, `tasks_of '${which.join('\n')}' '${others}'`);
    const { stdout } = await host.machine.run(script, { input: status, deadlineMs: 20_000 });
    return stdout.split('\n').filter(Boolean);
  };

  /** Those of the golden status that have not ended, by number. */
  const active = (labels: readonly string[]): Record<number, string> =>
    Object.fromEntries([4, 5, 6, 7, 8, 9].map((number) => [number, `remote-ops-${labels[number] ?? ''}`]));

  const foreign = { 10: 'somebody else\'s "task" \\ {', 11: 'no label' };

  for (const version of goldenVersions) {
    it(`are read from what version ${version} prints, without their environment`, async () => {
      const status = goldenStatus(version);
      assert.ok(status.includes('hush'));
      assert.deepEqual(await read(status), keptLines(status));
      const some = await read(status, ['queued', 'killed', 'nobody']);
      assert.deepEqual(some, keptLines(status, ['queued', 'killed']));
      assert.ok(!(await read(status)).join('\n').includes('hush'));
    });

    it(`of others are read as well from what version ${version} prints, and those that ended only where asked for`, async () => {
      const status = goldenStatus(version);
      const ours = labelsIn(status);
      assert.deepEqual(await read(status, [], 'others'), otherLines(status, { ...active(ours), ...foreign }));
      const ended = { 0: 'remote-ops-success', 3: 'remote-ops-killed' };
      assert.deepEqual(
        await read(status, [], 'others 3 7 0 99'),
        otherLines(status, { ...active(ours), ...foreign, ...ended }),
      );
      const lines = await read(status, ours, 'others');
      assert.deepEqual(
        lines.toSorted(),
        [...new Set([...keptLines(status), ...otherLines(status, foreign)])].toSorted(),
      );
      assert.ok(!lines.join('\n').includes('hush'));
    });

    it(`are never read from a part of what version ${version} prints`, async () => {
      const status = goldenStatus(version).trimEnd();
      for (const length of [0, 1, 100, 1000, status.length - 2, status.length - 1]) {
        const lines = await read(status.slice(0, length), labelsIn(status));
        assert.ok(!lines.includes('whole'), `${length} bytes`);
      }
      assert.ok(!(await read(`${status}${status}`, labelsIn(status))).includes('whole'));
    });
  }

  it('are read whatever their words are, and as JSON of any layout', async () => {
    const word = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc
        .array(
          fc.constantFrom('"', '\\', ' ', '{', '}', '[', ']', ':', ',', 'envs', '"envs":{', '\n', 'hush'),
        )
        .map((all) => all.join('')),
    );
    const task = fc.record({
      id: fc.nat(),
      command: word,
      envs: fc.dictionary(word, word),
      group: word,
      dependencies: fc.array(fc.nat()),
      priority: fc.integer(),
      created_at: word,
      original_command: word,
      status: fc.oneof(
        fc.constant('Queued'),
        fc.record({ Done: fc.record({ end: word, result: fc.record({ FailedToSpawn: word }) }) }),
      ),
      start: fc.option(word),
      end: fc.constant(null),
    });
    const tasks = Object.fromEntries(
      fc
        .sample(task, { numRuns: 300, seed: 7 })
        .map((each, at) => [String(at), { ...each, label: at % 2 === 0 ? null : `remote-ops-${at}` }]),
    );
    const status = { tasks, groups: { envs: { status: 'Running', parallel_tasks: 1 } } };
    const compactly = JSON.stringify(status);
    assert.deepEqual(await read(compactly), keptLines(compactly));
    assert.deepEqual(await read(JSON.stringify(status, undefined, 2)), keptLines(compactly));
    const others = (await read(compactly, [], 'others')).filter((line) => line.startsWith('other '));
    const parsed = others.map((line) => JSON.parse(line.replace(/^other \d+ \w+ /, '')) as { name: string });
    assert.ok(parsed.length > 100);
    assert.ok(parsed.every(({ name }) => typeof name === 'string'));
  });

  const names: [label: string | null, command: string, name: string][] = [
    ['train', 'sleep 600', 'train'],
    [`it's "quoted" \\ é`, 'sleep 600', `it's "quoted" \\ é`],
    ['', 'sleep 600', 'sleep 600'],
    [null, 'python train.py --token abc', 'python train.py'],
    [null, 'TOKEN=abc A=b run it', 'run it'],
    [null, `TOKEN='a b' run it`, ''],
    [null, 'TOKEN="a b" run it', ''],
    [null, 'export TOKEN=abc; run it', 'export'],
    [null, 'mysql -psecret', 'mysql'],
    [null, 'one two three four five six seven', 'one two three four five six'],
    [null, 'x'.repeat(200), ''],
    ['many words '.repeat(100), 'true', 'many words '.repeat(9).trim()],
    [null, 'echo "a\nb"', 'echo "a\nb"'],
  ];
  it('of others are called by their label, or by how their command begins, as far as that can be no secret', async () => {
    const tasks = names.map(([label, command], id) => ({
      ...{ id, label, status: 'Queued', group: 'default', dependencies: [] },
      ...{ original_command: command, created_at: '2026-01-01T00:00:00Z' },
    }));
    const lines = await read(JSON.stringify({ tasks: { ...tasks }, groups: {} }), [], 'others');
    const told = lines
      .filter((line) => line.startsWith('other '))
      .map((line) => JSON.parse(line.replace(/^other \d+ \w+ /, '')) as { name: string });
    assert.deepEqual(
      told.map(({ name }) => name),
      names.map(([, , name]) => name),
    );
  });

  it('of others are told up to 2,000, and how many more there are', async () => {
    const task = (id: number) => ({ id, label: 'x', status: 'Queued', envs: { A: 'hush' } });
    const tasks = { ...Array.from({ length: 2_003 }, (_, id) => task(id)) };
    const lines = await read(JSON.stringify({ tasks, groups: {} }), [], 'others');
    assert.equal(lines.filter((line) => line.startsWith('other ')).length, 2_000);
    assert.deepEqual(lines.slice(-2), ['more 3', 'whole']);
    // One that is too long to be told is not left out silently.
    const long = { ...task(1), dependencies: Array.from({ length: 2_000 }, (_, id) => id) };
    assert.deepEqual(await read(JSON.stringify({ tasks: { 1: long }, groups: {} }), [], 'others'), [
      'more 1',
      'whole',
    ]);
  });

  it('that lack what every task has are told as strange', async () => {
    const sound = { id: 1, label: null, status: 'Queued' };
    for (const wrong of [{ ...sound, id: 'x' }, { id: 1, status: 'Queued' }, { id: 1, label: null }, {}]) {
      const lines = await read(JSON.stringify({ tasks: { 1: wrong }, groups: {} }), []);
      assert.deepEqual(lines, ['strange', 'whole'], JSON.stringify(wrong));
    }
    assert.deepEqual(await read('{"jobs":{},"groups":{}}', []), []);
  });

  for (const awk of ['gawk', 'mawk', 'original-awk'].filter((name) => findProgram(name) !== undefined)) {
    it(`are read by ${awk} as well`, async () => {
      host.install('awk', `#!/bin/sh\nexec ${awk} "$@"\n`);
      for (const version of goldenVersions) {
        const status = goldenStatus(version);
        assert.deepEqual(await read(status), keptLines(status));
        const others = otherLines(status, { ...active(labelsIn(status)), ...foreign });
        assert.deepEqual(await read(status, [], 'others'), others);
      }
    });
  }
});

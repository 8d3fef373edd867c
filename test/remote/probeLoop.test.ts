import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Line } from '../../src/launchers/frame';
import { mergeFacts, noFacts } from '../../src/launchers/process/facts';
import { probeScript } from '../../src/launchers/process/scripts';
import { eventually } from '../testbed/eventually';
import { Crowd, Loop, requestLine, Watcher, type Told } from './probeLoopSupport';
import { signal } from './scriptsProcesses';
import { ScriptHost, underEveryShell } from './scriptsSupport';

const wordsOf = ({ block }: Told, id: string): string[] =>
  block.lines.find(({ words }) => words[0] === 'op' && words[1] === id)?.words.slice(2) ?? [];

const textsIn = (files: ReadonlyMap<string, Line>): Record<string, string> =>
  Object.fromEntries([...files].map(([id, { data }]) => [id, data.toString('utf8')]));

const progressIn = ({ block }: Told) => textsIn(mergeFacts(noFacts, block).progress);

underEveryShell('the probe as a loop', (shell) => {
  let host: ScriptHost;
  let loop: Loop;
  before(() => (host = new ScriptHost(shell)));
  beforeEach(async () => (loop = await Loop.open(host.machine)));
  afterEach(() => loop.conversation.close());
  after(() => host.dispose());

  it('tells all at first, and then what changed', async () => {
    const [one, other] = [await host.start('exec sleep 600'), await host.start('exec sleep 600')];
    const first = await loop.set([requestLine(one.id), requestLine(other.id)]);
    assert.deepEqual([first.kind, first.ids.sort()], ['full 2', [one.id, other.id].sort()]);
    const second = await loop.again();
    assert.deepEqual([second.kind, second.ids], [`delta 2 ${first.nonce}`, []]);
    signal(-one.identity.pid, 'SIGSTOP');
    const stopped = await loop.change();
    assert.deepEqual([stopped.ids, wordsOf(stopped, one.id)[7]], [[one.id], 'T']);
    signal(-one.identity.pid, 'SIGKILL');
    // A zombie, for as long as nobody has waited for it; but first it dies.
    await eventually('its death', async () => /^[Z-]$/.test(wordsOf(await loop.change(), one.id)[7] ?? ''));
  });

  it('tells all again when the last answer was not understood', async () => {
    const { id } = await host.start('exec sleep 600');
    const first = await loop.set([requestLine(id)]);
    await loop.again();
    for (const nonce of [first.nonce, 'never-said', '-', '']) {
      assert.deepEqual((await loop.since(nonce)).kind, 'full 1', nonce);
    }
  });

  it('tells all again from time to time', async () => {
    await loop.set([requestLine('nonesuch')]);
    const kinds: string[] = [];
    for (let look = 1; look <= 31; look++) {
      kinds.push((await loop.again()).kind.split(' ')[0] as string);
    }
    assert.deepEqual([kinds.indexOf('full'), kinds.filter((kind) => kind === 'full').length], [29, 1]);
  });

  it('keeps parts apart', async () => {
    const [one, other] = [await host.start('exec sleep 600'), await host.start('exec sleep 600')];
    await loop.set([requestLine(one.id)], '0');
    await loop.set([requestLine(other.id)], '1');
    signal(-other.identity.pid, 'SIGKILL');
    const told = await eventually('a change', async () => {
      assert.deepEqual((await loop.again('0')).ids, []);
      const second = await loop.again('1');
      return second.ids.length > 0 && second;
    });
    assert.deepEqual(told.ids, [other.id]);
  });

  it('tells progress where it is asked for, and when it changed', async () => {
    const operations = [1, 2, 3].map(() => host.start('exec sleep 600'));
    const [one, other, silent] = (await Promise.all(operations)) as [Op, Op, Op];
    const write = (operation: Op, text: string) => writeFileSync(host.file(operation, 'progress.json'), text);
    [one, other, silent].forEach((operation) => write(operation, '{"progress":0.1,\n "message":"é"}\n'));
    const text = '{"progress":0.1,\n "message":"é"}';
    const first = await loop.set([
      requestLine(one.id, { detail: 'detail' }),
      requestLine(other.id, { detail: 'detail' }),
      requestLine(silent.id),
    ]);
    assert.deepEqual(progressIn(first), { [one.id]: text, [other.id]: text });
    assert.deepEqual(progressIn(await loop.again()), {});
    write(one, '{"progress":0.25}');
    assert.deepEqual(progressIn(await loop.again()), { [one.id]: '{"progress":0.25}' });
    write(one, `{"message":"${'x'.repeat(17_000)}"}`);
    assert.deepEqual(progressIn(await loop.again()), { [one.id]: '' });
    rmSync(host.file(other, 'progress.json'));
    assert.deepEqual(progressIn(await loop.again()), { [other.id]: '' });
    write(silent, '{"progress":1}');
    writeFileSync(host.file(silent, 'exit_code'), '0\n');
    assert.deepEqual(progressIn(await loop.again()), { [silent.id]: '{"progress":1}' });
    assert.deepEqual(progressIn(await loop.again()), {});
  });

  it('looks with care at everything when the quick look fails', async () => {
    const { id, identity } = await host.start('exec sleep 600');
    loop.conversation.close();
    // Says less than all of what it has to say.
    const broken = `awk() { case $* in *eyes*) while read -r _; do :; done ;; *) command awk "$@" ;; esac; }\n`;
    loop = await Loop.open(host.machine, broken + probeScript);
    const told = await loop.set([requestLine(id), requestLine('nonesuch')]);
    assert.deepEqual(told.ids.sort(), [id, 'nonesuch'].sort());
    assert.deepEqual(wordsOf(told, id).slice(5, 8), [String(identity.pid), identity.startTicks, 'S']);
    signal(-identity.pid, 'SIGKILL');
    assert.deepEqual((await loop.change()).ids, [id]);
  });

  it('is not held up by pipes that lie in a run directory', async () => {
    const { id } = await host.start('exec sleep 600');
    for (const name of ['ident', 'claim/node', 'exit_code', 'progress.json', 'claim/ended']) {
      rmSync(host.file(host.operation('', { id }), name), { force: true });
      execFileSync('mkfifo', [host.file(host.operation('', { id }), name)]);
      assert.deepEqual((await loop.set([requestLine(id, { detail: 'detail' })])).ids, [id], name);
    }
  });

  it('ends at a request that is cut short or not plain, and runs nothing of it', async () => {
    const owned = path.join(host.home, 'owned');
    for (const line of [
      `$(touch ${owned}) - - - - - -`,
      `id;touch${'$'}IFS"${owned}" - - - - - -`,
      'id - - - - -',
      '../../etc - - - - - -',
      'id * - - - - -',
    ]) {
      const other = await Loop.open(host.machine);
      await assert.rejects(other.set([line]), /ended/, line);
    }
    for (const words of ['1 0;x', 'x', '1 $(id)', 'again x $(id)', '-1']) {
      const other = await Loop.open(host.machine);
      await assert.rejects(other.ask(words, requestLine('id')), /ended/, words);
    }
    assert.ok(!existsSync(owned));
  });

  it('ends with its input', async () => {
    const { stdout, exitCode } = await host.machine.run(probeScript, {
      input: `n1 1\n${requestLine('nonesuch')}\n`,
      deadlineMs: 20_000,
    });
    assert.equal(exitCode, 0);
    assert.match(stdout, /^full 1$[^]*^remote-ops end n1 2$/m);
  });
});

type Op = Awaited<ReturnType<ScriptHost['start']>>;

underEveryShell('the probe of a crowd', (shell) => {
  let host: ScriptHost;
  let watcher: Watcher;
  let crowd: Crowd;
  let loop: Loop;
  const size = 200;
  before(async () => {
    host = new ScriptHost(shell);
    watcher = new Watcher();
    crowd = await Crowd.gather(host, size);
    loop = await Loop.open(host.machine, watcher.prelude + probeScript);
  });
  after(async () => {
    loop.conversation.close();
    crowd.end();
    watcher.dispose();
    await host.dispose();
  });

  it('starts a program or two, however many live', async () => {
    const told = await loop.set(crowd.lines);
    assert.equal(told.ids.length, size);
    assert.deepEqual(watcher.started(), ['awk', 'awk', 'head']);
    assert.deepEqual((await loop.again()).ids, []);
    assert.deepEqual(watcher.started(), ['awk']);
  });

  it('looks for the groups of all that died in one go', async () => {
    crowd.operations.slice(0, 50).forEach(({ identity }) => signal(identity.pid, 'SIGKILL'));
    const dead = await eventually('50 deaths', async () => {
      const told = await loop.since('-');
      return told.text.match(/ - - 0 - -$/gm)?.length === 50 && told;
    });
    assert.equal(dead.ids.length, size);
    watcher.started();
    assert.deepEqual((await loop.again()).ids, []);
    assert.deepEqual(watcher.started(), ['awk', 'awk', 'cat']);
  });

  it('reads the progress of all of them by a handful of programs', async () => {
    crowd.operations.forEach((operation) =>
      writeFileSync(host.file(operation, 'progress.json'), '{"progress":0.5}'),
    );
    const told = await loop.set(crowd.operations.map(({ id }) => requestLine(id, { detail: 'detail' })));
    assert.equal(Object.keys(progressIn(told)).length, size);
    watcher.started();
    await loop.again();
    const names = watcher.started();
    assert.ok(names.length <= 8, names.join(' '));
  });
});

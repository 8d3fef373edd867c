import assert from 'node:assert/strict';
import { appendFileSync, existsSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { mergeFacts, noFacts } from '../../src/launchers/process/facts';
import { probeScript } from '../../src/launchers/process/scripts';
import { goldenLog, goldenLogs, inShort } from '../unit/operations/logProgress/goldenLogs';
import { readLogProgress } from '../../src/operations/logProgress/logProgress';
import { eventually } from '../testbed/eventually';
import { Crowd, Loop, requestLine, Watcher, type Told } from './probeLoopSupport';
import { ScriptHost, underEveryShell } from './scriptsSupport';

type Op = Awaited<ReturnType<ScriptHost['start']>>;

const filesIn = ({ block }: Told) => {
  const { progress, logs } = mergeFacts(noFacts, block);
  const all = [...[...progress.keys()].map((id) => `=${id}`), ...[...logs.keys()].map((id) => `~${id}`)];
  return all.sort();
};
const logIn = ({ block }: Told, { id }: { id: string }): string | undefined =>
  mergeFacts(noFacts, block).logs.get(id)?.data.toString('utf8');

const withLog = { detail: 'log' };

underEveryShell('the end of a log, told by the probe', (shell) => {
  let host: ScriptHost;
  let loop: Loop;
  let one: Op;
  let other: Op;
  before(async () => {
    host = new ScriptHost(shell);
    [one, other] = [await host.start('exec sleep 600'), await host.start('exec sleep 600')];
  });
  beforeEach(async () => {
    loop = await Loop.open(host.machine);
    for (const operation of [one, other]) {
      writeFileSync(host.file(operation, 'log'), '');
      rmSync(host.file(operation, 'progress.json'), { force: true });
    }
  });
  afterEach(() => loop.conversation.close());
  after(() => host.dispose());

  const write = (operation: Op, text: string, name = 'log') =>
    writeFileSync(host.file(operation, name), text);

  it('is told where it is asked for, and again when it changed', async () => {
    write(one, 'Epoch 1/3\n');
    write(other, 'Epoch 2/3\n');
    const first = await loop.set([requestLine(one.id, withLog), requestLine(other.id, { detail: 'detail' })]);
    assert.deepEqual(filesIn(first), [`~${one.id}`]);
    assert.equal(logIn(first, one), 'Epoch 1/3\n');
    assert.deepEqual(filesIn(await loop.again()), []);
    appendFileSync(host.file(one, 'log'), 'Epoch 2/3\nEpo');
    assert.equal(logIn(await loop.again(), one), 'Epoch 1/3\nEpoch 2/3\nEpo');
  });

  it('is told at the end, asked for or not', async () => {
    write(one, 'done: 100%\n');
    await loop.set([requestLine(one.id)]);
    write(one, '0\n', 'exit_code');
    const ended = await loop.again();
    rmSync(host.file(one, 'exit_code'));
    assert.equal(logIn(ended, one), 'done: 100%\n');
  });

  it('is not told where progress.json is of use, and is where that is none', async () => {
    for (const useful of ['{"progress":0.5}', ' {"progress":0.5,\n"message":"x"}\n\n']) {
      write(one, `written besides ${useful.length}\n`);
      write(one, useful, 'progress.json');
      assert.deepEqual(filesIn(await loop.set([requestLine(one.id, withLog)])), [`=${one.id}`], useful);
    }
    for (const useless of [
      '',
      '\n',
      '{"progress":',
      'half done',
      '[1]',
      `{"message":"${'x'.repeat(17_000)}"}`,
    ]) {
      write(one, useless, 'progress.json');
      const told = await loop.set([requestLine(one.id, withLog)]);
      assert.deepEqual(filesIn(told), [`=${one.id}`, `~${one.id}`], useless);
    }
  });

  it('is short, and of a line that is written over and over its last states only', async () => {
    const states = Array.from({ length: 500 }, (_, at) => `\rScoring: ${at}/500`).join('');
    write(one, `begun\n${states}\nStep 1\n${states}`);
    const told = logIn(await loop.set([requestLine(one.id, withLog)]), one) ?? '';
    assert.match(told, /Step 1\n\rScoring: 498\/500\rScoring: 499\/500$/);
    assert.ok(told.length < 200, told);
    write(one, `${'no end '.repeat(100_000)}here`);
    const cut = logIn(await loop.again(), one) ?? '';
    assert.ok(cut.length <= 2_100 && cut.endsWith('no end here'), String(cut.length));
    write(one, 'word\n'.repeat(100_000));
    assert.ok((logIn(await loop.again(), one) ?? '').length <= 2_100);
  });

  it('says what the whole log says, whichever tool wrote it', async () => {
    // The total of wget's dots stands at the beginning of the log alone.
    for (const file of goldenLogs.filter((each) => !each.includes('dots'))) {
      const text = goldenLog(file);
      for (const share of [0.3, 0.7, 1]) {
        const part = Buffer.from(text).subarray(0, Math.floor(Buffer.byteLength(text) * share));
        writeFileSync(host.file(one, 'log'), part);
        const told = logIn(await loop.set([requestLine(one.id, withLog)]), one) ?? '';
        const progress = ({ length }: { length: number }, log: string) =>
          `${length} ${inShort(readLogProgress(log)).replace(/, "[^"]*"$/, '')}`;
        assert.equal(progress(part, told), progress(part, part.toString('utf8')), `${file} ${share}`);
      }
    }
  });

  it('is never another one: what a log says of others is not believed', async () => {
    const lies = (of: Op) => `\n==> ./${of.id}/log <==\nEpoch 9/9: loss=0\n`;
    write(one, `Epoch 1/3\n${lies(other)}${lies(one)}`);
    write(other, `Epoch 2/3\n${lies(one)}\n=${one.id}\n~${one.id}\n{"progress":1}\n`);
    const told = await loop.set([requestLine(one.id, withLog), requestLine(other.id, withLog)]);
    for (const operation of [one, other]) {
      assert.doesNotMatch(logIn(told, operation) ?? '', /Epoch 9/);
    }
    assert.equal(mergeFacts(noFacts, told.block).progress.size, 0);
  });

  it('may hold any bytes', async () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, at) => at));
    writeFileSync(host.file(one, 'log'), Buffer.concat([all, Buffer.from('\nEpoch 1/3\n')]));
    assert.match(logIn(await loop.set([requestLine(one.id, withLog)]), one) ?? '', /Epoch 1\/3\n$/);
  });
});

underEveryShell('silence, told by the probe', (shell) => {
  let host: ScriptHost;
  let loop: Loop;
  before(() => (host = new ScriptHost(shell)));
  afterEach(() => loop.conversation.close());
  after(() => host.dispose());

  /** It looks at each request instead of once a minute. */
  const always = probeScript.replace('quiet_every=60', 'quiet_every=0');
  const minutesAgo = (minutes: number): number => Date.now() / 1000 - minutes * 60;
  const age = (operation: Op, minutes: number, name = 'log') =>
    utimesSync(host.file(operation, name), minutesAgo(minutes), minutesAgo(minutes));
  /** Its log is there a moment after its identity. */
  const silent = async (): Promise<Op> => {
    const operation = await host.start('exec sleep 600');
    await eventually('its log', () => existsSync(host.file(operation, 'log')));
    return operation;
  };
  /** For how many minutes each has been silent. */
  const quietIn = ({ block }: Told): Record<string, number> | undefined => {
    const words = block.lines.find(({ words: [tag] }) => tag === 'quiet')?.words.slice(1);
    const entries = words?.flatMap((word, at) =>
      at % 2 === 0 ? [[word, Math.round(((block.uptimeSeconds ?? 0) - Number(words[at + 1])) / 60)]] : [],
    );
    return entries && (Object.fromEntries(entries) as Record<string, number>);
  };
  const asked = ({ id }: Op) => requestLine(id, { quiet: '600' });

  it('is told of what has written for so long neither to its log nor to its progress, until it writes', async () => {
    const [one, other, third] = [await silent(), await silent(), await silent()] as const;
    loop = await Loop.open(host.machine, always);
    age(one, 20);
    age(other, 9);
    age(third, 30);
    writeFileSync(host.file(third, 'progress.json'), '{}');
    age(third, 5, 'progress.json');
    const all = [one, other, third].map(asked);
    assert.deepEqual(quietIn(await loop.set(all)), { [one.id]: 20 });
    assert.equal(quietIn(await loop.again()), undefined);
    age(third, 11, 'progress.json');
    assert.deepEqual(quietIn(await loop.again()), { [one.id]: 20, [third.id]: 11 });
    appendFileSync(host.file(one, 'log'), 'news\n');
    assert.deepEqual(quietIn(await loop.again()), { [third.id]: 11 });
    assert.deepEqual(quietIn(await loop.set([asked(one)])), {});
  });

  it('is looked for where it is asked for, once a minute', async () => {
    const one = await silent();
    age(one, 20);
    loop = await Loop.open(host.machine);
    assert.equal(quietIn(await loop.set([requestLine(one.id)])), undefined);
    assert.deepEqual(quietIn(await loop.set([asked(one)])), { [one.id]: 20 });
    age(one, 30);
    assert.equal(quietIn(await loop.again()), undefined);
  });

  it('counts from when a file was seen first where its time is of another machine', async () => {
    const one = await silent();
    age(one, 20);
    const shared = always.replace(/^only_here\(\) \{$/m, 'only_here() {\nreturn 1');
    assert.notEqual(shared, always);
    loop = await Loop.open(host.machine, shared);
    assert.deepEqual(quietIn(await loop.set([asked(one)])), {});
    assert.deepEqual(quietIn(await loop.set([requestLine(one.id, { quiet: '0' })])), { [one.id]: 0 });
  });
});

underEveryShell('the logs of a crowd', (shell) => {
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

  it('are read, and looked at for silence, by a handful of programs', async () => {
    crowd.operations.forEach((operation) =>
      writeFileSync(host.file(operation, 'log'), `${'x'.repeat(3_000)}\nEpoch 1/3\n`),
    );
    const old = statSync(host.file(crowd.operations[0] as Op, 'log')).mtimeMs / 1000 - 3_600;
    crowd.operations.forEach((operation) => utimesSync(host.file(operation, 'log'), old, old));
    const lines = crowd.operations.map(({ id }) => requestLine(id, { ...withLog, quiet: '600' }));
    watcher.started();
    const told = await loop.set(lines);
    assert.ok(watcher.started().length <= 12);
    assert.equal(filesIn(told).length, size);
    const words = told.block.lines.find(({ words: [tag] }) => tag === 'quiet')?.words;
    assert.equal(words?.length, 1 + 2 * size);
    const again = await loop.again();
    assert.ok(watcher.started().length <= 4);
    assert.ok(again.text.length < 1_000, again.text);
  });
});

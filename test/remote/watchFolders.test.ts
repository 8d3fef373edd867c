import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isRemoteOperationsError } from '../../src/operations/errors';
import { eventually } from '../testbed/eventually';
import { startProxiedHost, type ProxiedHost } from '../testbed/proxiedHost';
import { disposeMachines } from './connectionSupport';
import { WatchRig } from './watchFoldersSupport';

const megabyte = 1024 * 1024;

describe('watch folders', () => {
  let host: ProxiedHost;
  let rig: WatchRig;

  before(async () => {
    host = await startProxiedHost();
  });
  after(() => host.stop());
  beforeEach(() => {
    rig = new WatchRig(host);
  });
  afterEach(async () => {
    await host.proxy.restore();
    await rig.dispose();
    disposeMachines();
  });

  const open = async () => {
    await rig.open();
    await rig.watching();
  };
  const statusOf = async (name: string) => {
    const { operationId = '' } = await rig.until(name, 'submitted');
    return eventually('the operation to end', async () => {
      await rig.engine.sync();
      const view = rig.engine.get(operationId);
      return view?.status === 'completed' || view?.status === 'failed' ? view : undefined;
    });
  };

  it('a case is uploaded and submitted once it is quiet, under its name, in its folder', async () => {
    await open();
    rig.local.file('case 1/input/data.txt', 'data').file('case 1/run.sh', 'exit 0', 0o755);
    const view = await statusOf('case 1');
    assert.deepEqual([view.status, view.name, view.type], ['completed', 'case 1', 'job']);
    assert.deepEqual(rig.runs(), [path.join(rig.remote, 'case 1')]);
    assert.equal(readFileSync(path.join(rig.remote, 'case 1/input/data.txt'), 'utf8'), 'data');
    assert.equal(rig.case('case 1')?.remotePath, path.join(rig.remote, 'case 1'));
    assert.deepEqual(readdirSync(rig.remote), ['case 1']);
  });

  it('is not quiet while files come, and an empty folder is no case yet', async () => {
    await open();
    rig.local.folder('empty').file('busy/1', '1');
    let written = 0;
    const writing = setInterval(() => rig.local.file('busy/1', '1'.repeat(++written)), 20);
    try {
      await rig.until('empty', 'waiting', /no files yet/);
      await rig.until('busy', 'waiting');
      const before = written;
      await eventually('many more writes', () => written > before + 30);
      assert.equal(rig.case('busy')?.state, 'waiting');
    } finally {
      clearInterval(writing);
    }
    await statusOf('busy');
    assert.equal(readFileSync(path.join(rig.remote, 'busy/1'), 'utf8').length, written);
    assert.equal(rig.case('empty')?.state, 'waiting');
  });

  it('the names of cases are never run, nor taken apart', async () => {
    await rig.dispose();
    rig = new WatchRig(host, { command: 'printf "%s\\n" ${caseName} "in ${remoteDir}" >> "$PWD.out"' });
    await open();
    const names = ["it's", 'a  b', '$(touch hacked)', '`id`', '-n', '*', '"; exit 3; "', 'new\nline'];
    for (const name of names) {
      rig.local.file(`${name}/x`, name);
    }
    for (const name of names) {
      assert.equal((await statusOf(name)).status, 'completed', name);
      const out = readFileSync(path.join(rig.remote, `${name}.out`), 'utf8');
      assert.equal(out, `${name}\nin ${path.join(rig.remote, name)}\n`);
    }
    assert.ok(!existsSync(path.join(rig.remote, '$(touch hacked)', 'hacked')));
  });

  it('what was there before is submitted on the word of the user only', async () => {
    rig.local.file('old/x', 'x');
    await open();
    rig.local.file('new/x', 'x');
    await statusOf('new');
    const { id } = await rig.until('old', 'seen');
    assert.deepEqual(rig.runs(), [path.join(rig.remote, 'new')]);
    await rig.engine.retryCase(id);
    await statusOf('old');
    assert.equal(rig.runs().length, 2);
  });

  it('what comes while no window is open is picked up, what was submitted is not again', async () => {
    await open();
    rig.local.file('first/x', 'x');
    await statusOf('first');
    await rig.close();
    rig.local.file('second/x', 'x');
    await rig.open();
    await statusOf('second');
    assert.deepEqual(
      rig.runs(),
      ['first', 'second'].map((name) => path.join(rig.remote, name)),
    );
  });

  it('a case that changes afterwards is told, and submitted anew beside the other if the user wants', async () => {
    await open();
    rig.local.file('case/x', 'one');
    await statusOf('case');
    rig.local.file('case/x', 'two');
    const { id, operationId } = await rig.until('case', 'changed');
    assert.equal(rig.runs().length, 1);
    await rig.engine.retryCase(id);
    const view = await statusOf('case');
    assert.notEqual(view.id, operationId);
    assert.deepEqual(
      rig.runs(),
      ['case', 'case-2'].map((name) => path.join(rig.remote, name)),
    );
    assert.equal(readFileSync(path.join(rig.remote, 'case/x'), 'utf8'), 'one');
    assert.equal(readFileSync(path.join(rig.remote, 'case-2/x'), 'utf8'), 'two');
  });

  it('one that is only touched is not changed', async () => {
    await open();
    rig.local.file('case/x', 'one');
    await statusOf('case');
    const before = readFileSync(rig.ledgerPath, 'utf8');
    writeFileSync(path.join(rig.local.root, 'case/x'), 'one');
    await eventually('the new times to be noted', () => readFileSync(rig.ledgerPath, 'utf8') !== before);
    assert.equal(rig.case('case')?.state, 'submitted');
  });

  it('says why a case fails, and goes on with it on the word of the user', async () => {
    await open();
    rig.local.file('case/x', 'one').link('case/secret', '/etc/passwd');
    const why = /secret is a symbolic link that leads out of the folder. Put a copy in its place, then retry/;
    const { id } = await rig.until('case', 'failed', why);
    rmSync(path.join(rig.local.root, 'case/secret'));
    await rig.engine.retryCase(id);
    await statusOf('case');
    await assert.rejects(rig.engine.retryCase(id), (error) =>
      isRemoteOperationsError(error, 'NotApplicable'),
    );
    assert.equal(rig.runs().length, 1);
  });

  it('waits while the host is away, says so, and goes on where it was', async () => {
    await open();
    rig.local.file('case/large', randomBytes(16 * megabyte));
    await eventually('the upload to be under way', () => (rig.case('case')?.doneBytes ?? 0) > 4 * megabyte);
    await host.proxy.refuse();
    await rig.until('case', 'uploading', /refused the connection|was lost/);
    await rig.until('case', 'uploading', /refused the connection/);
    assert.deepEqual(rig.engine.operations(), []);
    await host.proxy.restore();
    await statusOf('case');
    assert.equal(rig.runs().length, 1);
  });

  it('an upload can be called off, and gone on with', async () => {
    await rig.dispose();
    rig = new WatchRig(host, {}, { bytesPerSecond: 1024 });
    await open();
    rig.local.file('case/large', randomBytes(megabyte));
    const { id } = await rig.until('case', 'uploading');
    await eventually('the first bytes', () => rig.case('case')?.doneBytes);
    await rig.engine.cancelCase(id);
    await rig.until('case', 'failed', /called off/);
    rig.configs = [{ ...rig.config, bytesPerSecond: 1024 * megabyte }];
    rig.changedConfigs.fire();
    await rig.engine.retryCase(id);
    await statusOf('case');
  });

  it('a case that goes away during its upload is forgotten, and is a new one when it is back', async () => {
    await rig.dispose();
    rig = new WatchRig(host, {}, { bytesPerSecond: 64 * 1024 });
    await open();
    rig.local.file('case/large', randomBytes(3 * megabyte));
    await eventually('the first bytes', () => rig.case('case')?.doneBytes);
    const aside = `${rig.local.root}-aside`;
    renameSync(path.join(rig.local.root, 'case'), aside);
    await eventually('no case', () => rig.engine.cases()[0]?.cases.length === 0);
    rmSync(aside, { recursive: true });
    rig.local.file('case/small', 'x');
    await statusOf('case');
    assert.deepEqual(readdirSync(path.join(rig.remote, 'case')), ['small']);
  });

  it('a folder that is not there says so, and nothing is concluded from that', async () => {
    await open();
    rig.local.file('case/x', 'x');
    await statusOf('case');
    const aside = `${rig.local.root}-aside`;
    renameSync(rig.local.root, aside);
    await eventually('the problem', () => rig.engine.cases()[0]?.problem?.includes('cannot be looked at'));
    rig.local.folder('.');
    await eventually('the doubt', () => rig.engine.cases()[0]?.problem?.includes('is mounted'));
    rmSync(rig.local.root, { recursive: true });
    renameSync(aside, rig.local.root);
    await eventually('no problem', () => rig.engine.cases()[0]?.problem === undefined);
    rig.local.file('next/x', 'x');
    await statusOf('next');
    assert.equal(rig.runs().length, 2);
  });

  it('without its records, nothing is submitted again', async () => {
    await open();
    rig.local.file('case/x', 'x');
    await statusOf('case');
    await rig.close();
    writeFileSync(rig.ledgerPath, '{"version":1,"cases":[{"name":3}]}');
    await rig.open();
    await rig.until('case', 'seen');
    assert.match(rig.logged.join(), /records of watch folders were damaged/);
    assert.equal(rig.runs().length, 1);
  });
});

describe('watch folders: a window that dies before any of its writes', () => {
  let host: ProxiedHost;

  before(async () => {
    host = await startProxiedHost();
  });
  after(() => host.stop());
  afterEach(() => disposeMachines());

  it('leads to one execution each', async function () {
    this.timeout(180_000);
    const steps: string[] = [];
    for (let writes = 1; ; writes++) {
      const rig = new WatchRig(host);
      try {
        const fence = await rig.open(writes);
        await eventually(
          'the folder to be watched or the window to die',
          () => fence.crashed || existsSync(rig.ledgerPath),
        );
        rig.local.file('case/x', 'x');
        await eventually('the operation to end or the window to die', async () => {
          await rig.engine.list();
          return fence.crashed || rig.engine.operations().some(({ status }) => status === 'completed');
        });
        const record = existsSync(rig.ledgerPath) ? readFileSync(rig.ledgerPath, 'utf8') : '';
        steps.push(/"state":"(\w+)"/.exec(record)?.[1] ?? 'none');
        await rig.close();
        await rig.open();
        const known = await eventually('the case to be known', () => {
          const view = rig.case('case');
          return view?.state === 'seen' || view?.state === 'submitted' ? view : undefined;
        });
        if (known.state === 'seen') {
          // It died before it had looked: then the case was there before.
          await rig.engine.retryCase(known.id);
          await rig.until('case', 'submitted');
        }
        await rig.ended();
        assert.deepEqual(rig.runs(), [path.join(rig.remote, 'case')], `after ${writes} writes`);
        assert.equal(rig.engine.operations().length, 1);
        assert.deepEqual(await rig.staged(), []);
        if (!fence.crashed) {
          break;
        }
      } finally {
        await rig.dispose();
      }
    }
    for (const state of ['none', 'uploading', 'uploaded', 'submitted']) {
      assert.ok(steps.includes(state), `${state} in ${steps.join()}`);
    }
  });
});

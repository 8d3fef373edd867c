import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EngineProcess, tolerate } from '../bench/soak/engineProcess';
import { eventually } from '../testbed/eventually';
import { mayMount } from '../testbed/privileges';
import { startProxiedHost, type ProxiedHost } from '../testbed/proxiedHost';
import { disposeMachines } from './connectionSupport';
import { UploadRig } from './operationUploadSupport';

const megabyte = 1024 * 1024;
const largeBytes = 48 * megabyte;

describe('an operation with files to upload', () => {
  let host: ProxiedHost;
  let rig: UploadRig;

  before(async () => {
    host = await startProxiedHost();
  });
  after(() => host.stop());
  beforeEach(async () => {
    rig = await UploadRig.open(host);
  });
  afterEach(async () => {
    await host.proxy.restore();
    await rig.dispose();
    disposeMachines();
  });

  const large = () => rig.local.file('large', randomBytes(largeBytes));

  it('runs in the uploaded folder, once that is there whole', async () => {
    rig.local.file('input/data.txt', 'data').file('run.sh', '#!/bin/sh\ncat input/data.txt; echo\n', 0o755);
    const { id } = await rig.submit({ command: './run.sh && pwd && echo "$REMOTE_OPS_UPLOAD"' });
    const view = await rig.ended(id);
    assert.equal(view.status, 'completed', view.error);
    const folder = path.join(rig.uploads, id, path.basename(rig.local.root));
    assert.equal((await rig.engine.log(id)).text, `data\n${folder}\n${folder}\n`);
    assert.equal(statSync(path.dirname(rig.uploads)).mode & 0o777, 0o700);
  });

  it('takes a single file, and the folder that was asked for', async () => {
    rig.local.file('train.py', 'print(1)\n');
    const uploadFrom = path.join(rig.local.root, 'train.py');
    const { id } = await rig.submit({ uploadFrom });
    await rig.ended(id);
    const folder = path.join(rig.uploads, id);
    assert.deepEqual(rig.runs(id), [`${folder} ${folder}/train.py`]);
    const elsewhere = await rig.submit({ uploadFrom, cwd: '~' });
    await rig.ended(elsewhere.id);
    assert.deepEqual(rig.runs(elsewhere.id), [
      `${host.sshd.home} ${path.join(rig.uploads, elsewhere.id)}/train.py`,
    ]);
  });

  it('is queued while they come, and tells how far that is', async () => {
    large();
    const { id, status } = await rig.submit();
    assert.equal(status, 'queued');
    await rig.after(8 * megabyte, () => undefined);
    const view = await eventually('progress', () =>
      rig.told.find((one) => one.status === 'queued' && (one.progress ?? 0) > 0),
    );
    assert.equal(view.waitsFor, 'uploading its files');
    assert.equal(view.sizeTotalBytes, largeBytes);
    assert.ok((view.sizeDoneBytes ?? 0) > 0);
    await eventually('its speed', () =>
      rig.told.some((one) => one.status === 'queued' && (one.speedBytesPerSecond ?? 0) > 0),
    );
    const ended = await rig.ended(id);
    assert.equal(ended.sizeTotalBytes, undefined, 'progress of an upload is none of what runs');
    assert.deepEqual(
      (await rig.engine.history(id)).map(({ to }) => to),
      ['queued', 'submitting', 'running', 'completed'],
    );
  });

  it('goes on where the connection was cut, and runs once', async () => {
    large();
    const before = host.proxy.bytes();
    const { id } = await rig.submit();
    await rig.after(16 * megabyte, () => host.proxy.cut());
    assert.equal((await rig.ended(id)).status, 'completed');
    assert.equal(rig.runs(id).length, 1);
    const sent = host.proxy.bytes() - before;
    assert.ok(sent < largeBytes + 12 * megabyte, `${sent} bytes in all`);
    const there = path.join(rig.uploads, id, path.basename(rig.local.root), 'large');
    assert.deepEqual(readFileSync(there), readFileSync(path.join(rig.local.root, 'large')));
  });

  it('killed meanwhile is cancelled: nothing starts, and nothing of it stays on the host', async () => {
    large();
    const { id } = await rig.submit();
    await rig.after(8 * megabyte, () => undefined);
    assert.ok(rig.left(id).length > 0);
    assert.equal((await rig.engine.kill(id)).status, 'cancelled');
    await eventually('what was uploaded to be taken away', () => rig.left(id).length === 0);
    await rig.engine.sync();
    assert.equal(rig.engine.get(id)?.status, 'cancelled');
    assert.deepEqual(rig.runs(id), []);
    assert.ok(!existsSync(path.join(host.sshd.home, '.remote-ops', 'runs', id)));
  });

  it('fails with the reason where the files are not to be had, and nothing is started', async () => {
    const cases: [uploadFrom: string, reason: RegExp][] = [
      [path.join(rig.local.root, 'missing'), /missing could not be uploaded: It is not on this computer/],
      [rig.local.root, /symbolic link that leads out of the folder/],
    ];
    rig.local.link('out', '/etc/passwd');
    for (const [uploadFrom, reason] of cases) {
      const { id } = await rig.submit({ uploadFrom });
      const view = await rig.ended(id);
      assert.equal(view.status, 'failed');
      assert.match(view.error ?? '', reason);
      assert.deepEqual(rig.runs(id), []);
      assert.deepEqual(rig.left(id), []);
    }
  });

  it('fails when they are deleted meanwhile', async () => {
    large();
    const { id } = await rig.submit();
    await rig.after(8 * megabyte, () => host.proxy.stall());
    rmSync(rig.local.root, { recursive: true });
    await host.proxy.restore();
    const view = await rig.ended(id);
    assert.equal(view.status, 'failed');
    assert.match(
      view.error ?? '',
      /^Nothing was started, as .* could not be uploaded: It is not on this computer/,
    );
    assert.deepEqual(rig.runs(id), []);
    await eventually('what was uploaded to be taken away', () => rig.left(id).length === 0);
  });

  it('waits for its turn after the upload, and is uploaded anew where another home is there by then', async () => {
    rig.settings.maxConcurrent = 1;
    rig.local.file('data', 'x');
    const blocker = await rig.submit({ name: 'blocker', command: 'sleep 600', uploadFrom: rig.local.root });
    await eventually('the one before it to run', async () => {
      await rig.engine.sync();
      return rig.engine.get(blocker.id)?.status === 'running';
    });
    const { id } = await rig.submit();
    await eventually('it to wait for a slot', () =>
      /waits for a slot/.test(rig.engine.get(id)?.waitsFor ?? ''),
    );
    const unwanted = await rig.submit();
    await eventually('the files of another one', () => rig.left(unwanted.id).length > 0);
    await rig.engine.kill(unwanted.id);
    await eventually('them to be taken away', () => rig.left(unwanted.id).length === 0);
    await rig.engine.kill(blocker.id, { graceSeconds: 0 });
    assert.equal((await rig.ended(id)).status, 'completed');
    assert.equal(rig.runs(id).length, 1);

    const second = await rig.submit({ name: 'blocker', command: 'sleep 600' });
    const { id: moved } = await rig.submit();
    await eventually('it to wait for a slot', () =>
      /waits for a slot/.test(rig.engine.get(moved)?.waitsFor ?? ''),
    );
    const killed = rig.engine.kill(second.id, { graceSeconds: 0 });
    rmSync(path.join(host.sshd.home, '.remote-ops', 'runs', '.id'));
    rmSync(rig.uploads, { recursive: true });
    await killed;
    assert.equal((await rig.ended(moved)).status, 'completed');
    assert.equal(rig.runs(moved).length, 1);
  });

  it('started again, it takes the files as they are then', async () => {
    rig.local.file('data', 'first\n');
    const { id } = await rig.submit({ command: 'cat data' });
    await rig.ended(id);
    rig.local.file('data', 'second\n');
    const again = await rig.engine.restart(id);
    assert.equal((await rig.ended(again.id)).status, 'completed');
    assert.equal((await rig.engine.log(again.id)).text, 'second\n');
    assert.equal((await rig.engine.log(id)).text, 'first\n');
  });

  it('goes on after its engine was killed in the middle, and runs once', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'remote-operations-uploads-'));
    const engine = new EngineProcess({
      storage: path.join(folder, 'storage'),
      logFile: path.join(folder, 'engine.log'),
      hostId: 'test',
      port: host.proxy.port,
      sshConfigFile: host.sshConfigFile,
    });
    try {
      large();
      await engine.start();
      const before = host.proxy.bytes();
      const submitted = engine.submit({
        hostId: 'test',
        type: 'job',
        name: 'train',
        command: `echo ran >>"$HOME/ran-$REMOTE_OPS_ID"`,
        uploadFrom: rig.local.root,
      });
      const { id } = await submitted;
      for (const part of [1, 2]) {
        await rig.after(8 * megabyte, () => undefined);
        void engine.list().catch(tolerate);
        await engine.crash();
        assert.deepEqual(rig.runs(id), [], `after crash ${part}`);
        await engine.start();
      }
      await eventually('its end', async () => (await engine.list())[0]?.status === 'completed');
      assert.deepEqual(rig.runs(id), ['ran']);
      const sent = host.proxy.bytes() - before;
      assert.ok(sent < largeBytes + 16 * megabyte, `${sent} bytes in all`);
    } finally {
      await engine.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  if (mayMount) {
    it('fails with the words of the system where the disk of its host is full, and nothing is started', async () => {
      mkdirSync(rig.uploads, { recursive: true });
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', rig.uploads]);
      try {
        large();
        const { id } = await rig.submit();
        const view = await rig.ended(id);
        assert.equal(view.status, 'failed');
        assert.match(
          view.error ?? '',
          /could not be uploaded: .* cannot store the files: No space left on device/,
        );
        assert.deepEqual(rig.runs(id), []);
        await eventually('what was uploaded to be taken away', () => rig.left(id).length === 0);
      } finally {
        execFileSync('umount', ['-l', rig.uploads]);
      }
    });
  }
});

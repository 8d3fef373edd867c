import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { LocalChange, UploadRefused } from '../../src/engine/upload/problems';
import { LocalMachine } from '../../src/hosts/localMachine';
import { isRemoteOperationsError } from '../../src/operations/errors';
import { eventually } from '../testbed/eventually';
import { mayMount } from '../testbed/privileges';
import { startProxiedHost, type ProxiedHost } from '../testbed/proxiedHost';
import { disposeMachines, failsWith, machineFor } from './connectionSupport';
import { ScriptHost, underEveryShell } from './scriptsSupport';
import { LocalFolder, never } from './uploadSupport';

const megabyte = 1024 * 1024;
const oddNames = [
  'a b',
  "it's",
  '-rf',
  'new\nline',
  'ends\n',
  'Grüße',
  '$(touch x)',
  '"quoted"',
  'back\\slash',
  '*',
];

describe('upload', () => {
  let host: ProxiedHost;
  let folder: LocalFolder;
  let remote: string;

  before(async () => {
    host = await startProxiedHost();
  });
  after(() => host.stop());
  beforeEach(() => {
    folder = new LocalFolder();
    remote = path.join(host.sshd.home, `cases-${Math.random().toString(36).slice(2)}`);
  });
  afterEach(async () => {
    await host.proxy.restore();
    disposeMachines();
    folder.dispose();
  });

  const machine = () => machineFor(host.sshd, { through: host.proxy }).machine;
  const partial = () => {
    const staging = readdirSync(remote).find((name) => name.startsWith('.remote-ops-'));
    return staging === undefined ? undefined : path.join(remote, staging);
  };
  const arrived = (name: string) => readFileSync(path.join(remote, 'case', name));
  const refusedWith = (pattern: RegExp) => (error: unknown) => {
    assert.ok(error instanceof UploadRefused, String(error));
    assert.match(error.message, pattern);
    return true;
  };

  it('brings files, folders, links and rights as they are, under any name, and nothing else', async () => {
    for (const name of oddNames) {
      folder.file(name, `content of ${name}`).file(`in ${name}/${name}`, name);
    }
    folder.file('empty', '').folder('no files/within').file('run.sh', '#!/bin/sh\n', 0o755);
    folder.link('latest', 'run.sh').link('no files/up', '../run.sh');
    const final = await folder.upload(machine(), remote);
    assert.equal(final, path.join(remote, 'case'));
    for (const name of oddNames) {
      assert.equal(arrived(name).toString(), `content of ${name}`);
      assert.equal(arrived(`in ${name}/${name}`).toString(), name);
    }
    assert.equal(arrived('empty').length, 0);
    assert.ok(statSync(path.join(final, 'no files/within')).isDirectory());
    assert.equal(statSync(path.join(final, 'run.sh')).mode & 0o111, 0o111);
    assert.equal(statSync(path.join(final, 'a b')).mode & 0o111, 0);
    assert.equal(readlinkSync(path.join(final, 'latest')), 'run.sh');
    assert.ok(lstatSync(path.join(final, 'no files/up')).isSymbolicLink());
    assert.deepEqual(readdirSync(remote), ['case']);
    assert.deepEqual(readdirSync(final).sort(), readdirSync(folder.root).sort());
  });

  it('goes to this computer by copying', async () => {
    const local = new LocalMachine({ host: { id: 'local' }, home: host.sshd.home });
    folder.file('data', randomBytes(megabyte)).file('run.sh', '', 0o755);
    const final = await folder.upload(local, `~/${path.basename(remote)}`, { name: 'run 1' });
    assert.equal(final, path.join(remote, 'run 1'));
    assert.deepEqual(readFileSync(path.join(final, 'data')), readFileSync(path.join(folder.root, 'data')));
    assert.equal(statSync(path.join(final, 'run.sh')).mode & 0o111, 0o111);
    local.dispose();
  });

  it('goes on where it was cut, after verifying what is there', async () => {
    folder.file('large', randomBytes(16 * megabyte));
    const sender = machine();
    let cut = false;
    const onProgress = (bytes: number) => {
      if (!cut && bytes > 8 * megabyte) {
        cut = true;
        host.proxy.cut();
      }
    };
    await assert.rejects(folder.upload(sender, remote, { onProgress }), (error) =>
      isRemoteOperationsError(error),
    );
    assert.ok(!existsSync(path.join(remote, 'case')));
    const there = await eventually('what arrived to lie there', () => {
      const size = statSync(path.join(partial() ?? '', 'large')).size;
      return size >= 7 * megabyte ? size : undefined;
    });
    const before = host.proxy.bytes();
    await folder.upload(sender, remote);
    const sent = host.proxy.bytes() - before;
    assert.ok(sent < 16 * megabyte - there + 2 * megabyte, `${sent} bytes for the rest after ${there}`);
    assert.deepEqual(arrived('large'), readFileSync(path.join(folder.root, 'large')));
  });

  it('does not wait for a line that has fallen silent, and goes on once it is mended', async () => {
    folder.file('large', randomBytes(8 * megabyte));
    const config = ['ServerAliveInterval 1', 'ServerAliveCountMax 2'];
    const { machine: sender } = machineFor(host.sshd, { through: host.proxy, config });
    const onProgress = (bytes: number) => bytes > 2 * megabyte && host.proxy.stall();
    await failsWith(folder.upload(sender, remote, { onProgress }), 'NoAnswer');
    assert.ok(!existsSync(path.join(remote, 'case')));
    await host.proxy.restore();
    await folder.upload(sender, remote);
    assert.deepEqual(arrived('large'), readFileSync(path.join(folder.root, 'large')));
  });

  it('does not continue what is not the beginning of the file', async () => {
    folder.file('data', randomBytes(2 * megabyte));
    const stopped = { beforePlacing: () => Promise.reject(new LocalChange('stop')) };
    await assert.rejects(folder.upload(machine(), remote, stopped), LocalChange);
    const file = path.join(partial() ?? '', 'data');
    truncateSync(file, megabyte);
    writeFileSync(file, 'X', { flag: 'r+' });
    const before = host.proxy.bytes();
    await folder.upload(machine(), remote);
    // Continued all the same, it would have been sent from there, found damaged, and sent anew.
    assert.ok(host.proxy.bytes() - before < 2.5 * megabyte);
    assert.deepEqual(arrived('data'), readFileSync(path.join(folder.root, 'data')));
  });

  it('a second time changes nothing and sends nothing', async () => {
    folder.file('data', randomBytes(2 * megabyte));
    const final = await folder.upload(machine(), remote);
    const { ino } = statSync(final);
    const before = host.proxy.bytes();
    assert.equal(await folder.upload(machine(), remote), final);
    assert.ok(host.proxy.bytes() - before < 100_000);
    assert.equal(statSync(final).ino, ino);
  });

  it('never writes into what lies there under the same name', async () => {
    folder.file('data', 'mine');
    for (const make of [
      () => mkdirSync(path.join(remote, 'case')),
      () => writeFileSync(path.join(remote, 'case', 'data'), 'theirs'),
    ]) {
      mkdirSync(remote, { recursive: true });
      make();
      const what = /^On dgx-1 there is something else already at .*case\. Rename or remove one of the two/;
      await assert.rejects(folder.upload(machine(), remote), refusedWith(what));
    }
    assert.equal(arrived('data').toString(), 'theirs');
  });

  it('a folder of that name that comes up meanwhile is not written into either', async () => {
    folder.file('data', 'mine');
    const beforePlacing = () => {
      mkdirSync(path.join(remote, 'case'));
      return Promise.resolve();
    };
    await assert.rejects(folder.upload(machine(), remote, { beforePlacing }), refusedWith(/something else/));
    assert.deepEqual(readdirSync(path.join(remote, 'case')), []);
  });

  it('leaves off when a file changes, and begins anew with what it is then', async () => {
    folder.file('data', 'first');
    const manifest = await folder.manifest();
    folder.file('data', 'one');
    await assert.rejects(folder.upload(machine(), remote, { manifest }), LocalChange);
    const first = partial();
    await folder.upload(machine(), remote);
    assert.equal(arrived('data').toString(), 'one');
    assert.ok(first !== undefined && !existsSync(first), 'what was begun is removed');
  });

  it('keeps to its rate, in time that the clock tells', async () => {
    folder.file('data', randomBytes(256 * 1024));
    const waits: number[] = [];
    let nowMs = 0;
    const clock = {
      now: () => nowMs,
      monotonicMs: () => nowMs,
      after: (delayMs: number, callback: () => void) => {
        waits.push(delayMs);
        nowMs += delayMs;
        setImmediate(callback);
        return { dispose: () => undefined };
      },
    };
    await folder.upload(machine(), remote, { clock, bytesPerSecond: 32 * 1024 });
    assert.equal(nowMs, 7_000);
    assert.ok(waits.length >= 7);
  });

  it('can be cancelled, and taken up again', async () => {
    folder.file('data', randomBytes(4 * megabyte));
    const abort = new AbortController();
    const reason = new Error('cancelled by the user');
    const cancelled = folder.upload(machine(), remote, {
      signal: abort.signal,
      onProgress: (bytes) => bytes > megabyte && abort.abort(reason),
    });
    await assert.rejects(cancelled, (error) => error === reason);
    await folder.upload(machine(), remote, { signal: never });
    assert.deepEqual(arrived('data'), readFileSync(path.join(folder.root, 'data')));
  });

  it('is refused where the host has no SFTP by its own word, and not for what may be otherwise next time', async () => {
    const refused = refusedWith(
      /does not take files by SFTP.*"Subsystem sftp internal-sftp".*copy the files/,
    );
    const uploadTo = async (...config: string[]) => {
      const bare = await startProxiedHost({ sftp: false, config });
      try {
        folder.file('data', 'x');
        const { machine } = machineFor(bare.sshd, { through: bare.proxy });
        await folder.upload(machine, path.join(bare.sshd.home, 'cases'));
      } finally {
        await bare.stop();
      }
    };
    await assert.rejects(uploadTo(), refused);
    await assert.rejects(uploadTo('Subsystem sftp /nowhere/sftp-server'), refused);
    await failsWith(uploadTo('Subsystem sftp /bin/true'), 'BadAnswer', /^SFTP could not be begun on/);
  });

  it('does with two sessions at a time, which is what some hosts allow', async () => {
    const narrow = await startProxiedHost({ maxSessions: 2 });
    try {
      folder.file('data', randomBytes(megabyte));
      const { machine } = machineFor(narrow.sshd, { through: narrow.proxy });
      const final = await folder.upload(machine, path.join(narrow.sshd.home, 'cases'));
      assert.equal(statSync(path.join(final, 'data')).size, megabyte);
    } finally {
      await narrow.stop();
    }
  });

  if (mayMount) {
    it('a full disk is a refusal with the reason, and it goes on once there is room', async () => {
      mkdirSync(remote);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', remote]);
      try {
        folder.file('data', randomBytes(3 * megabyte)).file('small', 'x');
        const sender = machine();
        const why = /^dgx-1 cannot store the files: No space left on device\. Make room/;
        await assert.rejects(folder.upload(sender, remote), refusedWith(why));
        execFileSync('mount', ['-o', 'remount,size=16m', remote]);
        await folder.upload(sender, remote);
        assert.deepEqual(arrived('data'), readFileSync(path.join(folder.root, 'data')));
      } finally {
        execFileSync('umount', ['-l', remote]);
      }
    });
  }

  it('takes one channel for files at a time, beside those for scripts', async () => {
    const shared = machine();
    folder.file('data', randomBytes(megabyte));
    const uploads = ['a', 'b', 'c'].map((name) => folder.upload(shared, remote, { name, token: name }));
    await Promise.all(uploads);
    assert.deepEqual(readdirSync(remote).sort(), ['a', 'b', 'c']);
  });

  it('a file that grows after it was listed is not what was verified', async () => {
    folder.file('data', 'first');
    const manifest = await folder.manifest();
    appendFileSync(path.join(folder.root, 'data'), ' and more');
    await folder.upload(machine(), remote, { manifest });
    assert.equal(arrived('data').toString(), 'first');
  });
});

underEveryShell('the scripts of an upload', (shell) => {
  let host: ScriptHost;
  let folder: LocalFolder;

  beforeEach(() => {
    host = new ScriptHost(shell);
    folder = new LocalFolder();
  });
  afterEach(async () => {
    folder.dispose();
    await host.dispose();
  });

  it('take any name, say the same of it, and place it whole', async () => {
    for (const name of oddNames) {
      folder.file(name, `content of ${name}`).file(`in ${name}/${name}`, name, 0o755);
    }
    folder.folder('no files').link('latest', 'a b');
    const final = await folder.upload(host.machine, '~/cases of mine', { name: "it's\n" });
    assert.equal(final, path.join(host.home, 'cases of mine', "it's\n"));
    for (const name of oddNames) {
      assert.equal(readFileSync(path.join(final, name), 'utf8'), `content of ${name}`);
      assert.equal(statSync(path.join(final, `in ${name}`, name)).mode & 0o111, 0o111);
    }
    assert.equal(readlinkSync(path.join(final, 'latest')), 'a b');
    assert.equal(await folder.upload(host.machine, '~/cases of mine', { name: "it's\n" }), final);
    folder.file('one more', '');
    const again = folder.upload(host.machine, '~/cases of mine', { name: "it's\n" });
    await assert.rejects(again, UploadRefused);
  });

  it('say in the words of the system why nothing can be written', async () => {
    writeFileSync(path.join(host.home, 'file'), '');
    folder.file('data', 'x');
    const blocked = folder.upload(host.machine, '~/file/cases');
    await assert.rejects(blocked, /cannot store the files: .*Not a directory/);
  });
});

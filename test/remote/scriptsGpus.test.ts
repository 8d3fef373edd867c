import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { LaunchOutcome } from '../../src/launchers/launcher';
import { eventually } from '../testbed/eventually';
import { mayAddUsers, mayMount } from '../testbed/privileges';
import { GpuStandIn } from './gpuStandIn';
import { groupOf, signal, sleepers, startTicksOf } from './scriptsProcesses';
import { hostName, ScriptHost, shells, underEveryShell } from './scriptsSupport';

const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
const printGpus = 'echo "$CUDA_VISIBLE_DEVICES"; exec sleep 600';

underEveryShell('GPU locks', (shell) => {
  let host: ScriptHost;
  let smi: GpuStandIn;
  beforeEach(() => {
    host = new ScriptHost(shell);
    smi = new GpuStandIn(host, 4);
  });
  afterEach(async () => {
    await host.dispose();
    smi.dispose();
  });

  const launch = (gpus: number, command = printGpus, more: object = {}) =>
    host.launch(host.operation({ command, gpus, ...more }));
  const count = () => host.launcher.countGpus(host.machine, hostName);
  const launched = (outcome: LaunchOutcome) => {
    assert.ok(outcome.kind === 'launched', JSON.stringify(outcome));
    return outcome;
  };
  const free = async () => {
    const counted = await count();
    return counted.kind === 'counted' ? counted.free : counted.kind;
  };
  const isFree = (gpus: number) => eventually(`${gpus} free GPUs`, async () => (await free()) === gpus);

  it('are taken by who is launched, who sees the GPUs that it got and no others', async () => {
    const operation = await host.start({ command: printGpus, gpus: 2 });
    const { kind, ...counted } = await count();
    assert.equal(kind, 'counted');
    assert.deepEqual(counted, {
      free: 2,
      total: 4,
      text: `GPU 0 is held by operation ${operation.id}, GPU 1 is held by operation ${operation.id}`,
    });
    await eventually('its output', () => host.read(operation) !== '');
    assert.equal(host.read(operation).trim(), `${smi.uuid(0)},${smi.uuid(1)}`);
    const { gpus } = launched(await launch(1));
    assert.deepEqual(gpus, [2]);
  });

  it('are told again when it is launched again', async () => {
    const operation = host.operation({ command: printGpus, gpus: 2 });
    const first = launched(await host.launch(operation));
    assert.deepEqual(launched(await host.launch(operation)), first);
    assert.deepEqual(first.gpus, [0, 1]);
  });

  it('leave nothing of a launch that finds too few: nothing ran, and it can be launched later', async () => {
    const holder = launched(await launch(3));
    const operation = host.operation({ command: 'echo ran >>"$HOME/ran"', gpus: 2 });
    const outcome = await host.launch(operation);
    assert.ok(outcome.kind === 'no-gpus', JSON.stringify(outcome));
    assert.match(outcome.reason, /^GPU 0 is held by operation op-\w+, GPU 1 is held/);
    assert.equal(await free(), 1);
    assert.ok(!existsSync(host.file(operation, 'claim')));
    assert.deepEqual(smi.locks(3), []);
    signal(-holder.identity.pid, 'SIGKILL');
    await isFree(4);
    launched(await host.launch(operation));
    await host.lookFor(operation, 'exited');
    assert.equal(readFileSync(path.join(host.home, 'ran'), 'utf8'), 'ran\n');
  });

  it('are free again once the holder has ended, was killed, or its last process has', async () => {
    const { identity } = launched(await launch(4, 'sleep 600 & exec sleep 600'));
    await sleepers(identity.pid, 2);
    assert.equal(await free(), 0);
    signal(identity.pid, 'SIGKILL');
    await eventually('the end of its leader', () => groupOf(identity.pid).length === 2);
    assert.equal(await free(), 0);
    signal(groupOf(identity.pid)[0]?.pid ?? 0, 'SIGKILL');
    await sleepers(identity.pid, 1);
    assert.equal(await free(), 0);
    signal(groupOf(identity.pid)[0]?.pid ?? 0, 'SIGKILL');
    await isFree(4);
    const short = host.operation({ command: 'true', gpus: 4 });
    launched(await host.launch(short));
    await host.lookFor(short, 'exited');
    await isFree(4);
    assert.deepEqual(launched(await launch(4)).gpus, [0, 1, 2, 3]);
    assert.deepEqual(
      [0, 1, 2, 3].map((at) => smi.locks(at).length),
      [1, 1, 1, 1],
    );
  });

  it('of another boot are free, and so are those of a pid that was given out again', async () => {
    smi.lock(0, 1, `remote-ops:11111111-0000-4000-8000-000000000000:-:${process.pid}:1:op-old`);
    const { space } = ownSpace();
    smi.lock(1, 7, `remote-ops:${boot}:${space}:${process.pid}:1:op-old`);
    assert.equal(await free(), 4);
    assert.deepEqual(launched(await launch(2)).gpus, [0, 1]);
    assert.deepEqual(
      smi.locks(1).map(([name]) => name.split('.').at(-1)),
      ['8'],
    );
  });

  it('of what cannot be judged are held: another container, a text or a file that nobody knows', async () => {
    const { space } = ownSpace();
    const ticks = startTicksOf(process.pid);
    smi.lock(0, 1, `remote-ops:${boot}:4026530000:999999:5:op-elsewhere`);
    smi.lock(1, 1, 'what is this');
    writeFileSync(smi.lockFile(2, 1), '');
    smi.lock(3, 1, `remote-ops:${boot}:${space}:${process.pid}:${ticks}:op-lives`);
    const counted = await count();
    assert.ok(counted.kind === 'counted' && counted.free === 0, JSON.stringify(counted));
    assert.match(counted.text, /GPU 1 has a lock that is not understood: what is this/);
    assert.equal((await launch(1)).kind, 'no-gpus');
  });

  it('cannot be freed by a lock that somebody makes up, be it a folder or of a higher number', async () => {
    const { identity } = launched(await launch(1));
    smi.lock(0, 2, `remote-ops:${boot}:${ownSpace().space}:999999:5:op-dead`);
    mkdirSync(smi.lockFile(1, 1));
    smi.lock(2, 999999999, 'remote-ops:another-boot:-:1:1:op-dead');
    assert.deepEqual(launched(await launch(1)).gpus, [3]);
    assert.equal((await launch(1)).kind, 'no-gpus');
    signal(-identity.pid, 'SIGKILL');
    await isFree(1);
  });

  it('leave GPUs to processes that are not ours, seen or only felt by their memory, and MIG alone', async () => {
    Object.assign(smi.gpus[1] ?? {}, { usedMb: '40000' });
    Object.assign(smi.gpus[2] ?? {}, { mig: 'Enabled' });
    Object.assign(smi.gpus[3] ?? {}, { usedMb: '[N/A]' });
    smi.print([[0, 4711]]);
    const counted = await count();
    assert.deepEqual(counted, {
      kind: 'counted',
      free: 1,
      total: 3,
      text: 'GPU 0 is used by process 4711, GPU 1 has 40000 of 81559 MiB of its memory in use, GPU 2 is divided by MIG',
    });
    assert.deepEqual(launched(await launch(1)).gpus, [3]);
    assert.equal((await launch(1)).kind, 'no-gpus');
  });

  it('tell that nvidia-smi is missing or fails, and a GPU that it cannot tell of', async () => {
    smi.fail("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.");
    const failed = await count();
    assert.ok(failed.kind === 'failed' && /communicate with the NVIDIA driver/.test(failed.text));
    const outcome = await launch(1);
    assert.ok(outcome.kind === 'no-gpus' && /communicate/.test(outcome.reason), JSON.stringify(outcome));
    const without = new ScriptHost(shell);
    try {
      const missing = await without.launcher.countGpus(without.machine, hostName);
      assert.deepEqual(missing, { kind: 'missing' });
    } finally {
      await without.dispose();
    }
  });
});

describe('a count of GPUs with a driver that hangs', () => {
  it('says that it does not answer, and asks no second time while it hangs', async () => {
    const host = new ScriptHost(shells[0] as (typeof shells)[number]);
    const begun = path.join(host.home, 'begun');
    // As one that no signal ends.
    host.install('timeout', '#!/bin/sh\nshift\nexec "$@"\n');
    host.install('nvidia-smi', `#!/bin/sh\necho begun >>'${begun}'\nexec sleep 600\n`);
    const count = () => host.launcher.countGpus(host.machine, hostName);
    try {
      const first = count();
      const state = path.join(host.home, '.remote-ops');
      const { file, bootId, asker } = await eventually('who asks', () => {
        const name = existsSync(begun) && readdirSync(state).find((each) => /^\.count-.*\.begun$/.test(each));
        const record = path.join(state, name || 'nobody');
        const [boot = '', , ...who] = name ? readFileSync(record, 'utf8').trim().split(' ') : [];
        return who.length === 2 ? { file: record, bootId: boot, asker: who } : undefined;
      });
      // It has asked for long.
      writeFileSync(file, `${[bootId, '1.00', ...asker].join(' ')}\n`);
      const failed = { kind: 'failed', text: 'it does not answer' };
      assert.deepEqual([await first, await count(), await count()], [failed, failed, failed]);
      assert.equal(readFileSync(begun, 'utf8'), 'begun\n');
    } finally {
      await host.dispose();
    }
  });
});

underEveryShell('a launch with GPUs whose driver hangs', (shell) => {
  it('leaves it behind and says so, nothing having run', async () => {
    const host = new ScriptHost(shell);
    const asked = path.join(host.home, 'asked');
    // As one that no signal ends.
    host.install('timeout', '#!/bin/sh\nshift\nexec "$@"\n');
    host.install('nvidia-smi', `#!/bin/sh\necho $$ >>'${asked}'\nexec /bin/sleep 600\n`);
    // The deadline is counted in naps: these are short.
    host.install('sleep', '#!/bin/sh\nexec /bin/sleep 0.01\n');
    const operation = host.operation({ command: 'echo ran >>"$HOME/ran"', gpus: 1 });
    const askers = () =>
      existsSync(asked) ? readFileSync(asked, 'utf8').trim().split('\n').map(Number) : [];
    try {
      const outcome = await host.launch(operation);
      assert.deepEqual(outcome, { kind: 'no-gpus', reason: 'nvidia-smi does not answer' });
      assert.ok(!existsSync(host.file(operation, 'claim')) && !existsSync(path.join(host.home, 'ran')));
      assert.equal(askers().length, 1);
    } finally {
      askers().forEach((pid) => signal(pid, 'SIGKILL'));
      await host.dispose();
    }
  });
});

function ownSpace(): { space: string } {
  const link = readlinkSync('/proc/self/ns/pid');
  return { space: /\d+/.exec(link)?.[0] ?? '' };
}

describe('GPU locks of several shells', () => {
  it('never have two holders, however many claim at once', async function () {
    this.timeout(120_000);
    const hosts = shells.map((shell) => new ScriptHost(shell));
    const [first] = hosts as [ScriptHost];
    const smi = new GpuStandIn(first, 4);
    // All look at the same GPUs.
    const program = readFileSync(path.join(first.bin, 'nvidia-smi'), 'utf8');
    hosts.slice(1).forEach((host) => host.install('nvidia-smi', program));
    try {
      const claims = Array.from({ length: 20 }, (_, at) => {
        const host = hosts[at % hosts.length] as ScriptHost;
        return host.launch(host.operation({ command: 'exec sleep 600', gpus: 1 }));
      });
      const outcomes = await Promise.all(claims);
      const taken = outcomes.flatMap((outcome) => (outcome.kind === 'launched' ? (outcome.gpus ?? []) : []));
      assert.equal(new Set(taken).size, taken.length, JSON.stringify(outcomes));
      assert.ok(taken.length > 0);
      const others = outcomes.filter(({ kind }) => kind !== 'launched');
      assert.ok(
        others.every(({ kind }) => kind === 'no-gpus'),
        JSON.stringify(others),
      );
      // Who got in each other's way gave up together: what is left is there for the next.
      for (let left = 4 - taken.length; left > 0; left--) {
        assert.equal(
          (await first.launch(first.operation({ command: 'exec sleep 600', gpus: 1 }))).kind,
          'launched',
        );
      }
      assert.equal((await first.launch(first.operation({ command: 'true', gpus: 1 }))).kind, 'no-gpus');
    } finally {
      await Promise.all(hosts.map((host) => host.dispose()));
      smi.dispose();
    }
  });
});

describe('GPU locks where CUDA_VISIBLE_DEVICES is set', () => {
  it('take none but those', async () => {
    const [dash] = shells as [(typeof shells)[number]];
    const restricted = async (visible: string) => {
      const host = new ScriptHost(dash, undefined, [`CUDA_VISIBLE_DEVICES=${visible}`]);
      const smi = new GpuStandIn(host, 4);
      try {
        const counted = await host.launcher.countGpus(host.machine, hostName);
        const operation = host.operation({ command: 'exec sleep 600', gpus: 1 });
        const outcome = await host.launch(operation);
        const gpus = outcome.kind === 'launched' ? outcome.gpus : outcome.kind;
        return [
          counted.kind === 'counted' && counted.total,
          gpus,
          counted.kind === 'counted' && counted.text,
        ];
      } finally {
        await host.dispose();
        smi.dispose();
      }
    };
    assert.deepEqual((await restricted('2, 3')).slice(0, 2), [2, [2]]);
    assert.deepEqual((await restricted('1,-1,2')).slice(0, 2), [1, [1]]);
    assert.deepEqual((await restricted('')).slice(0, 2), [0, 'no-gpus']);
    const [, , text] = await restricted('7');
    assert.match(String(text), /GPU 0 is not among CUDA_VISIBLE_DEVICES \(7\)/);
  });
});

const nobody = 65_534;

describe('GPU locks of several users', () => {
  const [dash] = shells as [(typeof shells)[number]];
  const switchUser = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'];
  let ours: ScriptHost;
  let theirs: ScriptHost;
  let smi: GpuStandIn;

  beforeEach(() => {
    ours = new ScriptHost(dash);
    // What stands before the shell may be a program, too.
    theirs = new ScriptHost(dash, undefined, switchUser);
    chownSync(theirs.home, nobody, nobody);
    [theirs.bin, ours.home].forEach((folder) => chmodSync(folder, 0o755));
    smi = new GpuStandIn(ours, 1);
    theirs.install('nvidia-smi', readFileSync(path.join(ours.bin, 'nvidia-smi'), 'utf8'));
  });
  afterEach(async () => {
    await Promise.all([ours.dispose(), theirs.dispose()]);
    smi.dispose();
  });

  const launch = (host: ScriptHost) => host.launch(host.operation({ command: 'exec sleep 600', gpus: 1 }));
  const end = async (host: ScriptHost, outcome: LaunchOutcome) => {
    assert.ok(outcome.kind === 'launched', JSON.stringify(outcome));
    signal(-outcome.identity.pid, 'SIGKILL');
    await eventually('a free GPU', async () => {
      const counted = await host.launcher.countGpus(host.machine, hostName);
      return counted.kind === 'counted' && counted.free === 1;
    });
  };
  const owners = () => smi.locks(0).map(([name]) => lstatSync(`/run/lock/${name}`).uid);

  if (mayAddUsers) {
    it('are respected by each other, and pass on when their holders are gone', async () => {
      const first = await launch(ours);
      assert.deepEqual([first.kind, (await launch(theirs)).kind], ['launched', 'no-gpus']);
      await end(theirs, first);
      const second = await launch(theirs);
      assert.equal(second.kind, 'launched');
      // They cannot take ours away, and need not.
      assert.deepEqual(owners().sort(), [0, nobody]);
      assert.equal((await launch(ours)).kind, 'no-gpus');
      await end(ours, second);
      assert.equal((await launch(ours)).kind, 'launched');
      assert.equal((await launch(theirs)).kind, 'no-gpus');
    });
  }

  if (mayMount) {
    it('are held for whom the processes of others are hidden: what cannot be seen is not gone', async () => {
      const hidden = [
        'unshare',
        '-m',
        'sh',
        '-c',
        'mount -t proc -o hidepid=2 proc /proc && exec "$@"',
        'sh',
      ];
      const blind = new ScriptHost(dash, theirs.home, [...hidden, ...switchUser]);
      chmodSync(blind.bin, 0o755);
      blind.install('nvidia-smi', readFileSync(path.join(ours.bin, 'nvidia-smi'), 'utf8'));
      try {
        const first = await launch(ours);
        assert.deepEqual([first.kind, (await launch(blind)).kind], ['launched', 'no-gpus']);
        await end(ours, first);
        assert.equal((await launch(blind)).kind, 'no-gpus');
      } finally {
        await blind.dispose();
      }
    });
  }
});

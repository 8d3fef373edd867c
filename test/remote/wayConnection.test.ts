// Hosts that are reached through others: ProxyJump and ProxyCommand, over real sshds.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from '../testbed/eventually';
import { generateKey, startSshd, type Sshd } from '../testbed/sshd';
import { disposeMachines, failsWith, machineAt, type MachineAtOptions } from './connectionSupport';

const deadlineMs = 20_000;

describe('A host behind others', () => {
  let gate: Sshd;
  let middle: Sshd;
  let target: Sshd;
  let folder: string;
  let knownHosts: string;

  before(async () => {
    [gate, middle, target] = await Promise.all([startSshd(), startSshd(), startSshd()]);
    folder = mkdtempSync(path.join(tmpdir(), 'remote-operations-way-'));
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await Promise.all([gate, middle, target].map((sshd) => sshd.stop()));
  });
  beforeEach(() => {
    knownHosts = path.join(folder, 'known_hosts');
    writeFileSync(knownHosts, [gate, middle, target].map((sshd) => recordOf(sshd)).join(''));
  });
  afterEach(() => disposeMachines());

  const recordOf = (sshd: Sshd) => readFileSync(sshd.knownHostsFile, 'utf8');

  const section = (alias: string, sshd: Sshd, ...more: string[]) =>
    [
      `Host ${alias}`,
      ...more,
      `HostName ${sshd.host}`,
      `Port ${sshd.port}`,
      `User ${sshd.user}`,
      `IdentityFile ${sshd.identityFile}`,
      '',
    ].join('\n');

  /** The machine behind the alias `target`; `options.accept` answers questions about keys. */
  const reach = (sections: string[], options: MachineAtOptions = {}) => {
    const configFile = path.join(folder, 'config');
    const common = `UserKnownHostsFile ${knownHosts}\nGlobalKnownHostsFile none\nIdentityAgent none\n`;
    writeFileSync(configFile, common + sections.join('\n'));
    rmSync(path.join(folder, 'own_known_hosts'), { force: true });
    return machineAt('target', configFile, options);
  };

  const chain = () => [
    section('target', target, 'ProxyJump gate,middle'),
    section('gate', gate),
    section('middle', middle),
  ];
  const loginsAt = (sshd: Sshd) => sshd.log().match(/^(Accepted|Failed) publickey/gm)?.length ?? 0;
  const allGone = () =>
    eventually('the end of all connections', async () => {
      const counts = await Promise.all([gate, middle, target].map((sshd) => sshd.connectionCount()));
      return counts.every((count) => count === 0);
    });

  it('is reached through a chain of jumps, each with its own section', async () => {
    const { machine, questions } = reach(chain());
    const { stdout } = await machine.run('echo $HOME', { deadlineMs });
    assert.equal(stdout.trim(), target.home);
    assert.deepEqual(
      await Promise.all([gate, middle, target].map((sshd) => sshd.connectionCount())),
      [1, 1, 1],
    );
    assert.deepEqual(questions, []);
  });

  it('leaves no connection behind, neither when disposed nor when a hop fails', async () => {
    const { machine } = reach(chain());
    await machine.connect();
    machine.dispose();
    await allGone();
    const failing = reach([section('target', target, 'ProxyJump gate', 'Port 1'), section('gate', gate)]);
    await failsWith(failing.machine.connect(), 'Unreachable', /through gate/);
    await allGone();
  });

  it('is reached through the jumps that a jump host has itself', async () => {
    const { machine } = reach([
      section('target', target, 'ProxyJump middle'),
      section('middle', middle, 'ProxyJump gate'),
      section('gate', gate),
    ]);
    await machine.connect();
    assert.equal(await gate.connectionCount(), 1);
  });

  it('is reached through a jump whose user and port are written with it', async () => {
    const jump = `${gate.user}@${gate.host}:${gate.port}`;
    const { machine } = reach([
      section('target', target, `ProxyJump ${jump}`),
      `Host ${gate.host}\n  IdentityFile ${gate.identityFile}\n`,
    ]);
    await machine.connect();
  });

  it('is lost with the host before it, and connected anew', async () => {
    const { machine, states } = reach(chain());
    await machine.connect();
    await gate.replaceHostKey();
    await eventually('the loss', () => states.at(-1)?.state === 'unreachable');
    await failsWith(machine.run('true', { deadlineMs }), 'HostKeyChanged', /through middle.*through gate/);
    writeFileSync(
      gate.knownHostsFile,
      `[${gate.host}]:${gate.port} ${readFileSync(path.join(gate.folder, 'host_ed25519.pub'), 'utf8')}`,
    );
    writeFileSync(knownHosts, [gate, middle, target].map((sshd) => recordOf(sshd)).join(''));
    await machine.run('true', { deadlineMs });
  });

  it('is refused, by the name of the hop, where a hop is down, refuses the login, or does not forward', async () => {
    const wrongKey = path.join(folder, 'wrong');
    await generateKey(wrongKey);
    const down = reach([section('target', target, 'ProxyJump gate'), section('gate', gate, 'Port 1')]);
    await failsWith(
      down.machine.connect(),
      'Unreachable',
      /dgx-1 cannot be reached through gate: gate refused/,
    );
    const login = reach([
      section('target', target, 'ProxyJump gate'),
      section('gate', gate).replace(gate.identityFile, wrongKey),
    ]);
    await failsWith(
      login.machine.connect(),
      'NeedsLogin',
      /through gate: gate at .* did not accept the login/,
    );
    const closed = await startSshd({ config: ['AllowTcpForwarding no'] });
    try {
      writeFileSync(knownHosts, recordOf(closed) + recordOf(target));
      const { machine } = reach([section('target', target, 'ProxyJump gate'), section('gate', closed)]);
      await failsWith(
        machine.connect(),
        'Unreachable',
        /through gate, which does not connect.*AllowTcpForwarding/,
      );
    } finally {
      disposeMachines();
      await closed.stop();
    }
  });

  it('asks about the unknown key of a hop by the name of the hop', async () => {
    writeFileSync(knownHosts, recordOf(gate) + recordOf(target));
    const { machine, questions, ownKnownHostsFile } = reach(chain(), { accept: () => true });
    await machine.connect();
    assert.deepEqual(questions, [
      {
        name: 'middle',
        address: `${middle.host}:${middle.port}`,
        keyType: 'ssh-ed25519',
        fingerprint: middle.hostKeyFingerprint,
        onTheWayTo: 'dgx-1',
      },
    ]);
    assert.equal(readFileSync(ownKnownHostsFile, 'utf8'), recordOf(middle));
  });

  it('with the key of a later hop declined, changed or revoked gets nothing sent to it', async () => {
    const key = recordOf(gate).split(' ').slice(1).join(' ');
    const place = `[${middle.host}]:${middle.port}`;
    const real = recordOf(middle);
    const records: [string, 'HostKeyRejected' | 'HostKeyChanged'][] = [
      ['', 'HostKeyRejected'],
      [`${place} ${key}`, 'HostKeyChanged'],
      [`${real}@revoked ${real}`, 'HostKeyChanged'],
    ];
    for (const [record, code] of records) {
      writeFileSync(knownHosts, recordOf(gate) + recordOf(target) + record);
      const before = loginsAt(middle);
      await failsWith(reach(chain()).machine.connect(), code, /through middle: /);
      await allGone();
      assert.equal(loginsAt(middle), before);
    }
  });

  it('is refused where the way leads in a circle', async () => {
    const circle = [
      section('target', target, 'ProxyJump gate'),
      section('gate', gate, 'ProxyJump middle'),
      section('middle', middle, 'ProxyJump gate'),
    ];
    await failsWith(reach(circle).machine.connect(), 'InvalidInput', /leads through itself/);
    await failsWith(
      reach([section('target', target, 'ProxyJump target')]).machine.connect(),
      'InvalidInput',
      /leads through itself/,
    );
  });

  describe('by ProxyCommand', () => {
    const withCommand = (command: string, ...more: string[]) =>
      reach([section('target', target, `ProxyCommand ${command}`, ...more), section('gate', gate)]);
    /** Leaves the ids of a program and of its child, which would stay, in a file. */
    const withChild = (file: string, program: string) =>
      `sh -c 'echo $$ >${file}; sleep 1000 & echo $! >>${file}; exec ${program}' "%h"`;
    const isRunning = (pid: number) => {
      try {
        return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
      } catch {
        return false;
      }
    };
    const pidsIn = (file: string) =>
      eventually('the ids of the processes', () => {
        const pids = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map(Number) : [];
        return pids.length === 2 && pids;
      });

    it('is reached over what the command connects', async () => {
      await withCommand('nc %h %p').machine.run('true', { deadlineMs });
      const byName = withCommand(`ssh -F ${path.join(folder, 'config')} -W "%h:%p" gate`);
      const big = 'x'.repeat(300_000);
      const { stdout } = await byName.machine.run('cat', { deadlineMs, input: big });
      assert.equal(stdout, big);
    });

    it('runs the command without what the editor tells its own programs', async () => {
      const file = path.join(folder, 'env');
      Object.assign(process.env, { ELECTRON_RUN_AS_NODE: '1', VSCODE_PID: '1' });
      try {
        await withCommand(`sh -c 'env >${file}; exec nc %h %p'`).machine.connect();
      } finally {
        delete process.env['ELECTRON_RUN_AS_NODE'];
        delete process.env['VSCODE_PID'];
      }
      assert.doesNotMatch(readFileSync(file, 'utf8'), /^(ELECTRON|VSCODE)_/m);
    });

    it('is refused with the last words of a command that fails', async () => {
      await failsWith(
        withCommand(`sh -c 'echo one >&2; echo "no way  to %h" >&2; exit 3'`).machine.connect(),
        'Unreachable',
        /ProxyCommand ended with exit code 3 and said "no way {2}to 127\.0\.0\.1"/,
      );
      await failsWith(withCommand('nc 127.0.0.1 1').machine.connect(), 'Unreachable', /exit code 1/);
      await failsWith(withCommand('no-such-program').machine.connect(), 'Unreachable', /no-such-program/);
      await failsWith(withCommand('false %Z').machine.connect(), 'InvalidInput', /%Z/);
    });

    it('is given up at the connect timeout, and nothing of a silent command stays', async () => {
      const file = path.join(folder, 'silent');
      const { machine } = withCommand(withChild(file, 'sleep 1000'), 'ConnectTimeout 1');
      await failsWith(machine.connect(), 'Unreachable', /within 1 s/);
      const pids = await pidsIn(file);
      await eventually('the end of the command', () => !pids.some(isRunning));
    });

    it('leaves nothing of the command behind once it is disposed or the command ends', async () => {
      const file = path.join(folder, 'living');
      const { machine, states } = withCommand(withChild(file, `nc 127.0.0.1 %p`));
      await machine.connect();
      const [leader = 0, child = 0] = await pidsIn(file);
      assert.ok(isRunning(leader) && isRunning(child));
      process.kill(leader, 'SIGKILL');
      await eventually('the loss', () => states.at(-1)?.state === 'unreachable');
      await eventually('the end of its child', () => !isRunning(child));
      rmSync(file);
      await machine.run('true', { deadlineMs });
      const pids = await pidsIn(file);
      machine.dispose();
      await eventually('the end of the command', () => !pids.some(isRunning));
      await allGone();
    });

    it('is refused where a name in the command would be read by the shell', async () => {
      const { machine } = reach([
        section('target', target, `ProxyCommand touch ${folder}/%r`).replace(
          `User ${target.user}`,
          'User $(touch${IFS}pwned)',
        ),
      ]);
      await failsWith(machine.connect(), 'InvalidInput', /must not stand in a ProxyCommand/);
    });
  });
});

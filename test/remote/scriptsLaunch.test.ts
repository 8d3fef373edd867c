import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { eventually } from '../testbed/eventually';
import { isAlive } from './scriptsProcesses';
import { ScriptHost, underEveryShell } from './scriptsSupport';

const hostile = `it's "quoted" $(id) \`id\` $HOME \\ \\n %s %% * ? ~ ! # ; & | é 日本 🚂`;

underEveryShell('launch', (shell) => {
  let host: ScriptHost;
  before(() => (host = new ScriptHost(shell)));
  after(() => host.dispose());

  /** How often a command that leaves a line in this file has run. */
  const runs = (name: string): number => {
    const file = path.join(host.home, name);
    return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').length : 0;
  };

  it('answers with the identity of the process that leads the session and its group', async () => {
    const { identity } = await host.start('exec sleep 600');
    const stat = readFileSync(`/proc/${identity.pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
    assert.deepEqual([stat[2], stat[3]], [String(identity.pid), String(identity.pid)]);
    assert.equal(stat[19], identity.startTicks);
    assert.equal(identity.bootId, readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
    assert.notEqual(identity.machineId, '');
  });

  it('runs once when it is launched twice', async () => {
    const operation = host.operation('echo ran >> "$HOME/twice"; sleep 600');
    const [first, second] = [await host.launch(operation), await host.launch(operation)];
    assert.equal(first.kind, 'launched');
    assert.deepEqual(second, first);
    await eventually('the command to run', () => runs('twice') > 0);
    assert.equal(runs('twice'), 1);
  });

  it('runs once, and never again, when it is launched after its end', async () => {
    const operation = await host.start('echo ran >> "$HOME/ended"');
    await host.lookFor(operation, 'exited');
    assert.equal((await host.launch(operation)).kind, 'launched');
    assert.equal(runs('ended'), 1);
  });

  it('runs once when it is launched twenty times at the same moment', async () => {
    const operation = host.operation('echo ran >> "$HOME/crowd"; sleep 600');
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => host.launch(operation)));
    const pids = outcomes.map((outcome) =>
      outcome.kind === 'launched' ? outcome.identity.pid : outcome.kind,
    );
    assert.equal(new Set(pids).size, 1, String(pids));
    await eventually('the command to run', () => runs('crowd') > 0);
    assert.equal(runs('crowd'), 1);
  });

  it('keeps every exit code', async () => {
    for (const [command, code] of [
      ['true', 0],
      ['exit 3', 3],
      ['/no/such/program', 127],
      ['exit 255', 255],
      ['kill -9 $$', 137],
      ['if', 2],
    ] as const) {
      const operation = await host.start(command);
      const seen = await host.lookFor(operation, 'exited');
      assert.equal(seen.exitCode, code, command);
      assert.equal(seen.killDelivered, false);
      assert.ok(seen.endedSecondsAgo !== undefined && seen.endedSecondsAgo >= 0);
    }
  });

  it('brings command, environment and folder as typed, whatever characters they have', async () => {
    const folder = host.folder(`odd ${hostile.replaceAll('/', '_')}`);
    const value = `${hostile}\nsecond line\n\n`;
    const command = `printf '%s|' ${shellQuoted(hostile)} "$ODD"\npwd # ${hostile}\nprintf '%s' "\${ODD}x" | tail -n 1`;
    const operation = await host.start({ command, cwd: folder, env: { ODD: value } });
    assert.equal(await host.output(operation), `${hostile}|${value}|${folder}\nx`);
  });

  it('brings a command of a hundred thousand characters', async () => {
    const text = 'é'.repeat(99_000);
    const operation = await host.start(`printf %s '${text}' | wc -c`);
    assert.equal((await host.output(operation)).trim(), '198000');
  });

  it('takes ~ and what is not absolute from the home directory', async () => {
    host.folder('work/deep');
    host.folder('-P');
    for (const [cwd, seen] of [
      ['~', ''],
      ['~/work/deep', '/work/deep'],
      ['work', '/work'],
      ['-P', '/-P'],
    ] as const) {
      const operation = await host.start({ command: 'pwd', cwd });
      assert.equal(await host.output(operation), `${host.home}${seen}\n`, cwd);
    }
  });

  it('refuses a folder that does not exist, and takes the claim so that nothing can start any more', async () => {
    const operation = host.operation({ command: 'echo ran >> "$HOME/refused"', cwd: '/no/such $(folder)' });
    const outcome = await host.launch(operation);
    assert.ok(outcome.kind === 'refused' && outcome.sealed, JSON.stringify(outcome));
    assert.match(outcome.reason, /The folder \/no\/such \$\(folder\) does not exist on this machine/);
    assert.ok(existsSync(host.file(operation, 'claim')));
    assert.equal(runs('refused'), 0);
  });

  it('tells the command its id, its directory and where to write progress', async () => {
    const operation = await host.start(
      'printf "%s %s %s" "$REMOTE_OPS_ID" "$REMOTE_OPS_DIR" "$REMOTE_OPS_PROGRESS"',
    );
    const folder = host.runFolder(operation);
    assert.equal(await host.output(operation), `${operation.id} ${folder} ${folder}/progress.json`);
  });

  it('keeps its own files to the user, and leaves the umask of the command alone', async () => {
    const operation = await host.start('umask; : > "$HOME/made-by-command"');
    const usual = process.umask().toString(8).padStart(4, '0');
    assert.equal((await host.output(operation)).trim().padStart(4, '0'), usual);
    const folder = host.runFolder(operation);
    const mode = (file: string) => (statSync(file).mode & 0o777).toString(8);
    assert.equal(mode(path.join(host.home, '.remote-ops')), '700');
    assert.equal(mode(folder), '700');
    for (const name of readdirSync(folder)) {
      assert.equal(mode(path.join(folder, name)), name === 'claim' ? '700' : '600', name);
    }
    const command = (0o666 & ~process.umask()).toString(8);
    assert.equal(mode(path.join(host.home, 'made-by-command')), command);
  });

  it('logs both streams and leaves standard input empty', async () => {
    const operation = await host.start('echo out; echo err >&2; cat; echo done');
    assert.equal(await host.output(operation), 'out\nerr\ndone\n');
  });

  it('outlives the shell that launched it: its parent is not ours', async () => {
    const { identity } = await host.start('exec sleep 600');
    assert.ok(isAlive(identity.pid));
    const status = readFileSync(`/proc/${identity.pid}/status`, 'utf8');
    assert.notEqual(/^PPid:\t(\d+)$/m.exec(status)?.[1], String(process.pid));
  });

  it('leaves a record of the operation without its environment', async () => {
    const operation = await host.start({ command: 'true', name: 'näme "x"', env: { TOKEN: 's3cret' } });
    const record = JSON.parse(host.read(operation, 'op.json')) as Record<string, unknown>;
    assert.equal(record['name'], 'näme "x"');
    assert.equal(record['id'], operation.id);
    assert.ok(!host.read(operation, 'op.json').includes('s3cret'));
  });

  it('launches though the supervisor of another version is there', async () => {
    const bin = path.join(host.home, '.remote-ops', 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(path.join(bin, 'supervisor-000000000000.sh'), 'exit 1\n');
    const operation = await host.start('echo hello');
    assert.equal(await host.output(operation), 'hello\n');
  });

  it('does not believe a request that was cut short', async () => {
    const operation = host.operation('echo ran >> "$HOME/cut"');
    const { launchScript } = await import('../../src/launchers/process/scripts');
    const input = `nonce\n=${operation.id}\n=\n=supervisor.sh\n=exit\n={}\n=echo\n`;
    const { stdout, exitCode } = await host.machine.run(launchScript, { input, deadlineMs: 10_000 });
    assert.notEqual(exitCode, 0);
    assert.ok(!stdout.includes('remote-ops end'));
    assert.ok(!readdirSync(path.join(host.home, '.remote-ops', 'runs')).includes(operation.id));
  });
});

underEveryShell('launch on a home that cannot be written', (shell) => {
  it('is refused with what the system says', async () => {
    const host = new ScriptHost(shell);
    try {
      // A file where the directory should be: also root cannot make one there.
      writeFileSync(path.join(host.home, '.remote-ops'), '');
      chmodSync(path.join(host.home, '.remote-ops'), 0o600);
      const outcome = await host.launch(host.operation('true'));
      assert.ok(outcome.kind === 'refused', JSON.stringify(outcome));
      assert.match(
        outcome.reason,
        /cannot store the operation in ~\/.remote-ops: .*(Not a directory|File exists)/,
      );
    } finally {
      await host.dispose();
    }
  });
});

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

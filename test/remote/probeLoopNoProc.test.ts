import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Conversation, Machine, RunOptions, RunResult } from '../../src/hosts/machine';
import { ProcessLauncher } from '../../src/launchers/process/processLauncher';
import type { Evidence } from '../../src/operations/evidence';
import type { Operation, ProcessIdentity } from '../../src/operations/operation';
import { eventually } from '../testbed/eventually';
import { processWithPid, signal, sleepers } from './scriptsProcesses';
import { mayChoosePids } from '../testbed/privileges';
import { hostName, ScriptHost, shells } from './scriptsSupport';

/** A machine without /proc, as macOS and BSD are: our scripts, and those they store, look into an empty folder. */
class NoProc implements Machine {
  readonly hostId = 'here';
  readonly #empty = mkdtempSync(path.join(tmpdir(), 'remote-operations-proc-'));

  constructor(
    private readonly real: Machine,
    private readonly prelude = '',
  ) {}

  #changed = (text: string) => text.replaceAll('proc=/proc', `proc=${this.#empty}`);

  connect(): Promise<void> {
    return this.real.connect();
  }

  run(script: string, options: RunOptions): Promise<RunResult> {
    const input = this.#changed(options.input ?? '');
    return this.real.run(this.prelude + this.#changed(script), { ...options, input });
  }

  converse(script: string): Promise<Conversation | undefined> {
    return (
      this.real.converse?.(this.prelude + this.#changed(script), { deadlineMs: 20_000 }) ??
      Promise.resolve(undefined)
    );
  }

  dispose(): void {
    rmSync(this.#empty, { recursive: true, force: true });
  }
}

// The ps of busybox has no start times: its hosts have a /proc.
for (const shell of shells.filter(({ applets }) => !applets)) {
  describe(`a host without /proc (${shell.name})`, () => {
    let host: ScriptHost;
    let machine: NoProc;
    const launcher = new ProcessLauncher(() => randomBytes(8).toString('hex'));
    before(() => {
      host = new ScriptHost(shell);
      machine = new NoProc(host.machine);
    });
    after(async () => {
      machine.dispose();
      await host.dispose();
    });

    const start = async (command: string): Promise<Operation & { identity: ProcessIdentity }> => {
      const operation = host.operation(command);
      const place = await launcher.identify(machine, hostName);
      const outcome = await launcher.launch(machine, hostName, { ...operation, ...place });
      assert.ok(outcome.kind === 'launched', JSON.stringify(outcome));
      return { ...operation, status: 'running', identity: outcome.identity };
    };

    const look = async (operation: Operation, on: Machine = machine): Promise<Evidence> => {
      const seen = await launcher.probe(on, hostName, [{ operation, detail: false }]);
      return seen.get(operation.id) as Evidence;
    };

    const lookFor = (operation: Operation, kind: Evidence['kind'], on?: Machine) =>
      eventually(kind, async () => {
        const seen = await look(operation, on);
        return seen.kind === kind && seen;
      });

    it('knows a process by pid and the start time that ps tells', async () => {
      const operation = await start('exec sleep 600');
      assert.match(operation.identity.startTicks, /^[A-Z][a-z]{2}_[A-Z][a-z]{2}_\d+_\d\d:\d\d:\d\d_\d{4}$/);
      const seen = await look(operation);
      assert.ok(seen.kind === 'alive' && seen.by === 'pid and start time', JSON.stringify(seen));
      assert.ok(seen.uptimeSeconds >= -2 && seen.uptimeSeconds < 60, String(seen.uptimeSeconds));
    });

    it('sees paused, an exit code and when it was', async () => {
      const operation = await start('exec sleep 600');
      signal(-operation.identity.pid, 'SIGSTOP');
      await eventually('paused', async () => {
        const seen = await look(operation);
        return seen.kind === 'alive' && seen.activity === 'paused';
      });
      const short = await start('exit 3');
      const seen = await lookFor(short, 'exited');
      assert.ok(seen.kind === 'exited' && seen.exitCode === 3);
      assert.ok(seen.endedSecondsAgo !== undefined && Math.abs(seen.endedSecondsAgo) < 60);
    });

    it('reads progress from a log', async () => {
      const operation = await start('echo "Epoch 3/10"; exec sleep 600');
      await eventually(
        'its log',
        () => existsSync(host.file(operation, 'log')) && host.read(operation) !== '',
      );
      const seen = await launcher.probe(machine, hostName, [{ operation, detail: true, quietSeconds: 600 }]);
      const evidence = seen.get(operation.id);
      assert.ok(evidence?.kind === 'alive' && evidence.quietSeconds === undefined);
      assert.equal(evidence.progress?.epoch, 3);
    });

    it('sees that all of its group are gone; a group without its leader it cannot tell', async () => {
      const operation = await start('sleep 600 & sleep 600; :');
      await sleepers(operation.identity.pid, 2);
      signal(operation.identity.pid, 'SIGKILL');
      await lookFor(operation, 'ambiguous');
      signal(-operation.identity.pid, 'SIGKILL');
      await lookFor(operation, 'absent');
    });

    if (mayChoosePids) {
      it('does not conclude from another start time that it is dead: those move with the clock', async () => {
        const operation = await start('exec sleep 600');
        signal(-operation.identity.pid, 'SIGKILL');
        await lookFor(operation, 'absent');
        const stranger = await processWithPid(operation.identity.pid);
        writeFileSync(
          host.file(operation, 'ident'),
          host.read(operation, 'ident').replace(/\S+\n$/, 'Tue_Mar_3_10:11:12_2020\n'),
        );
        try {
          assert.equal((await look(operation)).kind, 'ambiguous');
        } finally {
          stranger.kill('SIGKILL');
        }
      });
    }

    it('ends an operation whose leader lives', async () => {
      const operation = await start('sleep 600 & wait');
      const { kind } = await launcher.kill(machine, hostName, operation, 5);
      assert.equal(kind, 'dead');
    });

    it('can tell nothing where ps does not tell start times, or fails', async () => {
      const operation = await start('exec sleep 600');
      for (const ps of [
        'ps() { return 1; }\n',
        'ps() { case $* in *$$*) command ps "$@" ;; *) return 2 ;; esac; }\n',
      ]) {
        const blind = new NoProc(host.machine, ps);
        assert.equal((await look(operation, blind)).kind, 'ambiguous', ps);
        blind.dispose();
      }
      signal(-operation.identity.pid, 'SIGKILL');
    });

    it('takes the id of the boot from the system, where it has one', async () => {
      const sysctl = (boot: string) => `sysctl() { [ "$2" = kern.bootsessionuuid ] && echo ${boot}; }\n`;
      const first = new NoProc(host.machine, sysctl('BOOT-1'));
      const operation = await start('exec sleep 600');
      const onFirst = { ...operation, identity: { ...operation.identity, bootId: 'BOOT-1' } };
      const ident = host.read(operation, 'ident');
      assert.match(ident, / any-boot /);
      writeFileSync(host.file(operation, 'ident'), ident.replace('any-boot', 'BOOT-1'));
      assert.equal((await look(onFirst, first)).kind, 'alive');
      const second = new NoProc(host.machine, sysctl('BOOT-2'));
      const seen = await look(onFirst, second);
      assert.ok(seen.kind === 'absent' && /restarted/.test(seen.reason), JSON.stringify(seen));
      first.dispose();
      second.dispose();
    });
  });
}

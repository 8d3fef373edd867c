// Kills the engine with SIGKILL at every step of a submission and of a kill: before and after each write, and
// before, during and after each script. Counts on the host what was executed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { SubmitSpec } from '../../src/operations/operation';
import type { OperationView } from '../../src/operations/operationView';
import { isTerminal } from '../../src/operations/status';
import { eventually } from '../testbed/eventually';
import { type Pueue, startPueue } from '../testbed/pueue';
import { type Slurm, startSlurm } from '../testbed/slurm';
import type { CrashPlan } from './crashingEngine';
import { EngineHost } from './engineSupport';
import { testedVersions } from './pueueSupport';
import { LocalFolder } from './uploadSupport';

/** As long as a queue is left alone. */
const everyMs = 30_000;

const [newestPueue] = testedVersions.slice(-1);

for (const launcher of ['process', 'slurm', ...(newestPueue ? (['pueue'] as const) : [])] as const) {
  describe(`an engine that is killed at any step (${launcher})`, function () {
    this.timeout(240_000);
    let slurm: Slurm | undefined;
    let pueue: Pueue | undefined;
    let variables: string[] = [];
    let here: EngineHost;

    before(async () => {
      if (launcher === 'slurm') {
        slurm = await startSlurm();
      } else if (launcher === 'pueue') {
        pueue = await startPueue(newestPueue ?? '');
      }
      variables = Object.entries({ ...slurm?.env, ...pueue?.env }).map(([name, value]) => `${name}=${value}`);
    });
    after(() => slurm?.stop());
    after(() => pueue?.stop());
    beforeEach(() => {
      here = new EngineHost(undefined, variables);
      if (pueue) {
        // Beside its PATH, where it is looked for as well.
        const bin = here.host.folder('.local/bin');
        symlinkSync(path.join(pueue.bin, 'pueue'), path.join(bin, 'pueue'));
      }
    });
    afterEach(async () => {
      await slurm?.endJobs();
      await pueue?.clear();
      await here.dispose();
    });

    const spec = (name: string, command: string): SubmitSpec => ({
      ...{ hostId: 'here', type: 'job', name, launcher },
      command: `echo ran >> "$HOME/ran-${name}"\n${command}`,
    });

    const executions = (name: string): number => {
      const file = path.join(here.host.home, `ran-${name}`);
      return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').length : 0;
    };

    /** Resolves with the last step that it came to, and whether it was killed there. */
    const crash = async (
      act: CrashPlan['act'],
      crashAt: number,
    ): Promise<{ step: string; killed: boolean }> => {
      const plan: CrashPlan = {
        database: here.folder.path,
        home: here.host.home,
        variables,
        act,
        crashAt,
      };
      const program = path.join(__dirname, 'crashingEngine.js');
      const child = spawn(process.execPath, ['--enable-source-maps', program, JSON.stringify(plan)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
      const [said, [code, signal]] = await Promise.all([text(child.stdout), ended]);
      assert.ok(code === 0 || signal === 'SIGKILL', `exit code ${String(code)}`);
      return { step: said.trim().split('\n').at(-1) ?? '', killed: signal === 'SIGKILL' };
    };

    /** The next window takes over and looks until nothing is active any more. */
    const outcome = async (name: string): Promise<OperationView | undefined> => {
      const { engine, clock } = await here.reopen();
      await engine.start();
      const view = await eventually(
        `${name} to end`,
        async () => {
          await clock.advance(everyMs);
          const operations = (await engine.list()).filter((one) => one.name === name);
          assert.ok(operations.length <= 1);
          const [one] = operations;
          return !one || isTerminal(one.status) ? { one } : undefined;
        },
        60_000,
      );
      await here.close();
      return view.one;
    };

    it('submits once, or not at all and says so', async () => {
      const table: string[] = [];
      for (let at = 0, killed = true; killed; at++) {
        const name = `step-${at}`;
        const crashed = await crash({ submit: spec(name, 'exit 0') }, at);
        ({ killed } = crashed);
        const view = await outcome(name);
        const count = executions(name);
        table.push(
          `${killed ? crashed.step : 'not killed'}: ${view?.status ?? 'not there'}, executed ${count}`,
        );
        const expected = view?.status === 'completed' ? 1 : 0;
        assert.equal(count, expected, table.join('\n'));
        assert.ok(view === undefined || ['completed', 'failed'].includes(view.status), table.join('\n'));
      }
      console.log(table.map((row) => `      ${row}`).join('\n'));
      assert.ok(table.length > 10);
    });

    it('submits what has files to upload once, or not at all', async () => {
      const local = new LocalFolder()
        .file('program', 'exit 0', 0o755)
        .file('within/data', 'x'.repeat(100_000));
      const table: string[] = [];
      try {
        // For those with a queue, how their operations come out of ours.
        const first = launcher === 'process' ? 0 : -1;
        for (let at = first, killed = true; killed; at++) {
          const name = `upload-${at}`;
          const command = 'cd "$REMOTE_OPS_UPLOAD" && sh ./program';
          const crashed = await crash({ submit: { ...spec(name, command), uploadFrom: local.root } }, at);
          ({ killed } = crashed);
          const view = await outcome(name);
          const count = executions(name);
          table.push(
            `${killed ? crashed.step : 'not killed'}: ${view?.status ?? 'not there'}, executed ${count}`,
          );
          const isSound = view === undefined ? count === 0 : view.status === 'completed' && count === 1;
          assert.ok(isSound, `${table.join('\n')}\n${view?.error ?? ''}`);
        }
      } finally {
        local.dispose();
      }
      console.log(table.map((row) => `      ${row}`).join('\n'));
      assert.ok(table.length > (launcher === 'process' ? 20 : 0));
    });

    it('kills what it was to kill', async () => {
      const table: string[] = [];
      for (let at = 0, killed = true; killed; at++) {
        const name = `kill-${at}`;
        const { engine, clock } = await here.reopen();
        const { id } = await engine.submit(spec(name, 'exec sleep 600'));
        await eventually(
          'it to run',
          async () => {
            await clock.advance(everyMs);
            await engine.list();
            return executions(name) === 1 && engine.get(id)?.status === 'running';
          },
          30_000,
        );
        await here.close();
        const crashed = await crash({ kill: id }, at);
        ({ killed } = crashed);
        if (at === 0) {
          // Killed before the wish was saved: nobody wants it any more.
          assert.equal(crashed.step, 'before intend');
          const again = await here.reopen();
          await again.engine.list();
          assert.equal(again.engine.get(id)?.status, 'running');
          await again.engine.kill(id);
          await here.close();
          continue;
        }
        const view = await outcome(name);
        table.push(
          `${killed ? crashed.step : 'not killed'}: ${view?.status ?? 'not there'}, executed ${executions(name)}`,
        );
        assert.deepEqual([view?.status, executions(name)], ['cancelled', 1], table.join('\n'));
      }
      console.log(table.map((row) => `      ${row}`).join('\n'));
      assert.ok(table.length > 5);
    });
  });
}

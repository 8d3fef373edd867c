import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isRemoteOperationsError } from '../../src/operations/errors';
import { reasonWithShares } from '../../src/operations/overloadText';
import { eventually } from '../testbed/eventually';
import { mayMount } from '../testbed/privileges';
import type { Rig } from '../unit/engine/engineRig';
import { EngineHost, syncUntil } from './engineSupport';

/** Runs until its file is there. */
const job = (name: string, more: object = {}) => ({
  hostId: 'here',
  type: 'job',
  name,
  command: `echo ${name} >>"$HOME/count"; until [ -e "$HOME/${name}" ]; do sleep 0.05; done`,
  ...more,
});
const patient = (name: string, more: object = {}) => job(name, { startWhenFree: true, ...more });
/** As many loops for each CPU that they are seen beside what else this machine does. */
const loops = 'for loop in $(seq $(($(nproc) * 4))); do while :; do :; done & done; wait';
const burn = { ...job('burn'), command: loops };

/** What else runs on the machine of a test is not ours to say: only what a test makes short is judged. */
const unlimited = { cpuPercent: 100, memoryMb: 0 };

describe('what waits until its host is free', () => {
  let here: EngineHost;
  let rig: Rig;

  const begin = async (home?: string) => {
    here = new EngineHost(home);
    rig = await here.open();
    rig.settings.overload = unlimited;
  };
  const reopen = async () => {
    const { overload } = rig.settings;
    rig = await here.reopen();
    rig.settings.overload = overload;
    await rig.engine.start();
  };
  const submit = (spec: object) => rig.engine.submit(spec);
  const viewOf = (id: string) => rig.engine.get(id);
  const evidenceOf = async (id: string) => (await rig.engine.history(id)).map(({ evidence }) => evidence);
  const end = (name: string) => writeFileSync(path.join(here.host.home, name), '');
  /** A process is there a moment before its command does anything. */
  const haveRun = (...names: string[]) => {
    const file = path.join(here.host.home, 'count');
    const executed = () => (existsSync(file) ? readFileSync(file, 'utf8') : '');
    return eventually(`${names.join()} to run, in this order`, () => executed() === `${names.join('\n')}\n`);
  };
  /** As the poller does in the background. */
  const aPaceLater = async () => {
    await rig.clock.advance(30_000);
    await rig.engine.list();
  };
  const untilRunning = (id: string) =>
    eventually(`${id} to run`, async () => {
      await aPaceLater();
      return viewOf(id)?.status === 'running';
    });

  describe('a busy loop', () => {
    beforeEach(() => begin());
    afterEach(() => here.dispose());

    it('keeps it waiting, is named, and lets it start once the CPU is no longer too busy', async () => {
      rig.engine.setVisible('tree', true);
      const { id: burning } = await submit(burn);
      await eventually('what the loop uses', async () => {
        await rig.engine.list();
        const sinceMs = performance.now();
        await eventually('a reading later', () => performance.now() - sinceMs > 1_000);
        await rig.engine.list();
        return (viewOf(burning)?.resources?.cpuPercent ?? 0) > 0;
      });
      rig.settings.overload = { ...unlimited, cpuPercent: 1 };
      const { overloaded, reasons, cpuPercent = 0 } = await rig.engine.checkOverload('here');
      assert.ok(overloaded && cpuPercent > 1, String(cpuPercent));
      assert.match(reasons.map(reasonWithShares).join(), /^CPU \d+% \(limit 1%\): .*"burn" \d+%/);
      const { id, status, waitsFor } = await submit(patient('a'));
      assert.equal(status, 'queued');
      assert.match(waitsFor ?? '', /^waits until host here is free: CPU \d+% \(limit 1%\)$/);
      await rig.engine.kill(burning, { graceSeconds: 0 });
      // How busy the tests beside this one keep the machine is not known.
      rig.settings.overload = unlimited;
      await untilRunning(id);
      await haveRun('a');
    });
  });

  describe('a driver of GPUs that hangs', () => {
    beforeEach(() => begin());
    afterEach(() => here.dispose());

    it('keeps nothing from starting that needs no GPU', async () => {
      here.host.install('nvidia-smi', '#!/bin/sh\nexec sleep 600\n');
      const submitted = submit(patient('a'));
      let sinceMs = performance.now();
      // Time goes on while the host is asked, and it is asked again where that took too long.
      await eventually('a to run', async () => {
        const nowMs = performance.now();
        await rig.clock.advance(nowMs - sinceMs);
        sinceMs = nowMs;
        const [view] = rig.engine.operations();
        if (/cannot be told/.test(view?.waitsFor ?? '')) {
          await rig.clock.advance(30_000);
          void rig.engine.list();
        }
        return view?.status === 'running';
      });
      await submitted;
      await haveRun('a');
    });
  });

  if (mayMount) {
    describe('a disk that is nearly full', () => {
      let home: string;
      const filler = () => path.join(home, 'filler');
      /** What was told of the disk stands for a minute, by the clock of the host. */
      const makeRoom = () => {
        rmSync(filler());
        const folder = path.join(home, '.remote-ops');
        for (const name of readdirSync(folder).filter((each) => each.startsWith('.disk'))) {
          rmSync(path.join(folder, name));
        }
      };

      beforeEach(async () => {
        home = mkdtempSync(path.join(tmpdir(), 'remote-operations-disk-'));
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=50m', 'tmpfs', home]);
        await begin(home);
        writeFileSync(filler(), Buffer.alloc(45 * 1024 * 1024));
      });
      afterEach(async () => {
        try {
          await here.close();
          await here.host.endAll();
        } finally {
          execFileSync('umount', ['-l', home]);
          await here.dispose();
        }
      });

      it('keeps it waiting with the figures, and lets it start once there is room', async () => {
        const { id, status, waitsFor, untilFree } = await submit(patient('a'));
        assert.deepEqual([status, untilFree], ['queued', true]);
        assert.match(
          waitsFor ?? '',
          /^waits until host here is free: [45] MB of disk space free \(limit 10 MB\)$/,
        );
        await aPaceLater();
        assert.equal(viewOf(id)?.status, 'queued');
        makeRoom();
        await untilRunning(id);
        await haveRun('a');
        assert.ok((await evidenceOf(id)).includes('host here is free'));
      });

      it('keeps nothing else from starting', async () => {
        await submit(patient('a', { priority: 5 }));
        assert.equal((await submit(job('b'))).status, 'running');
      });

      it('lets one start at a time, the highest priority first, and looks what it does before the next', async () => {
        const first = await submit(patient('a'));
        const second = await submit(patient('b', { priority: 1 }));
        makeRoom();
        await untilRunning(second.id);
        assert.equal(
          viewOf(first.id)?.waitsFor,
          'waits until host here is free: "b" was started there just now',
        );
        await untilRunning(first.id);
        await haveRun('b', 'a');
      });

      it('keeps it waiting after a crash of VS Code, and starts it then as before', async () => {
        const { id } = await submit(patient('a'));
        await reopen();
        await eventually('why it waits', () => /disk space/.test(viewOf(id)?.waitsFor ?? ''));
        makeRoom();
        await untilRunning(id);
        await haveRun('a');
      });

      it('neither starts nor fails it while the host cannot be seen', async () => {
        const { id } = await submit(patient('a'));
        makeRoom();
        here.machine.break('cut', 'sample');
        await aPaceLater();
        await eventually('why it waits', () => /load cannot be told/.test(viewOf(id)?.waitsFor ?? ''));
        assert.equal(viewOf(id)?.status, 'queued');
        here.machine.break(undefined);
        await untilRunning(id);
      });

      it('lets the user take it out of the queue, or start it all the same', async () => {
        const [killed, started] = [await submit(patient('a')), await submit(patient('b'))];
        assert.equal((await rig.engine.kill(killed.id)).status, 'cancelled');
        const { status, untilFree } = await rig.engine.startNow(started.id);
        assert.deepEqual([status, untilFree], ['running', undefined]);
        await haveRun('b');
        await assert.rejects(rig.engine.startNow(started.id), (error) =>
          isRemoteOperationsError(error, 'NotApplicable'),
        );
      });

      it('lets a new attempt wait as the one before, or as it is told', async () => {
        const first = await submit(patient('a'));
        await rig.engine.startNow(first.id);
        end('a');
        await syncUntil(rig, first.id, 'completed');
        const second = await rig.engine.restart(first.id);
        assert.equal(second.status, 'queued');
        await rig.engine.kill(second.id);
        // Otherwise it is taken for the second click of the same.
        await rig.clock.advance(3_000);
        const third = await rig.engine.restart(first.id, { whenFree: false });
        await syncUntil(rig, third.id, 'completed');
        await haveRun('a', 'a');
      });
    });
  }
});

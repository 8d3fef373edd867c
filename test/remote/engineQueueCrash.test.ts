import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EngineProcess, tolerate } from '../bench/soak/engineProcess';
import { eventually } from '../testbed/eventually';
import { startSshd } from '../testbed/sshd';

const limit = 2;
const crashes = 5;
const names = Array.from({ length: 16 }, (_, at) => `operation-${at}`);

describe('the queue of an engine that is killed again and again', () => {
  it('starts every operation once, and never more at a time than there are slots', async function () {
    this.timeout(120_000);
    const folder = await mkdtemp(path.join(tmpdir(), 'remote-operations-queue-'));
    const sshd = await startSshd();
    const events = path.join(folder, 'events');
    const engine = new EngineProcess({
      storage: path.join(folder, 'storage'),
      logFile: path.join(folder, 'engine.log'),
      hostId: 'testhost',
      port: sshd.port,
      sshConfigFile: sshd.sshConfigFile,
      maxConcurrent: limit,
    });
    const told = () => (existsSync(events) ? readFileSync(events, 'utf8').trimEnd().split('\n') : []);
    const starts = () => told().filter((line) => line.startsWith('start')).length;
    try {
      await engine.start();
      const operations = names.map((name) =>
        engine.submit({
          hostId: 'testhost',
          type: 'program',
          name,
          command: `echo "start ${name}" >>'${events}'; sleep 0.3; echo "end ${name}" >>'${events}'`,
        }),
      );
      await Promise.all(operations);
      for (let crash = 0; crash < crashes; crash++) {
        // In the midst of ends that are seen and starts that follow.
        const before = starts();
        await eventually('another start', async () => {
          await engine.list();
          return starts() > before;
        });
        void engine.list().catch(tolerate);
        await engine.crash();
        await engine.start();
      }
      await eventually(
        'all to end',
        async () => (await engine.list()).every(({ status }) => status === 'completed'),
        90_000,
      );
      const begun = told().filter((line) => line.startsWith('start'));
      assert.deepEqual(begun.sort(), names.map((name) => `start ${name}`).sort());
      let running = 0;
      for (const line of told()) {
        running += line.startsWith('start') ? 1 : -1;
        assert.ok(running <= limit, told().join('\n'));
      }
    } finally {
      await engine.stop();
      await sshd.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
});

import assert from 'node:assert/strict';
import { truncateSync, writeFileSync, appendFileSync, rmSync } from 'node:fs';
import type { Operation } from '../../src/operations/operation';
import { hostName, ScriptHost, underEveryShell } from './scriptsSupport';

underEveryShell('log', (shell) => {
  let host: ScriptHost;
  let operation: Operation;
  before(async () => {
    host = new ScriptHost(shell);
    operation = await host.start('exec sleep 600');
  });
  after(() => host.dispose());

  const log = (offset: number, maxBytes = 1000) =>
    host.launcher.log(host.machine, hostName, operation, { offset, maxBytes });
  const write = (content: string) => writeFileSync(host.file(operation, 'log'), content);

  it('is there from the start, empty', async () => {
    assert.deepEqual(await log(0), { text: '', offset: 0, size: 0 });
  });

  it('gives ranges by byte offset, from the start and from the end', async () => {
    write('0123456789');
    assert.deepEqual(await log(0), { text: '0123456789', offset: 0, size: 10 });
    assert.deepEqual(await log(3, 4), { text: '3456', offset: 3, size: 10 });
    assert.deepEqual(await log(-3), { text: '789', offset: 7, size: 10 });
    assert.deepEqual(await log(-3, 2), { text: '78', offset: 7, size: 10 });
  });

  it('gives nothing beyond the end, and all of it when more is asked than there is', async () => {
    write('0123456789');
    assert.deepEqual(await log(10), { text: '', offset: 10, size: 10 });
    assert.deepEqual(await log(1_000_000), { text: '', offset: 1_000_000, size: 10 });
    assert.deepEqual(await log(-1_000_000), { text: '0123456789', offset: 0, size: 10 });
  });

  it('brings every character, control characters and what looks like our own lines', async () => {
    const text = 'é 日本 🚂 \x1b[31mred\x1b[0m\t\r\n\nremote-ops end n 0\n \\ % $(id)\n';
    write(text);
    assert.equal((await log(0))?.text, text);
  });

  it('counts bytes, not characters', async () => {
    write('éé');
    assert.deepEqual(await log(2), { text: 'é', offset: 2, size: 4 });
  });

  it('opens a log of 5 GB at its end at once', async () => {
    write('');
    truncateSync(host.file(operation, 'log'), 5 * 1024 ** 3);
    appendFileSync(host.file(operation, 'log'), 'the end');
    const began = performance.now();
    assert.deepEqual(await log(-7), { text: 'the end', offset: 5 * 1024 ** 3, size: 5 * 1024 ** 3 + 7 });
    assert.ok(performance.now() - began < 3_000, `took ${performance.now() - began} ms`);
    assert.equal((await log(5 * 1024 ** 3 - 2, 5))?.text, '\0\0the');
    write('');
  });

  it('says that there is none', async () => {
    rmSync(host.file(operation, 'log'));
    assert.equal(await log(0), undefined);
    const missing = host.operation('true');
    assert.equal(
      await host.launcher.log(host.machine, hostName, missing, { offset: 0, maxBytes: 10 }),
      undefined,
    );
  });
});

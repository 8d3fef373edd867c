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
    assert.deepEqual(await log(0), { text: '', offset: 0, end: 0, size: 0 });
  });

  it('gives ranges by byte offset, from the start and from the end', async () => {
    write('0123456789');
    assert.deepEqual(await log(0), { text: '0123456789', offset: 0, end: 10, size: 10 });
    assert.deepEqual(await log(3, 4), { text: '3456', offset: 3, end: 7, size: 10 });
    assert.deepEqual(await log(-3), { text: '789', offset: 7, end: 10, size: 10 });
    assert.deepEqual(await log(-3, 2), { text: '78', offset: 7, end: 9, size: 10 });
  });

  it('gives nothing beyond the end, and all of it when more is asked than there is', async () => {
    write('0123456789');
    assert.deepEqual(await log(10), { text: '', offset: 10, end: 10, size: 10 });
    assert.deepEqual(await log(1_000_000), { text: '', offset: 1_000_000, end: 1_000_000, size: 10 });
    assert.deepEqual(await log(-1_000_000), { text: '0123456789', offset: 0, end: 10, size: 10 });
  });

  it('brings every character, control characters and what looks like our own lines', async () => {
    const text = 'é 日本 🚂 \x1b[31mred\x1b[0m\t\r\n\nremote-ops end n 0\n \\ % $(id)\n';
    write(text);
    assert.equal((await log(0))?.text, text);
  });

  it('counts bytes, not characters', async () => {
    write('éé');
    assert.deepEqual(await log(2), { text: 'é', offset: 2, end: 4, size: 4 });
  });

  it('opens a log of 5 GB at its end at once', async () => {
    write('');
    truncateSync(host.file(operation, 'log'), 5 * 1024 ** 3);
    appendFileSync(host.file(operation, 'log'), 'the end');
    const began = performance.now();
    const size = 5 * 1024 ** 3 + 7;
    assert.deepEqual(await log(-7), { text: 'the end', offset: size - 7, end: size, size });
    assert.ok(performance.now() - began < 3_000, `took ${performance.now() - began} ms`);
    assert.equal((await log(5 * 1024 ** 3 - 2, 5))?.text, '\0\0the');
    write('');
  });

  it('is never cut within a character', async () => {
    write('日本');
    assert.deepEqual(await log(1), { text: '本', offset: 3, end: 6, size: 6 });
    assert.deepEqual(await log(0, 5), { text: '日', offset: 0, end: 3, size: 6 });
  });

  const search = (text: string, before?: number) =>
    host.launcher.searchLog(host.machine, hostName, operation, {
      text,
      ...(before !== undefined && { before }),
    });

  it('is searched to the letter, with where the lines begin', async () => {
    write('é one\nTwo (two) $(id) \\ \'"*\nthree\n');
    assert.deepEqual(await search(`(two) $(id) \\ '"*`), {
      matches: [{ offset: 7, text: 'Two (two) $(id) \\ \'"*' }],
      isWhole: true,
      offset: 0,
      size: Buffer.byteLength('é one\nTwo (two) $(id) \\ \'"*\nthree\n'),
    });
    assert.deepEqual((await search('t.o'))?.matches, []);
    assert.deepEqual((await search('-e'))?.matches, []);
    assert.deepEqual((await search('é'))?.matches, [{ offset: 0, text: 'é one' }]);
  });

  it('is searched in any case where no capital is asked for', async () => {
    write('Error\nerror\n');
    assert.equal((await search('error'))?.matches.length, 2);
    assert.deepEqual((await search('Error'))?.matches, [{ offset: 0, text: 'Error' }]);
  });

  it('is searched in what a carriage return overwrote, too, and says when there is more than it tells', async () => {
    write(Array.from({ length: 300 }, (_, at) => `\r${at} %`).join(''));
    const found = await search('%');
    assert.deepEqual([found?.matches.length, found?.isWhole], [200, false]);
    assert.deepEqual(found?.matches[10], { offset: 41, text: '10 %' });
  });

  it('is searched from its end, stretch by stretch, without a line missed or told twice', async () => {
    const mebibyte = 1024 ** 2;
    const first = 'first needle\n';
    const filler = `${'x'.repeat(1023)}\n`;
    write(first);
    appendFileSync(host.file(operation, 'log'), Buffer.alloc(256 * mebibyte - 5 - first.length, filler));
    appendFileSync(host.file(operation, 'log'), '\nacross needle\nafter needle\n');
    const last = await search('needle');
    assert.deepEqual(last?.matches, [{ offset: 256 * mebibyte + 10, text: 'after needle' }]);
    assert.equal(last?.offset, 256 * mebibyte);
    const before = await search('needle', last?.offset);
    assert.deepEqual(before, {
      matches: [
        { offset: 0, text: 'first needle' },
        { offset: 256 * mebibyte - 4, text: 'across needle' },
      ],
      isWhole: true,
      offset: 0,
      size: 256 * mebibyte + 23,
    });
    write('');
  });

  it('is not searched for what is no line', async () => {
    for (const text of ['', 'two\nlines', 'x'.repeat(1001)]) {
      await assert.rejects(search(text), { code: 'InvalidInput' });
    }
  });

  it('says that there is none', async () => {
    rmSync(host.file(operation, 'log'));
    assert.equal(await log(0), undefined);
    assert.equal(await search('x'), undefined);
    const missing = host.operation('true');
    assert.equal(
      await host.launcher.log(host.machine, hostName, missing, { offset: 0, maxBytes: 10 }),
      undefined,
    );
  });
});

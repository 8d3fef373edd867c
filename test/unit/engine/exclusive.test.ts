import assert from 'node:assert/strict';
import { Exclusive } from '../../../src/engine/exclusive';

function gate() {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

describe('Exclusive', () => {
  it('runs tasks of one key one after another, and those of others beside them', async () => {
    const exclusive = new Exclusive();
    const order: string[] = [];
    const first = gate();
    const tasks = [
      exclusive.run('a', async () => {
        order.push('a1 begins');
        await first.opened;
        order.push('a1 ends');
      }),
      exclusive.run('a', () => Promise.resolve(order.push('a2'))),
      exclusive.run('b', () => Promise.resolve(order.push('b'))),
    ];
    await tasks[2];
    first.open();
    await Promise.all(tasks);
    assert.deepEqual(order, ['a1 begins', 'b', 'a1 ends', 'a2']);
  });

  it('gives the result or the error of the task, and goes on after an error', async () => {
    const exclusive = new Exclusive();
    const failing = exclusive.run('a', () => Promise.reject(new Error('refused')));
    const next = exclusive.run('a', () => Promise.resolve(7));
    await assert.rejects(failing, /refused/);
    assert.equal(await next, 7);
  });

  it('is busy until its last task has ended, and not a moment longer', async () => {
    const exclusive = new Exclusive();
    const first = gate();
    const tasks = [exclusive.run('a', () => first.opened), exclusive.run('a', () => Promise.resolve())];
    assert.ok(exclusive.isBusy('a'));
    assert.ok(!exclusive.isBusy('b'));
    first.open();
    await tasks[0];
    assert.ok(exclusive.isBusy('a'));
    await tasks[1];
    assert.ok(!exclusive.isBusy('a'));
    await assert.rejects(exclusive.run('a', () => Promise.reject(new Error('refused'))));
    assert.ok(!exclusive.isBusy('a'));
  });
});

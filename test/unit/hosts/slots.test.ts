import assert from 'node:assert/strict';
import { Slots } from '../../../src/hosts/slots';

const never = new AbortController().signal;

describe('Slots', () => {
  it('are given in the order of asking, never more than the limit', async () => {
    const slots = new Slots(2);
    const order: number[] = [];
    let inUse = 0;
    let most = 0;
    await Promise.all(
      [1, 2, 3, 4, 5, 6].map(async (number) => {
        const release = await slots.acquire(never);
        most = Math.max(most, ++inUse);
        order.push(number);
        await Promise.resolve();
        inUse--;
        release();
      }),
    );
    assert.equal(most, 2);
    assert.deepEqual(order, [1, 2, 3, 4, 5, 6]);
  });

  it('are not lost when someone in line gives up', async () => {
    const slots = new Slots(1);
    const release = await slots.acquire(never);
    const impatient = new AbortController();
    const waiting = slots.acquire(impatient.signal);
    impatient.abort(new Error('enough'));
    await assert.rejects(waiting, /enough/);
    release();
    release();
    const next = await slots.acquire(never);
    assert.equal(slots.shrink(), false);
    next();
  });

  it('can be lowered to what is in use less one, never to none', async () => {
    const slots = new Slots(4);
    const [first] = await Promise.all([slots.acquire(never), slots.acquire(never), slots.acquire(never)]);
    assert.equal(slots.shrink(), true);
    first();
    let admitted = false;
    const waiting = slots.acquire(never).then(() => (admitted = true));
    await Promise.resolve();
    assert.equal(admitted, false);
    void waiting;
  });
});

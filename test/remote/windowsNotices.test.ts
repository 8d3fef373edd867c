import assert from 'node:assert/strict';
import { Desk, nextOwner, type TestWindow } from './windowDriver';

describe('windows that share one engine: who tells the user', () => {
  let desk: Desk;

  beforeEach(async () => {
    desk = await Desk.make();
  });

  afterEach(() => desk.clear());

  const claim = (window: TestWindow, key: string) =>
    window.call<boolean>('service', 'claimNotice', { key, by: String(desk.windows.indexOf(window)) });

  const granted = async (windows: TestWindow[], key: string): Promise<number> =>
    (await Promise.all(windows.map((window) => claim(window, key)))).filter(Boolean).length;

  it('one window only, however many ask at the same time', async () => {
    await desk.settled(4);
    for (let round = 1; round <= 20; round++) {
      assert.equal(await granted(desk.windows, `end ${round}`), 1);
    }
  });

  it('no second window, when the owner was killed right after it had granted it to the first', async () => {
    let { owner, clients } = await desk.settled(5);
    while (clients.length > 1) {
      const [first, ...others] = clients as [TestWindow, ...TestWindow[]];
      const key = `end with ${clients.length} clients`;
      assert.equal(await claim(first, key), true);
      owner.signal('SIGKILL');
      owner = await nextOwner(clients);
      assert.equal(await granted(others, key), 0);
      assert.equal(await claim(first, key), true);
      clients = clients.filter((window) => window !== owner);
    }
  });

  it('the window itself again, when the owner was killed before it answered', async () => {
    const { owner, clients } = await desk.settled(3);
    const [first, second] = clients as [TestWindow, TestWindow];
    owner.signal('SIGSTOP');
    const claims = [claim(first, 'end'), claim(second, 'end')];
    // The answer to a later call shows that the claims have been sent.
    await Promise.all([first.operations(), second.operations()]);
    owner.signal('SIGKILL');
    await nextOwner(clients);
    assert.equal((await Promise.all(claims)).filter(Boolean).length, 1);
  });
});

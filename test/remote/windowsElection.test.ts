import assert from 'node:assert/strict';
import { Desk, split, TestWindow } from './windowDriver';

describe('windows that share one engine: who owns it', () => {
  let desk: Desk;

  beforeEach(async () => {
    desk = await Desk.make();
  });

  afterEach(() => desk.clear());

  for (const count of [2, 5]) {
    it(`is exactly one of ${count} windows`, async () => {
      const { clients } = await desk.settled(count);
      assert.equal(clients.length, count - 1);
    });
  }

  it('is never two of ten windows that begin at once, ten times over', async function () {
    this.timeout(120_000);
    const windows = Array.from({ length: 10 }, () => new TestWindow('', desk.home));
    windows.forEach((window) => desk.add(window));
    await Promise.all(windows.map((window) => window.call('runs')));
    for (let round = 1; round <= 10; round++) {
      await Promise.all(windows.map((window) => window.call('leave')));
      windows.forEach((window) => window.places.splice(0));
      await Promise.all(windows.map((window) => window.call('join', desk.storage(`round${round}`))));
      await Promise.all(windows.map((window) => window.until('it has a place', () => !!window.place)));
      split(windows);
      const places = windows.map(({ places: [first, ...more] }) => ({ first, more }));
      assert.deepEqual(
        places.map(({ first, more }) => [first?.generation, more.length]),
        places.map(() => [1, 0]),
      );
    }
  });

  it('says so to a window of another version, which takes over when the owner is gone', async () => {
    const { owner } = await desk.settled(1);
    const [other] = desk.open(1, '2.0.0') as [TestWindow];
    await other.until('it says what is wrong', () => other.problems.length > 0);
    assert.match(other.problems[0] ?? '', /version 1\.0\.0 .*this one 2\.0\.0/);
    await assert.rejects(other.list({}), { code: 'NotApplicable' });
    owner.signal('SIGKILL');
    await other.until('it owns the engine', () => other.isOwner, 5_000);
    assert.deepEqual(await other.list({}), []);
  });

  it('leaves the others their place when it closes in order', async () => {
    const { owner, clients } = await desk.settled(3);
    await owner.call('leave');
    await Promise.all(
      clients.map((window) => window.until('it knows owner 2', () => window.place?.generation === 2, 5_000)),
    );
    split(clients);
  });
});

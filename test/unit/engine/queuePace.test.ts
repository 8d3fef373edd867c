import assert from 'node:assert/strict';
import { QueuePace, type QueueLook } from '../../../src/engine/queuePace';
import { FakeClock } from './fakeClock';

const second = 1000;

describe('the queue of a scheduler', () => {
  let clock: FakeClock;
  let pace: QueuePace;

  beforeEach(() => {
    clock = new FakeClock();
    pace = new QueuePace(clock, () => 30);
  });

  /** The seconds at which it is asked by somebody who would like to ask every second. */
  async function looks(seconds: number, { isWatched = true, byUser = false, told = 'news' as QueueLook }) {
    const at: number[] = [];
    for (let second_ = 0; second_ <= seconds; second_++) {
      if (pace.isDue('here', { byUser, isWatched })) {
        pace.note('here', told);
        at.push(second_);
      }
      await clock.advance(second);
    }
    return at;
  }

  it('is asked every 30 s, also while a view is visible and everything changes', async () => {
    assert.deepEqual(await looks(100, {}), [0, 30, 60, 90]);
  });

  it('is asked less and less often, at least every five minutes, while nothing changes unseen', async () => {
    assert.deepEqual(await looks(1200, { isWatched: false, told: 'calm' }), [0, 60, 180, 420, 720, 1020]);
  });

  it('is asked every 30 s again once there is news, or somebody watches', async () => {
    await looks(300, { isWatched: false, told: 'calm' });
    assert.equal(pace.isDue('here', { byUser: false, isWatched: false }), false);
    assert.equal(pace.isDue('here', { byUser: false, isWatched: true }), true);
    pace.note('here', 'news');
    assert.deepEqual(await looks(60, { isWatched: false }), [30, 60]);
  });

  it('is left alone for longer each time when it fails, even while somebody watches', async () => {
    assert.deepEqual(await looks(700, { told: 'failed' }), [0, 60, 180, 420]);
  });

  it('is asked at once by the user, but not more often than every five seconds', async () => {
    assert.deepEqual(await looks(11, { byUser: true }), [0, 5, 10]);
  });

  it('is asked a little sooner after an action, but not more than twice a minute, however much is done', async () => {
    const at: number[] = [];
    for (let second_ = 0; second_ <= 130; second_++) {
      pace.await('here');
      if (pace.isDue('here', { byUser: false, isWatched: true })) {
        pace.note('here', 'news');
        at.push(second_);
      }
      await clock.advance(second);
    }
    assert.deepEqual(at, [0, 5, 60, 65, 120, 125]);
  });

  it('of one host does not delay that of another', () => {
    pace.note('here', 'news');
    assert.equal(pace.isDue('here', { byUser: false, isWatched: true }), false);
    assert.equal(pace.isDue('there', { byUser: false, isWatched: true }), true);
  });
});

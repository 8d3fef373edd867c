import assert from 'node:assert/strict';
import { followedUp } from '../../../../src/operations/logProgress/followUp';

const whole = { isPart: false };
const part = { isPart: true };

describe('a log that is read again', () => {
  it('leaves what is known where it shows nothing new', () => {
    assert.equal(followedUp({ progress: 0.4, epoch: 2 }, undefined, true), undefined);
  });

  it('takes a finished step that has scrolled away as over, unless all of it has ended', () => {
    const known = { progress: 1, message: 'Download', metrics: { loss: 1 } };
    assert.deepEqual(followedUp(known, undefined, true), { metrics: { loss: 1 } });
    assert.equal(followedUp(known, undefined, false), undefined);
  });

  it('adds what is told of a part to what is known of the whole', () => {
    const known = { progress: 0.4, epoch: 2, metrics: { loss: 0.5 } };
    assert.deepEqual(followedUp(known, { progress: { metrics: { loss: 0.4 } }, ...part }, true), {
      progress: 0.4,
      epoch: 2,
      metrics: { loss: 0.4 },
    });
  });

  it('keeps the measures that were last told', () => {
    assert.deepEqual(
      followedUp({ progress: 0.4, metrics: { loss: 1 } }, { progress: { progress: 0.5 }, ...whole }, true),
      { progress: 0.5, metrics: { loss: 1 } },
    );
  });

  it('keeps a total as long as it fits, and not that of another file', () => {
    const known = { progress: 0.1, sizeDoneBytes: 10, sizeTotalBytes: 100 };
    const later = (sizeDoneBytes: number, progress?: number) =>
      followedUp(known, { progress: { sizeDoneBytes, ...(progress && { progress }) }, ...whole }, true)
        ?.sizeTotalBytes;
    assert.equal(later(50, 0.5), 100);
    assert.equal(later(50, 0.25), undefined);
    assert.equal(later(200, 0.9), undefined);
    assert.equal(later(50), undefined);
  });
});

import assert from 'node:assert/strict';
import { durationText } from '../../../src/views/durationText';

describe('how long something will take', () => {
  it('is said in its largest unit, and is never nothing', () => {
    const seconds = [0, 59, 60, 720, 7_140, 7_200, 172_000, 259_200];
    assert.deepEqual(seconds.map(durationText), [
      '1 s',
      '59 s',
      '1 min',
      '12 min',
      '119 min',
      '2 h',
      '2 days',
      '3 days',
    ]);
  });
});

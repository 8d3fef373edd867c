import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseProgress, type Progress } from '../../../src/operations/progress';

const whole = JSON.stringify({
  progress: 0.25,
  message: 'epoch 5',
  epoch: 5,
  total_epochs: 20,
  metrics: { loss: 0.31, accuracy: 0.9 },
  size_done: 1024,
  size_total: 4096,
});

describe('parseProgress', () => {
  it('reads every part of progress.json', () => {
    assert.deepEqual(parseProgress(whole), {
      progress: 0.25,
      message: 'epoch 5',
      epoch: 5,
      totalEpochs: 20,
      metrics: { loss: 0.31, accuracy: 0.9 },
      sizeDoneBytes: 1024,
      sizeTotalBytes: 4096,
    });
  });

  it('takes nothing from a half-written file, wherever it was cut', () => {
    for (let length = 0; length < whole.length; length++) {
      assert.equal(parseProgress(whole.slice(0, length)), undefined, whole.slice(0, length));
    }
  });

  it('takes nothing from what is no object', () => {
    for (const text of ['', 'null', '1', '"0.5"', '[0.5]', 'true', 'progress: 0.5', '\0', '{]']) {
      assert.equal(parseProgress(text), undefined, text);
    }
  });

  it('leaves out parts of a wrong type and keeps the others', () => {
    const text = JSON.stringify({
      progress: '0.5',
      message: 7,
      epoch: null,
      total_epochs: [20],
      metrics: [1, 2],
      size_done: true,
      size_total: 4096,
    });
    assert.deepEqual(parseProgress(text), { sizeTotalBytes: 4096 });
  });

  it('leaves out numbers that are negative, not finite or no numbers', () => {
    for (const number of ['-1', '1e400', '-1e400', '"NaN"']) {
      assert.deepEqual(parseProgress(`{"epoch":${number},"size_done":${number}}`), {}, number);
    }
    assert.equal(parseProgress('{"epoch":NaN}'), undefined);
    assert.equal(parseProgress('{"epoch":Infinity}'), undefined);
  });

  it('holds progress between 0 and 1', () => {
    const progressOf = (text: string) => parseProgress(text)?.progress;
    assert.equal(progressOf('{"progress":-3}'), 0);
    assert.equal(progressOf('{"progress":99}'), 1);
    assert.equal(progressOf('{"progress":1e308}'), 1);
    assert.equal(progressOf('{"size_done":9,"size_total":4}'), 1);
  });

  it('derives progress from bytes, else from epochs, unless the program states it', () => {
    const progressOf = (json: object) => parseProgress(JSON.stringify(json))?.progress;
    const bytes = { size_done: 1, size_total: 4 };
    const epochs = { epoch: 1, total_epochs: 2 };
    assert.equal(progressOf({ ...bytes, ...epochs }), 0.25);
    assert.equal(progressOf(epochs), 0.5);
    assert.equal(progressOf({ progress: 0.9, ...bytes }), 0.9);
  });

  it('derives nothing from a total of zero', () => {
    assert.deepEqual(parseProgress('{"size_done":0,"size_total":0}'), {
      sizeDoneBytes: 0,
      sizeTotalBytes: 0,
    });
  });

  it('keeps the finite metrics only, and no metrics rather than none of them', () => {
    assert.deepEqual(parseProgress('{"metrics":{"loss":0.1,"lr":"big","inf":1e999,"neg":-2}}'), {
      metrics: { loss: 0.1, neg: -2 },
    });
    assert.deepEqual(parseProgress('{"metrics":{"lr":"big"}}'), {});
  });

  it('caps the number of metrics, their names and the message', () => {
    const metrics = Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`m${at}`, at]));
    const read = parseProgress(JSON.stringify({ metrics, message: 'x'.repeat(10_000) }));
    assert.equal(Object.keys(read?.metrics ?? {}).length, 32);
    assert.equal(read?.message?.length, 200);
    const [name] = Object.keys(parseProgress(`{"metrics":{"${'n'.repeat(5000)}":1}}`)?.metrics ?? {});
    assert.equal(name?.length, 200);
  });

  it('lets a metric named __proto__ change nothing', () => {
    const read = parseProgress('{"metrics":{"__proto__":1,"constructor":2}}');
    assert.equal(({} as { polluted?: number }).polluted, undefined);
    assert.deepEqual(Object.keys(read?.metrics ?? {}), ['__proto__', 'constructor']);
  });

  it('takes any JSON whatever: numbers in range, or left out', () => {
    const hostile = fc.record(
      {
        progress: fc.jsonValue(),
        message: fc.jsonValue(),
        epoch: fc.oneof(fc.double(), fc.jsonValue()),
        total_epochs: fc.oneof(fc.double(), fc.jsonValue()),
        metrics: fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue()),
        size_done: fc.oneof(fc.double(), fc.jsonValue()),
        size_total: fc.oneof(fc.double(), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(hostile, (json) => {
        const { progress, metrics, ...others }: Progress = parseProgress(JSON.stringify(json)) ?? {};
        assert.ok(progress === undefined || (progress >= 0 && progress <= 1));
        assert.ok(Object.values(metrics ?? {}).every(Number.isFinite));
        const counts = [others.epoch, others.totalEpochs, others.sizeDoneBytes, others.sizeTotalBytes];
        assert.ok(counts.every((count) => count === undefined || (Number.isFinite(count) && count >= 0)));
      }),
    );
  });
});

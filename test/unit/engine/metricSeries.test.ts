import assert from 'node:assert/strict';
import { addMetrics, type KeptSeries, preferredSeries } from '../../../src/engine/metricSeries';

type Kept = ReadonlyMap<string, KeptSeries>;
const none: Kept = new Map();
const valuesOf = (kept: Kept, name: string) => kept.get(name)?.series.values;
const preferred = (...names: string[]) =>
  preferredSeries(addMetrics(none, Object.fromEntries(names.map((name) => [name, 1])), 0))?.name;

describe('series of metrics', () => {
  it('are kept of each metric', () => {
    const first = addMetrics(none, { loss: 3, accuracy: 0.1 }, 0);
    const second = addMetrics(first, { loss: 2, accuracy: 0.1 }, 2);
    assert.deepEqual([valuesOf(second, 'loss'), valuesOf(second, 'accuracy')], [[3, 2], [0.1]]);
  });

  it('stay the same while nothing moves', () => {
    const first = addMetrics(none, { loss: 3 }, 0);
    const second = addMetrics(first, { loss: 3 }, 2);
    assert.equal(second.get('loss')?.series, first.get('loss')?.series);
  });

  it('outlive looks that do not tell them, for some minutes', () => {
    const first = addMetrics(none, { loss: 3, accuracy: 0.1 }, 0);
    const later = addMetrics(first, { loss: 2 }, 300);
    assert.deepEqual(valuesOf(addMetrics(later, { accuracy: 0.2 }, 310), 'accuracy'), [0.1, 0.2]);
    assert.equal(valuesOf(addMetrics(later, { loss: 1 }, 600), 'accuracy'), undefined);
  });

  it('are shown of the loss first, of the training rather than of the evaluation', () => {
    assert.equal(preferred('lr', 'eval_loss', 'loss'), 'loss');
    assert.equal(preferred('val_loss', 'train_loss_step', 'train_loss'), 'train_loss');
    assert.equal(preferred('accuracy', 'val_loss'), 'val_loss');
    assert.equal(preferred('accuracy', 'lr'), 'accuracy');
    assert.equal(preferredSeries(none), undefined);
  });
});

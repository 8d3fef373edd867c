import assert from 'node:assert/strict';
import { matches } from '../../../src/engine/listQuery';
import { describe as describeOperation } from '../../../src/operations/describe';
import { fresh, operationAt } from '../operations/samples';

const view = describeOperation(operationAt('running'), fresh, { nowMs: 0, unknownAfterMinutes: 60 });

describe('list query', () => {
  it('without conditions matches everything', () => {
    assert.ok(matches(view, {}, 'gpu-box'));
    assert.ok(matches(view, { text: '  ' }, 'gpu-box'));
  });

  it('by host, type and status matches exactly', () => {
    assert.ok(matches(view, { hostId: 'here', type: 'job', status: 'running' }, 'gpu-box'));
    assert.ok(!matches(view, { hostId: 'her' }, 'gpu-box'));
    assert.ok(!matches(view, { type: 'server' }, 'gpu-box'));
    assert.ok(!matches(view, { status: 'paused' }, 'gpu-box'));
  });

  it('by text looks at name, command, host and status, in any case', () => {
    for (const text of ['TRAIN', 'train.py', 'GPU-b', ' runn ']) {
      assert.ok(matches(view, { text }, 'gpu-box'), text);
    }
    assert.ok(!matches(view, { text: 'elsewhere' }, 'gpu-box'));
  });
});

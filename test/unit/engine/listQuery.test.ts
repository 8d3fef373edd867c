import assert from 'node:assert/strict';
import { matches, mayMatch } from '../../../src/engine/listQuery';
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

  it('leaves archived ones out unless they are asked for', () => {
    const archived = operationAt('completed', { archived: true });
    assert.ok(!mayMatch(archived, {}, 'gpu-box'));
    assert.ok(mayMatch(archived, { archived: true }, 'gpu-box'));
  });

  it('tells at first sight only what cannot match', () => {
    const away = { observation: 'unreachable' } as const;
    const context = { nowMs: Date.UTC(2027), unknownAfterMinutes: 60 };
    const operation = operationAt('running');
    const unknown = describeOperation(operation, away, context);
    assert.equal(unknown.shownStatus, 'unknown');
    for (const text of ['unknown', 'train', 'running', 'gpu', 'python', 'nothing of it']) {
      for (const shown of [view, unknown]) {
        assert.ok(mayMatch(operation, { text }, 'gpu-box') || !matches(shown, { text }, 'gpu-box'), text);
      }
    }
    assert.ok(!mayMatch(operation, { text: 'nothing of it' }, 'gpu-box'));
  });
});

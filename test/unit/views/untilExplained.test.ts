import assert from 'node:assert/strict';
import { untilExplained } from '../../../src/views/untilExplained';
import { ScriptedService, view } from '../windows/scriptedService';

describe('the wait for the cause of an end', () => {
  const failed = view('a', { status: 'failed' });
  const explained = { ...failed, ...{ cause: { title: 'Out of memory', lines: ['Killed'] } } };
  let service: ScriptedService;

  beforeEach(() => {
    service = new ScriptedService();
    service.put(failed);
  });

  it('is over when a change brings it', async () => {
    let isOver = false;
    const wait = untilExplained(service, 'a', 60_000).then(() => (isOver = true));
    service.put(failed, view('b'));
    await Promise.resolve();
    assert.equal(isOver, false);
    service.put(explained);
    await wait;
  });

  it('is none where it is known', async () => {
    service.put(explained);
    await untilExplained(service, 'a', 60_000);
  });

  it('is not longer than somebody would wait', async () => {
    await untilExplained(service, 'a', 10);
  });
});

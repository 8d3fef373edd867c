import assert from 'node:assert/strict';
import { ReportPace } from '../../../src/windows/reportPace';
import { FakeClock } from '../engine/fakeClock';
import { ScriptedService, view } from './scriptedService';

describe('reports of the extensions of a window', () => {
  let service: ScriptedService;
  let clock: FakeClock;
  let pace: ReportPace;

  beforeEach(() => {
    service = new ScriptedService();
    service.answer = () => Promise.resolve(view('a'));
    clock = new FakeClock();
    pace = new ReportPace(service, clock);
  });

  it('are passed on at once, then twice a second with all that was told in between', async () => {
    await pace.update('a', { progress: 0 });
    const told = Array.from({ length: 1_000 }, (_, at) =>
      pace.update('a', at === 3 ? { message: 'loading' } : { progress: at / 1_000 }),
    );
    await clock.advance(499);
    assert.equal(service.calls.length, 1);
    await clock.advance(1);
    await Promise.all(told);
    assert.deepEqual(service.calls, [
      ['updateReport', 'a', { progress: 0 }],
      ['updateReport', 'a', { progress: 0.999, message: 'loading' }],
    ]);
  });

  it('are passed on by operation: one does not wait for another', async () => {
    await Promise.all([pace.update('a', {}), pace.update('b', {})]);
    assert.deepEqual(
      service.calls.map(([, id]) => id),
      ['a', 'b'],
    );
  });

  it('do not pile up on an engine that is slow to answer', async () => {
    let answer: () => void = () => undefined;
    service.answer = () => new Promise((resolve) => (answer = () => resolve(view('a'))));
    const first = pace.update('a', {});
    await clock.advance(1_000);
    const second = pace.update('a', { progress: 0.5 });
    await clock.advance(10_000);
    assert.equal(service.calls.length, 1);
    answer();
    await first;
    await clock.advance(0);
    assert.equal(service.calls.length, 2);
    answer();
    await second;
  });

  it('come before the end', async () => {
    await pace.update('a', {});
    const last = pace.update('a', { progress: 1 });
    const ended = pace.complete('a', { exitCode: 0 });
    await clock.advance(500);
    await Promise.all([last, ended]);
    assert.deepEqual(
      service.calls.map(([method]) => method),
      ['updateReport', 'updateReport', 'completeReport'],
    );
  });

  it('that are not valid are refused on the spot', async () => {
    await assert.rejects(pace.update('a', { progress: 2 }), { code: 'InvalidInput' });
    assert.deepEqual(service.calls, []);
  });

  it('tell whoever waits that they were refused, and the next ones are tried again', async () => {
    service.answer = () => Promise.reject(new Error('it has ended'));
    await assert.rejects(pace.update('a', {}), /has ended/);
    service.answer = () => Promise.resolve(view('a'));
    const next = pace.update('a', {});
    await clock.advance(500);
    assert.equal((await next).id, 'a');
  });
});

import assert from 'node:assert/strict';
import { FreeWaits } from '../../../src/engine/health/freeWaits';
import type { Operation } from '../../../src/operations/operation';
import type { Overload } from '../../../src/operations/overload';
import { operationAt } from '../operations/samples';
import { FixedHosts, usualSettings } from './engineRig';
import { FakeClock } from './fakeClock';

const operation = (more: Partial<Operation['spec']> = {}): Operation => {
  const { spec } = operationAt('queued');
  return operationAt('queued', { spec: { ...spec, ...more } });
};
const patient = operation({ startWhenFree: true });
const free: Overload = { overloaded: false, reasons: [] };
const busy: Overload = {
  overloaded: true,
  reasons: [
    { code: 'cpu', value: 97, limit: 80, total: 100, shares: [{ value: 97 }] },
    { code: 'memory', value: 100, limit: 4_000, total: 64_000, shares: [] },
  ],
};

describe('what waits until its host is free', () => {
  let clock: FakeClock;
  let waits: FreeWaits;
  let answers: Overload[];
  let asked: number;

  beforeEach(() => {
    clock = new FakeClock();
    answers = [];
    asked = 0;
    const context = { hosts: new FixedHosts(new Map()), clock, settings: () => usualSettings };
    waits = new FreeWaits(context, () => {
      asked += 1;
      return Promise.resolve(answers.shift() ?? free);
    });
  });

  it('may start as soon as the host says that it is free', async () => {
    assert.equal(await waits.ask(patient), true);
    assert.equal(waits.of('here'), undefined);
  });

  it('waits with the figures of what is short, and asks again at the pace of the background', async () => {
    answers = [busy, free];
    assert.equal(await waits.ask(patient), false);
    assert.equal(
      waits.of('here'),
      'waits until host here is free: CPU 97% (limit 80%), 100 MB of memory free (limit 4000 MB)',
    );
    await clock.advance(20_000);
    assert.match(waits.of('here') ?? '', /CPU 97%/);
    await clock.advance(10_000);
    assert.equal(waits.of('here'), undefined);
    assert.equal(await waits.ask(patient), true);
  });

  it('neither starts nor fails while its host cannot be seen', async () => {
    answers = [{ ...free, problem: 'host here refused the connection.' }];
    assert.equal(await waits.ask(patient), false);
    assert.equal(
      waits.of('here'),
      'waits until host here is free: its load cannot be told (host here refused the connection.)',
    );
  });

  it('lets the next see what the one before does to the host', async () => {
    assert.equal(waits.noteStart(patient), 'host here is free');
    assert.equal(waits.of('here'), 'waits until host here is free: "train" was started there just now');
    await clock.advance(30_000);
    assert.equal(waits.of('here'), undefined);
  });

  it('asks nothing for what does not wait, or was told not to wait any longer', async () => {
    answers = [busy, busy];
    assert.equal(await waits.ask(operation()), true);
    assert.equal(await waits.ask({ ...patient, startsAnyway: true }), true);
    assert.deepEqual([asked, waits.noteStart(operation()), waits.of('here')], [0, undefined, undefined]);
  });
});

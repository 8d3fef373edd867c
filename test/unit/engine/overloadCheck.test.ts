import assert from 'node:assert/strict';
import { OverloadCheck } from '../../../src/engine/health/overloadCheck';
import type { HostHealth } from '../../../src/operations/hostHealth';
import type { OperationView } from '../../../src/operations/operationView';
import { view } from '../windows/scriptedService';
import { FixedHosts, usualSettings } from './engineRig';
import { FakeClock } from './fakeClock';

const busy: HostHealth = {
  sampledAt: '2026-01-01T12:00:00.000Z',
  cores: 4,
  load: 4,
  cpuPercent: 90,
  memoryTotalMb: 64_000,
  memoryFreeMb: 30_000,
  gpus: [],
};

describe('a look at the load of a host', () => {
  const clock = new FakeClock();
  const check = (sample: () => Promise<HostHealth>, operations: OperationView[] = []) =>
    new OverloadCheck(
      { hosts: new FixedHosts(new Map()), clock, settings: () => usualSettings },
      { sample, operations: () => operations },
    ).of('here');

  it('names the operations of that host only', async () => {
    const resources = { cpuPercent: 45, memoryMb: 100 };
    const { overloaded, reasons } = await check(
      () => Promise.resolve(busy),
      [view('train', { hostId: 'here', resources }), view('elsewhere', { hostId: 'there', resources })],
    );
    assert.equal(overloaded, true);
    assert.deepEqual(
      reasons.map(({ shares }) => shares),
      [[{ operationId: 'train', name: 'train', value: 45 }, { value: 45 }]],
    );
  });

  it('tells no overload of a host that cannot be seen, but why', async () => {
    const refused = () => Promise.reject(new Error('host here refused the connection.'));
    assert.deepEqual(await check(refused), {
      overloaded: false,
      reasons: [],
      problem: 'host here refused the connection.',
    });
  });

  it('takes no longer than five seconds, and leaves no timer behind', async () => {
    const answer = check(() => new Promise(() => undefined));
    await clock.advance(5_000);
    assert.equal((await answer).problem, 'host here did not tell its load within 5 s.');
    await check(() => Promise.resolve(busy));
    assert.deepEqual(clock.waits, []);
  });
});

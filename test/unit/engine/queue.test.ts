import assert from 'node:assert/strict';
import fc from 'fast-check';
import { planQueue, type QueueState } from '../../../src/engine/queue';
import type { Operation } from '../../../src/operations/operation';
import { isActive, isTerminal, statuses, type Status } from '../../../src/operations/status';
import { operationAt } from '../operations/samples';

const operation = (id: string, status: Status, more: Partial<Operation['spec']> = {}): Operation => {
  const { spec } = operationAt(status);
  return operationAt(status, { id, spec: { ...spec, ...more } });
};
const state = (more: Partial<QueueState> = {}): QueueState => ({
  hostName: 'gpu-box',
  limit: 2,
  starting: new Set(),
  short: new Map(),
  ...more,
});
const ids = (operations: Operation[]) => operations.map(({ id }) => id);

describe('the queue of a host', () => {
  it('starts as many as have a slot, and says why the others wait', () => {
    const plan = planQueue(
      [operation('a', 'running'), operation('b', 'queued'), operation('c', 'queued')],
      state(),
    );
    assert.deepEqual(ids(plan.start), ['b']);
    assert.deepEqual([...plan.waits], [['c', 'waits for a slot: 2 of 2 in use on gpu-box']]);
  });

  it('leaves a slot to what is active there, be it seen or not, and to nothing else', () => {
    for (const status of statuses.filter((each) => each !== 'queued')) {
      const plan = planQueue([operation('a', status), operation('b', 'queued')], state({ limit: 1 }));
      assert.deepEqual(ids(plan.start), isActive(status) ? [] : ['b'], status);
    }
    const others = [
      operationAt('running', { id: 'a', launcher: 'slurm' }),
      operationAt('running', { id: 'c', archived: true }),
    ];
    assert.deepEqual(ids(planQueue([...others, operation('b', 'queued')], state({ limit: 1 })).start), ['b']);
  });

  it('prefers a higher priority, then who was submitted first', () => {
    const waiting = [
      operation('a', 'queued'),
      operation('b', 'queued', { priority: 5 }),
      operation('c', 'queued', { priority: -1 }),
      operation('d', 'queued', { priority: 5 }),
      operation('e', 'queued', { priority: 0 }),
    ];
    assert.deepEqual(ids(planQueue(waiting, state({ limit: 4 })).start), ['b', 'd', 'a', 'e']);
  });

  it('starts nothing on a host to which nothing can be sent, and says so of what has a slot', () => {
    const plan = planQueue(
      [operation('a', 'queued'), operation('b', 'queued')],
      state({ limit: 1, starting: new Set(), held: 'waits for gpu-box: refused' }),
    );
    assert.deepEqual(plan.start, []);
    assert.deepEqual([...plan.waits.values()], ['waits for gpu-box: refused', 'waits for gpu-box: refused']);
  });

  it('lets what needs no GPU overtake what waits for GPUs, but nothing that needs fewer', () => {
    const waiting = [
      operation('big', 'queued', { gpus: 4 }),
      operation('small', 'queued', { gpus: 1 }),
      operation('none', 'queued'),
    ];
    const short = new Map([['big', 'waits for 4 GPUs: 1 of 4 free on gpu-box']]);
    const plan = planQueue(waiting, state({ limit: 0, short }));
    assert.deepEqual(ids(plan.start), ['none']);
    assert.deepEqual(Object.fromEntries(plan.waits), {
      big: 'waits for 4 GPUs: 1 of 4 free on gpu-box',
      small: 'waits for 1 GPU: others wait for GPUs before it',
    });
  });

  it('keeps nothing of another launcher waiting for a slot or for GPUs of its own', () => {
    const waiting = [
      operation('a', 'running'),
      { ...operation('b', 'queued', { gpus: 4 }), launcher: 'slurm' as const },
      operation('c', 'queued'),
    ];
    const plan = planQueue(waiting, state({ limit: 1 }));
    assert.deepEqual([ids(plan.start), [...plan.waits.keys()]], [['b'], ['c']]);
  });

  it('keeps who waits until the host is free, and nobody else', () => {
    const waiting = [
      operation('patient', 'queued', { startWhenFree: true, priority: 5 }),
      operation('other', 'queued'),
      operation('released', 'queued', { startWhenFree: true }),
    ].map((each) => (each.id === 'released' ? { ...each, startsAnyway: true } : each));
    const notFree = 'waits until gpu-box is free: CPU 97% (limit 80%)';
    const plan = planQueue(waiting, state({ limit: 0, notFree }));
    assert.deepEqual(ids(plan.start), ['other', 'released']);
    assert.deepEqual([...plan.waits], [['patient', notFree]]);
  });

  it('asks for one at a time whether the host is free: of the highest priority, then who was first', () => {
    const waiting = [
      operation('a', 'queued', { startWhenFree: true }),
      { ...operation('b', 'queued', { startWhenFree: true, priority: 1 }), launcher: 'pueue' as const },
    ];
    const plan = planQueue(waiting, state({ limit: 0 }));
    const reason = 'waits until gpu-box is free: others that wait for it go first';
    assert.deepEqual([ids(plan.start), [...plan.waits]], [['b'], [['a', reason]]]);
    const next = planQueue(waiting, state({ limit: 0, starting: new Set(['b']) }));
    assert.deepEqual([next.start, [...next.waits]], [[], [['a', reason]]]);
  });

  it('lets who waits until the host is free keep nobody from the GPUs', () => {
    const waiting = [
      operation('patient', 'queued', { gpus: 4, startWhenFree: true }),
      operation('other', 'queued', { gpus: 1 }),
    ];
    assert.deepEqual(ids(planQueue(waiting, state({ limit: 0, notFree: 'busy' })).start), ['other']);
  });

  it('lets one claim GPUs at a time', () => {
    const waiting = [operation('a', 'queued', { gpus: 1 }), operation('b', 'queued', { gpus: 1 })];
    assert.deepEqual(ids(planQueue(waiting, state({ limit: 0 })).start), ['a']);
    assert.deepEqual(planQueue(waiting, state({ limit: 0, starting: new Set(['a']) })).start, []);
  });

  it('starts nobody who needs a GPU while another is on its way to claim one', () => {
    const sent = [operation('a', 'submitting', { gpus: 2 }), operation('b', 'queued', { gpus: 1 })];
    assert.deepEqual(planQueue(sent, state({ limit: 0, starting: new Set(['a']) })).start, []);
    assert.deepEqual(ids(planQueue(sent, state({ limit: 0 })).start), ['b']);
  });
});

const any = fc.record({
  status: fc.constantFrom<Status>('queued', 'queued', 'queued', ...statuses),
  priority: fc.option(fc.integer({ min: -2, max: 2 }), { nil: undefined }),
  gpus: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
  launcher: fc.constantFrom<Operation['launcher']>('process', 'process', 'process', 'slurm'),
  archived: fc.constantFrom(false, false, false, true),
  startWhenFree: fc.constantFrom(false, false, true),
  starting: fc.boolean(),
  short: fc.boolean(),
});
const scene = fc
  .record({
    limit: fc.integer({ min: 0, max: 5 }),
    all: fc.array(any, { maxLength: 20 }),
    notFree: fc.constantFrom(undefined, 'waits until gpu-box is free'),
  })
  .map(({ limit, all, notFree }) => {
    const operations = all.map(
      ({ status, priority, gpus, launcher, archived, startWhenFree }, at): Operation => {
        const optional = {
          ...(priority !== undefined && { priority }),
          ...(gpus !== undefined && { gpus }),
          ...(startWhenFree && { startWhenFree }),
        };
        return { ...operation(`op-${at}`, status, optional), launcher, archived };
      },
    );
    const named = (is: 'starting' | 'short') =>
      operations.filter((each, at) => all[at]?.[is] && each.status === 'queued').map(({ id }) => id);
    const short = new Map(named('short').map((id) => [id, 'waits for GPUs']));
    return { operations, state: state({ limit, starting: new Set(named('starting')), short, notFree }) };
  });
const takesSlot = ({ launcher, archived }: Operation) => launcher === 'process' && !archived;

describe('the queue of a host: any operations', () => {
  it('never starts more than the limit allows', () =>
    fc.assert(
      fc.property(scene, ({ operations, state: { limit, starting, ...rest } }) => {
        const { start } = planQueue(operations, { limit, starting, ...rest });
        const busy = operations.filter(
          (each) => takesSlot(each) && (isActive(each.status) || starting.has(each.id)),
        ).length;
        assert.ok(limit === 0 || start.filter(takesSlot).length <= Math.max(0, limit - busy));
      }),
    ));

  it('starts, or gives a reason for, each that waits, and nothing else', () =>
    fc.assert(
      fc.property(scene, ({ operations, state }) => {
        const plan = planQueue(operations, state);
        const waiting = operations.filter(
          (each) => !each.archived && each.status === 'queued' && !state.starting.has(each.id),
        );
        assert.deepEqual([...ids(plan.start), ...plan.waits.keys()].sort(), ids(waiting).sort());
      }),
    ));

  it('starts nobody while one that needs nothing more waits before it', () =>
    fc.assert(
      fc.property(scene, ({ operations, state }) => {
        const plan = planQueue(operations, state);
        const rank = (each: Operation) => [-(each.spec.priority ?? 0), operations.indexOf(each)] as const;
        const isBefore = (a: Operation, b: Operation) => {
          const [one, other] = [rank(a), rank(b)];
          return one[0] < other[0] || (one[0] === other[0] && one[1] < other[1]);
        };
        for (const [id] of plan.waits) {
          const waits = operations.find((each) => each.id === id) as Operation;
          for (const starts of plan.start.filter(takesSlot)) {
            const gpus = (each: Operation) => (each.spec.gpus ?? 0) > 0;
            const isPatient = waits.spec.startWhenFree === true;
            assert.ok(!isBefore(waits, starts) || isPatient || (gpus(waits) && !gpus(starts)));
          }
        }
      }),
    ));

  it('starts at most one of those that wait until the host is free, and none while it is not', () =>
    fc.assert(
      fc.property(scene, ({ operations, state }) => {
        const patient = (each: Operation) => each.spec.startWhenFree === true;
        const { start } = planQueue(operations, state);
        assert.ok(start.filter(patient).length <= (state.notFree === undefined ? 1 : 0));
      }),
    ));

  it('starves nobody of equal priority: as slots come free, all are started in order of submission', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 40 }),
        (limit, endsAt) => {
          let operations = endsAt.map((_, at) => operation(`op-${at}`, 'queued'));
          const started: string[] = [];
          for (let round = 0; operations.some(({ status }) => !isTerminal(status)); round++) {
            assert.ok(round <= endsAt.length * 2, 'somebody starves');
            const { start } = planQueue(operations, state({ limit }));
            started.push(...ids(start));
            operations = operations.map((each) =>
              start.includes(each) ? { ...each, status: 'running' } : each,
            );
            const running = operations.filter(({ status }) => status === 'running');
            assert.ok(running.length <= limit);
            const ends = running[(endsAt[round % endsAt.length] ?? 0) % Math.max(1, running.length)];
            operations = operations.map((each) => (each === ends ? { ...each, status: 'completed' } : each));
          }
          assert.deepEqual(started, ids(operations));
        },
      ),
    ));
});

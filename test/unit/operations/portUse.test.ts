import assert from 'node:assert/strict';
import type { Holder, Listener, PortLook } from '../../../src/operations/listener';
import type { Operation } from '../../../src/operations/operation';
import type { OperationView } from '../../../src/operations/operationView';
import { plannedText } from '../../../src/operations/portPlan';
import { type OperationBook, portUses } from '../../../src/operations/portUse';

const place = { machineId: 'm', bootId: 'boot-1' };
const me = 1000;

const holder = (pid: number, more: Partial<Holder> = {}): Holder => ({
  pid,
  startTicks: `${pid}0`,
  name: 'python3',
  command: 'python3 main.py',
  ...more,
});
const listener = (port: number, more: Partial<Listener> = {}): Listener => ({
  address: '127.0.0.1',
  port,
  uid: me,
  user: 'ada',
  ...more,
});
const look = (...listeners: Listener[]): PortLook => ({
  ...place,
  uid: me,
  listeners,
  taken: listeners.map(({ port }) => port),
});
const spec = { hostId: 'lab', type: 'server', name: 'web', command: 'serve' } as const;
const identity = { ...place, pid: 400, startTicks: '77' };
const book = (...operations: [id: string, status: 'running' | 'completed'][]): OperationBook => ({
  get: (id) => {
    const found = operations.find(([each]) => each === id);
    return found && { id, status: found[1] };
  },
  active: operations
    .filter(([, status]) => status === 'running')
    .map(([id, status]) => ({ id, identity, spec, status, launcher: 'process' })),
});
const whose = (found: Holder, known = book(), uid = me) => {
  const [use] = portUses(look(listener(8188, { uid, holder: found })), [8188], 'lab', known);
  return { operationId: use?.operationId, isOrphan: use?.isOrphan, isOwn: use?.isOwn };
};

describe('whose a port is', () => {
  const nobodys = { operationId: undefined, isOrphan: undefined, isOwn: true };

  it('is told by the id in the environment while the operation has not ended', () => {
    const found = whose(holder(500, { operation: 'op-1' }), book(['op-1', 'running']));
    assert.deepEqual(found, { ...nobodys, operationId: 'op-1' });
  });

  it('is told by the session where the environment tells nothing, if its leader is the same process', () => {
    const inSession = { session: 400, sessionTicks: '77' };
    assert.equal(whose(holder(500, inSession), book(['op-1', 'running'])).operationId, 'op-1');
    const given = whose(holder(500, { ...inSession, sessionTicks: '99' }), book(['op-1', 'running']));
    assert.deepEqual(given, nobodys);
    const leaderless = whose(holder(500, { session: 400 }), book(['op-1', 'running']));
    assert.deepEqual(leaderless, nobodys);
  });

  it('is an orphan of an operation that has ended, or that the list does not know', () => {
    const orphan = { ...nobodys, operationId: 'op-1', isOrphan: true };
    assert.deepEqual(whose(holder(500, { operation: 'op-1' }), book(['op-1', 'completed'])), orphan);
    assert.deepEqual(whose(holder(500, { operation: 'op-1' })), orphan);
  });

  it('is no orphan of ours where another user has an id of their own list', () => {
    const theirs = whose(holder(500, { operation: 'op-9' }), book(), 1001);
    assert.deepEqual(theirs, { operationId: undefined, isOrphan: undefined, isOwn: undefined });
  });

  it('is another program of the user, or of another user, where nothing says otherwise', () => {
    assert.deepEqual(whose(holder(500), book(['op-1', 'running'])), nobodys);
    assert.equal(whose(holder(500), book(['op-1', 'running']), 0).isOwn, undefined);
  });
});

/** Operations that have not ended, with the port that each is submitted with. */
const meaning = (
  ...operations: [id: string, port: number, more?: Partial<Operation & { hostId: string }>][]
): OperationBook => ({
  ...book(),
  active: operations.map(([id, port, { hostId = 'lab', ...more } = {}]) => ({
    ...{ id, status: 'starting', launcher: 'process' },
    ...more,
    spec: { ...spec, port, hostId },
  })),
});

describe('uses of a port', () => {
  it('are one for a server with its workers and addresses, named by the process that made it', () => {
    const [use, ...others] = portUses(
      look(
        listener(80, { holder: holder(12, { parent: 11 }), uid: 33, user: 'www' }),
        listener(80, { holder: holder(13, { parent: 12 }) }),
        listener(80, { holder: holder(11, { parent: 1, name: 'gunicorn' }) }),
        listener(80, { holder: holder(11, { parent: 1, name: 'gunicorn' }), address: '::1' }),
      ),
      [],
      'lab',
      book(),
    );
    assert.deepEqual(others, []);
    assert.deepEqual(use, {
      port: 80,
      listening: true,
      addresses: ['127.0.0.1', '::1'],
      pid: 11,
      process: 'gunicorn',
      command: 'python3 main.py',
      user: 'ada',
      identity: { ...place, pid: 11, startTicks: '110' },
      sharedBy: [
        { ...place, pid: 12, startTicks: '120', process: 'python3', user: 'www' },
        { ...place, pid: 13, startTicks: '130', process: 'python3', user: 'ada', isOwn: true },
      ],
      isOwn: true,
      nextFree: 81,
    });
  });

  it('are several for programs that have nothing to do with each other, and one that cannot be seen', () => {
    const uses = portUses(
      look(
        listener(80, { holder: holder(11, { parent: 1 }) }),
        listener(80, { holder: holder(12, { parent: 1 }), address: '10.0.0.1' }),
        listener(80, { uid: 0, user: 'root', address: '10.0.0.2' }),
      ),
      [80],
      'lab',
      book(),
    );
    assert.deepEqual(
      uses.map(({ pid, user, isOwn }) => [pid, user, isOwn]),
      [
        [11, 'ada', true],
        [12, 'ada', true],
        [undefined, 'root', undefined],
      ],
    );
  });

  it('are told for every port that was asked about, also where nothing listens or nobody is named', () => {
    const seen = { ...look(), taken: [8081] };
    assert.deepEqual(portUses(seen, [8080, 8081, 8080], 'lab', book()), [
      { port: 8080, listening: false },
      { port: 8081, listening: true, nextFree: 8082 },
    ]);
    assert.deepEqual(portUses(seen, [], 'lab', book()), []);
  });

  it('tell the next port that is neither taken nor meant for an operation on that host', () => {
    const planned = meaning(['op-2', 8190], ['op-3', 8191, { hostId: 'other' }]);
    const seen = { ...look(listener(8188), listener(65_535)), taken: [8188, 8189, 65_535] };
    const next = portUses(seen, [8188, 65_535], 'lab', planned).map(({ nextFree }) => nextFree);
    assert.deepEqual(next, [8191, undefined]);
  });

  it('are also those of operations that are to listen on it: none was seen yet, or another program has it', () => {
    const planned = meaning(['op-2', 8188], ['op-3', 8189, { status: 'queued' }], ['op-4', 8190]);
    const meant = { listening: false, isPlanned: true, nextFree: 8191 };
    assert.deepEqual(portUses(look(), [8188, 8191], 'lab', planned), [
      { ...meant, port: 8188, operationId: 'op-2' },
      { port: 8191, listening: false },
    ]);
    const both = portUses(look(listener(8189, { holder: holder(500) })), [8189], 'lab', planned);
    assert.deepEqual(
      both.map(({ listening, pid, operationId, isPlanned }) => ({ listening, pid, operationId, isPlanned })),
      [
        { listening: true, pid: 500, operationId: undefined, isPlanned: undefined },
        { listening: false, pid: undefined, operationId: 'op-3', isPlanned: true },
      ],
    );
    assert.deepEqual(
      portUses(look(listener(80)), [], 'lab', planned).map(({ port }) => port),
      [80, 8188, 8189, 8190],
    );
  });

  it('tell an operation once, as what listens, unless that is only what is left of another one', () => {
    const { active } = meaning(['op-1', 8188]);
    const known = { ...book(['op-1', 'running'], ['op-0', 'completed']), active };
    const usesWith = (operation: string) =>
      portUses(look(listener(8188, { holder: holder(500, { operation }) })), [8188], 'lab', known);
    assert.deepEqual(
      usesWith('op-1').map(({ operationId, isPlanned }) => [operationId, isPlanned]),
      [['op-1', undefined]],
    );
    assert.deepEqual(
      usesWith('op-0').map(({ operationId, isPlanned }) => [operationId, isPlanned]),
      [
        ['op-0', undefined],
        ['op-1', true],
      ],
    );
  });

  it('leave out what ends for good, and what runs elsewhere or by rules of its own', () => {
    const usesOf = (more: Partial<Operation & { hostId: string }>) =>
      portUses(look(), [8188], 'lab', meaning(['op-1', 8188, more])).map(({ operationId }) => operationId);
    for (const more of [
      { status: 'stopping' },
      { launcher: 'slurm' },
      { launcher: 'external' },
      { archived: true },
      { hostId: 'other' },
    ] as const) {
      assert.deepEqual(usesOf(more), [undefined], JSON.stringify(more));
    }
    for (const more of [
      { status: 'stopping', restartAs: 'op-2' },
      { launcher: 'pueue', status: 'pending' },
      { status: 'unconfirmed' },
      { status: 'running' },
    ] as const) {
      assert.deepEqual(usesOf(more), ['op-1'], JSON.stringify(more));
    }
  });
});

describe('who is to listen on a port', () => {
  const now = Date.parse('2026-01-01T00:01:00.000Z');
  const startedAt = '2026-01-01T00:00:55.000Z';
  const words = (changes: Partial<OperationView>) =>
    plannedText({ name: 'web', status: 'starting', ...changes }, now);

  it('is said with how far its start is', () => {
    assert.equal(words({ startedAt }), 'operation "web", which was started 5 s ago and is to listen on it');
    assert.match(words({ status: 'queued' }), /^operation "web", which is queued and is to listen on it$/);
    assert.match(words({ status: 'submitting' }), /^operation "web", which is being started and is to /);
    assert.equal(words({ status: 'running', startedAt }), 'operation "web", whose port it is');
    assert.equal(plannedText(undefined, now), 'an operation that is to listen on it');
  });
});

import assert from 'node:assert/strict';
import { combined } from '../../../src/launchers/pueue/interpretTask';
import { findTasks } from '../../../src/launchers/pueue/findTasks';
import {
  type LookAnswer,
  readLookAnswer,
  readOther,
  readTask,
} from '../../../src/launchers/pueue/lookAnswer';
import type { Evidence } from '../../../src/operations/evidence';
import type { Operation } from '../../../src/operations/operation';
import { alive, operationAt } from '../operations/samples';
import { goldenStatus, goldenVersions, keptLines, otherLines } from './goldenPueue';

const hostSeconds = Date.parse('2026-11-25T01:36:00Z') / 1000;

function answerOf(lines: readonly string[]): LookAnswer {
  const answer = readLookAnswer({
    machineId: 'machine',
    bootId: 'boot',
    uptimeSeconds: 1000,
    lines: lines.map((line) => ({ words: line.split(' '), data: Buffer.from('Error: nope') })),
  });
  assert.ok(answer);
  return answer;
}

const lookOf = (version: string, ...more: string[]) => {
  const lines = keptLines(goldenStatus(version));
  return answerOf(['pueue ok', ...lines, `now ${hostSeconds}`, ...more]);
};

const notLaunched: Evidence = { kind: 'not-launched' };
const absent: Evidence = { kind: 'absent', reason: 'its processes are gone', killDelivered: false };
const at = (id: string, status: Operation['status'] = 'pending', more: Partial<Operation> = {}): Operation =>
  operationAt(status, { id, launcher: 'pueue', machineId: 'machine', ...more });
const judge = (id: string, run: Evidence, answer: LookAnswer, operation = at(id)) =>
  combined(operation, run, answer, 'dgx');

for (const version of goldenVersions) {
  describe(`what pueue ${version} says`, () => {
    const answer = lookOf(version);
    const said = (id: string, run: Evidence = notLaunched) => judge(id, run, answer);

    it('is understood, all of it', () => {
      assert.equal(answer.strange, 0);
      assert.equal(answer.tasks.size, 11);
      assert.deepEqual(answer.groups.get('narrow'), { name: 'narrow', parallel: 1, isPaused: true });
      assert.equal(answer.groups.get('default')?.parallel, 6);
    });

    const waits: [id: string, state: string, reason: RegExp][] = [
      ['queued', 'Queued', /^the group "narrow" is paused$/],
      ['waits', 'Queued', /^the group "narrow" is paused$/],
      ['stashed', 'Stashed', /^stashed$/],
      ['later', 'Stashed', /^stashed until 2026-11-25T11:35:\d\d\.\d+Z$/],
    ];
    for (const [id, state, reason] of waits) {
      it(`of a task that is ${id}: pending, and why`, () => {
        const evidence = said(id);
        assert.ok(evidence?.kind === 'pending');
        assert.equal(evidence.scheduler?.state, state);
        assert.match(evidence.reason ?? '', reason);
      });
    }

    for (const [id, activity] of [
      ['running', 'running'],
      ['paused', 'paused'],
    ]) {
      it(`of a task that is ${id}: alive, since its start by the host's clock`, () => {
        const evidence = said(id as string);
        assert.ok(evidence?.kind === 'alive');
        assert.equal(evidence.activity, activity);
        assert.ok(evidence.uptimeSeconds > 5 && evidence.uptimeSeconds < 20, String(evidence.uptimeSeconds));
      });
    }

    const ends: [id: string, state: string, exitCode: number | undefined, reason: RegExp][] = [
      ['success', 'completed', 0, /^Success$/],
      ['failed', 'failed', 3, /^pueue could not start it: exit 3$/],
      ['dependent', 'failed', undefined, /depends on failed/],
      ['unspawned', 'failed', undefined, /could not start it: .*No such file or directory/],
      ['killed', 'cancelled', undefined, /^killed before it began$/],
    ];
    for (const [id, state, exitCode, reason] of ends) {
      it(`of a task that has ended without having begun (${id}): ${state}`, () => {
        const evidence = said(id);
        assert.ok(evidence?.kind === 'settled');
        assert.deepEqual([evidence.state, evidence.exitCode], [state, exitCode]);
        assert.match(evidence.reason, reason);
        assert.ok((evidence.endedSecondsAgo ?? 0) > 5);
      });
    }

    it('is weaker than an exit code and than a process that lives', () => {
      const exited: Evidence = { kind: 'exited', exitCode: 4, killDelivered: false };
      assert.deepEqual(said('killed', exited), exited);
      assert.equal(said('killed', alive())?.kind, 'alive');
    });

    it('is stronger than a process that is gone, where it says that it was killed', () => {
      const evidence = said('killed', absent);
      assert.ok(evidence?.kind === 'settled');
      assert.deepEqual(
        [evidence.state, evidence.reason],
        ['cancelled', 'killed in pueue; its processes are gone'],
      );
      assert.deepEqual(said('success', absent), absent);
      assert.equal(said('running', absent)?.kind, 'alive');
    });

    it('says nothing where it is the pueue of another machine', () => {
      const elsewhere = at('success', 'pending', { machineId: 'another' });
      const ambiguous: Evidence = { kind: 'ambiguous', reason: 'another machine' };
      assert.deepEqual(judge('success', ambiguous, answer, elsewhere), ambiguous);
      assert.deepEqual(judge('success', notLaunched, answer, elsewhere), notLaunched);
    });

    it('is put off for what began meanwhile', () => {
      assert.equal(judge('success', notLaunched, lookOf(version, 'claimed success')), undefined);
    });
  });
}

describe('a task that pueue does not have', () => {
  const scheduler = { jobId: '7', state: 'Queued' };
  const waited = at('gone', 'pending', { scheduler });

  for (const handed of ['none', 'same', 'unknown']) {
    it(`was not launched, where it was never heard of: handed to ${handed}`, () => {
      const answer = lookOf('4.0.4', `handed new ${handed}`);
      assert.deepEqual(judge('new', notLaunched, answer, at('new', 'unconfirmed')), notLaunched);
    });
  }

  it('is absent, where the daemon had it before', () => {
    assert.equal(judge('gone', notLaunched, lookOf('4.0.4', 'handed gone same'), waited)?.kind, 'absent');
  });

  it('is ambiguous, where another daemon had it, or that cannot be told', () => {
    for (const more of [
      ['handed gone other'],
      ['handed gone unknown'],
      ['handed gone none'],
      ['handed gone so'],
      [],
    ]) {
      assert.equal(judge('gone', notLaunched, lookOf('4.0.4', ...more), waited)?.kind, 'ambiguous', more[0]);
    }
    const doubted = judge('new', notLaunched, lookOf('4.0.4', 'handed new other'), at('new', 'unconfirmed'));
    assert.equal(doubted?.kind, 'ambiguous');
  });

  it('is ambiguous, where some task is not understood', () => {
    for (const line of ['strange', 'task 1 Queued {"id":1}', 'task 1 Queued nonsense']) {
      const strange = lookOf('4.0.4', line, 'handed gone same', 'handed new same');
      assert.equal(
        judge('gone', notLaunched, strange, at('gone', 'pending', { scheduler }))?.kind,
        'ambiguous',
      );
      assert.equal(judge('new', notLaunched, strange, at('new', 'unconfirmed'))?.kind, 'ambiguous');
    }
  });

  const problems: [line: string, reason: string][] = [
    ['no-daemon', 'the pueue daemon is not running on dgx: start it there with "pueued -d"'],
    ['no-pueue', 'pueue is not to be found on dgx: put it on the PATH of sessions without a terminal'],
    ['no-answer', 'pueue does not answer on dgx: Error: nope'],
    ['something-else', 'pueue does not answer on dgx: Error: nope'],
  ];
  for (const [code, reason] of problems) {
    it(`is not seen where pueue does not answer (${code}), and a gone process is what it is`, () => {
      const silent = answerOf([`pueue failed ${code}`, `now ${hostSeconds}`]);
      assert.deepEqual(judge('gone', notLaunched, silent), { kind: 'unseen', observation: 'stale', reason });
      assert.deepEqual(judge('gone', absent, silent), absent);
    });
  }
});

for (const version of goldenVersions) {
  describe(`what pueue ${version} says of tasks of others`, () => {
    const status = goldenStatus(version);
    const names = Object.fromEntries(Array.from({ length: 13 }, (_, number) => [number, `n${number}`]));
    const find = (...more: string[]) =>
      findTasks(answerOf(['pueue ok', ...otherLines(status, names), `now ${hostSeconds}`, ...more]), 'dgx');

    it('is what they are', () => {
      const found = find('daemon 1-2');
      assert.ok('jobs' in found);
      assert.deepEqual([found.place, found.source, found.isWhole], ['machine', '1-2', true]);
      const told = found.jobs.map(({ evidence }) =>
        evidence.kind === 'settled'
          ? `${evidence.state} ${evidence.exitCode ?? ''}: ${evidence.reason}`
          : evidence.kind,
      );
      assert.deepEqual(told.slice(0, 12), [
        ...['completed 0: Success', 'failed 3: exit 3', 'failed : a task that it depends on failed'],
        ...['cancelled : killed in pueue', 'alive', 'alive', ...Array<string>(6).fill('pending')],
      ]);
      assert.match(told[12] ?? '', /^failed : pueue could not start it: .*No such file/);
      assert.equal(new Set(found.jobs.map(({ key }) => key)).size, 13);
      assert.match(found.jobs[0]?.submittedAt ?? '', /^2026-11-25T01:35:4\d\.\d{3}Z$/);
    });

    it('is not all of it where some are not told or not understood, or the daemon has no name', () => {
      const lacking = [
        ['more 3', 'daemon 1-2'],
        ['strange', 'daemon 1-2'],
        ['other 1 Queued {"id":1}', 'daemon 1-2'],
        [],
      ];
      for (const more of lacking) {
        const found = find(...more);
        assert.ok('jobs' in found && !found.isWhole, more.join());
        assert.equal(found.jobs.length, 13);
      }
    });
  });
}

describe('other tasks', () => {
  const sound = {
    id: 7,
    status: 'Queued',
    group: 'default',
    created_at: '2026-01-01T00:00:00.123+01:00',
    name: 'x',
  };
  const found = (task: object) => {
    const answer = answerOf(['pueue ok', `other 7 Queued ${JSON.stringify(task)}`, 'daemon 1-2']);
    const all = findTasks(answer, 'dgx');
    return 'jobs' in all ? all.jobs[0] : undefined;
  };

  it('have a name in any case, and the operation that their label names', () => {
    assert.deepEqual([found(sound)?.name, found(sound)?.token], ['x', undefined]);
    assert.equal(found({ ...sound, name: ' ' })?.name, 'task 7');
    assert.equal(found({ ...sound, name: 'remote-ops-mine' })?.token, 'mine');
    assert.equal(found({ ...sound, name: 'a\u001b[2J' })?.name, 'a [2J');
  });

  it('have the same key in whatever time zone pueue tells times', () => {
    const inUtc = { ...sound, created_at: '2025-12-31T23:00:00.123Z' };
    assert.equal(found(sound)?.key, found(inUtc)?.key);
    assert.equal(found(sound)?.submittedAt, '2025-12-31T23:00:00.123Z');
  });

  it('of another shape are not understood', () => {
    for (const wrong of [
      { ...sound, created_at: 'soon' },
      { ...sound, name: 7 },
      { ...sound, id: 'x' },
      {},
    ]) {
      assert.equal(readOther(JSON.stringify(wrong)), undefined, JSON.stringify(wrong));
    }
  });

  it('are not seen where pueue does not answer', () => {
    const silent = findTasks(answerOf(['pueue failed no-daemon']), 'dgx');
    assert.ok('problem' in silent);
    assert.match(silent.problem, /daemon is not running on dgx/);
  });
});

describe('several tasks with one label', () => {
  const task = (number: number, status: unknown) =>
    `task ${number} X ${JSON.stringify({ id: number, label: 'remote-ops-twice', group: 'default', dependencies: [], status, start: null, end: null })}`;
  const answer = (...lines: string[]) => answerOf(['pueue ok', ...lines, 'whole', `now ${hostSeconds}`]);
  const done = { Done: { enqueued_at: null, start: null, end: null, result: 'Success' } };

  it('count as one that runs, while one does', () => {
    assert.equal(judge('twice', notLaunched, answer(task(1, done), task(2, 'Running')))?.kind, 'alive');
    assert.equal(judge('twice', notLaunched, answer(task(1, 'Queued'), task(2, 'Running')))?.kind, 'alive');
  });

  it('count as one that waits, while one does and none runs', () => {
    assert.equal(judge('twice', notLaunched, answer(task(1, 'Queued'), task(2, done)))?.kind, 'pending');
  });

  it('in a state that is not known: active, never an end', () => {
    assert.equal(judge('twice', notLaunched, answer(task(1, { Pondering: {} })))?.kind, 'pending');
    assert.equal(judge('twice', notLaunched, answer(task(1, { Done: 'Vanished' })))?.kind, 'ambiguous');
  });
});

describe('a line about a task', () => {
  it('that is not one of ours, or of another shape, is not understood', () => {
    const sound = { id: 1, label: 'remote-ops-x', status: 'Queued', group: 'default' };
    assert.equal(readTask(JSON.stringify(sound))?.token, 'x');
    for (const wrong of [
      { ...sound, id: '1' },
      { ...sound, id: -1 },
      { ...sound, label: null },
      { ...sound, label: 'x' },
      { ...sound, status: 7 },
      { ...sound, group: undefined },
      { ...sound, start: 7 },
    ]) {
      assert.equal(readTask(JSON.stringify(wrong)), undefined, JSON.stringify(wrong));
    }
    assert.equal(readTask('[]'), undefined);
    assert.equal(readTask('{'), undefined);
  });

  it('shows nothing of a host that moves the cursor', () => {
    const task = readTask(
      JSON.stringify({
        id: 1,
        label: 'remote-ops-x',
        group: 'a\u001b[2J',
        status: { Done: { FailedToSpawn: '\u0007no' } },
      }),
    );
    assert.deepEqual([task?.group, task?.result, task?.detail], ['a [2J', 'FailedToSpawn', 'no']);
  });
});

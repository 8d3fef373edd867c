import assert from 'node:assert/strict';
import { combined } from '../../../src/launchers/pueue/interpretTask';
import { type LookAnswer, readLookAnswer, readTask } from '../../../src/launchers/pueue/lookAnswer';
import type { Evidence } from '../../../src/operations/evidence';
import type { Operation } from '../../../src/operations/operation';
import { alive, operationAt } from '../operations/samples';
import { goldenStatus, goldenVersions, keptLines } from './goldenPueue';

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
  // Those of others never leave the host.
  const lines = keptLines(goldenStatus(version)).filter((line) => !/^task (10|11) /.test(line));
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
  const answer = lookOf('4.0.4');
  const scheduler = { jobId: '7', state: 'Queued' };

  it('was not launched, where it was never heard of', () => {
    assert.deepEqual(judge('new', notLaunched, answer, at('new', 'unconfirmed')), notLaunched);
  });

  it('is absent, where it was there before', () => {
    assert.equal(judge('gone', notLaunched, answer, at('gone', 'pending', { scheduler }))?.kind, 'absent');
  });

  it('is ambiguous, where some task is not understood', () => {
    for (const line of ['strange', 'task 1 Queued {"id":1}', 'task 1 Queued nonsense']) {
      const strange = lookOf('4.0.4', line);
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

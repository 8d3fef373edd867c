import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { type Block, parseBlock } from '../../../src/launchers/frame';
import { interpretJobs } from '../../../src/launchers/slurm/interpretJobs';
import { parseAccountingLine, parseDuration, parseQueueLine } from '../../../src/launchers/slurm/jobLines';
import { jobUses } from '../../../src/launchers/slurm/jobUses';
import { type LookAnswer, readLookAnswer } from '../../../src/launchers/slurm/lookAnswer';
import type { Evidence } from '../../../src/operations/evidence';
import type { Operation } from '../../../src/operations/operation';
import { repositoryRoot } from '../../testbed/repositoryRoot';
import { operationAt } from '../operations/samples';

const goldenFolder = path.join(repositoryRoot, 'test/unit/launchers/goldenSlurm');

/** Answers of look.sh about the same jobs, the second after all of them had left the queue. */
const recorded = (what: 'queue' | 'accounting') =>
  answerOf(parseBlock(readFileSync(path.join(goldenFolder, `${what}-22.05.8.txt`), 'utf8'), 'abc', 'here'));

function answerOf(block: Block): LookAnswer {
  const answer = readLookAnswer(block);
  assert.ok(answer);
  return answer;
}

/** An answer as look.sh would give it. */
const told = (...lines: string[]): LookAnswer =>
  answerOf({
    ...{ machineId: 'm', bootId: 'b', uptimeSeconds: 1, runsId: 'runs' },
    lines: ['now 2026-11-24T23:00:00', 'queue ok', ...lines].map((line) => ({
      words: line.split(' '),
      data: Buffer.alloc(0),
    })),
  });

const job = (state: string, { id = 7, submit = '10:00:00', reason = 'None' } = {}) =>
  `job ${id}|N/A|remote-ops-op-1|${state}|main|node1|1:00|2:00:00|N/A|N/A|2026-11-24T${submit}|1|${reason}`;

const operation = (more: Partial<Operation> = {}): Operation =>
  operationAt('running', { launcher: 'slurm', runsId: 'runs', ...more });

const seen = (answer: LookAnswer, more: Partial<Operation> = {}): Evidence =>
  interpretJobs(answer, [operation(more)]).get('op-1') as Evidence;

function inShort(evidence: Evidence | undefined): string {
  switch (evidence?.kind) {
    case 'pending':
      return `pending (${evidence.reason})`;
    case 'alive':
      return `${evidence.activity} for ${evidence.uptimeSeconds} s`;
    case 'settled': {
      const { state, exitCode, reason, endedSecondsAgo } = evidence;
      return `${state} ${exitCode ?? '-'}: ${reason}, ${endedSecondsAgo} s ago`;
    }
    case 'absent':
    case 'ambiguous':
      return `${evidence.kind}: ${evidence.reason}`;
    default:
      return evidence?.kind ?? 'nothing';
  }
}

function evidenceIn(answer: LookAnswer): Record<string, string> {
  const ids = [
    ...['timeout', 'running', 'completed', 'failed', 'cancelled', 'killed', 'suspended', 'array'],
    ...['waits', 'depends', 'held', 'later', 'gone'],
  ];
  const slurm = { array: '0-9%2' };
  const operations = ids.map((id) => {
    const one = operationAt('running', { id, launcher: 'slurm' });
    return id === 'array' ? { ...one, spec: { ...one.spec, slurm } } : one;
  });
  return Object.fromEntries([...interpretJobs(answer, operations)].map(([id, each]) => [id, inShort(each)]));
}

describe('jobs of Slurm', () => {
  it('are understood as its queue (22.05.8) told of them', () => {
    assert.deepEqual(evidenceIn(recorded('queue')), {
      timeout: 'failed -: TIMEOUT (TimeLimit), 40 s ago',
      running: 'running for 101 s',
      completed: 'completed 0: COMPLETED, 101 s ago',
      failed: 'failed -: FAILED (NonZeroExitCode), 101 s ago',
      cancelled: 'cancelled -: CANCELLED, 98 s ago',
      killed: 'failed -: FAILED (JobLaunchFailure), 101 s ago',
      suspended: 'paused for 3 s',
      array: 'running for 98 s',
      waits: 'pending (Resources)',
      depends: 'pending (Dependency)',
      held: 'pending (JobHeldUser)',
      later: 'pending (BeginTime)',
      gone: 'absent: Slurm does not know it any more and it left no exit code',
    });
  });

  it('are understood as its accounting (22.05.8) told of them: nothing is over that it does not call over', () => {
    const lost = 'absent: Slurm does not know it any more and it left no exit code';
    assert.deepEqual(evidenceIn(recorded('accounting')), {
      timeout: 'failed -: TIMEOUT, 40 s ago',
      running: `ambiguous: not in the queue, and RUNNING by Slurm's accounting`,
      completed: 'completed 0: COMPLETED, 101 s ago',
      failed: 'failed 3: FAILED, 101 s ago',
      cancelled: 'cancelled -: CANCELLED (by 0), 98 s ago',
      killed: 'failed -: FAILED, 101 s ago',
      suspended: `ambiguous: not in the queue, and SUSPENDED by Slurm's accounting`,
      array: 'running for 98 s',
      waits: `ambiguous: not in the queue, and PENDING by Slurm's accounting`,
      depends: lost,
      held: lost,
      later: lost,
      gone: lost,
    });
  });

  it('are told with what concerns the user', () => {
    const evidence = interpretJobs(recorded('queue'), [operationAt('pending', { id: 'waits' })]).get('waits');
    assert.deepEqual(evidence?.kind === 'pending' && evidence.scheduler, {
      jobId: '9',
      state: 'PENDING',
      reason: 'Resources',
      partition: 'main',
      estimatedStart: '2026-11-25T01:04:09.000Z',
      timeLimitSeconds: 7200,
    });
  });

  it('of an array are counted by task', () => {
    const array = { ...operationAt('running', { id: 'array' }) };
    const evidence = interpretJobs(recorded('queue'), [array]).get('array');
    assert.deepEqual(evidence?.kind === 'alive' && evidence.scheduler?.tasks, {
      pending: 7,
      running: 2,
      completed: 1,
      failed: 0,
      cancelled: 0,
    });
  });

  it('of an array are paused once nothing of it runs, nor would start', () => {
    const spec = { ...operationAt('running').spec, slurm: { array: '0-3' } };
    const tasks = (range: string, state: string, reason = 'None', start = 'N/A') =>
      job(state, { reason }).replace('7|N/A', `7|${range}`).replace('2:00:00|N/A', `2:00:00|${start}`);
    const suspended = tasks('0', 'SUSPENDED');
    const held = tasks('2-3', 'PENDING', 'JobHeldUser');
    assert.match(inShort(seen(told(suspended, tasks('1', 'COMPLETED'), held), { spec })), /^paused/);
    assert.match(inShort(seen(told(suspended, tasks('1', 'RUNNING'), held), { spec })), /^running/);
    assert.match(inShort(seen(told(suspended, tasks('1-3', 'PENDING', 'Priority')), { spec })), /^running/);
    const waits = seen(told(tasks('0-3', 'PENDING', 'Priority', '2026-11-25T01:04:09')), { spec });
    assert.equal(waits.kind === 'pending' && waits.scheduler?.estimatedStart, '2026-11-25T01:04:09.000Z');
  });

  it('rule 8: in a state that is not listed are active', () => {
    assert.equal(inShort(seen(told(job('LAUNCH_WAIT')))), 'running for 60 s');
  });

  it('rule 1: are not seen when the queue does not answer', () => {
    const answer = answerOf({
      ...{ machineId: 'm', bootId: 'b', uptimeSeconds: 1 },
      lines: [{ words: ['queue', 'failed'], data: Buffer.from('slurm_load_jobs error: \u001b[31mno') }],
    });
    const evidence = seen(answer);
    assert.deepEqual(evidence, {
      kind: 'unseen',
      observation: 'stale',
      reason: 'Slurm does not answer: slurm_load_jobs error:  [31mno',
    });
  });

  it('rule 1: are not absent while accounting fails, or behind another home directory', () => {
    const failing = told('run op-1 yes yes 7', 'accounting failed');
    assert.equal(seen(failing).kind, 'ambiguous');
    assert.equal(seen(told('run op-1 no no -'), { runsId: 'others' }).kind, 'ambiguous');
  });

  it('rule 1: are not absent where a line is not understood, or accounting was not asked about all of them', () => {
    const scheduler = { jobId: '7', state: 'RUNNING' };
    const known = 'run op-1 yes yes 7';
    for (const line of [
      'job 7|N/A|remote-',
      'job x|N/A|remote-ops-op-1|RUNNING|a|b|c|d|e|f|g|1|h',
      'record 7',
    ]) {
      assert.equal(seen(told(known, line, 'accounting ok'), { scheduler }).kind, 'ambiguous', line);
      assert.equal(seen(told(line), { status: 'unconfirmed' }).kind, 'ambiguous', line);
    }
    assert.equal(seen(told(known, 'left op-1', 'accounting ok'), { scheduler }).kind, 'ambiguous');
    assert.equal(seen(told(known, 'left op-2', 'accounting ok'), { scheduler }).kind, 'absent');
  });

  it('that were perhaps submitted are not launched for now, and absent once they were known', () => {
    const answer = told('run op-1 yes no -');
    assert.deepEqual(seen(answer, { status: 'unconfirmed' }), { kind: 'not-launched', mayFollow: true });
    const scheduler = { jobId: '7', state: 'RUNNING' };
    assert.equal(seen(answer, { status: 'running', scheduler }).kind, 'absent');
  });

  it('of one token: the one that has the claim counts, whatever became of the other', () => {
    const two = [job('COMPLETED', { id: 8, submit: '11:00:00' }), job('RUNNING', { id: 7 })];
    assert.equal(inShort(seen(told(...two, 'run op-1 yes yes 7'))), 'running for 60 s');
    assert.match(inShort(seen(told(...two, 'run op-1 yes yes 8'))), /^completed/);
    // The claimant has left the queue: the other one's end is not its own.
    const other = [job('COMPLETED', { id: 8 }), 'run op-1 yes yes 7'];
    assert.equal(seen(told(...other, 'accounting ok')).kind, 'absent');
    assert.equal(seen(told(...other, 'accounting none')).kind, 'absent');
    assert.equal(seen(told(...other)).kind, 'ambiguous');
  });

  it('of one token, none of which has begun: one that still may counts', () => {
    const two = [
      job('CANCELLED', { id: 8, submit: '11:00:00' }),
      job('PENDING', { id: 7, reason: 'Priority' }),
    ];
    assert.equal(inShort(seen(told(...two, 'run op-1 yes no -'))), 'pending (Priority)');
  });

  it('that found the claim taken by a kill were called off, whatever their own end', () => {
    assert.match(inShort(seen(told(job('COMPLETED'), 'run op-1 yes yes -'))), /^cancelled -: called off/);
  });

  it('lost with their node are an end only where Slurm may not start them anew', () => {
    const spec = operationAt('running').spec;
    const lost = told(job('NODE_FAIL'));
    assert.match(inShort(seen(lost)), /^failed -: NODE_FAIL/);
    assert.equal(seen(lost, { spec: { ...spec, slurm: { requeue: true } } }).kind, 'absent');
    assert.equal(seen(lost, { spec: { ...spec, slurm: { script: 'a.sh' } } }).kind, 'absent');
  });

  it('of an array that has left the queue: exit codes tell, and what is missing is not taken for an end', () => {
    const spec = { ...operationAt('running').spec, slurm: { array: '1-3' } };
    const answer = told();
    const withExits = (...exits: [number, number][]) => ({
      ...answer,
      taskExits: new Map([['op-1', new Map(exits)]]),
    });
    assert.match(inShort(seen(withExits([1, 0], [2, 0], [3, 0]), { spec })), /^completed/);
    assert.match(
      inShort(seen(withExits([1, 0], [2, 5], [3, 0]), { spec })),
      /^failed -: 1 of 3 tasks failed/,
    );
    assert.match(inShort(seen(withExits([1, 0], [3, 0]), { spec })), /^absent: .* 1 of 3 tasks/);
    const failing = { ...withExits([1, 0], [3, 0]), accounting: { problem: 'down' } };
    assert.match(inShort(seen(failing, { spec })), /^ambiguous: .* accounting fails/);
    assert.equal(seen({ ...withExits([1, 0], [3, 0]), strange: 1 }, { spec }).kind, 'ambiguous');
  });
});

describe('what Slurm tells that jobs have used', () => {
  // As Slurm 22.05.8 prints it.
  const step = (name: string, cpu: string, mem: string) =>
    `used ${name}|cpu=${cpu},energy=0,fs/disk=2012,mem=${mem},pages=0,vmem=2812K`;
  const usesIn = ({ queue, uses }: LookAnswer) =>
    uses instanceof Map && Object.fromEntries(jobUses(queue, uses));

  it('is the sum over their steps, of those that run', () => {
    const steps = [
      step('7.batch', '00:01:05', '1536K'),
      step('7.0', '1-00:00:01', '2.50G'),
      step('8.batch', '00:00:01', '1K'),
    ];
    assert.deepEqual(usesIn(told(job('RUNNING'), 'uses ok', ...steps)), {
      'op-1': { cpus: 1, elapsedSeconds: 60, cpuSeconds: 86_466, memoryMb: 2562 },
    });
    assert.deepEqual(usesIn(told(job('COMPLETING'), 'uses ok', ...steps)), {});
  });

  it('is nothing where it is not understood, where Slurm fails, or was not asked', () => {
    const strange = [
      'used 7.batch|',
      'used 7|cpu=00:00:01,mem=1K',
      step('7.batch', '-', '1K'),
      step('7.0', '00:01', '1Q'),
    ];
    assert.deepEqual(usesIn(told(job('RUNNING'), 'uses ok', ...strange)), {});
    assert.deepEqual(told('uses failed').uses, { problem: 'it said nothing' });
    assert.equal(told(job('RUNNING')).uses, 'unasked');
    assert.equal(told('uses failed', step('7.batch', '00:01:05', '1K')).strange, 0);
  });
});

describe('lines of Slurm', () => {
  it('of whatever text are understood whole or not at all, and never stop the reading', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const parsed of [parseQueueLine(text), parseAccountingLine(text)]) {
          assert.ok(parsed === undefined || (/^\d+$/.test(parsed.jobId) && parsed.token !== ''));
        }
      }),
    );
    const cells = fc.array(
      fc.constantFrom('1', 'N/A', '', '0-3', 'remote-ops-x', 'RUNNING', '1:00', '|', 'é'),
      {
        maxLength: 14,
      },
    );
    fc.assert(fc.property(cells, (words) => void parseQueueLine(words.join('|'))));
  });

  const durations: [string, number | undefined][] = [
    ['0:05', 5],
    ['1:30:00', 5400],
    ['2-00:00:01', 172_801],
    ['UNLIMITED', undefined],
    ['INVALID', undefined],
    ['', undefined],
  ];
  for (const [text, seconds] of durations) {
    it(`"${text}" is ${seconds ?? 'no'} time`, () => assert.equal(parseDuration(text), seconds));
  }
});

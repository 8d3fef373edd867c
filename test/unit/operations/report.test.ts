import assert from 'node:assert/strict';
import { canAct, canArchive, canKill, changeOf, hasLog } from '../../../src/operations/applicable';
import { causeOf } from '../../../src/operations/causes/causeOf';
import { menuContext } from '../../../src/operations/menuContext';
import { reportedProgress } from '../../../src/operations/report';
import { parseProgressReport, parseReport, parseReportResult } from '../../../src/operations/reportInput';
import { view } from '../windows/scriptedService';
import { operationAt } from './samples';

const refuses = (parse: () => unknown, message: RegExp) =>
  assert.throws(parse, (error: Error & { code?: string }) => {
    assert.equal(error.code, 'InvalidInput');
    assert.match(error.message, message);
    return true;
  });

describe('a report of another extension', () => {
  it('is taken as given, with its names in one line of what can be shown', () => {
    const spec = { type: 'transfer', name: ' pull\u202e \n llama ', reportedBy: 'Model\nStore', pid: 12 };
    assert.deepEqual(parseReport({ ...spec, kind: 'pull_model', description: undefined }), {
      type: 'transfer',
      name: 'pull llama',
      kind: 'pull_model',
      reportedBy: 'Model Store',
      pid: 12,
    });
  });

  for (const [what, spec, message] of [
    ['no object', 'download', /must be an object/],
    ['nothing', undefined, /must be an object/],
    ['no type', { name: 'x' }, /"type" is missing/],
    ['a type that there is not', { type: 'cat', name: 'x' }, /server, job, program or transfer/],
    ['no name', { type: 'job' }, /"name" is missing/],
    ['an empty name', { type: 'job', name: ' ' }, /The name is missing/],
    ['a name that is too long', { type: 'job', name: 'x'.repeat(501) }, /longer than 500/],
    ['a pid of 0', { type: 'job', name: 'x', pid: 0 }, /The pid must be a number from 1/],
    ['a pid that is no whole number', { type: 'job', name: 'x', pid: 1.5 }, /whole number/],
    ['a field that it does not know', { type: 'job', name: 'x', progres: 1 }, /"progres" is not supported/],
  ] as const) {
    it(`is refused with ${what}`, () => refuses(() => parseReport(spec), message));
  }

  for (const [what, progress, message] of [
    ['progress beyond 1', { progress: 40 }, /The progress must be a number from 0 to 1/],
    ['progress that is no number', { progress: NaN }, /from 0 to 1/],
    ['a negative size', { sizeDoneBytes: -1 }, /A size in bytes must be a number/],
    ['a metric that is text', { metrics: { loss: '1' } }, /A metric must be a number/],
    ['an endless metric', { metrics: { loss: Infinity } }, /A metric must be a number/],
    [
      'more metrics than can be shown',
      { metrics: Object.fromEntries(Array.from({ length: 33 }, (_, at) => [`m${at}`, at])) },
      /at most 32 metrics/,
    ],
    ['half of the resources', { resources: { cpuPercent: 3 } }, /"memoryMb"/],
    ['a load beyond the machine', { resources: { cpuPercent: 101, memoryMb: 1 } }, /from 0 to 100/],
  ] as const) {
    it(`is refused with ${what}`, () => refuses(() => parseProgressReport(progress), message));
  }

  it('may have a message of any length and form, of which the first line of 200 characters is shown', () => {
    assert.equal(parseProgressReport({ message: 'a\nb\u0007' }).message, 'a b');
    assert.equal(parseProgressReport({ message: 'x'.repeat(5_000) }).message?.length, 200);
  });

  it('ends with an exit code and an error, or nothing at all', () => {
    assert.deepEqual(parseReportResult(undefined), {});
    assert.deepEqual(parseReportResult({ exitCode: 3, error: 'no space' }), {
      exitCode: 3,
      error: 'no space',
    });
    refuses(() => parseReportResult({ exitCode: '3' }), /The exit code must be a number/);
    refuses(() => parseReportResult({ error: '' }), /The error is missing/);
  });

  it('keeps what is left out, and takes what is given in its place', () => {
    const first = reportedProgress(undefined, { progress: 0.2, message: 'one', metrics: { loss: 1, lr: 2 } });
    assert.deepEqual(reportedProgress(first, {}), first);
    assert.deepEqual(reportedProgress(first, { message: 'two', metrics: { loss: 0.5 } }), {
      progress: 0.2,
      message: 'two',
      metrics: { loss: 0.5 },
    });
  });

  it('counts its progress by sizes or epochs where it does not say it', () => {
    const begun = reportedProgress(undefined, { sizeTotalBytes: 200 });
    assert.equal(begun.progress, undefined);
    const half = reportedProgress(begun, { sizeDoneBytes: 100 });
    assert.equal(half.progress, 0.5);
    assert.equal(reportedProgress(half, { sizeDoneBytes: 150 }).progress, 0.75);
    assert.equal(reportedProgress(half, { message: 'checking' }).progress, 0.5);
    assert.equal(reportedProgress(undefined, { epoch: 3, totalEpochs: 12 }).progress, 0.25);
  });
});

describe('an operation of another extension', () => {
  const running = view('x', { launcher: 'external' });
  const failed = view('x', { launcher: 'external', status: 'failed', shownStatus: 'failed' });

  it('can be put away at any time, and nothing else can be done with it', () => {
    assert.equal(menuContext(running, true), 'reported.active.archivable');
    assert.equal(menuContext(failed, true), 'reported.ended.archivable');
    for (const each of [running, failed]) {
      assert.deepEqual(
        [canAct(each), canKill(each), hasLog(each), changeOf(each), canArchive(each, true)],
        [false, false, false, undefined, true],
      );
    }
    assert.equal(canArchive(view('x'), true), false);
    assert.equal(canArchive(view('x'), false), true);
  });

  it('failed for the reason that its extension gave, and for none that is guessed from an exit code', () => {
    const ended = operationAt('failed', { launcher: 'external', exitCode: 137, error: 'quota exceeded' });
    assert.equal(causeOf(ended), undefined);
    assert.match(causeOf({ ...ended, launcher: 'process' })?.title ?? '', /killed/);
  });
});

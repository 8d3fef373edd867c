import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { longestLine, mostLines, type LogFinding } from '../../../../src/operations/causes/cause';
import { causeOf } from '../../../../src/operations/causes/causeOf';
import { findInLog } from '../../../../src/operations/causes/findInLog';
import type { Operation } from '../../../../src/operations/operation';
import { repositoryRoot } from '../../../testbed/repositoryRoot';
import { operationAt } from '../samples';

const folder = path.join(repositoryRoot, 'test/unit/operations/causes/golden');
const golden = (name: string) => readFileSync(path.join(folder, `${name}.txt`), 'utf8');

/** Log, exit code, why, and the first of the lines that show it. */
const cases: readonly [log: string, exitCode: number, title: string, line: string][] = [
  ['bash-5.2.15-127', 127, 'The command "trainmodel" was not found', 'trainmodel: command not found'],
  ['bash-5.2.15-127-file', 127, 'The command "./no-such-program" was not found', './no-such-program'],
  ['dash-0.5.12-127', 127, 'The command "trainmodel" was not found', 'trainmodel: not found'],
  ['env-9.1-127', 127, 'The command "trainmodel" was not found', 'env: ‘trainmodel’'],
  ['bash-5.2.15-126', 126, '"/tmp/job/plain.sh" cannot be executed', 'Permission denied'],
  ['bash-5.2.15-126-folder', 126, '"/tmp/job" cannot be executed', 'Is a directory'],
  [
    'bash-5.2.15-segfault',
    139,
    'It crashed with a segmentation fault: it used memory that is not its own (SIGSEGV, exit code 139)',
    'Segmentation fault',
  ],
  [
    'bash-5.2.15-killed',
    137,
    'A process of it was killed (SIGKILL), probably because memory ran out',
    'Killed   ',
  ],
  ['bash-5.2.15-exit-3', 3, 'Exit code 3', 'reading input'],
  ['bash-5.2.15-ulimit-fork', 1, 'Memory ran out', 'memory exhausted'],
  [
    'bash-5.2.15-syntax',
    2,
    "The shell does not understand the command: unexpected token `x'",
    "syntax error near unexpected token `x'",
  ],
  [
    'bash-5.2.15-syntax-end',
    2,
    'The shell does not understand the command: unexpected end of file',
    'd.sh: line 3',
  ],
  [
    'dash-0.5.12-syntax',
    2,
    'The shell does not understand the command: word unexpected (expecting ")")',
    'c.sh: 3:',
  ],
  ['cat-9.1-no-file', 1, 'There is no "/tmp/job/input.csv"', 'cat: '],
  ['dd-9.1-disk-full', 1, 'The disk is full: there was no space left on it', "dd: error writing '/tmp"],
  ['node-20.20.2-port', 1, 'Port 8123 is in use already', 'Error: listen EADDRINUSE'],
  ['node-20.20.2-module', 1, 'The module "left-pad-of-mine" was not found', 'Error: Cannot find module'],
  ['node-20.20.2-heap', 134, 'Probably: Memory ran out', 'FATAL ERROR'],
  ['python-3.11.7-traceback', 1, "Python stopped at an error: KeyError: 'labels'", 'line 2, in step'],
  [
    'python-3.11.7-chained',
    1,
    'Probably: There is no "/tmp/job/weights.bin"',
    "FileNotFoundError: [Errno 2] No such file or directory: '/tmp/job/weights.bin'",
  ],
  ['python-3.11.7-module', 1, 'The module "json_report_writer" was not found', 'report.py", line 1'],
  ['python-3.11.7-module-option', 1, 'The module "json_report_writer" was not found', 'No module named'],
  ['python-3.11.7-no-file', 2, 'There is no "/tmp/job/trian.py"', "can't open file"],
  ['python-3.11.7-memory', 1, 'Memory ran out', 'grow.py", line 3'],
  ['python-3.11.7-disk-full', 1, 'The disk is full: there was no space left on it', 'fill.py", line 3'],
  ['python-3.11.7-port', 1, 'The address that it is to listen on is in use already', 'server_bind'],
  [
    'by-hand-torch-2.6-cuda',
    1,
    'GPU memory ran out: it tried to get 2.00 GiB more',
    'functional.py", line 2010, in layer_norm',
  ],
  ['by-hand-torch-1.13-cuda', 1, 'GPU memory ran out: it tried to get 512.00 MiB more', 'line 41'],
  [
    'by-hand-torchrun-2.3-cuda',
    1,
    'GPU memory ran out: it tried to get 64.00 GiB more',
    '[rank1]:   File "/home/ada/train.py", line 30',
  ],
  [
    'by-hand-jax-0.4',
    1,
    'The memory of its device ran out: it tried to get 256 GiB more',
    'fit.py", line 12',
  ],
  ['by-hand-numpy-1.26', 1, 'Memory ran out: it tried to get 74.5 GiB more', 'a.py", line 3'],
  ['by-hand-uvicorn-0.30-port', 1, 'Port 8000 is in use already', 'ERROR:    [Errno 98]'],
  ['by-hand-nginx-1.22-port', 1, 'Port 8080 is in use already', 'nginx: [emerg] bind()'],
  ['by-hand-go-1.22-port', 2, 'Port 9090 is in use already', 'panic: listen tcp :9090'],
  ['by-hand-flask-3.0-port', 1, 'Port 5000 is in use already', 'Port 5000 is in use'],
  ['by-hand-slurm-22.05-oom', 137, 'Memory ran out: the kernel killed it', 'slurmstepd: error: Detected'],
  [
    'by-hand-torch-save-disk',
    1,
    'Probably: The disk is full: there was no space left on it',
    'OSError: [Errno 28]',
  ],
  ['by-hand-scp-permission', 1, 'Permission was denied to it', 'Permission denied (publickey,password)'],
  ['by-hand-warning-long-before', 1, 'Exit code 1', 'step 3'],
  [
    'by-hand-unrelated-before-traceback',
    1,
    'Python stopped at an error: ValueError: bad learning rate',
    'train.py", line 3',
  ],
];

describe('why an operation ended, by its log', () => {
  for (const [log, exitCode, title, line] of cases) {
    it(`${log}, exit ${exitCode}: ${title}`, () => {
      const finding = findInLog(golden(log), exitCode);
      const cause = causeOf(operationAt('failed', { exitCode, finding }));
      assert.equal(cause?.title, title);
      assert.ok(cause.lines?.[0]?.includes(line), cause.lines?.join('\n'));
    });
  }

  it('has a case for each log', () => {
    const logs = readdirSync(folder).filter((file) => file.endsWith('.txt'));
    assert.deepEqual(
      logs.map((file) => file.replace(/\.txt$/u, '')).sort(),
      cases.map(([log]) => log).sort(),
    );
  });

  it('needs neither the beginning of a traceback nor the exit code 1 to see it, but then is not sure', () => {
    const cut = golden('python-3.11.7-traceback').slice(-120);
    assert.equal(
      causeOf(operationAt('failed', { exitCode: 4, finding: findInLog(cut, 4) }))?.title,
      "Probably: Python stopped at an error: KeyError: 'labels'",
    );
  });

  it('takes nothing but the kernel’s word for what was ended from outside', () => {
    for (const exitCode of [undefined, 130, 137, 143]) {
      const traceback = findInLog(golden('python-3.11.7-traceback'), exitCode);
      assert.deepEqual([traceback.rule, traceback.lines.at(-1)], [undefined, "KeyError: 'labels'"]);
    }
    assert.equal(findInLog(golden('by-hand-slurm-22.05-oom'), undefined).rule, 'kernel-memory');
  });

  it('reads what a terminal would show: no colours, and of a line that was rewritten the last state', () => {
    const log = '\u001b[31m10 %\r20 %\r\u001b[1mOSError: [Errno 28] No space left on device\u001b[0m\n';
    assert.deepEqual(findInLog(log, 1), {
      rule: 'disk-full',
      lines: ['OSError: [Errno 28] No space left on device'],
    });
  });

  it('keeps little of it, whatever a log holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3_000 }), fc.nat(255), (text, exitCode) => {
        const { lines, values = [] } = findInLog(text, exitCode);
        assert.ok(lines.length <= mostLines && lines.every((line) => line.length <= longestLine));
        assert.ok(values.every((value) => value.length <= 200));
      }),
    );
    const long = findInLog(`${'x'.repeat(5_000)}: No space left on device\n`.repeat(9), 1);
    assert.ok(long.lines.every((line) => line.length <= longestLine));
  });

  it('takes no time over lines that almost fit', () => {
    const began = performance.now();
    for (const part of [
      'Address already in use ',
      'port 1 ',
      ': ',
      'a/',
      'bind x y ',
      'CUDA out ',
      '  File "',
    ]) {
      findInLog(part.repeat(8_192 / part.length), 1);
    }
    assert.ok(performance.now() - began < 1_000);
  });
});

describe('why an operation ended, without a log', () => {
  const title = (status: 'failed' | 'stopped' | 'cancelled', more: Partial<Operation>) =>
    causeOf(operationAt(status, more))?.title;
  const slurm = (state: string, more: Partial<Operation['scheduler']> = {}): Partial<Operation> => ({
    launcher: 'slurm',
    scheduler: { jobId: '7', state, ...more },
  });
  const pueue = (reason: string): Partial<Operation> => ({
    launcher: 'pueue',
    scheduler: { jobId: '7', state: 'Done', reason },
  });

  it('is told by the exit code', () => {
    const told = [1, 126, 127, 129, 137, 143, 200].map((exitCode) => title('failed', { exitCode }));
    assert.deepEqual(told, [
      'Exit code 1',
      'Probably a command could not be executed (exit code 126)',
      'Probably a command was not found (exit code 127)',
      'It was ended by the signal SIGHUP (exit code 129)',
      'It was killed, by somebody or by the kernel, which does so when memory runs out (SIGKILL, exit code 137)',
      'Somebody, or something, asked it to end (SIGTERM, exit code 143)',
      'Exit code 200',
    ]);
  });

  it('is the user’s word where it was cancelled, here or on another computer', () => {
    assert.equal(title('cancelled', { startedAt: 'x' }), 'Killed from this list');
    assert.equal(title('cancelled', {}), 'It was called off before it began');
    assert.equal(
      title('stopped', { endedBy: 'kill' }),
      'It was killed with Remote Operations on another computer',
    );
  });

  it('is its time limit, whatever its exit code', () => {
    const { spec } = operationAt('failed');
    const after = (timeoutSeconds: number) =>
      title('failed', { timedOut: true, exitCode: 143, spec: { ...spec, timeoutSeconds } });
    assert.deepEqual(
      [90, 900, 7200].map(after),
      ['90 s', '15 min', '2 h'].map((span) => `It ran longer than its time limit of ${span}`),
    );
  });

  it('is what the host shows of an end without an exit code', () => {
    const told = (['restart', 'signal', 'vanished'] as const).map((endedBy) => title('stopped', { endedBy }));
    assert.deepEqual(told, [
      'Its host was restarted while it ran',
      'A signal from outside ended it',
      'All its processes are gone and left no exit code: probably somebody, or the kernel, killed them at once (SIGKILL)',
    ]);
  });

  it('is what Slurm says', () => {
    const told: [string | undefined, string][] = [
      [title('failed', slurm('TIMEOUT')), 'Slurm ended it at its time limit'],
      [
        title('failed', slurm('TIMEOUT', { timeLimitSeconds: 60 })),
        'Slurm ended it at its time limit of 1 min',
      ],
      [
        title('failed', slurm('OUT_OF_MEMORY')),
        'Slurm ended it because it used more memory than it was given',
      ],
      [title('failed', slurm('NODE_FAIL', { node: 'n7' })), 'A node that it ran on failed (n7)'],
      [title('failed', slurm('PREEMPTED')), 'Slurm ended it to make room for a job of higher priority'],
      [title('stopped', slurm('CANCELLED', { reason: 'by 1000' })), 'User 1000 cancelled it in Slurm'],
      [title('stopped', slurm('CANCELLED', { reason: 'by 0' })), 'An administrator cancelled it in Slurm'],
      [title('stopped', slurm('CANCELLED')), 'It was cancelled in Slurm, and not from this list'],
      [title('failed', { ...slurm('RUNNING'), exitCode: 2 }), 'Exit code 2'],
    ];
    for (const [is, expected] of told) {
      assert.equal(is, expected);
    }
  });

  it('is what pueue says', () => {
    const told = ['FailedToSpawn', 'DependencyFailed', 'Errored'].map((reason) =>
      title('failed', pueue(reason)),
    );
    assert.deepEqual(told, [
      'pueue could not start it',
      'A task that it depends on failed in pueue',
      'pueue met an error of its own while it ran it',
    ]);
    assert.equal(title('stopped', pueue('Killed')), 'It was killed in pueue, and not from this list');
  });

  it('is nothing where nothing is known, or nothing has to be explained', () => {
    assert.equal(title('stopped', { error: 'the launch broke off' }), undefined);
    assert.equal(title('failed', { error: 'sbatch: invalid account' }), undefined);
    assert.equal(causeOf(operationAt('completed', { exitCode: 0 })), undefined);
    assert.equal(causeOf(operationAt('running', { exitCode: 1 })), undefined);
  });

  it('passes over a finding of a rule that this version does not know', () => {
    const finding: LogFinding = { rule: 'of-tomorrow', values: ['x'], lines: ['x'] };
    assert.deepEqual(causeOf(operationAt('failed', { exitCode: 1, finding })), {
      title: 'Exit code 1',
      lines: ['x'],
    });
  });
});

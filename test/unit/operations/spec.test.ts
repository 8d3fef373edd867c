import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isRemoteOperationsError } from '../../../src/operations/errors';
import { fieldProblem, parseDraft, parseSpec, specProblems } from '../../../src/operations/spec';

const good = { hostId: 'here', type: 'job', name: 'train', command: 'python train.py' };

const problemOf = (input: unknown): string => {
  try {
    parseSpec(input);
  } catch (error) {
    assert.ok(isRemoteOperationsError(error, 'InvalidInput'), String(error));
    return error.message;
  }
  return '';
};

describe('parseSpec', () => {
  it('takes a whole spec as it is', () => {
    const spec = {
      ...good,
      type: 'server',
      kind: 'web',
      description: 'serves',
      cwd: '~/site',
      env: { PORT: '8080', _EMPTY: '' },
      launcher: 'process',
      port: 8080,
      systemd: true,
    };
    assert.deepEqual(parseSpec(spec), spec);
  });

  const bad: [field: string, value: unknown, says: RegExp][] = [
    ['hostId', '', /^The host is missing/],
    ['uploadFrom', 'data', /^The folder to upload must be an absolute path/],
    ['uploadFrom', '', /^The folder to upload must be an absolute path/],
    ['uploadFrom', '/', /^The folder to upload must be one with a name of its own/],
    ['uploadFrom', '~/', /^The folder to upload must be one with a name of its own/],
    ['uploadFrom', '/data/..', /^The folder to upload must be one with a name of its own/],
    ['uploadFrom', 'C:\\', /^The folder to upload must be one with a name of its own/],
    ['uploadFrom', '/a\0', /^The folder to upload must not contain a NUL/],
    ['systemd', 'yes', /^"systemd" must be true or false/],
    ['hostId', 7, /^The host must be text/],
    ['type', 'daemon', /^The type must be server, job, program or transfer/],
    ['name', ' \n ', /^The name is missing/],
    ['name', 'x'.repeat(501), /^The name is longer than 500/],
    ['name', 'a\0b', /^The name must not contain a NUL/],
    ['command', '', /^The command is missing/],
    ['command', ['ls'], /^The command must be text/],
    ['command', 'x'.repeat(100_001), /^The command is longer than/],
    ['command', 'echo \0', /^The command must not contain a NUL/],
    ['kind', 1, /^The kind must be text/],
    ['description', 'x'.repeat(2_001), /^The description is longer than/],
    ['cwd', {}, /^The folder must be text/],
    ['cwd', '/tmp\0', /^The folder must not contain a NUL/],
    ['env', { 'A B': '1' }, /^The name of an environment variable/],
    ['env', { '1A': '1' }, /^The name of an environment variable/],
    ['env', { 'A=$(id)': '1' }, /^The name of an environment variable/],
    ['env', { A: 1 }, /^The value of an environment variable must be text/],
    ['env', { A: 'a\0' }, /^The value of an environment variable must not contain a NUL/],
    ['launcher', 'cron', /^The launcher must be "process", "slurm" or "pueue"/],
    ['slurm', {}, /^"slurm" needs the launcher "slurm"/],
    ['startWhenFree', 'yes', /^"startWhenFree" must be true or false/],
    ['priority', 0.5, /^The priority must be a whole number/],
    ['priority', 1001, /^The priority must be a whole number/],
    ['gpus', 1.5, /^The number of GPUs must be/],
    ['port', 0, /^The port must be a number from 1 to 65535/],
    ['port', 65_536, /^The port must be a number from 1 to 65535/],
    ['port', 80.5, /^The port must be a whole number/],
    ['port', '8080', /^The port must be a number/],
    ['port', Number.NaN, /^The port must be a number/],
    ['timeoutSeconds', 0, /^The time limit must be/],
    ['timeoutSeconds', 1.5, /^The time limit must be/],
    ['timeoutSeconds', 1e12, /^The time limit must be/],
    ['timeoutSeconds', '60', /^The time limit must be/],
  ];
  for (const [field, value, says] of bad) {
    const shown = JSON.stringify(value).slice(0, 30);
    it(`refuses ${field} = ${shown} and names it`, () => {
      assert.match(problemOf({ ...good, [field]: value }), says);
    });
  }

  it('takes what may be uploaded from any system', () => {
    for (const uploadFrom of [
      '/data/run 1',
      '~/data',
      '/data/',
      'C:\\data',
      'c:/data',
      '\\\\server\\share\\data',
    ]) {
      assert.equal(parseSpec({ ...good, uploadFrom }).uploadFrom, uploadFrom);
    }
  });

  it('lets only processes be started by systemd', () => {
    assert.match(
      problemOf({ ...good, launcher: 'pueue', systemd: true }),
      /^"systemd" needs the launcher "process"/,
    );
    assert.equal(problemOf({ ...good, launcher: 'pueue', systemd: false }), '');
  });

  it('lets only what runs on its host wait until that is free', () => {
    for (const launcher of [undefined, 'process', 'pueue']) {
      assert.equal(problemOf({ ...good, ...(launcher && { launcher }), startWhenFree: true }), '');
    }
    assert.match(
      problemOf({ ...good, launcher: 'slurm', startWhenFree: true }),
      /^"startWhenFree" needs the launcher "process" or "pueue"/,
    );
  });

  it('names an unknown key and refuses it', () => {
    assert.equal(problemOf({ ...good, sudo: true }), '"sudo" is not supported by this version.');
  });

  it('says what an operation needs when a part is missing, or all of it', () => {
    for (const field of Object.keys(good)) {
      const rest = Object.fromEntries(Object.entries(good).filter(([name]) => name !== field));
      assert.equal(problemOf(rest), 'An operation needs a host, a type, a name and a command.', field);
    }
    for (const input of [undefined, null, 'ls', 1, []]) {
      assert.match(problemOf(input), /needs a host, a type, a name and a command/);
    }
  });

  it('keeps a command to the letter, newlines and all', () => {
    const command = `  echo 'a'\n\t"$(id)" \\ ünïcode 🚂 \r\n\n`;
    assert.equal(parseSpec({ ...good, command }).command, command);
  });

  it('puts a name on one line', () => {
    assert.equal(parseSpec({ ...good, name: ' a\n\tb  c ' }).name, 'a b c');
  });

  it('takes an empty folder as the default', () => {
    assert.ok(!('cwd' in parseSpec({ ...good, cwd: '  ' })));
  });

  it('takes nothing from a prototype', () => {
    const input = JSON.parse(
      '{"__proto__":{"command":"evil"},"hostId":"h","type":"job","name":"n"}',
    ) as unknown;
    assert.notEqual(problemOf(input), '');
  });

  it('either gives a spec or rejects with InvalidInput, whatever it is given', () => {
    const nearlyGood = fc.record({ port: fc.anything(), env: fc.anything(), cwd: fc.anything() });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          nearlyGood.map((more) => ({ ...good, ...more })),
        ),
        (input) => {
          problemOf(input);
        },
      ),
    );
  });
});

describe('fieldProblem', () => {
  it('is the sentence for one field, or nothing', () => {
    assert.equal(fieldProblem('name', 'train'), undefined);
    assert.equal(fieldProblem('name', ' '), 'The name is missing.');
    assert.equal(fieldProblem('command', 'ls'), undefined);
    assert.equal(fieldProblem('port', 70_000), 'The port must be a number from 1 to 65535.');
    assert.equal(fieldProblem('port', undefined), undefined);
  });
});

describe('specProblems', () => {
  it('names each field that is wrong, once, by its path', () => {
    const env = { '1A': 'x', 'A\0': 'y' };
    const problems = specProblems({
      ...good,
      type: 'job',
      name: '',
      gpus: 0.5,
      env,
      launcher: 'slurm',
      slurm: { time: 'soon' },
    });
    assert.deepEqual(problems.map(({ field }) => field).sort(), [
      'env.1A',
      'env.A\0',
      'gpus',
      'name',
      'slurm.time',
    ]);
  });

  it('finds none exactly where parseSpec finds none', () => {
    const spec = { ...good, type: 'job' as const };
    assert.deepEqual(specProblems(spec), []);
    const [problem] = specProblems({ ...spec, launcher: 'pueue', gpus: 1 });
    assert.equal(problem?.field, 'gpus');
    assert.equal(problem?.message, problemOf({ ...spec, launcher: 'pueue', gpus: 1 }));
  });
});

describe('parseDraft', () => {
  it('takes what is incomplete, and refuses what is wrong or not known', () => {
    assert.deepEqual(parseDraft({ command: 'x' }), { command: 'x' });
    assert.equal(parseDraft({ command: 7 }), undefined);
    assert.equal(parseDraft({ daemon: true }), undefined);
    assert.equal(parseDraft(undefined), undefined);
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { SubmitSpec } from '../../../../src/operations/operation';
import { parseSpec, specProblems } from '../../../../src/operations/spec';
import { operationTypes } from '../../../../src/operations/status';
import { draftFrom, emptyValues, scriptOf, valuesFrom } from '../../../../webview/form/values';

const words = fc.stringMatching(/^[a-z][a-z0-9._-]{0,20}$/);
const env = fc.dictionary(fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,9}X$/), fc.string({ maxLength: 20 }), {
  maxKeys: 3,
  noNullPrototype: true,
});
const optional = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });
const base = {
  hostId: words,
  name: words,
  command: fc
    .string({ minLength: 1, maxLength: 60 })
    .filter((text) => text.trim() !== '' && !/sbatch|\0/.test(text)),
  cwd: optional(words),
  kind: optional(words),
  uploadFrom: optional(words.map((name) => `/data/x${name}`)),
  description: optional(words),
  timeoutSeconds: optional(fc.integer({ min: 1, max: 10 * 365 * 24 * 3600 })),
};
const withPort = fc.constantFrom(...operationTypes).chain((type) =>
  fc.record({
    type: fc.constant(type),
    port: type === 'server' ? optional(fc.integer({ min: 1, max: 65_535 })) : fc.constant(undefined),
  }),
);
const gpus = optional(fc.integer({ min: 0, max: 1024 }));
const process = fc.record({ ...base, gpus, priority: optional(fc.integer({ min: -1000, max: 1000 })) });
const pueue = fc.record({
  ...base,
  launcher: fc.constant('pueue' as const),
  pueue: optional(fc.record({ group: words, priority: fc.integer({ min: -9, max: 9 }) })),
});
const slurm = fc.record({
  ...base,
  gpus,
  launcher: fc.constant('slurm' as const),
  slurm: optional(
    fc.record({
      partition: words,
      time: fc.constantFrom('90', '1:30:00', '2-12:00:00'),
      cpus: fc.integer({ min: 1, max: 100_000 }),
      memory: fc.constantFrom('16G', '1.5T'),
      gres: fc.constantFrom('gpu:a100:2', 'shard:2', 'gpu:2,shard:1', 'gpu:h100:1,shard:3'),
      array: fc.constantFrom('0-9', '1,3,5-20:5%4'),
      dependency: fc.constant('afterok:12'),
      requeue: fc.boolean(),
    }),
  ),
});
const defined = (spec: object) => JSON.parse(JSON.stringify(spec)) as SubmitSpec;

describe('values of the form', () => {
  it('give back every spec that they were made from', () => {
    fc.assert(
      fc.property(fc.oneof(process, pueue, slurm), withPort, optional(env), (spec, place, variables) => {
        const whole = defined({
          ...spec,
          ...place,
          env: variables && Object.keys(variables).length > 0 ? variables : undefined,
        });
        fc.pre(specProblems(whole).length === 0);
        const values = valuesFrom(whole);
        assert.deepEqual(draftFrom(values, values.launcher || 'process'), whole);
      }),
    );
  });

  it('take the path of a batch script from the command, or keep the one it was submitted with', () => {
    const script = (command: string, before = '') => {
      const values = emptyValues();
      Object.assign(values.texts, { command, 'slurm.script': before });
      return scriptOf(values);
    };
    assert.equal(script('sbatch train.sh'), 'train.sh');
    assert.equal(script('sbatch my train.sh', 'my train.sh'), 'my train.sh');
    assert.equal(script('sbatch other.sh', 'my train.sh'), 'other.sh');
    assert.equal(script('echo sbatch', 'my train.sh'), undefined);
  });

  it('are refused where a number is none, and never become another one', () => {
    for (const typed of ['1e3', '0x10', '2.5', 'two', '--1', '1 2']) {
      const values = emptyValues();
      Object.assign(values.texts, { hostId: 'h', command: 'x', gpus: typed });
      assert.deepEqual(
        specProblems(draftFrom(values, 'process')).map(({ field }) => field),
        ['gpus'],
        typed,
      );
    }
  });

  it('make a spec of what was typed that is accepted, with a name', () => {
    const values = emptyValues();
    Object.assign(values.texts, { hostId: 'h', command: '  ./run.sh  ' });
    assert.equal(parseSpec(draftFrom(values, 'process')).name, 'run.sh');
  });
});

import assert from 'node:assert/strict';
import { readRunDirectories } from '../../../src/launchers/process/runDirectories';
import { runRecord } from '../../../src/launchers/runRecord';
import { isRemoteOperationsError } from '../../../src/operations/errors';
import type { Operation } from '../../../src/operations/operation';
import { operationAt } from '../operations/samples';

const line = (words: string, data = '') => ({ words: words.split(' '), data: Buffer.from(data) });
const read = (...lines: ReturnType<typeof line>[]) =>
  readRunDirectories(
    { machineId: 'm', bootId: 'b', uptimeSeconds: 1, runsId: 'runs', lines },
    'lab',
    'host lab',
  );
const recorded = (more: Partial<Operation> = {}) =>
  runRecord(operationAt('running', { id: 'op-1', ...more }));

describe('run directories that are found', () => {
  it('tell what was started: all but its environment', () => {
    const { spec } = operationAt('running');
    const env = { TOKEN: 'secret' };
    const record = recorded({ spec: { ...spec, env, cwd: '~/work', timeoutSeconds: 60 } });
    assert.doesNotMatch(record, /secret/);
    const { runs, machineId, runsId } = read(line('run op-1 3 yes -', record));
    assert.deepEqual([machineId, runsId], ['m', 'runs']);
    const [run] = runs;
    assert.deepEqual(run?.spec, {
      ...spec,
      hostId: 'lab',
      cwd: '~/work',
      timeoutSeconds: 60,
      launcher: 'process',
    });
    assert.deepEqual([run?.launcher, run?.exitCode], ['process', 3]);
  });

  it('are those of earlier versions, too, which did not record the launcher', () => {
    const record = JSON.stringify({
      id: 'op-1',
      submittedAt: '2026-01-01T00:00:00.000Z',
      type: 'job',
      name: 'a',
      command: 'true',
    });
    assert.equal(read(line('run op-1 - no slurm', record)).runs[0]?.launcher, 'slurm');
    assert.equal(read(line('run op-1 bad yes -', record)).runs[0]?.launcher, 'process');
  });

  it('are nothing that ran where nobody claimed them', () => {
    assert.deepEqual(read(line('run op-1 - no -', recorded())).runs, []);
  });

  it('are counted where their record cannot be read', () => {
    const [id, whole] = ['op-1', recorded()];
    const records = [
      '',
      whole.slice(0, -9),
      'null',
      '[]',
      whole.replace(id, 'op-2'),
      whole.replace('"job"', '"rocket"'),
      whole.replace('"submittedAt": "', '"submittedAt": "yesterday '),
    ];
    const { runs, unreadable } = read(...records.map((record) => line(`run ${id} 0 yes -`, record)));
    assert.deepEqual([runs, unreadable], [[], records.length]);
  });

  it('are no answer where a line is not understood', () => {
    for (const words of ['run op-1', 'more x', 'rum op-1 0 yes -']) {
      assert.throws(
        () => read(line(words)),
        (error) => isRemoteOperationsError(error, 'BadAnswer'),
      );
    }
    assert.equal(read(line('more 12')).more, 12);
  });
});

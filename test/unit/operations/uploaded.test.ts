import assert from 'node:assert/strict';
import { awaitsUpload, isElsewhere, launchedSpec } from '../../../src/operations/uploaded';
import { operationAt } from './samples';

const { spec } = operationAt('queued');
const uploaded = { path: '/home/a/up/data', folder: '/home/a/up/data', machineId: 'm1', runsId: 'r1' };

describe('what is uploaded for an operation', () => {
  it('is launched in its folder, unless another one was asked for, and is told where it lies', () => {
    const env = { A: '1' };
    const operation = operationAt('queued', { uploaded, spec: { ...spec, env } });
    const launched = launchedSpec(operation);
    assert.equal(launched.cwd, uploaded.folder);
    assert.deepEqual(launched.env, { A: '1', REMOTE_OPS_UPLOAD: uploaded.path });
    assert.equal(launchedSpec({ ...operation, spec: { ...spec, cwd: '/srv' } }).cwd, '/srv');
    assert.deepEqual(launchedSpec(operationAt('queued')), spec);
  });

  it('is waited for only while it is queued, and once', () => {
    const wanted = { ...spec, uploadFrom: '/data' };
    assert.ok(awaitsUpload(operationAt('queued', { spec: wanted })));
    assert.ok(!awaitsUpload(operationAt('queued')));
    assert.ok(!awaitsUpload(operationAt('queued', { spec: wanted, uploaded })));
    assert.ok(!awaitsUpload(operationAt('cancelled', { spec: wanted })));
    assert.ok(!awaitsUpload(operationAt('queued', { spec: wanted, archived: true })));
  });

  it('lies elsewhere behind another folder of all runs, or without such on another machine', () => {
    assert.ok(!isElsewhere(uploaded, { machineId: 'm2', runsId: 'r1' }));
    assert.ok(isElsewhere(uploaded, { machineId: 'm1', runsId: 'r2' }));
    assert.ok(isElsewhere(uploaded, { machineId: 'm2' }));
    assert.ok(!isElsewhere(uploaded, { machineId: 'm1' }));
  });
});

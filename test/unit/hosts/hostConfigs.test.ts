import assert from 'node:assert/strict';
import { readHostConfigs } from '../../../src/hosts/hostConfigs';

describe('The setting of hosts', () => {
  it('takes this computer as a host, without anything that SSH would need', () => {
    const good = { id: 'local', host: 'local' };
    const { hosts, problems } = readHostConfigs([good, { id: 'x', host: 'local', user: 'bob' }]);
    assert.deepEqual(hosts, [good]);
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? '', /^Entry 2 .*"local" is this computer/);
  });
});

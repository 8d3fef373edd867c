import assert from 'node:assert/strict';
import { readPorts } from '../../../src/operations/portList';

describe('ports as they are typed', () => {
  it('are numbers and ranges, each once; nothing is all', () => {
    assert.deepEqual(readPorts('8080, 8188;22 8080'), [8080, 8188, 22]);
    assert.deepEqual(readPorts('8000-8003'), [8000, 8001, 8002, 8003]);
    assert.deepEqual(readPorts('  '), []);
  });

  it('are refused with the word that is none', () => {
    for (const wrong of ['0', '65536', '80-', 'http', '90-80', '1e3', '-80', '123456']) {
      const problem = readPorts(`22 ${wrong}`);
      assert.ok(typeof problem === 'string' && problem.includes(`"${wrong}"`), wrong);
    }
  });

  it('are not more than one look can be asked about', () => {
    assert.equal(readPorts('1-1000').length, 1000);
    assert.match(String(readPorts('1-60000')), /more than 1000/);
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { defaultName } from '../../../../src/operations/defaultName';
import { durationSeconds, durationText } from '../../../../webview/form/duration';
import { readVariables } from '../../../../webview/form/variables';

describe('the default name', () => {
  const cases: [command: string, name: string][] = [
    ['python3 -u src/train.py --lr 1', 'train.py'],
    ['CUDA_VISIBLE_DEVICES=1 torchrun --standalone train.py', 'train.py'],
    ['#!/bin/bash\nset -e\ncd /data\n./run.sh > log', 'run.sh'],
    ['cd ~/x && make -j8', 'make'],
    ['sbatch jobs/night.sbatch', 'night.sbatch'],
    ["'my tool' x", 'my'],
    ['sleep 1; true', 'sleep'],
    ['   ', ''],
  ];
  for (const [command, name] of cases) {
    it(`of ${JSON.stringify(command)} is ${JSON.stringify(name)}`, () => {
      assert.equal(defaultName(command), name);
    });
  }
});

describe('a time limit', () => {
  it('reads what it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), (seconds) => {
        assert.equal(durationSeconds(durationText(seconds)), seconds);
      }),
    );
  });

  it('is in minutes where no unit is given, and none where it cannot be told', () => {
    const read = ['90', '90 min', '1.5h', '1 h 30 min', '2D', '45s'].map(durationSeconds);
    assert.deepEqual(read, [5400, 5400, 5400, 5400, 172_800, 45]);
    for (const text of ['', 'soon', '1:30', '1 h 30', '-5 min', '5 weeks']) {
      assert.ok(Number.isNaN(durationSeconds(text)), text);
    }
  });
});

describe('pasted variables', () => {
  it('are lines of an .env file or of a shell', () => {
    assert.deepEqual(readVariables('# x\n\nA=1\r\nexport B="two words"\nC=\'=\''), [
      { name: 'A', value: '1' },
      { name: 'B', value: 'two words' },
      { name: 'C', value: '=' },
    ]);
  });

  it('are none where one line is something else', () => {
    assert.equal(readVariables('A=1\nls'), undefined);
    assert.equal(readVariables('NAME'), undefined);
    assert.equal(readVariables(''), undefined);
  });
});

import assert from 'node:assert/strict';
import { soak } from '../bench/soak/soak';

describe('an engine that crashes, behind a network that fails', () => {
  it('shows in the end of every operation what really happened to it', async function () {
    this.timeout(300_000);
    const seed = Date.now() % 1_000_000;
    const lines: string[] = [`seed ${seed}`];
    const report = await soak({
      seconds: 20,
      operations: 20,
      seed,
      faultEverySeconds: 5,
      crashEverySeconds: 7,
      log: (line) => lines.push(line),
    });
    assert.deepEqual(report.disagreements, [], lines.join('\n'));
    assert.ok(report.executed > 0 && report.crashes > 0, JSON.stringify(report));
  });
});

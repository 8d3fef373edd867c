import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { evidenceIn, goldenEvidence, goldenFolder } from './goldenBlocks';

describe('a recorded answer of a host', () => {
  const files = readdirSync(goldenFolder);

  it('is there from each kind of shell', () => {
    for (const shell of ['dash', 'bash', 'busybox']) {
      assert.ok(
        files.some((file) => file.startsWith(`probe-${shell}-`)),
        shell,
      );
    }
  });

  for (const file of files) {
    it(`is understood in every line (${file})`, () => {
      assert.deepEqual(evidenceIn(readFileSync(path.join(goldenFolder, file), 'utf8')), goldenEvidence);
    });
  }
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { toneColors, type Tone } from '../../../src/operations/statusTone';
import { repositoryRoot } from '../../testbed/repositoryRoot';

describe('colours of statuses', () => {
  it('are the same on pages as in the tree', () => {
    const css = readFileSync(path.join(repositoryRoot, 'webview/shared/tones.css'), 'utf8');
    const found = new Map<string, string>();
    for (const [, selectors = '', color = ''] of css.matchAll(
      /([^{}]*)\{\s*--tone: var\(--vscode-([\w-]+)\);\s*\}/gu,
    )) {
      for (const [, tone = ''] of selectors.matchAll(/data-tone='(\w+)'/gu)) {
        found.set(tone, color);
      }
    }
    const wanted = Object.entries<string>(toneColors).map(([tone, color]) => [tone, color.replace('.', '-')]);
    assert.deepEqual(Object.fromEntries(found), Object.fromEntries(wanted));
  });

  it('tell what waits, runs, has succeeded, has failed and was called off apart', () => {
    const told: Tone[] = ['waiting', 'running', 'done', 'failed', 'quiet'];
    assert.equal(new Set(told.map((tone) => toneColors[tone])).size, told.length);
  });
});

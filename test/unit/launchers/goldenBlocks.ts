import path from 'node:path';
import { parseBlock } from '../../../src/launchers/frame';
import { linesOf, mergeFacts, noFacts } from '../../../src/launchers/process/facts';
import { interpret } from '../../../src/launchers/process/interpret';
import type { Evidence } from '../../../src/operations/evidence';
import { repositoryRoot } from '../../testbed/repositoryRoot';
import { operationAt } from '../operations/samples';

/** Answers of the probe as hosts gave them, one for each shell, its version in the name. */
export const goldenFolder = path.join(repositoryRoot, 'test/unit/launchers/golden');

export const goldenNonce = 'golden';

/** What each operation of the recording is, and what its line has to be understood as. */
export const goldenEvidence: Readonly<Record<string, string>> = {
  runs: 'alive, running, progress 0.25',
  suspended: 'alive, paused',
  'lost-its-leader': 'alive, running, by its process group',
  failed: 'exited 3, progress 1',
  killed: 'absent, its processes are gone and left no exit code',
  terminated: 'absent, ended by a signal from outside',
  'before-a-restart': 'absent, the host was restarted',
  claimed: 'claimed',
  'not-launched': 'not-launched',
};

/** Understands a recorded answer; the evidence in short, by operation. */
export function evidenceIn(text: string): Record<string, string> {
  const operations = Object.keys(goldenEvidence).map((id) => operationAt('running', { id }));
  const block = parseBlock(text, goldenNonce, 'this machine');
  const whole = { ...block, lines: linesOf(mergeFacts(noFacts, block)) };
  return Object.fromEntries([...interpret(whole, operations)].map(([id, seen]) => [id, inShort(seen)]));
}

function inShort(seen: Evidence): string {
  const progress = 'progress' in seen && seen.progress ? [`progress ${seen.progress.progress}`] : [];
  switch (seen.kind) {
    case 'alive': {
      const by = seen.by === 'pid and start time' ? [] : [`by ${seen.by}`];
      return [seen.kind, seen.activity, ...by, ...progress].join(', ');
    }
    case 'exited':
      return [`${seen.kind} ${seen.exitCode}`, ...progress].join(', ');
    case 'absent':
    case 'ambiguous':
      return `${seen.kind}, ${seen.reason}`;
    default:
      return seen.kind;
  }
}

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decide } from '../../../src/operations/decide';
import { absenceConfirmMs, claimGraceMs, type Watch } from '../../../src/operations/decision';
import type { Evidence } from '../../../src/operations/evidence';
import type { Operation } from '../../../src/operations/operation';
import { isTerminal, statuses, type Status } from '../../../src/operations/status';
import {
  absent,
  alive,
  ambiguous,
  applied,
  context,
  exited,
  fresh,
  operationAt,
  pending,
  server,
  settled,
} from './samples';

const evidence: fc.Arbitrary<Evidence> = fc.oneof(
  fc.constantFrom(
    alive(),
    alive({ activity: 'paused' }),
    alive({ portOpen: false }),
    alive({ portOpen: true, by: 'its process group' }),
    absent(),
    absent({ killDelivered: true, reason: 'the host was restarted' }),
    ambiguous,
    absent({ onSharedFiles: true }),
    pending(),
    settled('completed'),
    settled('failed', { exitCode: 9 }),
    settled('cancelled'),
    { kind: 'claimed', killDelivered: false } satisfies Evidence,
    { kind: 'not-launched' } satisfies Evidence,
  ),
  fc
    .record({ exitCode: fc.integer({ min: 0, max: 255 }), killDelivered: fc.boolean() })
    .map(({ exitCode, killDelivered }): Evidence => exited(exitCode, { killDelivered })),
  fc
    .constantFrom('stale' as const, 'unreachable' as const, 'needs-login' as const)
    .map((observation): Evidence => ({ kind: 'unseen', observation, reason: 'no contact' })),
);

/** Small steps, so that many traces stay below the confirmation times, and some go beyond. */
const look = fc.record({
  evidence,
  afterMs: fc.oneof(fc.integer({ min: 0, max: 4_000 }), fc.integer({ min: 0, max: 2 * claimGraceMs })),
  wallJumpMs: fc.integer({ min: -1e9, max: 1e9 }),
});

const limited = (status: Status): Operation => {
  const { spec } = operationAt(status);
  return operationAt(status, {
    spec: { ...spec, timeoutSeconds: 30 },
    ...(status === 'stopping' && { timedOut: true }),
  });
};
const start = fc
  .constantFrom(...statuses)
  .chain((status) => fc.constantFrom(operationAt(status), server(status), limited(status)));
const trace = fc.tuple(start, fc.array(look, { minLength: 1, maxLength: 30 }));

interface Step {
  before: Operation;
  after: Operation;
  seen: Evidence;
  atMs: number;
  /** The looks up to and including this one. */
  past: readonly { seen: Evidence; atMs: number }[];
  watch: Watch;
  evidence: string | undefined;
  next: string | undefined;
}

function play([first, looks]: [Operation, { evidence: Evidence; afterMs: number; wallJumpMs: number }[]]) {
  const steps: Step[] = [];
  const past: { seen: Evidence; atMs: number }[] = [];
  let before = first;
  let watch = fresh;
  let atMs = 0;
  for (const each of looks) {
    atMs += each.afterMs;
    const now = new Date(Date.UTC(2026, 0, 1) + each.wallJumpMs).toISOString();
    past.push({ seen: each.evidence, atMs });
    const decision = decide(before, watch, each.evidence, context(atMs, now));
    const after = applied(before, decision.change);
    watch = decision.watch;
    steps.push({
      before,
      after,
      seen: each.evidence,
      atMs,
      past: [...past],
      watch,
      evidence: decision.evidence,
      next: decision.next,
    });
    before = after;
  }
  return steps;
}

const always = (holds: (step: Step) => void) =>
  fc.assert(
    fc.property(trace, (each) => play(each).forEach(holds)),
    { numRuns: 500 },
  );

const changed = ({ before, after }: Step) => before.status !== after.status;

/** Since when, without a living look in between, evidence of this kind has been seen. */
function seenSince({ past }: Step, kind: Evidence['kind']): number {
  const lastAlive = past.findLastIndex(({ seen }) => seen.kind === 'alive' || seen.kind === 'exited');
  return past.slice(lastAlive + 1).find(({ seen }) => seen.kind === kind)?.atMs ?? Infinity;
}

const proven: readonly Status[] = ['completed', 'failed', 'cancelled'];

describe('decide: any trace of evidence', () => {
  it('nothing unseen or ambiguous ever changes a status', () =>
    always((step) => {
      if (step.seen.kind === 'unseen' || step.seen.kind === 'ambiguous') {
        assert.deepEqual(step.after, step.before);
      }
    }));

  it("no operation ends without an exit code, a scheduler's word, a confirmed absence or a claim that led nowhere", () =>
    always((step) => {
      if (changed(step) && isTerminal(step.after.status)) {
        assert.ok(['exited', 'settled', 'absent', 'claimed'].includes(step.seen.kind), step.seen.kind);
      }
    }));

  it("completed and failed rest on an exit code, a scheduler's word, or a time limit that we enforced", () =>
    always((step) => {
      const { before, after, seen } = step;
      if (!changed(step) || (after.status !== 'completed' && after.status !== 'failed')) {
        return;
      }
      if (before.timedOut && after.status === 'failed') {
        assert.equal(before.status, 'stopping');
      } else if (seen.kind === 'settled') {
        assert.equal(after.status, seen.state);
      } else {
        assert.ok(seen.kind === 'exited', seen.kind);
        assert.equal(after.status, seen.exitCode === 0 ? 'completed' : 'failed');
      }
    }));

  it('rule 5: nothing is timed out that this very look did not see alive', () =>
    always((step) => {
      if (step.next === 'time-out') {
        assert.equal(step.seen.kind, 'alive');
        assert.notEqual(step.before.status, 'stopping');
      }
    }));

  it('nothing is cancelled that nobody asked to kill', () =>
    always((step) => {
      if (changed(step) && step.after.status === 'cancelled') {
        assert.equal(step.before.status, 'stopping');
      }
    }));

  it('a proven end stays as it is, in every field', () =>
    always((step) => {
      if (proven.includes(step.before.status)) {
        assert.deepEqual(step.after, step.before);
      }
    }));

  it('absence needs two sightings ten seconds apart on the monotonic clock', () =>
    always((step) => {
      if (changed(step) && isTerminal(step.after.status) && step.seen.kind === 'absent') {
        assert.ok(step.atMs - seenSince(step, 'absent') >= absenceConfirmMs);
      }
    }));

  it('a claim leads nowhere only after its grace time', () =>
    always((step) => {
      if (changed(step) && isTerminal(step.after.status) && step.seen.kind === 'claimed') {
        assert.ok(step.atMs - seenSince(step, 'claimed') >= claimGraceMs);
      }
    }));

  it('every status change has its evidence, and nothing else has', () =>
    always((step) => assert.equal(step.evidence !== undefined, changed(step))));

  it('"unverified since" is there exactly while the operation cannot be verified', () =>
    always((step) =>
      assert.equal(step.watch.unverifiedSince === undefined, step.watch.observation === 'fresh'),
    ));

  it('an identity once known is only replaced together with an exit code', () =>
    always((step) => {
      if (step.before.identity && step.seen.kind !== 'exited') {
        assert.deepEqual(step.after.identity, step.before.identity);
      }
    }));
});

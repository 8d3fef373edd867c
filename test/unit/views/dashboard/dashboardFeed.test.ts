import assert from 'node:assert/strict';
import { DashboardFeed } from '../../../../src/views/dashboard/dashboardFeed';
import type { ToWebview } from '../../../../src/views/dashboard/protocol';
import { Session } from '../../../../webview/dashboard/session';
import { operation, snapshot } from '../../../e2e/dashboardHarness';

describe('what the dashboard is sent', () => {
  let waiting: Set<() => void>;
  let sent: ToWebview[];
  let progress: number;
  let feed: DashboardFeed;

  beforeEach(() => {
    waiting = new Set();
    sent = [];
    progress = 0;
    feed = new DashboardFeed(
      () => snapshot([operation('a', { progress }), operation('b')]),
      (message) => sent.push(message),
      (run) => {
        waiting.add(run);
        return () => waiting.delete(run);
      },
    );
  });

  const change = (times = 1) => {
    for (let time = 0; time < times; time++) {
      progress += 0.1;
      feed.changed();
    }
  };
  const passAMoment = () => {
    const due = [...waiting];
    waiting.clear();
    due.forEach((run) => run());
  };

  it('is a snapshot first, then one message for all that changed within a moment', () => {
    feed.start();
    change(5);
    passAMoment();
    passAMoment();
    assert.deepEqual(
      sent.map(({ type, sequence }) => [type, sequence]),
      [
        ['snapshot', 1],
        ['changes', 2],
      ],
    );
    const [, second] = sent;
    assert.deepEqual(second?.type === 'changes' && second.changes.patches, [{ id: 'a', set: { progress } }]);
  });

  it('is nothing before it can draw and while it is hidden, and a snapshot when it is shown again', () => {
    change();
    passAMoment();
    feed.start();
    change();
    feed.stop();
    passAMoment();
    change(3);
    passAMoment();
    assert.deepEqual(
      sent.map(({ type }) => type),
      ['snapshot'],
    );
    feed.start();
    assert.deepEqual(
      sent.map(({ type }) => type),
      ['snapshot', 'snapshot'],
    );
  });

  it('makes what was sent whole again, and a missing message makes it ask', () => {
    const session = new Session();
    const progressOf = (message: ToWebview | undefined) =>
      message && session.receive(message)?.operations[0]?.progress;
    feed.start();
    assert.equal(progressOf(sent.at(-1)), progress);
    change();
    passAMoment();
    assert.equal(progressOf(sent.at(-1)), progress);
    change();
    passAMoment();
    change();
    passAMoment();
    assert.equal(progressOf(sent.at(-1)), undefined);
    feed.start();
    assert.equal(progressOf(sent.at(-1)), progress);
  });
});

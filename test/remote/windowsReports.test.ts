import assert from 'node:assert/strict';
import type { OperationView } from '../../src/operations/operationView';
import { Desk, eventually, nextOwner, type TestWindow } from './windowDriver';

const report = { type: 'transfer', name: 'pull llama', reportedBy: 'Model Store' };

describe('windows that share one engine: what their extensions report', () => {
  let desk: Desk;
  let owner: TestWindow;
  let clients: TestWindow[];

  beforeEach(async () => {
    desk = await Desk.make();
    ({ owner, clients } = await desk.settled(3));
  });

  afterEach(() => desk.clear());

  const start = (window: TestWindow, id: string) =>
    window.call<OperationView>('service', 'startReport', { ...report, name: id }, id);
  const update = (window: TestWindow, id: string, progress: object) =>
    window.call<OperationView>('service', 'updateReport', id, progress);
  const shown = async (window: TestWindow) =>
    (await window.operations())
      .map(({ id, status, observation, progress = 0 }) => `${id} ${status} ${observation} ${progress}`)
      .sort()
      .join(', ');
  const shows = (window: TestWindow, expected: string) =>
    eventually(
      `it shows ${expected}`,
      () => shown(window),
      (text) => text === expected,
    );

  it('is shown in all of them, and their own only is in doubt when a window is killed', async () => {
    const [reporter, other] = clients as [TestWindow, TestWindow];
    await start(reporter, 'a');
    await start(owner, 'b');
    await update(reporter, 'a', { progress: 0.5 });
    for (const window of [reporter, other, owner]) {
      await shows(window, 'a running fresh 0.5, b running fresh 0');
    }
    reporter.signal('SIGKILL');
    for (const window of [other, owner]) {
      await shows(window, 'a running stale 0.5, b running fresh 0');
    }
    // Its extension comes back in another window.
    await update(other, 'a', { progress: 0.6 });
    await shows(owner, 'a running fresh 0.6, b running fresh 0');
    const ended = await other.call<OperationView>('service', 'completeReport', 'a', { exitCode: 0 });
    assert.equal(ended.status, 'completed');
    await shows(owner, 'a completed fresh 0.6, b running fresh 0');
  });

  it('goes on under the next owner: only what the last one reported itself is in doubt', async () => {
    const [reporter] = clients as [TestWindow];
    await start(owner, 'b');
    await start(reporter, 'a');
    owner.signal('SIGKILL');
    const heir = await nextOwner(clients);
    for (const window of clients) {
      await window.until('it knows owner 2', () => window.place?.generation === 2, 5_000);
      await shows(window, 'a running fresh 0, b running stale 0');
    }
    await update(reporter, 'a', { progress: 0.9 });
    await shows(heir, 'a running fresh 0.9, b running stale 0');
  });

  it('is told again to the next owner when the last one went before it answered', async () => {
    const [reporter, other] = clients as [TestWindow, TestWindow];
    await start(reporter, 'a');
    owner.signal('SIGSTOP');
    const updated = update(reporter, 'a', { progress: 0.4 });
    const started = start(reporter, 'c');
    await reporter.operations();
    owner.signal('SIGKILL');
    assert.equal((await updated).progress, 0.4);
    assert.equal((await started).status, 'running');
    await shows(other, 'a running fresh 0.4, c running fresh 0');
  });
});

import assert from 'node:assert/strict';
import { Desk, nextOwner, type TestWindow } from './windowDriver';

describe('windows that share one engine: questions of hosts', () => {
  let desk: Desk;
  let owner: TestWindow;
  let client: TestWindow;
  let other: TestWindow;

  beforeEach(async () => {
    desk = await Desk.make();
    const settled = await desk.settled(3);
    owner = settled.owner;
    [client, other] = settled.clients as [TestWindow, TestWindow];
  });

  afterEach(() => desk.clear());

  const connect = (window: TestWindow) => window.start<void>('service', 'connect', 'locked');
  const isAsked = (window: TestWindow) =>
    window.until('it is asked', () => window.asked.length > window.takenBack);
  const counts = () => [owner, client, other].map(({ asked }) => asked.length);

  it('are asked in the window whose user wants something, once', async () => {
    const { answer } = connect(client);
    await isAsked(client);
    await client.call('answer', 'secret');
    await answer;
    assert.deepEqual(counts(), [0, 1, 0]);
    const own = connect(owner);
    await isAsked(owner);
    await owner.call('answer', 'secret');
    await own.answer;
    assert.deepEqual(counts(), [1, 1, 0]);
  });

  it('are cancelled in the window that was asked', async () => {
    const { answer } = connect(client);
    await isAsked(client);
    await client.call('answer');
    await assert.rejects(answer, { code: 'NeedsLogin' });
  });

  it('are asked one at a time, wherever they are asked', async () => {
    const first = connect(client);
    await isAsked(client);
    const second = connect(other);
    await other.call('service', 'operations');
    assert.deepEqual(counts(), [0, 1, 0]);
    await client.call('answer', 'secret');
    await first.answer;
    await isAsked(other);
    await other.call('answer', 'secret');
    await second.answer;
    assert.deepEqual(counts(), [0, 1, 1]);
  });

  it('of a window that dies while it is asked do not keep the others from being asked', async () => {
    void connect(client);
    await isAsked(client);
    const second = connect(other);
    client.signal('SIGKILL');
    await isAsked(other);
    await other.call('answer', 'secret');
    await second.answer;
    assert.equal(owner.asked.length, 0);
  });

  it('are taken back and asked anew by the next owner when the owner dies', async () => {
    const { answer } = connect(client);
    await isAsked(client);
    owner.signal('SIGKILL');
    await client.until('the question is taken back', () => client.takenBack === 1);
    await nextOwner([client, other]);
    await client.until('it is asked again', () => client.asked.length === 2);
    await client.call('answer', 'secret');
    await answer;
    assert.equal(other.asked.length, 0);
  });
});

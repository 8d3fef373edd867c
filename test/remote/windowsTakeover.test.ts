import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import type { OperationView } from '../../src/operations/operationView';
import { Desk, eventually, nextOwner, split } from './windowDriver';

/** What must be the same in every window. Observation and times move on with each look. */
const essence = (views: OperationView[]) =>
  views.map(({ id, name, status, submittedAt, pid }) => ({ id, name, status, submittedAt, pid }));

describe('windows that share one engine: when the owner goes', () => {
  let desk: Desk;

  beforeEach(async () => {
    desk = await Desk.make();
  });

  afterEach(() => desk.clear());

  it('another takes over within five seconds after a kill -9, and lists the same', async () => {
    const { owner, clients } = await desk.settled(3);
    for (const name of ['one', 'two', 'three']) {
      desk.note(await owner.submit(name, 'sleep 600'));
    }
    const before = essence(await owner.list({ sync: false }));
    assert.equal(before.length, 3);
    owner.signal('SIGKILL');
    const heir = await nextOwner(clients);
    for (const window of clients) {
      await window.until('it knows owner 2', () => window.place?.generation === 2, 5_000);
      assert.deepEqual(essence(await window.list({ sync: false })), before);
    }
    const { synced, errors, unreachable } = await heir.sync().answer;
    assert.deepEqual({ synced, errors, unreachable }, { synced: 0, errors: 0, unreachable: 0 });
  });

  it('the database is whole after a kill -9 in mid-write, again and again', async function () {
    this.timeout(120_000);
    const { owner } = await desk.settled(1);
    const { id } = desk.note(await owner.submit('kept', 'sleep 600'));
    let current = owner;
    for (let round = 1; round <= 5; round++) {
      const [next] = desk.open(1) as [(typeof desk.windows)[number]];
      await next.until('it is a client', () => !!next.place);
      void current.call('churn', id);
      await current.until('it writes', () => current.writes >= 10 + round);
      const { writes } = current;
      current.signal('SIGKILL');
      await next.until('it owns the engine', () => next.isOwner, 5_000);
      const [view] = await next.list({ sync: false });
      assert.equal(view?.id, id);
      assert.equal(view.status, 'running');
      assert.ok((view.epoch ?? 0) >= writes, `${view.epoch} of ${writes} acknowledged writes`);
      current = next;
    }
    const files = await readdir(desk.storage());
    assert.deepEqual(
      files.filter((name) => /\.new$|\.damaged-/.test(name)),
      [],
    );
  });

  it('a stopped owner is succeeded; continued, it overwrites nothing and becomes a client', async () => {
    const { owner, clients } = await desk.settled(3);
    const { id } = desk.note(await owner.submit('early', 'sleep 600'));
    void owner.call('churn', id);
    await owner.until('it writes', () => owner.writes >= 10);
    owner.signal('SIGSTOP');
    const heir = await nextOwner(clients, 15_000);
    desk.note(await heir.submit('late', 'sleep 600'));
    await heir.kill(id);
    owner.signal('SIGCONT');
    await owner.until('it is a client', () => owner.place?.role === 'client', 10_000);
    split([owner, ...clients]);
    for (const window of [owner, ...clients]) {
      await eventually(
        'it lists what the new owner did',
        async () => essence(await window.operations()).map(({ name, status }) => `${name} ${status}`),
        (names) => names.join() === 'late running,early cancelled',
      );
    }
    // What is on the disk counts: a window that begins afresh, all others gone.
    await Promise.all(desk.windows.map((window) => window.end()));
    const { owner: fresh } = await desk.settled(1);
    assert.deepEqual(
      (await fresh.list({ sync: false })).map(({ name, status }) => `${name} ${status}`),
      ['late running', 'early cancelled'],
    );
  });

  it('a request that only looks is asked again of the new owner', async () => {
    const { owner, clients } = await desk.settled(2);
    const [client] = clients as [(typeof clients)[number]];
    owner.signal('SIGSTOP');
    const { answer } = client.sync();
    owner.signal('SIGKILL');
    assert.equal((await answer).errors, 0);
    assert.equal(client.isOwner, true);
  });

  it('a submit under way is not repeated, but says to look', async () => {
    const { owner, clients } = await desk.settled(2);
    const [client] = clients as [(typeof clients)[number]];
    owner.signal('SIGSTOP');
    const submitted = client.submit('doubtful', 'sleep 600');
    // The answer to a later call shows that the submit has been sent.
    await client.operations();
    owner.signal('SIGKILL');
    await assert.rejects(submitted, { code: 'NoAnswer', message: /"doubtful" .* If it is in the list/ });
    await client.until('it owns the engine', () => client.isOwner, 5_000);
    assert.deepEqual(await client.list({ sync: false }), []);
  });
});

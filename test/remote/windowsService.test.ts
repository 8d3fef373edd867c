import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { Desk, eventually, type TestWindow } from './windowDriver';

describe('windows that share one engine: what a client can do', () => {
  let desk: Desk;
  let owner: TestWindow;
  let client: TestWindow;

  beforeEach(async () => {
    desk = await Desk.make();
    const settled = await desk.settled(2);
    owner = settled.owner;
    client = settled.clients[0] as TestWindow;
  });

  afterEach(() => desk.clear());

  it('submits, and both list it before the answer comes', async () => {
    const view = desk.note(await client.submit('from afar', 'sleep 600'));
    assert.equal(view.status, 'running');
    const [here] = await client.operations();
    const [there] = await owner.operations();
    assert.equal(here?.id, view.id);
    assert.equal(there?.id, view.id);
    assert.equal(typeof view.pid, 'number');
  });

  it('kills, archives, and reads log and history', async () => {
    const { id } = desk.note(await client.submit('loud', 'echo hello; sleep 600'));
    await eventually(
      'the log is there',
      () => client.call<{ text: string }>('service', 'log', id),
      ({ text }) => text === 'hello\n',
    );
    assert.equal((await client.kill(id)).status, 'cancelled');
    const history = await client.call<{ to: string }[]>('service', 'history', id);
    assert.deepEqual(
      history.map(({ to }) => to),
      ['submitting', 'running', 'stopping', 'cancelled'],
    );
    await client.call('service', 'archive', id);
    assert.deepEqual(await client.operations(), []);
    assert.deepEqual(await owner.operations(), []);
  });

  it('submits and syncs while the others do: each operation runs once, and all list the same', async () => {
    const names = Array.from({ length: 6 }, (_, at) => `at-once-${at}`);
    const views = await Promise.all(
      names.map(async (name, at) => {
        const window = at % 2 === 0 ? owner : client;
        const submitted = window.submit(name, `echo ran >> "$HOME/${name}"; exec sleep 600`);
        await window.sync().answer;
        return desk.note(await submitted);
      }),
    );
    await Promise.all([owner.sync().answer, client.sync().answer]);
    const shown = async (window: TestWindow) =>
      (await window.operations())
        .map(({ id, status, observation }) => `${id} ${status} ${observation}`)
        .sort();
    assert.deepEqual(await shown(owner), views.map(({ id }) => `${id} running fresh`).sort());
    assert.deepEqual(await shown(client), await shown(owner));
    for (const name of names) {
      const ran = () => readFile(path.join(desk.home, name), 'utf8').catch(() => '');
      assert.equal(await eventually('it ran', ran, (text) => text !== ''), 'ran\n');
    }
  });

  it('learns from changes that it did not ask for', async () => {
    const view = desk.note(await owner.submit('short', 'read line < gate; exit 3'));
    await eventually(
      'the client lists it',
      () => client.operations(),
      ([first]) => first?.id === view.id,
    );
    await owner.call('service', 'setVisible', 'tree', true);
    await eventually(
      'the client sees how it ended',
      () => client.operations(),
      ([first]) => first?.status === 'failed' && first.exitCode !== undefined,
    );
  });

  it('cancels a sync', async () => {
    const { pid = 0 } = desk.note(await owner.submit('victim', 'sleep 600'));
    process.kill(-pid, 'SIGKILL');
    const sync = client.sync();
    // An absence is confirmed ten seconds later: in between there is time to cancel.
    await eventually(
      'the absence was seen once',
      () => client.operations(),
      ([first]) => first?.observation === 'ambiguous',
    );
    sync.cancel();
    await assert.rejects(sync.answer, { code: 'Cancelled' });
  });

  it('gets refusals as errors with their codes', async () => {
    await assert.rejects(client.submit('', 'true'), {
      code: 'InvalidInput',
      message: 'The name is missing.',
    });
    await assert.rejects(client.kill('nonesuch'), { code: 'UnknownOperation' });
    await assert.rejects(client.call('service', 'connect', 'elsewhere'), { code: 'UnknownHost' });
    await assert.rejects(client.call('service', 'list', { type: 'cat' }), { code: 'InvalidInput' });
  });

  it('never looks at a host itself', async () => {
    desk.note(await client.submit('watched', 'sleep 600'));
    await client.call('service', 'setVisible', 'tree', true);
    const before = await owner.call<number>('runs');
    await eventually(
      'the owner looks for the client',
      () => owner.call<number>('runs'),
      (runs) => runs > before + 5,
    );
    assert.equal(await client.call('runs'), 0);
  });

  it('is no longer watched for once it is gone', async () => {
    desk.note(await owner.submit('watched', 'sleep 600'));
    const cycles = (reason: string) => owner.log.filter((line) => line.includes(`${reason} cycle`)).length;
    await client.call('service', 'setVisible', 'tree', true);
    await owner.until('a view shows', () => cycles('visible') === 1);
    client.signal('SIGKILL');
    const [second] = desk.open(1) as [TestWindow];
    await second.until('it has a place', () => !!second.place);
    await second.call('service', 'setVisible', 'tree', true);
    // Only the first view that shows makes the owner look at once.
    await owner.until('a view shows again', () => cycles('visible') === 2);
  });

  it('finds the socket in a folder of its user alone, named in a file of its user alone', async () => {
    const claim = JSON.parse(await readFile(path.join(desk.storage(), 'owners', '1'), 'utf8')) as {
      socket: string;
    };
    assert.ok(Buffer.byteLength(claim.socket) < 100);
    const folder = path.dirname(claim.socket);
    const owners = path.join(desk.storage(), 'owners');
    for (const file of [folder, owners, path.join(owners, '1')]) {
      const { mode, uid } = await stat(file);
      assert.deepEqual({ others: mode & 0o077, uid }, { others: 0, uid: process.getuid?.() }, file);
    }
  });
});

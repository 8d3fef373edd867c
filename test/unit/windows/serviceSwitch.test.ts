import assert from 'node:assert/strict';
import { OwnerLost } from '../../../src/windows/remoteErrors';
import { ServiceSwitch } from '../../../src/windows/serviceSwitch';
import { ScriptedService, view } from './scriptedService';

describe('service switch', () => {
  let service: ServiceSwitch;
  let first: ScriptedService;
  let second: ScriptedService;

  beforeEach(() => {
    service = new ServiceSwitch({ waitMs: 1_000 });
    first = new ScriptedService();
    second = new ScriptedService();
  });

  it('lets calls wait for the first service', async () => {
    const listed = service.list();
    assert.equal(service.isReady, false);
    first.answer = () => Promise.resolve([view('a')]);
    service.provide(first);
    assert.deepEqual(await listed, [view('a')]);
    assert.equal(service.isReady, true);
  });

  it('keeps what was seen while there is no service', () => {
    first.put(view('a'));
    first.putHosts({ id: 'lab', name: 'Lab', address: 'lab', state: 'connected' });
    first.putCases({ id: 'f', path: '/new', hostId: 'lab', remoteDir: '~/cases', cases: [], more: 0 });
    service.provide(first);
    service.withdraw();
    first.views.clear();
    assert.equal(service.cases().length, 1);
    assert.deepEqual(service.operations(), [view('a')]);
    assert.deepEqual(service.get('a'), view('a'));
    assert.equal(service.hosts().length, 1);
    assert.equal(service.isReady, true);
  });

  it('tells of the state of the next service, and of no change in the last one', () => {
    service.provide(first);
    service.withdraw();
    const told: string[] = [];
    service.onDidChange((views) => told.push(views.map(({ id }) => id).join()));
    first.put(view('old'));
    second.put(view('new'));
    service.provide(second);
    second.put(view('newer'));
    assert.deepEqual(told, ['new', 'newer']);
  });

  it('shows the next service what is visible', () => {
    service.setVisible('tree', true);
    service.setVisible('dashboard', true);
    service.provide(first);
    service.setVisible('tree', false);
    service.withdraw();
    service.provide(second);
    assert.deepEqual([...second.visible], ['dashboard']);
  });

  it('tells the next service what the extensions of this window report, until it has ended', async () => {
    service.provide(first);
    await service.startReport({}, 'a');
    await service.startReport({}, 'b');
    await service.updateReport('c', {});
    await service.completeReport('b', {});
    service.withdraw();
    service.provide(second);
    assert.deepEqual(second.calls, [['hearReports', ['a', 'c']]]);
  });

  it('asks the next service once more when the owner went away during a look', async () => {
    first.answer = () => Promise.reject(new OwnerLost('gone'));
    second.answer = () => Promise.resolve({ checked: 1 });
    service.provide(first);
    const synced = service.sync();
    second.views.set('a', view('a'));
    setImmediate(() => service.provide(second));
    assert.deepEqual(await synced, { checked: 1 });
  });

  it('asks no third time', async () => {
    first.answer = () => Promise.reject(new OwnerLost('gone'));
    second.answer = () => Promise.reject(new OwnerLost('gone again'));
    service.provide(first);
    const log = service.log('a');
    setImmediate(() => service.provide(second));
    await assert.rejects(log, { code: 'NoAnswer', message: 'gone again' });
  });

  for (const act of ['submit', 'kill', 'pause', 'resume', 'restart', 'archive'] as const) {
    it(`does not repeat ${act}`, async () => {
      first.answer = () => Promise.reject(new OwnerLost('gone'));
      service.provide(first);
      await assert.rejects(service[act]('a'), { code: 'NoAnswer', message: 'gone' });
      assert.equal(first.calls.length, 1);
      assert.deepEqual(second.calls, []);
    });
  }

  it('rejects calls while no service can be had, until one can', async () => {
    const waiting = service.list();
    service.fail(new Error('no database'));
    await assert.rejects(waiting, /no database/);
    await assert.rejects(service.list(), /no database/);
    service.fail(new Error('still none'));
    await assert.rejects(service.list(), /still none/);
    first.answer = () => Promise.resolve([]);
    service.provide(first);
    assert.deepEqual(await service.list(), []);
  });

  it('lets no call wait for ever', async () => {
    service = new ServiceSwitch({ waitMs: 1 });
    await assert.rejects(service.list(), { code: 'NoAnswer' });
  });

  it('lets a waiting call be cancelled', async () => {
    const abort = new AbortController();
    const synced = service.sync({}, abort.signal);
    abort.abort();
    await assert.rejects(synced, { code: 'Cancelled' });
  });
});

import assert from 'node:assert/strict';
import type { Machine, RunResult } from '../../../src/hosts/machine';
import { RemoteOperationsError } from '../../../src/operations/errors';
import { identity, operationAt } from '../operations/samples';
import { StoreFolder } from '../store/storeSupport';
import { engineOver, type Rig } from './engineRig';

/** A host that is switched off: nothing that is sent to it arrives. */
class OffMachine implements Machine {
  readonly triedAtSeconds: number[] = [];

  constructor(
    readonly hostId: string,
    private readonly nowMs: () => number,
  ) {}

  connect(): Promise<void> {
    return Promise.reject(this.#unreachable());
  }

  run(): Promise<RunResult> {
    this.triedAtSeconds.push(this.nowMs() / 1000);
    return Promise.reject(this.#unreachable());
  }

  dispose(): void {
    // Nothing is kept open.
  }

  #unreachable(): RemoteOperationsError {
    return new RemoteOperationsError('Unreachable', `${this.hostId} refused the connection.`);
  }
}

const minutes = 60_000;
const hour = 60 * minutes;

describe('polling', () => {
  let folder: StoreFolder;
  let rig: Rig;
  let machine: OffMachine;
  let other: OffMachine;

  beforeEach(async () => {
    folder = new StoreFolder();
    const store = await folder.open();
    machine = new OffMachine('here', () => rig.clock.monotonicMs());
    other = new OffMachine('there', () => rig.clock.monotonicMs());
    rig = engineOver(store, [machine, other]);
  });
  afterEach(async () => {
    await rig.engine.dispose();
    folder.dispose();
  });

  const running = async () => {
    const operation = operationAt('running', { identity });
    await rig.store.insert(operation, 'submitted');
    return operation;
  };
  const gaps = () =>
    machine.triedAtSeconds.slice(1).map((at, index) => at - (machine.triedAtSeconds[index] ?? 0));

  it('is none at all while nothing is known and no host is connected', async () => {
    rig.hosts.usualState = 'idle';
    await rig.engine.start();
    rig.engine.setVisible('tree', true);
    await rig.clock.advance(hour);
    assert.deepEqual(machine.triedAtSeconds, []);
    assert.deepEqual(rig.clock.waits, []);
  });

  it('is none at all once everything has ended and no host is connected', async () => {
    for (const [at, status] of (['completed', 'failed', 'cancelled'] as const).entries()) {
      await rig.store.insert(operationAt(status, { id: `op-${at}` }), 'submitted');
    }
    rig.hosts.usualState = 'idle';
    await rig.engine.start();
    rig.engine.setVisible('tree', true);
    await rig.clock.advance(hour);
    assert.deepEqual(machine.triedAtSeconds, []);
    assert.deepEqual(rig.clock.waits, []);
  });

  it('does not go on for what is gone without exit code; that is looked at along with others, for an hour', async () => {
    const endedAt = new Date(rig.clock.now()).toISOString();
    await rig.store.insert(operationAt('stopped', { id: 'gone', identity, endedAt }), 'submitted');
    await rig.engine.start();
    await rig.clock.advance(minutes);
    assert.deepEqual(machine.triedAtSeconds, []);
    await running();
    assert.equal((await rig.engine.sync()).unreachable, 2);
    await rig.clock.advance(hour);
    assert.equal((await rig.engine.sync()).unreachable, 1);
  });

  it('leaves hosts without anything active alone', async () => {
    await running();
    await rig.engine.start();
    await rig.clock.advance(hour);
    assert.ok(machine.triedAtSeconds.length > 0);
    assert.deepEqual(other.triedAtSeconds, []);
  });

  it('asks a host that fails less and less often, at least every five minutes', async () => {
    await running();
    rig.engine.setVisible('tree', true);
    await rig.clock.advance(2 * hour);
    const waits = gaps();
    assert.deepEqual(waits.slice(0, 6), [6, 10, 20, 40, 80, 160]);
    assert.ok(
      waits.slice(6).every((gap) => gap === 300),
      String(waits),
    );
  });

  it('asks a failing host at once when the user does, and when a view comes to be seen', async () => {
    await running();
    rig.engine.setVisible('tree', true);
    await rig.clock.advance(hour);
    const tried = machine.triedAtSeconds.length;
    const report = await rig.engine.sync();
    assert.equal(report.unreachable, 1);
    assert.equal(machine.triedAtSeconds.length, tried + 1);
    rig.engine.setVisible('tree', false);
    rig.engine.setVisible('dashboard', true);
    await new Promise(setImmediate);
    assert.equal(machine.triedAtSeconds.length, tried + 2);
  });

  it('rule 9: begins anew after sleep: old connections are dropped, and nothing is alarmed', async () => {
    await running();
    await rig.engine.start();
    await rig.clock.advance(minutes);
    rig.clock.sleep(8 * hour);
    const tried = machine.triedAtSeconds.length;
    await rig.clock.advance(5 * minutes);
    assert.deepEqual(rig.hosts.renewed, ['here', 'there']);
    assert.ok(machine.triedAtSeconds.length > tried);
    assert.ok(rig.logged.some((line) => /slept for about 288\d\d s/.test(line)));
    assert.equal(rig.engine.get('op-1')?.status, 'running');
    assert.equal((await rig.engine.history('op-1')).length, 1);
  });

  it('rule 9: takes all hosts failing at once for this machine being offline: none is left alone for longer', async () => {
    await running();
    const elsewhere = operationAt('running', { id: 'op-2', identity });
    await rig.store.insert({ ...elsewhere, spec: { ...elsewhere.spec, hostId: 'there' } }, 'submitted');
    rig.engine.setVisible('tree', true);
    await rig.clock.advance(hour);
    assert.ok(
      gaps().every((gap) => gap <= 6),
      String(gaps()),
    );
  });

  it('takes no host that the user disconnected for a sign of that, nor asks it', async () => {
    await running();
    const elsewhere = operationAt('running', { id: 'op-2', identity });
    await rig.store.insert({ ...elsewhere, spec: { ...elsewhere.spec, hostId: 'there' } }, 'submitted');
    rig.engine.disconnect('there');
    await new Promise(setImmediate);
    const tried = other.triedAtSeconds.length;
    rig.engine.setVisible('tree', true);
    await rig.clock.advance(hour);
    assert.deepEqual(gaps().slice(0, 6), [6, 10, 20, 40, 80, 160]);
    assert.equal(other.triedAtSeconds.length, tried);
  });

  it('skips a host that was looked at just now for another reason', async () => {
    await running();
    await rig.engine.start();
    rig.engine.setVisible('tree', true);
    await rig.clock.advance(hour);
    await rig.engine.sync();
    const at = machine.triedAtSeconds.length;
    await rig.clock.advance(900);
    assert.equal(machine.triedAtSeconds.length, at);
  });

  it('changes no status, however long the host is away', async () => {
    await running();
    await rig.engine.start();
    await rig.clock.advance(48 * hour);
    const view = rig.engine.get('op-1');
    assert.deepEqual(
      [view?.status, view?.shownStatus, view?.observation],
      ['running', 'unknown', 'unreachable'],
    );
    assert.equal(rig.engine.operations().length, 1);
    assert.deepEqual(await rig.engine.history('op-1').then((events) => events.length), 1);
  });

  it('tells how often a host failed in a row, and when it is tried again, until it answers or is left', async () => {
    const { id } = await running();
    let told = 0;
    rig.engine.onDidChangeHosts(() => (told += 1));
    const host = () => rig.engine.hosts().find((view) => view.id === 'here');
    const inSeconds = (nextTryAt = '') => (Date.parse(nextTryAt) - rig.clock.now()) / 1000;
    assert.equal(host()?.failures, undefined);
    await rig.engine.sync();
    await rig.engine.sync();
    assert.deepEqual([host()?.failures, inSeconds(host()?.nextTryAt)], [2, 10]);
    assert.equal(told, 2);
    await rig.clock.advance(1_000);
    assert.equal(told, 2);
    await rig.store.update(id, rig.store.get(id)?.version ?? 0, { archived: true });
    assert.deepEqual([host()?.failures, host()?.nextTryAt], [2, undefined]);
    await rig.engine.sync();
    assert.deepEqual([host()?.failures, told], [undefined, 4]);
  });

  it('counts failures on while this machine is offline, though none of the hosts is left alone for longer', async () => {
    await running();
    const elsewhere = operationAt('running', { id: 'op-2', identity });
    await rig.store.insert({ ...elsewhere, spec: { ...elsewhere.spec, hostId: 'there' } }, 'submitted');
    rig.engine.setVisible('tree', true);
    await rig.clock.advance(minutes);
    for (const { failures = 0, nextTryAt = '' } of rig.engine.hosts()) {
      assert.ok(failures > 5, String(failures));
      assert.ok(Date.parse(nextTryAt) - rig.clock.now() <= 6_000, nextTryAt);
    }
  });

  it('is over once the engine is disposed', async () => {
    await running();
    await rig.engine.start();
    await rig.engine.dispose();
    const tried = machine.triedAtSeconds.length;
    await rig.clock.advance(hour);
    assert.equal(machine.triedAtSeconds.length, tried);
  });
});

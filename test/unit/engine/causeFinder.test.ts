import assert from 'node:assert/strict';
import { CauseFinder } from '../../../src/engine/causeFinder';
import { Launchers } from '../../../src/engine/launchers';
import type { Machine } from '../../../src/hosts/machine';
import type { Launcher } from '../../../src/launchers/launcher';
import { RemoteOperationsError } from '../../../src/operations/errors';
import type { Operation } from '../../../src/operations/operation';
import type { OperationStore } from '../../../src/store/operationStore';
import { eventually } from '../../testbed/eventually';
import { operationAt } from '../operations/samples';
import { StoreFolder } from '../store/storeSupport';
import { contextWith, FixedHosts } from './engineRig';
import { FakeClock } from './fakeClock';

describe('reading why operations ended', () => {
  const folders: StoreFolder[] = [];
  let store: OperationStore;
  let finder: CauseFinder;
  let clock: FakeClock;
  let asked: string[];
  let answer: (id: string) => Promise<{ text: string; offset: number; size: number } | undefined>;

  beforeEach(async () => {
    const folder = new StoreFolder();
    folders.push(folder);
    store = await folder.open();
    clock = new FakeClock();
    asked = [];
    answer = (id) => Promise.resolve({ text: `${id} failed\n`, offset: 0, size: 1 });
    const hosts = new FixedHosts(new Map([['here', { hostId: 'here' } as Machine]]));
    const { context } = contextWith(store, hosts, clock);
    const launcher = {
      log: (_machine: Machine, _name: string, { id }: Operation) => {
        asked.push(id);
        return answer(id);
      },
    } as unknown as Launcher;
    finder = new CauseFinder({ ...context, launchers: new Launchers({ process: launcher }) });
  });
  afterEach(async () => {
    await store.close();
    folders.splice(0).forEach((folder) => folder.dispose());
  });

  const add = (id: string, status: Operation['status'], more: Partial<Operation> = {}) =>
    store.insert(
      operationAt(status, {
        id,
        exitCode: 1,
        endedAt: new Date(clock.now() - 1_000).toISOString(),
        ...more,
      }),
      'test',
    );
  const finding = (id: string) => store.get(id)?.finding;
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  it('is done once for each that failed or stopped, the latest first', async () => {
    await add('older', 'failed', { endedAt: new Date(clock.now() - 5_000).toISOString() });
    await add('latest', 'stopped');
    for (const status of ['completed', 'cancelled', 'running'] as const) {
      await add(status, status);
    }
    finder.readOn('here');
    await eventually('both', () => finding('older'));
    finder.readOn('here');
    await settled();
    assert.deepEqual(asked, ['latest', 'older']);
    assert.deepEqual(finding('latest')?.lines, ['latest failed']);
  });

  it('is not done for what never ran, ended long ago, or was put away', async () => {
    const { exitCode: _none, ...refused } = operationAt('failed', { id: 'refused' });
    await store.insert({ ...refused, endedAt: new Date(clock.now()).toISOString() }, 'test');
    await add('old', 'failed', { endedAt: new Date(clock.now() - 25 * 3_600_000).toISOString() });
    await add('archived', 'failed', { archived: true });
    finder.readOn('here');
    await settled();
    assert.deepEqual(asked, []);
  });

  it('raises no version: what is known of its status did not change', async () => {
    await add('a', 'failed');
    finder.readOn('here');
    await eventually('what it found', () => finding('a'));
    assert.deepEqual([store.get('a')?.version, store.get('a')?.status], [1, 'failed']);
  });

  it('stops at a host that does not answer, changes nothing, and gives up after two tries', async () => {
    answer = () => Promise.reject(new RemoteOperationsError('Unreachable', 'gone'));
    await add('a', 'failed');
    await add('b', 'failed');
    for (let look = 0; look < 6; look++) {
      finder.readOn('here');
      await settled();
    }
    assert.equal(asked.length, 4);
    assert.deepEqual([finding('a'), finding('b')], [undefined, undefined]);
  });

  it('does not ask again for a log that is not there', async () => {
    answer = () => Promise.resolve(undefined);
    await add('a', 'failed');
    finder.readOn('here');
    await settled();
    finder.readOn('here');
    await settled();
    assert.deepEqual([asked, finding('a')], [['a'], undefined]);
  });

  it('leaves alone what lives again, or ended otherwise, meanwhile', async () => {
    let release!: () => void;
    const held = new Promise<void>((resolve) => (release = resolve));
    answer = async () => {
      await held;
      return { text: 'late', offset: 0, size: 1 };
    };
    await add('a', 'stopped');
    finder.readOn('here');
    await store.update('a', 1, { status: 'running', endedAt: undefined }, 'seen alive');
    release();
    await settled();
    assert.equal(finding('a'), undefined);
  });

  it('reads one at a time, and 50 at most after a look', async () => {
    let most = 0;
    let under = 0;
    answer = async () => {
      most = Math.max(most, ++under);
      await settled();
      under -= 1;
      return { text: 'x', offset: 0, size: 1 };
    };
    await Promise.all(Array.from({ length: 60 }, (_, n) => add(`op-${n}`, 'failed')));
    finder.readOn('here');
    finder.readOn('here');
    await eventually('fifty', () => asked.length === 50 && under === 0);
    await settled();
    assert.deepEqual([asked.length, most], [50, 1]);
    finder.readOn('here');
    await eventually('the rest', () => asked.length === 60);
  });
});

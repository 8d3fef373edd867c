import assert from 'node:assert/strict';
import { appendFileSync, existsSync, utimesSync, writeFileSync } from 'node:fs';
import type { OperationType } from '../../src/operations/status';
import { eventually } from '../testbed/eventually';
import type { Rig } from '../unit/engine/engineRig';
import { EngineHost } from './engineSupport';
import { signal } from './scriptsProcesses';

describe('an operation that only writes to its log', () => {
  let here: EngineHost;
  let rig: Rig;

  beforeEach(async () => {
    here = new EngineHost();
    rig = await here.open();
  });
  afterEach(() => here.dispose());

  const submit = async (type: OperationType = 'job') => {
    const view = await rig.engine.submit({ hostId: 'here', type, name: 'fetch', command: 'exec sleep 600' });
    await eventually('its log', () => existsSync(log(view.id)));
    return view;
  };
  const log = (id: string) => here.host.file({ id }, 'log');
  const view = async (id: string) => {
    await rig.engine.sync();
    return rig.engine.get(id);
  };
  /** Two seconds later, with this in its log. */
  const afterWriting = async (id: string, text: string) => {
    appendFileSync(log(id), text);
    await rig.clock.advance(2_000);
    return view(id);
  };
  const silentFor = (id: string, minutes: number) => {
    const then = Date.now() / 1000 - minutes * 60;
    utimesSync(log(id), then, then);
  };

  it('has sizes at once, speed and ETA when they are more than a guess', async () => {
    const { id } = await submit('transfer');
    rig.engine.setVisible('tree', true);
    const meter = (percent: number) =>
      `\r ${percent} 100.0M   ${percent} ${percent}.0M    0     0  4914k      0  0:00:05  0:00:01  0:00:04 4914k`;
    const first = await afterWriting(id, `  % Total    % Received % Xferd\n${meter(10)}`);
    assert.deepEqual(
      [first?.progress, first?.sizeDoneBytes, first?.sizeTotalBytes],
      [0.1, 10 * 1024 ** 2, 100 * 1024 ** 2],
    );
    assert.deepEqual([first?.speedBytesPerSecond, first?.etaSeconds], [undefined, undefined]);
    for (const percent of [12, 14, 16]) {
      await afterWriting(id, meter(percent));
    }
    const last = await afterWriting(id, meter(18));
    assert.equal(last?.speedBytesPerSecond, 1024 ** 2);
    assert.equal(last.etaSeconds, 82);
  });

  it('has a series of its loss, also when the log shows it now and then', async () => {
    const { id } = await submit();
    rig.engine.setVisible('tree', true);
    for (const text of ['Epoch 1/4: loss=3, lr=1\n', 'Epoch 2/4: lr=0.5\n', 'Epoch 3/4: loss=2, lr=0.5\n']) {
      await afterWriting(id, text);
    }
    assert.deepEqual(rig.engine.series(id), { name: 'loss', values: [3, 2] });
    assert.equal(rig.engine.get(id)?.progress, 0.75);
  });

  it('has no progress of which nobody wants to know, until it has ended', async () => {
    const { id } = await submit();
    const seen = await afterWriting(id, 'Epoch 1/4: loss=3\n');
    assert.deepEqual([seen?.status, seen?.progress], ['running', undefined]);
    writeFileSync(here.host.file({ id }, 'exit_code'), '0\n');
    const ended = await view(id);
    assert.deepEqual([ended?.status, ended?.progress], ['completed', 0.25]);
  });

  it('is stalled when it has written nothing for long, seen or not, until it writes', async () => {
    const { id } = await submit();
    silentFor(id, 9);
    assert.equal((await view(id))?.stalledSince, undefined);
    silentFor(id, 20);
    const { stalledSince = '' } = (await view(id)) ?? {};
    assert.ok(Math.abs(rig.clock.now() - Date.parse(stalledSince) - 20 * 60_000) < 60_000, stalledSince);
    await rig.clock.advance(5_000);
    assert.equal((await view(id))?.stalledSince, stalledSince);
    assert.equal((await afterWriting(id, 'news\n'))?.stalledSince, undefined);
  });

  it('is not called stalled while its host is not seen, nor while it is paused', async () => {
    const { id, pid = 0 } = await submit();
    silentFor(id, 20);
    assert.notEqual((await view(id))?.stalledSince, undefined);
    here.machine.break('unreachable');
    assert.equal((await view(id))?.stalledSince, undefined);
    here.machine.break(undefined);
    assert.notEqual((await view(id))?.stalledSince, undefined);
    signal(-pid, 'SIGSTOP');
    const paused = await view(id);
    assert.deepEqual([paused?.status, paused?.stalledSince], ['paused', undefined]);
  });

  it('is never stalled as a server, nor has it progress', async () => {
    const { id } = await submit('server');
    rig.engine.setVisible('tree', true);
    await afterWriting(id, 'Epoch 1/4\n');
    silentFor(id, 20);
    const seen = await view(id);
    assert.deepEqual([seen?.status, seen?.stalledSince, seen?.progress], ['running', undefined, undefined]);
  });
});

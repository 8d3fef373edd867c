import assert from 'node:assert/strict';
import type { Block, Line } from '../../../src/launchers/frame';
import { readListeners } from '../../../src/launchers/process/listeners';

const line = (text: string, data = ''): Line => ({ words: text.split(' '), data: Buffer.from(data) });
const block = (...lines: Line[]): Block => ({
  machineId: 'm',
  bootId: 'b',
  uptimeSeconds: 1,
  lines: [line('me 1000'), ...lines],
});
const read = (...lines: Line[]) => readListeners(block(...lines), 'lab');

describe('the answer of ports.sh', () => {
  it('is read with what was said of each holder, and without what was not', () => {
    const look = read(
      line('listener 127.0.0.1 80 1000 12 99 1 12 99 op-1', 'ada\0nginx\n\0nginx: worker \n\u001b[2J'),
      line('listener 0000:0000:0000:0000:0000:0000:0000:0001 81 0 - - - - - -', 'root\0'),
      line('taken 80 81'),
    );
    assert.deepEqual(look, {
      machineId: 'm',
      bootId: 'b',
      uid: 1000,
      taken: [80, 81],
      listeners: [
        {
          address: '127.0.0.1',
          port: 80,
          uid: 1000,
          user: 'ada',
          holder: {
            pid: 12,
            startTicks: '99',
            parent: 1,
            session: 12,
            sessionTicks: '99',
            operation: 'op-1',
            name: 'nginx',
            command: 'nginx: worker  [2J',
          },
        },
        { address: '::1', port: 81, uid: 0, user: 'root' },
      ],
    });
  });

  it('tells also of who listens at an address that is not understood, without it', () => {
    const look = read(
      line('listener fe80::1%lo0 80 1000 - - - - - -', 'ada\0'),
      line('listener 127.0.0.1 81 1000 - - - - - -', 'ada\0'),
      line('taken 80 81'),
    );
    assert.deepEqual(look?.listeners, [
      { port: 80, uid: 1000, user: 'ada' },
      { address: '127.0.0.1', port: 81, uid: 1000, user: 'ada' },
    ]);
  });

  it('is nothing where the host shows nothing', () => {
    assert.equal(read(line('unseen')), undefined);
  });

  it('is not believed where a line is none, or where the list of all ports is missing', () => {
    for (const wrong of [
      'listener 127.0.0.1 80 1000 12 99 1 12 99',
      'listener 127.0.0.1 70000 1000 - - - - - -',
      'something else',
    ]) {
      assert.throws(() => read(line(wrong), line('taken')), /not understood/, wrong);
    }
    assert.throws(() => read(line('listener 127.0.0.1 80 1000 - - - - - -')), /not understood/);
  });
});

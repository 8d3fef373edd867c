import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Block } from '../../../src/launchers/frame';
import { mergedReading, readSamples } from '../../../src/launchers/process/sampleLines';

const host = 'sample host 100.5 4 0.5 4000 3000 8192 4096 10 20';

const block = (...lines: string[]): Block => ({
  machineId: 'm',
  bootId: 'b',
  uptimeSeconds: 100,
  lines: lines.map((line) => ({ words: line.split(' '), data: Buffer.alloc(0) })),
});
const read = (...lines: string[]) => readSamples(block(...lines), ['one', 'two']);
const only = (...lines: string[]) => {
  const [reading, ...others] = read(host, ...lines);
  assert.ok(reading && others.length === 0);
  return reading;
};

describe('lines about a host', () => {
  it('are read, among those of a look', () => {
    assert.deepEqual(
      read(
        'full 2',
        'op one yes - - - - - - - - - - -',
        host,
        'sample use 2 150 2048',
        'sample disk 1000 400',
        'sample sockets 99.5 ok',
        'sample socket 2 4711 12345',
        'sample gpus 98.1 ok 96',
        'sample gpu 0, GPU-1, NVIDIA A, B, [N/A], 5, [N/A], 40, 70.50, 300.00, [N/A]'.replace('A, B', 'A B'),
        'sample app 2 GPU-1, 12, 34',
        'sample app - GPU-1, 13, [N/A]',
      ),
      [
        {
          bootId: 'b',
          uptimeSeconds: 100.5,
          cores: 4,
          load: 0.5,
          ticks: 4000,
          idleTicks: 3000,
          memoryTotalKb: 8192,
          memoryFreeKb: 4096,
          receivedBytes: 10,
          sentBytes: 20,
          disk: { totalKb: 1000, freeKb: 400 },
          uses: new Map([['two', { ticks: 150, memoryKb: 2048 }]]),
          connections: {
            uptimeSeconds: 99.5,
            isCut: false,
            bytes: new Map([['two', new Map([['4711', 12345]])]]),
          },
          gpus: {
            state: 'ok',
            uptimeSeconds: 98.1,
            askedSeconds: 96,
            gpus: [
              {
                index: 0,
                uuid: 'GPU-1',
                name: 'NVIDIA A B',
                memoryUsedMb: 5,
                temperatureC: 40,
                powerW: 70.5,
                powerLimitW: 300,
              },
            ],
            processes: [{ gpuUuid: 'GPU-1', operationId: 'two', memoryMb: 34 }, { gpuUuid: 'GPU-1' }],
          },
        },
      ],
    );
  });

  it('are left out where they are not as they should be', () => {
    const { uses, disk, connections, gpus, receivedBytes } = only(
      'sample use 3 1 1',
      'sample use 0 1 1',
      'sample use x 1 1',
      'sample use 1 -5 1',
      'sample use 1 1e999 1',
      'sample disk - -',
      'sample socket 1 12 34',
      'sample gpu 0, GPU-1, A, 1, 1, 1, 1, 1, 1, Enabled',
      'sample app 1 GPU-1, 1, 1',
      'sample what 1',
      'sample',
    );
    assert.deepEqual(
      [uses.size, disk, connections, gpus, receivedBytes],
      [0, undefined, undefined, undefined, 10],
    );
    const cut = only(
      'sample sockets 99 ok',
      'sample socket 9 12 34',
      'sample socket 1 ab 34',
      'sample sockets 99 cut',
    );
    assert.deepEqual([cut.connections?.isCut, cut.connections?.bytes.size], [true, 0]);
    const odd = only(
      'sample gpus 99 ok',
      'sample gpu WARNING: infoROM is corrupted at gpu 0000:01:00.0',
      'sample gpu 0, GPU-1; rm, A, 1, 1, 1, 1, 1, 1, Enabled',
      'sample gpu 0, GPU-1, A, 4000, -1, 1, 1, 1, 1, Enabled',
      'sample app 1 No running processes found',
    );
    assert.deepEqual(odd.gpus?.gpus, [
      {
        ...{
          index: 0,
          uuid: 'GPU-1',
          name: 'A',
          memoryTotalMb: 1,
          temperatureC: 1,
          powerW: 1,
          powerLimitW: 1,
        },
        isDivided: true,
      },
    ]);
    assert.deepEqual(odd.gpus.processes, []);
  });

  it('tell since when GPUs are asked only where they are', () => {
    assert.deepEqual(only('sample gpus - waiting -').gpus, { state: 'waiting', gpus: [], processes: [] });
    assert.equal(only('sample gpus - waiting 96').gpus?.askedSeconds, 96);
  });

  it('tell nothing without the host itself', () => {
    for (const line of [
      'sample host',
      'sample host - - - - - - -',
      'sample host 100 0 0 1 1 1 1',
      'sample host 100 99999999 0 1 1 1 1',
      'sample host NaN 4 0 1 1 1 1',
    ]) {
      assert.deepEqual(read('sample use 1 1 1', line, 'sample use 1 1 1'), [], line);
    }
  });

  it('are bounded', () => {
    const many = (count: number, line: (at: number) => string) =>
      Array.from({ length: count }, (_, at) => line(at));
    const { gpus } = only(
      'sample gpus 99 failed',
      ...many(200, (at) => `sample gpu ${at}, GPU-${at}, ${'n'.repeat(500)}, 1, 1, 1, 1, 1, 1`),
      ...many(2000, (at) => `sample app - GPU-${at}, 1, 1`),
      ...many(50, () => `sample problem ${'p'.repeat(150)}`),
    );
    assert.deepEqual(
      [gpus?.gpus.length, gpus?.gpus[0]?.name.length, gpus?.processes.length, gpus?.problem?.length],
      [64, 80, 512, 300],
    );
  });

  it('may be anything, and never fail', () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom('host', 'use', 'gpu', 'gpus', 'app', 'socket', '1', '-', '1e9'),
    );
    fc.assert(
      fc.property(fc.array(fc.array(word, { maxLength: 12 })), (lines) => {
        const readings = read(host, ...lines.map((words) => ['sample', ...words].join(' ')));
        assert.ok(readings.length >= 1);
      }),
    );
  });

  it('make one reading of all parts of a look', () => {
    const parts = [
      ...readSamples(block(host, 'sample use 1 1 1', 'sample sockets 9 ok', 'sample socket 1 5 6'), ['one']),
      ...readSamples(block(host, 'sample use 1 2 2', 'sample sockets 9 cut'), ['two']),
    ];
    const merged = mergedReading(parts);
    assert.deepEqual([...(merged?.uses.keys() ?? [])], ['one', 'two']);
    assert.deepEqual([merged?.connections?.isCut, merged?.connections?.bytes.size], [true, 1]);
    assert.equal(mergedReading([]), undefined);
  });
});

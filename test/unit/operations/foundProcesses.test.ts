import assert from 'node:assert/strict';
import { type FoundProcess, untrackedProcesses } from '../../../src/operations/foundProcesses';

const found = (pid: number, more: Partial<FoundProcess> = {}): FoundProcess => ({
  identity: { machineId: 'm', bootId: 'b', pid, startTicks: '1' },
  ports: [],
  isOnGpu: false,
  uptimeSeconds: 900,
  folder: '/home/me',
  words: [`program-${pid}`],
  ...more,
});
const told = (list: FoundProcess[], containers: number[] = []) =>
  untrackedProcesses(list, new Set(containers)).map(({ pid, kind, ports, gpuMemoryMb }) =>
    [kind, pid, ports?.join(), gpuMemoryMb].filter((part) => part !== undefined).join(' '),
  );

describe('what untracked processes make up', () => {
  it('a server with all ports of its workers, once', () => {
    const worker = (pid: number, port: number) => found(pid, { parent: 10, ports: [port] });
    assert.deepEqual(told([found(10, { ports: [8000] }), worker(11, 8001), worker(12, 8000)]), [
      'server 10 8000,8001',
    ]);
  });

  it('a server with the memory of what computes for it, however deep', () => {
    const engine = found(12, { parent: 11, isOnGpu: true, gpuMemoryMb: 7 });
    const list = [
      found(10, { ports: [8000], isOnGpu: true, gpuMemoryMb: 5 }),
      found(11, { parent: 10 }),
      engine,
    ];
    assert.deepEqual(told(list), ['server 10 8000 12']);
  });

  it('a program on GPUs that is who started the workers', () => {
    const worker = (pid: number) => found(pid, { parent: 10, isOnGpu: true, gpuMemoryMb: 100 });
    assert.deepEqual(told([found(10), worker(11), worker(12)]), ['gpu 10 200']);
  });

  it('no program where it only started a server', () => {
    assert.deepEqual(told([found(10), found(11, { parent: 10, ports: [80] })]), ['server 11 80']);
  });

  it('one program of a program and what it started', () => {
    assert.deepEqual(told([found(10), found(11, { parent: 10 }), found(12, { parent: 11 }), found(20)]), [
      'program 10',
      'program 20',
    ]);
  });

  it('nothing where a container holds it, or an editor came over SSH with it', () => {
    const server = ['/home/me/.vscode-server/cli/node', 'server-main.js'];
    const list = [found(10, { parent: 5, ports: [80] }), found(11, { words: server, ports: [81] })];
    assert.deepEqual(told(list, [5]), []);
  });

  it('a program that was started in an editor’s terminal, nevertheless', () => {
    const editor = found(10, { words: ['/home/me/.vscode-server/cli/node', 'server-main.js'], ports: [81] });
    assert.deepEqual(told([editor, found(11, { parent: 10, ports: [80] })]), ['server 11 80']);
  });

  it('something also where a host tells of parents in a circle', () => {
    assert.ok(told([found(10, { parent: 11 }), found(11, { parent: 10 })]).length <= 2);
  });
});

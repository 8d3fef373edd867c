/** Hosts as they tell of themselves: GPUs of every kind, and none. */
import type { GpuHealth, HostHealth } from '../../../src/operations/hostHealth';
import type { HostView } from '../../../src/operations/operationView';

export const sampledAt = '2026-06-03T13:59:58Z';

export const health = (more: Partial<HostHealth> = {}): HostHealth => ({
  sampledAt,
  cores: 16,
  load: 5.21,
  cpuPercent: 34.4,
  memoryTotalMb: 128_000,
  memoryFreeMb: 86_000,
  diskTotalMb: 1_900_000,
  diskFreeMb: 420_000,
  receivedMbps: 12.4,
  sentMbps: 0.31,
  gpus: [],
  ...more,
});

export const host = (id: string, more: Partial<HostView> = {}): HostView => ({
  id,
  name: id,
  address: `me@${id}:22`,
  state: 'connected',
  ...more,
});

const uuid = (index: number) => `GPU-${String(index).padStart(8, '0')}`;

export const h100 = (index: number, more: Partial<GpuHealth> = {}): GpuHealth => ({
  index,
  uuid: uuid(index),
  name: 'NVIDIA H100 80GB HBM3',
  percent: 97,
  memoryUsedMb: 71_800,
  memoryTotalMb: 81_559,
  temperatureC: 64,
  powerW: 612.3,
  powerLimitW: 700,
  ...more,
});

const idle = { percent: 0, memoryUsedMb: 4, temperatureC: 31, powerW: 71 };

export const plain = (): HostView => host('gpu-less', { health: health() });

/** Six of eight compute. */
export const eightGpus = (): HostView =>
  host('dgx-1', {
    health: health({
      cores: 224,
      load: 118.4,
      memoryTotalMb: 2_063_000,
      memoryFreeMb: 1_211_000,
      gpus: Array.from({ length: 8 }, (_, index) => h100(index, index < 6 ? {} : idle)),
    }),
  });

/** Divided by MIG: its driver tells no share of it. */
export const divided = (): HostView => {
  const { percent, ...gpu } = h100(0, { name: 'NVIDIA A100-SXM4-40GB', isDivided: true });
  return host('mig', { health: health({ gpus: [{ ...gpu, memoryUsedMb: 11_200, memoryTotalMb: 40_960 }] }) });
};

/** One memory for CPU and GPU: of the GPU's, nothing is told. */
export const unified = (): HostView => {
  const { memoryUsedMb, memoryTotalMb, powerLimitW, ...gpu } = h100(0, { name: 'NVIDIA GB10', percent: 41 });
  return host('spark', { health: health({ gpus: [gpu] }) });
};

/** The first sample: what takes two is not there yet, and the disk told nothing. */
export const first = (): HostView => {
  const { cpuPercent, receivedMbps, sentMbps, diskTotalMb, diskFreeMb, ...rest } = health();
  return host('fresh', { health: rest });
};

export const unreachable = (): HostView =>
  host('lab', {
    state: 'unreachable',
    error: 'No route to host.',
    unreachableSince: '2026-06-03T13:40:00Z',
    nextTryAt: '2026-06-03T14:05:00Z',
    health: health({ sampledAt: '2026-06-03T13:39:00Z' }),
  });

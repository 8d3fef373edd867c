/** Operations of every kind, in every state that a card knows. */
import type { HostView } from '../../../src/operations/operationView';
import type { DashboardOperation, DashboardSnapshot } from '../../../src/views/dashboard/protocol';
import { eightGpus, health, plain, unified, unreachable } from '../../unit/operations/hostSamples';
import { operation, snapshot } from '../dashboardHarness';

const gibibyte = 1024 ** 3;
const loss = Array.from({ length: 60 }, (_, at) => 2.4 * Math.exp(-at / 18) + 0.06 * Math.sin(at));
const verified = { verifiedAt: '2026-06-03T13:59:56Z', verifiedBy: 'pid and start time' };

const samples: DashboardOperation[] = [
  operation('server', {
    type: 'server',
    name: 'docs-server',
    kind: 'http',
    port: 8080,
    pid: 40113,
    startedAt: '2026-06-01T09:12:00Z',
    resources: { cpuPercent: 2, memoryMb: 412 },
    ...verified,
  }),
  operation('train', {
    type: 'job',
    name: 'fine-tune llama',
    kind: 'pytorch',
    hostName: 'dgx-1',
    hostId: 'h2',
    pid: 9911,
    progress: 0.43,
    epoch: 13,
    totalEpochs: 30,
    etaSeconds: 5400,
    metrics: { loss: 0.3172, accuracy: 0.9113, lr: 0.00003 },
    series: { name: 'loss', values: loss },
    startedAt: '2026-06-03T11:20:00Z',
    resources: { cpuPercent: 34, memoryMb: 48_120, gpuPercent: 97, gpuMemoryMb: 71_800 },
    gpus: [0, 1, 2, 3],
    pausable: true,
    ...verified,
  }),
  operation('stalled', {
    type: 'job',
    name: 'segment-volumes',
    hostName: 'dgx-1',
    hostId: 'h2',
    progress: 0.08,
    startedAt: '2026-06-03T12:00:00Z',
    stalledSince: '2026-06-03T13:10:00Z',
    pausable: true,
    ...verified,
  }),
  operation('slurm', {
    type: 'job',
    name: 'sweep-lr',
    kind: 'Slurm array',
    hostName: 'cluster',
    hostId: 'h3',
    launcher: 'slurm',
    handle: '1284417',
    status: 'pending',
    scheduler: {
      jobId: '1284417',
      state: 'PENDING',
      reason: 'Resources',
      estimatedStart: '2026-06-03T18:30:00Z',
    },
    pausable: true,
  }),
  operation('script', {
    name: 'nightly-report.sh',
    pid: 51234,
    startedAt: '2026-06-03T13:58:20Z',
    progressMessage: 'Reading table 4 of 17',
    ...verified,
  }),
  operation('elsewhere', {
    type: 'job',
    name: 'somebody-else',
    hostName: 'cluster',
    hostId: 'h3',
    launcher: 'slurm',
    origin: 'found',
    startedAt: '2026-06-03T10:00:00Z',
  }),
  operation('download', {
    type: 'transfer',
    name: 'imagenet.tar',
    kind: 'pull_data',
    launcher: 'external',
    reportedBy: 'Data Store',
    progress: 0.72,
    sizeDoneBytes: 99.1 * gibibyte,
    sizeTotalBytes: 137.6 * gibibyte,
    speedBytesPerSecond: 84_000_000,
    etaSeconds: 512,
    startedAt: '2026-06-03T13:31:00Z',
    ...verified,
  }),
  operation('paused', {
    name: 'reindex',
    status: 'paused',
    pausable: true,
    startedAt: '2026-06-03T12:00:00Z',
  }),
  operation('unseen', {
    name: 'simulate-flow',
    hostName: 'lab',
    hostId: 'h4',
    shownStatus: 'unknown',
    observation: 'unreachable',
    unverifiedSince: '2026-06-03T12:41:00Z',
    observationReason: 'no answer within 10 s',
    startedAt: '2026-06-03T08:00:00Z',
  }),
  operation('waiting', {
    type: 'job',
    name: 'evaluate',
    status: 'queued',
    waitsFor: 'waits for a slot: 2 of 2 in use on gpu-box',
  }),
  operation('done', {
    type: 'transfer',
    name: 'pip install torch',
    status: 'completed',
    exitCode: 0,
    progress: 1,
    startedAt: '2026-06-03T12:50:00Z',
    endedAt: '2026-06-03T12:53:20Z',
    verifiedAt: '2026-06-03T12:53:21Z',
    verifiedBy: 'exit code',
  }),
  operation('failed', {
    type: 'job',
    name: 'pretrain-xl',
    status: 'failed',
    exitCode: 1,
    progress: 0.61,
    error: 'Exit code 1',
    cause: { title: 'A GPU ran out of memory' },
    metrics: { loss: 1.0421 },
    startedAt: '2026-06-03T02:00:00Z',
    endedAt: '2026-06-03T11:44:00Z',
    verifiedAt: '2026-06-03T11:44:02Z',
    verifiedBy: 'exit code',
  }),
  operation('stopped', {
    name: 'etl-2026-06-02',
    status: 'stopped',
    error: 'Ended without an exit code: the machine was restarted.',
    startedAt: '2026-06-02T08:00:00Z',
    endedAt: '2026-06-02T09:00:00Z',
  }),
  operation('cancelled', {
    type: 'server',
    name: 'preview',
    status: 'cancelled',
    startedAt: '2026-06-02T10:00:00Z',
    endedAt: '2026-06-02T10:30:00Z',
  }),
];

/** The hosts that these run on: with one GPU, with eight, with none and much to do, and one that cannot be reached. */
export const sampleHosts = (): HostView[] => [
  { ...unified(), id: 'h1', name: 'gpu-box' },
  { ...eightGpus(), id: 'h2' },
  { ...plain(), id: 'h3', name: 'cluster', health: health({ cpuPercent: 97.2, memoryFreeMb: 3000 }) },
  { ...unreachable(), id: 'h4' },
];

/** A busy morning: hosts in trouble, a filter, an order, and operations of every kind. */
export const busy = (): DashboardSnapshot =>
  snapshot(samples, {
    hosts: sampleHosts(),
    filter: '“e”',
    sort: 'Name, A to Z',
  });

/** As many as asked for, of which one in four is running. */
export function manyOperations(count: number): DashboardOperation[] {
  return Array.from({ length: count }, (_, at) => {
    const sample = samples[at % samples.length] ?? operation('none');
    const isActive = at % 4 === 0;
    const name = `${sample.name} ${at}`;
    return isActive
      ? operation(`op-${at}`, { ...sample, id: `op-${at}`, name, ...running, startedAt: minutesAgo(at) })
      : operation(`op-${at}`, { ...sample, id: `op-${at}`, name, ...ended, endedAt: minutesAgo(at) });
  });
}

const running = { status: 'running', shownStatus: 'running' } as const;
const ended = { status: 'completed', shownStatus: 'completed' } as const;
const minutesAgo = (minutes: number) =>
  new Date(Date.parse('2026-06-03T14:00:00Z') - minutes * 60_000).toISOString();

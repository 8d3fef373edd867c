/** The built page of one operation in a real browser. */
import type { Browser } from 'playwright-core';
import type {
  DetailOperation,
  DetailSnapshot,
  LogTail,
  ToHost,
  ToWebview,
} from '../../src/views/detail/protocol';
import { hostSummary } from '../../src/operations/summary';
import { eightGpus } from '../unit/operations/hostSamples';
import { newPage, WebviewPage, type OpenOptions } from './support/webviewHarness';

export class DetailPage extends WebviewPage<ToHost, ToWebview> {
  static async open(this: void, browser: Browser, options: OpenOptions = {}): Promise<DetailPage> {
    const detail = new DetailPage(await newPage(browser, options));
    await detail.load('detail', options);
    return detail;
  }

  send(snapshot: DetailSnapshot): Promise<void> {
    return this.post({ type: 'snapshot', snapshot });
  }

  sendLog(log: LogTail): Promise<void> {
    return this.post({ type: 'log', log });
  }

  section(title: string) {
    return this.page.getByRole('region', { name: title, exact: true });
  }
}

export const now = '2026-06-03T14:00:00Z';
const before = (seconds: number): string => new Date(Date.parse(now) - seconds * 1000).toISOString();

export function detail(
  operation: Partial<DetailOperation> = {},
  values: Partial<DetailSnapshot> = {},
): DetailSnapshot {
  const status = operation.status ?? 'running';
  return {
    takenAtMs: Date.parse(now),
    id: 'op-1',
    operation: {
      id: 'op-1',
      hostId: 'h1',
      hostName: 'gpu-box',
      type: 'job',
      name: 'Fine-tune',
      status,
      shownStatus: status,
      observation: 'fresh',
      launcher: 'process',
      submittedAt: before(3600),
      command: 'python train.py --epochs 12',
      ...operation,
    },
    host: hostSummary({ id: 'h1', name: 'gpu-box', address: 'gpu-box', state: 'connected' }, []),
    history: [
      { at: before(3600), from: undefined, to: 'submitting', evidence: 'submitted' },
      { at: before(3598), from: 'submitting', to: 'running', evidence: 'launched on gpu-box' },
    ],
    charts: [],
    hostCharts: [],
    overload: { cpuPercent: 80, memoryMb: 4000 },
    folder: '~/models',
    runDirectory: '~/.remote-ops/runs/op-1',
    environment: [],
    ...values,
  };
}

/** Falls, and wavers. */
const course = (count: number, value: (share: number) => number): [number, number][] =>
  Array.from({ length: count }, (_, index) => [
    Date.parse(before(3000 - (3000 * index) / count)),
    value(index / count),
  ]);

/** One with everything in it that a page can show while it runs. */
export const busy = (): DetailSnapshot =>
  detail(
    {
      kind: 'training',
      description: 'The third try, with the smaller batch.',
      verifiedAt: before(4),
      verifiedBy: 'pid and start time',
      startedAt: before(3598),
      pausable: true,
      pid: 41_233,
      gpus: [0, 1],
      priority: 5,
      timeoutSeconds: 36_000,
      progress: 0.58,
      epoch: 7,
      totalEpochs: 12,
      etaSeconds: 2_600,
      metrics: { loss: 0.412, accuracy: 0.873, lr: 0.0001 },
      resources: { cpuPercent: 43, memoryMb: 12_400, gpuPercent: 97, gpuMemoryMb: 61_000 },
      attempt: 3,
      retryOf: 'op-0',
    },
    {
      previous: { id: 'op-0', attempt: 2, shownStatus: 'failed' },
      charts: [
        { points: course(60, (share) => share * 0.58) },
        {
          metric: 'loss',
          points: course(90, (share) => 2.3 * Math.exp(-3 * share) + 0.3 + 0.05 * Math.sin(share * 60)),
        },
        { metric: 'accuracy', points: course(40, (share) => 0.4 + 0.47 * Math.sqrt(share)) },
        { resource: 'cpuPercent', points: course(120, (share) => 40 + 8 * Math.sin(share * 50)) },
        { resource: 'memoryMb', points: course(120, (share) => 12_400 * Math.min(1, 4 * share)) },
        { resource: 'gpuPercent', points: course(120, (share) => 90 + 7 * Math.sin(share * 90)) },
      ],
      host: hostSummary({ ...eightGpus(), id: 'h1', name: 'gpu-box' }, []),
      hostCharts: [
        { resource: 'cpuPercent', points: course(120, (share) => 50 + 9 * Math.sin(share * 40)) },
        { resource: 'memoryMb', points: course(120, () => 872_000) },
        ...[0, 1, 2].map((gpu) => ({
          resource: 'gpuPercent' as const,
          gpu,
          points: course(60, (share) => 80 + 17 * Math.cos(share * 30 + gpu)),
        })),
      ],
      environment: [
        { name: 'WANDB_API_KEY', isSecret: true },
        { name: 'OMP_NUM_THREADS', value: '8' },
      ],
    },
  );

/** One that failed, with the reason. */
export const failed = (): DetailSnapshot =>
  detail(
    {
      status: 'failed',
      startedAt: before(3598),
      endedAt: before(60),
      verifiedAt: before(60),
      verifiedBy: 'exit code',
      exitCode: 1,
      error: 'exit 1',
      cause: {
        title: "Python stopped at an error: KeyError: 'labels'",
        lines: ['  File "train.py", line 88, in step', '    return batch["labels"]', "KeyError: 'labels'"],
      },
    },
    {
      history: [
        ...detail().history,
        { at: before(60), from: 'running', to: 'failed', evidence: 'exit code 1 on gpu-box' },
      ],
    },
  );

export const read = (text: string, more: Partial<Extract<LogTail, { state: 'read' }>> = {}): LogTail => ({
  state: 'read',
  text,
  sizeBytes: text.length,
  isCut: false,
  ...more,
});

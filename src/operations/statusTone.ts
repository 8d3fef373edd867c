import type { ShownStatus } from './status';

/** How a status looks; several share a colour, the word tells them apart. */
export type Tone = 'running' | 'waiting' | 'paused' | 'done' | 'failed' | 'quiet' | 'unknown';

const tones: Record<ShownStatus, Tone> = {
  queued: 'waiting',
  submitting: 'waiting',
  unconfirmed: 'waiting',
  pending: 'waiting',
  starting: 'waiting',
  running: 'running',
  paused: 'paused',
  stopping: 'paused',
  completed: 'done',
  failed: 'failed',
  cancelled: 'quiet',
  stopped: 'failed',
  unknown: 'unknown',
};

export const statusTone = (status: ShownStatus): Tone => tones[status];

/**
 * The colour of each, by its name in themes. As test views and pipelines have it: what waits is yellow, what has succeeded
 * green; hence what runs is blue, as progress bars are. webview/shared/tones.css says the same.
 */
export const toneColors: Record<Tone, string> = {
  running: 'charts.blue',
  waiting: 'charts.yellow',
  paused: 'charts.yellow',
  done: 'charts.green',
  failed: 'charts.red',
  quiet: 'disabledForeground',
  unknown: 'disabledForeground',
};

/** How a status and a type are called and look, the same on every page. */
import * as l10n from '@vscode/l10n';
import type { OperationType, ShownStatus } from '../../src/operations/status';

/** How a status looks; several share a colour, the word tells them apart. */
export type Tone = 'running' | 'waiting' | 'paused' | 'done' | 'failed' | 'quiet' | 'unknown';

const appearance: Record<ShownStatus, { word: () => string; tone: Tone }> = {
  queued: { word: () => l10n.t('Queued'), tone: 'waiting' },
  submitting: { word: () => l10n.t('Submitting'), tone: 'waiting' },
  unconfirmed: { word: () => l10n.t('Unconfirmed'), tone: 'unknown' },
  pending: { word: () => l10n.t('Pending'), tone: 'waiting' },
  starting: { word: () => l10n.t('Starting'), tone: 'waiting' },
  running: { word: () => l10n.t('Running'), tone: 'running' },
  paused: { word: () => l10n.t('Paused'), tone: 'paused' },
  stopping: { word: () => l10n.t('Stopping'), tone: 'paused' },
  completed: { word: () => l10n.t('Completed'), tone: 'done' },
  failed: { word: () => l10n.t('Failed'), tone: 'failed' },
  cancelled: { word: () => l10n.t('Cancelled'), tone: 'quiet' },
  stopped: { word: () => l10n.t('Stopped'), tone: 'quiet' },
  unknown: { word: () => l10n.t('Unknown'), tone: 'unknown' },
};

export const statusWord = (status: ShownStatus): string => appearance[status].word();
export const statusTone = (status: ShownStatus): Tone => appearance[status].tone;

const typeWords: Record<OperationType, () => string> = {
  server: () => l10n.t('Server'),
  job: () => l10n.t('Training job'),
  program: () => l10n.t('Program'),
  transfer: () => l10n.t('Transfer'),
};

export const typeWord = (type: OperationType): string => typeWords[type]();

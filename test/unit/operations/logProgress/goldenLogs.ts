import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { LogProgress } from '../../../../src/operations/logProgress/logProgress';
import { repositoryRoot } from '../../../testbed/repositoryRoot';

const folder = path.join(repositoryRoot, 'test/unit/operations/logProgress/golden');

export const goldenLogs = readdirSync(folder).filter((file) => file.endsWith('.txt'));

export const goldenLog = (file: string): string => readFileSync(path.join(folder, file), 'utf8');

/** Of the whole log, or of what was written when `until` had come for the first time. */
export function goldenPart(file: string, until?: string): string {
  const text = goldenLog(file);
  const at = until === undefined ? text.length : text.indexOf(until);
  if (at < 0) {
    throw new Error(`${file} does not hold ${JSON.stringify(until)}`);
  }
  return text.slice(0, at + (until?.length ?? 0));
}

/** In short: `45 %, epoch 3 of 10, 1.2 of 3.4 MB, loss 0.5, "message"`; in brackets when of a part only. */
export function inShort(told: LogProgress | undefined): string {
  if (!told) {
    return 'nothing';
  }
  const { progress, epoch, totalEpochs, sizeDoneBytes, sizeTotalBytes, metrics, message } = told.progress;
  const mega = (size: number) => String(Number((size / 1e6).toFixed(2)));
  const sizes = [sizeDoneBytes, sizeTotalBytes].map((size) => (size === undefined ? '?' : mega(size)));
  const parts = [
    progress !== undefined && `${(progress * 100).toFixed(1).replace(/\.0$/, '')} %`,
    epoch !== undefined && `epoch ${epoch}${totalEpochs === undefined ? '' : ` of ${totalEpochs}`}`,
    sizes.some((size) => size !== '?') && `${sizes.join(' of ')} MB`,
    ...Object.entries(metrics ?? {}).map(([name, value]) => `${name} ${Number(value.toPrecision(3))}`),
    message !== undefined && JSON.stringify(message),
  ];
  const text = parts.filter(Boolean).join(', ');
  return told.isPart ? `(${text})` : text;
}

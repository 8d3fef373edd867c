import type { Progress } from '../progress';
import { readApt } from './apt';
import { readCurl } from './curl';
import { readEpochs } from './epochs';
import { readGit } from './git';
import { readHuggingFace } from './huggingFace';
import { readLosses } from './losses';
import { readOllama } from './ollama';
import { readPip } from './pip';
import type { Reader, Reading } from './reading';
import { readRsync } from './rsync';
import { readScreen, type Row } from './screen';
import { readSteps } from './steps';
import { readTqdm } from './tqdm';
import { readWget } from './wget';

/** Of two that rest on the same line, the first one knows it better. */
const readers: readonly Reader[] = [
  readHuggingFace,
  readEpochs,
  readTqdm,
  readOllama,
  readPip,
  readWget,
  readCurl,
  readRsync,
  readGit,
  readApt,
  readSteps,
  readLosses,
];

const longestMessage = 200;
/** With so many lines behind it, what is finished was a step of the work, and not the work. */
const linesThatMoveOn = 3;

/** Progress that the last lines of a log tell, and whether that is all the log has to say about the whole. */
export interface LogProgress {
  progress: Progress;
  isPart: boolean;
}

/**
 * Reads progress from the end of a log, as common tools write it. The log may be cut anywhere and hold
 * anything: what merely looks like progress gives nothing rather than a guess.
 */
export function readLogProgress(log: string): LogProgress | undefined {
  const rows = readScreen(log);
  const readings = readers.flatMap((read) => read(rows) ?? []).filter((reading) => isCurrent(reading, rows));
  const best = latest(readings.filter(({ isPart }) => !isPart)) ?? latest(readings);
  if (!best) {
    return undefined;
  }
  const metrics =
    best.progress.metrics ?? latest(readings.filter(({ progress }) => progress.metrics))?.progress.metrics;
  const message = best.progress.message?.slice(0, longestMessage);
  return {
    progress: {
      ...best.progress,
      ...(metrics && { metrics }),
      ...(message !== undefined && { message }),
    },
    isPart: best.isPart === true,
  };
}

function isCurrent({ row, progress }: Reading, rows: readonly Row[]): boolean {
  const behind = rows.slice(row + 1).filter(({ text }) => text !== '').length;
  return progress.progress !== 1 || behind < linesThatMoveOn;
}

const latest = (readings: readonly Reading[]): Reading | undefined =>
  readings.reduce<Reading | undefined>(
    (last, each) => (last && last.row >= each.row ? last : each),
    undefined,
  );

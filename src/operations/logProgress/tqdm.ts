import { barIn, type Bar } from './bar';
import { lastFound, type Found, type Reader, type Reading } from './reading';
import type { Row } from './screen';

/** The epoch in the name of a bar that does not say of how many, as PyTorch Lightning names it. */
const epochName = /^epochs?\s(\d{1,7})$/i;

/**
 * Bars of tqdm. Of bars inside each other the outer one tells how far the work is; the inner ones lend their
 * measures. A bar that comes again and again, once an epoch, tells of that epoch only.
 */
export const readTqdm: Reader = (rows) => {
  const newest = lastFound(rows, barIn);
  if (!newest) {
    return undefined;
  }
  const outer = lastFound(rows, outerBar);
  const metrics = newest.value.metrics ?? outer?.value.metrics;
  const measured = metrics && { metrics };
  if (!outer) {
    return { row: newest.row, progress: { ...measured }, isPart: true };
  }
  return { row: newest.row, progress: { ...told(outer, rows), ...measured } };
};

/** The last bar that is not inside another one. */
export const outerBar = (text: string, row: Row): Bar | undefined => (row.isNested ? undefined : barIn(text));

function told({ row, value: bar }: Found<Bar>, rows: readonly Row[]): Reading['progress'] {
  const [, epoch] = epochName.exec(bar.name) ?? [];
  const steps = `${bar.done}/${bar.total}`;
  if (epoch !== undefined) {
    return { epoch: Number(epoch), message: steps };
  }
  if (comesAgain(bar, rows, row)) {
    return { message: [bar.name, steps].filter(Boolean).join(' ') };
  }
  return {
    progress: bar.fraction,
    ...(bar.name && { message: bar.name }),
    ...(bar.bytes && { sizeDoneBytes: bar.bytes.done, sizeTotalBytes: bar.bytes.total }),
  };
}

/** One like it stands finished above it. */
const comesAgain = (bar: Bar, rows: readonly Row[], end: number): boolean =>
  rows.slice(0, end).some((row) => {
    const above = outerBar(row.text, row);
    return above?.fraction === 1 && above.name === bar.name && above.total === bar.total;
  });

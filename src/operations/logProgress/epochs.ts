import { barIn } from './bar';
import { measuresIn, metricsIn } from './metrics';
import { lastFound, share, type Reader, type Reading } from './reading';

interface Epoch {
  epoch: number;
  epochs: number;
}

const epochOf = /\bepochs?\b[\s:=#-]{0,3}[[(]?\s?(\d{1,7})\s?(?:\/|\bof\b)\s?(\d{1,7})\b/i;
const stepOf = /\b(?:steps?|batch|iter(?:ation)?)\b[\s:=#-]{0,3}[[(]?\s?(\d{1,9})\s?\/\s?(\d{1,9})\b/i;
/** Keras: `120/400 [=====>....] - ETA: 10s - loss: 0.31`, since version 3 `120/400 ━━━━━━ 10s 25ms/step - ...` */
const kerasStep = /^\s{0,12}(\d{1,9})\/(\d{1,9})\s(?:\[[=>.]{1,60}\]|[━╸╺ ]{5,60})/;

/**
 * Training that says in which epoch of how many it is: `Epoch 3/10` and the like, on a line of its own or with
 * a bar or a step behind it, as Keras, plain loops and many trainers write it.
 */
export const readEpochs: Reader = (rows) => {
  const found = lastFound(rows, readEpoch);
  if (!found) {
    return undefined;
  }
  const { epoch, epochs } = found.value;
  const inner = lastFound(rows.slice(found.row), innerShare);
  const own = lastFound(rows.slice(found.row, found.row + 1), metricsIn);
  const measured = lastFound(rows.slice(found.row), measuresIn) ?? own;
  // A line with measures and without a step tells of an epoch that is over.
  const isOver = !inner && measured?.row === 0;
  const fraction = inner?.value ?? (isOver ? 1 : 0);
  const reading: Reading = {
    row: found.row + Math.max(inner?.row ?? 0, measured?.row ?? 0),
    progress: { progress: (Math.max(0, epoch - 1) + fraction) / epochs, epoch, totalEpochs: epochs },
  };
  if (measured) {
    reading.progress.metrics = measured.value;
  }
  return reading;
};

function readEpoch(text: string): Epoch | undefined {
  const [, n, all] = epochOf.exec(text) ?? [];
  const [epoch, epochs] = [Number(n), Number(all)];
  return share(epoch, epochs) === undefined ? undefined : { epoch, epochs };
}

/** How much of the epoch itself is done. */
function innerShare(text: string): number | undefined {
  const [, done, total] = kerasStep.exec(text) ?? stepOf.exec(text) ?? [];
  return barIn(text)?.fraction ?? share(Number(done), Number(total));
}

import { metricsIn } from './metrics';
import { lastFound, type Reader } from './reading';

const nanoGpt = /\b(\w{0,20}loss)\s(-?\d{1,9}\.\d{1,9})(?![\w.%])/i;
const isLoss = (name: string): boolean => /loss/i.test(name);

/** A line with a loss on it is one of a training, however it says how far that is. */
export const readLosses: Reader = (rows) => {
  const found = lastFound(rows, lossesIn);
  return found && { row: found.row, progress: { metrics: found.value }, isPart: true };
};

function lossesIn(text: string): Record<string, number> | undefined {
  const metrics = metricsIn(text);
  if (metrics && Object.keys(metrics).some(isLoss)) {
    return metrics;
  }
  const [, name, digits] = nanoGpt.exec(text) ?? [];
  return name === undefined ? undefined : { [name]: Number(digits) };
}

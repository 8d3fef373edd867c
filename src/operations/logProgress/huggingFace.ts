import { metricsIn } from './metrics';
import { lastFound, type Reader } from './reading';
import { outerBar } from './tqdm';

/** `{'loss': 0.31, 'learning_rate': 1e-05, 'epoch': 0.5}`, the values in quotes since transformers 5 */
const record = /^\{'\w{1,40}': .{1,900}\}$/;
const isTold = /'(?:eval_)?loss': /;

/** The Trainer of Hugging Face's transformers: a bar over all steps, and now and then what it measured. */
export const readHuggingFace: Reader = (rows) => {
  const told = lastFound(rows, (text) => (record.test(text) && isTold.test(text) ? text : undefined));
  const metrics = told && metricsIn(told.value);
  if (!told || !metrics) {
    return undefined;
  }
  const [, digits] = /'epoch': '?(\d{1,6}(?:\.\d{1,9})?)'?[,}]/.exec(told.value) ?? [];
  const measured = {
    metrics,
    // 1.5 epochs done: it is in the second.
    ...(digits !== undefined && { epoch: Math.max(1, Math.ceil(Number(digits))) }),
  };
  const steps = lastFound(rows, (text, row) => {
    const bar = outerBar(text, row);
    return bar?.name === '' ? bar : undefined;
  });
  return steps
    ? { row: Math.max(told.row, steps.row), progress: { progress: steps.value.fraction, ...measured } }
    : { row: told.row, progress: measured, isPart: true };
};

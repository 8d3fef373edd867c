const mostMetrics = 12;

/** A name, `=` or `:` or both quotes and colon as Python prints a dict, and a number that nothing sticks to. */
const pairs =
  /([A-Za-z_][\w./-]{0,40})['"]?\s{0,2}[=:]\s{0,3}['"]?(-?\d{1,18}(?:\.\d{1,18})?(?:e[+-]?\d{1,3})?)(?![\w.%:/])/gi;

/** What is counted, timed or numbered, and measures nothing. */
const noMetric =
  /^(?:epochs?|steps?|iter|iteration|batch|eta|time|elapsed|total|v_num|\w*_runtime|\w*_per_second|total_flos|num_\w*)$/i;

/** The measures that a line tells as `loss=0.31`, `loss: 0.31` or `'loss': 0.31`. */
export function metricsIn(text: string): Record<string, number> | undefined {
  const found: [string, number][] = [];
  for (const [, name = '', digits] of text.matchAll(pairs)) {
    const value = Number(digits);
    if (!noMetric.test(name) && Number.isFinite(value) && found.length < mostMetrics) {
      found.push([name, value]);
    }
  }
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}

const measure =
  /loss|acc|precision|recall|f1|auc|iou|map|dice|error|mae|mse|ppl|perplexity|bleu|rouge|reward|return|score|^lr$|learning_rate|grad_norm|^(?:val|valid|train|eval|test)_/i;

/** The same of a line that need not be about a training: one of its names has to be that of a measure. */
export function measuresIn(text: string): Record<string, number> | undefined {
  const metrics = metricsIn(text);
  return metrics && Object.keys(metrics).some((name) => measure.test(name)) ? metrics : undefined;
}

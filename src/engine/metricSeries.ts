import type { MetricSeries } from './operationsService';

const keepValues = 60;
/** A metric that was not told for so long is no longer one of what goes on. */
const keepSeconds = 600;

export interface KeptSeries {
  series: MetricSeries;
  /** Monotonic. */
  toldAtSeconds: number;
}

/** Adds what was told now. A value that did not move adds nothing, and its series stays the same object. */
export function addMetrics(
  kept: ReadonlyMap<string, KeptSeries>,
  metrics: Readonly<Record<string, number>>,
  atSeconds: number,
): ReadonlyMap<string, KeptSeries> {
  const told = Object.entries(metrics).map(([name, value]): [string, KeptSeries] => {
    const known = kept.get(name)?.series;
    const series =
      known && known.values.at(-1) === value
        ? known
        : { name, values: [...(known?.values ?? []), value].slice(-keepValues) };
    return [name, { series, toldAtSeconds: atSeconds }];
  });
  const recent = [...kept].filter(
    ([name, { toldAtSeconds }]) => !(name in metrics) && atSeconds - toldAtSeconds < keepSeconds,
  );
  return new Map([...told, ...recent]);
}

/** The loss if there is one, that of the training rather than of the evaluation; else the metric told first. */
export function preferredSeries(kept: ReadonlyMap<string, KeptSeries>): MetricSeries | undefined {
  const all = [...kept.values()].map(({ series }) => series);
  const named = (name: RegExp) => all.find((series) => name.test(series.name));
  return named(/^loss$/i) ?? named(/^train.*loss$/i) ?? named(/loss/i) ?? all[0];
}
